// ioredis and node-redis, the latter in both protocols, do the same with two servers: what they make of the replies must
// be equal. Arguments: the port of Millrace, that of a Redis. Ends with 0 if all is equal.
'use strict';
const IORedis = require('ioredis');
const {createClient} = require('redis');

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Results by name; an error is a result, too. */
class Results {
  constructor() {
    this.list = [];
  }

  async add(name, run) {
    let result;
    try {
      result = await run();
    } catch (error) {
      result = 'error: ' + error.message;
    }

    this.list.push(JSON.stringify([name, result === undefined ? null : result]));
  }
}

async function ioredis(port) {
  const results = new Results();
  const client = new IORedis(port, '127.0.0.1', {enableReadyCheck: true, enableAutoPipelining: true});
  await client.flushall();
  const calls = {
    set: () => client.set('a', '1', 'EX', 100, 'NX'),
    hset: () => client.hset('h', {f: 1, g: 'x'}),
    hgetall: () => client.hgetall('h'),
    lpush: () => client.lpush('l', 1, 2, 3),
    rpoplpush: () => client.rpoplpush('l', 'm'),
    lrange: () => client.lrange('l', 0, -1),
    sadd: () => client.sadd('s', 'a', 'b', 3),
    smismember: () => client.smismember('s', 'a', 'zz'),
    zadd: () => client.zadd('z', 1, 'a', 2.5, 'b', '+inf', 'c'),
    zrange: () => client.zrange('z', 0, -1, 'WITHSCORES'),
    zrangebyscore: () => client.zrangebyscore('z', '(1', '+inf', 'WITHSCORES', 'LIMIT', 0, 1),
    xadd: () => client.xadd('x', '1-1', 'k', 'v'),
    xgroup: () => client.xgroup('CREATE', 'x', 'g', '0'),
    xreadgroup: () => client.xreadgroup('GROUP', 'g', 'c', 'COUNT', 10, 'STREAMS', 'x', '>'),
    xpending: () => client.xpending('x', 'g'),
    xack: () => client.xack('x', 'g', '1-1'),
    xinfo: () => client.xinfo('STREAM', 'x'),
    geoadd: () => client.geoadd('geo', 13.361389, 38.115556, 'Palermo', 15.087269, 37.502669, 'Catania'),
    geosearch: () => client.geosearch('geo', 'FROMLONLAT', 15, 37, 'BYRADIUS', 200, 'km', 'ASC', 'WITHDIST'),
    multi: () => client.multi().incr('n').incr('n').hget('h', 'f').exec(),
    pipeline: () => client.pipeline().get('a').lpop('none').zscore('z', 'a').hincrby('a', 'f', 1).exec()
      .then((replies) => replies.map(([error, value]) => (error ? error.message : value))),
    wrongType: () => client.lpush('a', 'x'),
    sort: () => client.sort('l', 'DESC', 'ALPHA'),
    encoding: () => client.object('ENCODING', 'h'),
    dump: () => client.dumpBuffer('l').then((bytes) => bytes.length > 0),
    name: () => client.client('SETNAME', 'x'),
  };
  for (const [name, run] of Object.entries(calls)) {
    await results.add(name, run);
  }

  await ioredisWaits(client, results);
  client.disconnect();
  return results.list;
}

/** Who waits for keys, hears messages, goes through all, defines commands. */
async function ioredisWaits(client, results) {
  const waiting = client.duplicate();
  const first = waiting.blpop('queue', 20);
  await pause(30);
  await client.rpush('queue', 'job');
  await results.add('blpop', () => first);
  const second = waiting.bzpopmin('scores', 20);
  await pause(30);
  await client.zadd('scores', 3, 'm');
  await results.add('bzpopmin', () => second);
  const third = waiting.xread('BLOCK', 20000, 'STREAMS', 'stream', '$');
  await pause(30);
  await client.xadd('stream', '5-5', 'a', 'b');
  await results.add('xread', () => third);
  for (let i = 0; i < 1000; i++) {
    client.hset('big', 'f' + i, i);
  }

  await client.ping();
  await results.add('hscan', async () => {
    let fields = 0;
    for await (const page of client.hscanStream('big', {count: 100})) {
      fields += page.length / 2;
    }

    return fields;
  });
  await results.add('scan', async () => {
    const keys = [];
    for await (const page of client.scanStream({type: 'hash'})) {
      keys.push(...page);
    }

    return keys.sort();
  });
  await waiting.subscribe('channel');
  const heard = new Promise((done) => waiting.on('message', (channel, message) => done([channel, message])));
  await client.publish('channel', 'hi');
  await results.add('subscribe', () => heard);
  client.defineCommand('look', {numberOfKeys: 1, lua: "return redis.call('get', KEYS[1])"});
  await results.add('lua', () => client.look('a'));
  waiting.disconnect();
}

async function nodeRedis(port, protocol) {
  const results = new Results();
  const client = createClient({url: 'redis://127.0.0.1:' + port, RESP: protocol, name: 'named'});
  client.on('error', (error) => results.list.push('lost: ' + error.message));
  await client.connect();
  await client.flushAll();
  const calls = {
    set: () => client.set('a', 'b', {expiration: {type: 'EX', value: 10}}),
    hSet: () => client.hSet('h', {a: '1', b: '2'}),
    hGetAll: () => client.hGetAll('h'),
    zAdd: () => client.zAdd('z', [{score: 1, value: 'a'}, {score: 2.25, value: 'b'}]),
    zRange: () => client.zRangeWithScores('z', 0, -1),
    zPopMax: () => client.zPopMax('z'),
    zmScore: () => client.zmScore('z', ['a', 'n']),
    xAdd: () => client.xAdd('x', '1-1', {a: 'b'}),
    xRange: () => client.xRange('x', '-', '+'),
    xGroup: () => client.xGroupCreate('x', 'g', '0'),
    xReadGroup: () => client.xReadGroup('g', 'c', [{key: 'x', id: '>'}]),
    xAutoClaim: () => client.xAutoClaim('x', 'g', 'd', 0, '0'),
    xInfoStream: () => client.xInfoStream('x'),
    xInfoGroups: () => client.xInfoGroups('x'),
    xInfoConsumers: () => client.xInfoConsumers('x', 'g')
      .then((all) => all.map((one) => ({name: one.name, pending: one.pending}))),
    geoAdd: () => client.geoAdd('g', {longitude: 13.361389, latitude: 38.115556, member: 'P'}),
    geoSearch: () => client.geoSearchWith('g', {longitude: 13, latitude: 38}, {radius: 200, unit: 'km'},
      ['WITHDIST', 'WITHCOORD']),
    multi: () => client.multi().set('k', 'v').get('k').sAdd('s', ['x', 'y']).sMembers('s').exec()
      .then((all) => [...all.slice(0, 3), [...all[3]].sort()]),
    sInterCard: () => client.sInterCard(['s']),
    lmPop: () => client.lmPop(['none', 'l'], 'LEFT'),
    lPos: () => client.lPos('l', 'q'),
    memory: () => client.memoryUsage('h').then((bytes) => typeof bytes),
    clientInfo: () => client.clientInfo().then((info) => [info.name, info.resp]),
    commandInfo: () => client.commandInfo(['get']),
    functions: () => client.functionList(),
    hello: () => client.hello(protocol).then((all) => all.proto || all[5]),
    time: () => client.time().then((time) => typeof time),
    eval: () => client.eval('return {1, 2, KEYS[1]}', {keys: ['a']}),
    wrongType: () => client.lPush('a', 'x'),
    scan: async () => {
      const keys = [];
      for await (const page of client.scanIterator({COUNT: 10})) {
        keys.push(...[].concat(page));
      }

      return keys.sort();
    },
  };
  for (const [name, run] of Object.entries(calls)) {
    await results.add(name, run);
  }

  const listening = client.duplicate();
  await listening.connect();
  const heard = new Promise((done) => {
    listening.pSubscribe('c*', (message, channel) => done([message, channel]))
      .then(() => client.publish('channel', 'hi'));
  });
  await results.add('pSubscribe', () => heard);
  await listening.close();
  await client.close();
  return results.list;
}

async function compare(name, run) {
  const [ours, theirs] = await Promise.all([run(+process.argv[2]), run(+process.argv[3])]);
  let differences = 0;
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    if (ours[i] !== theirs[i]) {
      differences++;
      console.log(`${name}\n  expected ${theirs[i]}\n  actual   ${ours[i]}`);
    }
  }

  console.log(`${name}: ${ours.length} results, ${differences} differ`);
  return differences;
}

(async () => {
  const differences = await compare('ioredis', ioredis) +
    await compare('node-redis, RESP2', (port) => nodeRedis(port, 2)) +
    await compare('node-redis, RESP3', (port) => nodeRedis(port, 3));
  process.exit(differences ? 1 : 0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
