// BullMQ, whose queues are scripts on the server: jobs with priorities, delayed, failing and tried again, repeated, and
// with children, on a server whose port is the argument. Ends with 0 if all come out as they should.
'use strict';
const assert = require('assert');
const {Queue, Worker, QueueEvents, FlowProducer} = require('bullmq');

const TIMEOUT_MS = 20000;
const JOBS = 100;

async function jobs(queue, events) {
  const all = await queue.addBulk(Array.from({length: JOBS}, (_, i) => (
    {name: 'job', data: {n: i}, opts: {priority: i % 5}})));
  const delayed = await queue.add('delayed', {n: 1}, {delay: 200});
  const failing = await queue.add('failing', {n: 5}, {attempts: 3, backoff: {type: 'fixed', delay: 50}});
  for (let i = 0; i < JOBS; i++) {
    assert.strictEqual(await all[i].waitUntilFinished(events, TIMEOUT_MS), 2 * i);
  }

  assert.strictEqual(await delayed.waitUntilFinished(events, TIMEOUT_MS), 2);
  assert.strictEqual(await failing.waitUntilFinished(events, TIMEOUT_MS), 10);
}

async function parentAndChildren(connection, events) {
  const producer = new FlowProducer({connection});
  const flow = await producer.add({
    name: 'parent', queueName: 'queue', data: {n: 7}, children: [
      {name: 'child', queueName: 'queue', data: {n: 1}}, {name: 'child', queueName: 'queue', data: {n: 2}}],
  });
  assert.strictEqual(await flow.job.waitUntilFinished(events, TIMEOUT_MS), 14);
  assert.deepStrictEqual(Object.values(await flow.job.getChildrenValues()).sort(), [2, 4]);
  await producer.close();
}

async function repeated(queue, done) {
  await queue.upsertJobScheduler('repeating', {every: 100}, {name: 'repeated', data: {n: 9}});
  const deadline = Date.now() + TIMEOUT_MS;
  while ((done.repeated || 0) < 3) {
    assert(Date.now() < deadline, 'repeated ' + done.repeated);
    await new Promise((over) => setTimeout(over, 20));
  }

  assert(await queue.removeJobScheduler('repeating'));
}

(async () => {
  const connection = {host: '127.0.0.1', port: +process.argv[2], maxRetriesPerRequest: null};
  const queue = new Queue('queue', {connection});
  const events = new QueueEvents('queue', {connection});
  await events.waitUntilReady();
  const done = {};
  const worker = new Worker('queue', async (job) => {
    done[job.name] = (done[job.name] || 0) + 1;
    if (job.name === 'failing' && job.attemptsMade < 1) {
      throw new Error('once');
    }

    await job.updateProgress(50);
    return job.data.n * 2;
  }, {connection, concurrency: 10});
  await jobs(queue, events);
  await parentAndChildren(connection, events);
  await repeated(queue, done);
  assert.deepStrictEqual([done.job, done.delayed, done.failing, done.parent, done.child], [JOBS, 1, 2, 1, 2]);
  assert.strictEqual((await queue.getJobCounts('failed')).failed, 0);
  assert(await queue.getCompletedCount() >= JOBS + 5);
  await worker.close();
  await events.close();
  await queue.obliterate({force: true});
  await queue.close();
  console.log('all jobs done');
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
