package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.Await;
import org.redisson.Redisson;
import org.redisson.api.RCountDownLatch;
import org.redisson.api.RLock;
import org.redisson.api.RMapCache;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RReadWriteLock;
import org.redisson.api.RSemaphore;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** Redisson's objects that are scripts on the server, and messages to who waits: from several threads, as programs use them. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class RedissonScriptsTest
{
    private static final int THREADS = 4;
    private static final int ROUNDS = 25;
    private static final int SECONDS = 30;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    /** What only who holds the lock changes. */
    private int counted;

    @Test
    void shouldServeObjectsThatAreScripts() throws Exception
    {
        final Config config = new Config();
        config.setCodec(StringCodec.INSTANCE);
        config.useSingleServer().setAddress("redis://127.0.0.1:" + nodes.millrace("node", Mode.SHARED).port())
            .setConnectionPoolSize(8).setConnectionMinimumIdleSize(1).setSubscriptionConnectionMinimumIdleSize(1);
        final RedissonClient redisson = Redisson.create(config);
        final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try
        {
            lock(redisson, threads);
            readWriteLock(redisson, threads);
            semaphore(redisson, threads);
            latch(redisson, threads);
            rateLimiter(redisson);
            mapCache(redisson);
        }
        finally
        {
            threads.shutdownNow();
            redisson.shutdown();
        }
    }

    private static void all(final ExecutorService threads, final Callable<?> each) throws Exception
    {
        final List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++)
        {
            running.add(threads.submit(each));
        }

        for (final Future<?> future : running)
        {
            future.get(SECONDS, TimeUnit.SECONDS);
        }
    }

    private void lock(final RedissonClient redisson, final ExecutorService threads) throws Exception
    {
        final RLock lock = redisson.getLock("lock");
        assertTrue(lock.tryLock(1, 20, TimeUnit.SECONDS));
        assertTrue(lock.isLocked());
        assertTrue(lock.tryLock(), "again, by who holds it");
        assertEquals(2, lock.getHoldCount());
        assertFalse(threads.submit(() -> lock.tryLock()).get(SECONDS, TimeUnit.SECONDS));
        lock.unlock();
        lock.unlock();
        assertFalse(lock.isLocked());
        all(threads, () ->
        {
            for (int i = 0; i < ROUNDS; i++)
            {
                lock.lock();
                try
                {
                    counted++;
                }
                finally
                {
                    lock.unlock();
                }
            }

            return null;
        });
        assertEquals(THREADS * ROUNDS, counted);

        final RLock fair = redisson.getFairLock("fair");
        all(threads, () ->
        {
            assertTrue(fair.tryLock(SECONDS, SECONDS, TimeUnit.SECONDS));
            fair.unlock();
            return null;
        });
        assertFalse(fair.isLocked());
    }

    private static void readWriteLock(final RedissonClient redisson, final ExecutorService threads) throws Exception
    {
        final RReadWriteLock both = redisson.getReadWriteLock("both");
        both.readLock().lock();
        assertTrue(threads.submit(() -> both.readLock().tryLock()).get(SECONDS, TimeUnit.SECONDS), "two may read");
        assertFalse(threads.submit(() -> both.writeLock().tryLock()).get(SECONDS, TimeUnit.SECONDS));
        both.readLock().unlock();
        both.readLock().forceUnlock();
        assertTrue(both.writeLock().tryLock());
        assertFalse(threads.submit(() -> both.readLock().tryLock()).get(SECONDS, TimeUnit.SECONDS));
        assertTrue(both.readLock().tryLock(), "who writes may read");
        both.readLock().unlock();
        both.writeLock().unlock();
    }

    private static void semaphore(final RedissonClient redisson, final ExecutorService threads) throws Exception
    {
        final RSemaphore semaphore = redisson.getSemaphore("semaphore");
        assertTrue(semaphore.trySetPermits(2));
        assertFalse(semaphore.trySetPermits(5));
        final AtomicInteger within = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        all(threads, () ->
        {
            for (int i = 0; i < ROUNDS; i++)
            {
                semaphore.acquire();
                most.accumulateAndGet(within.incrementAndGet(), Math::max);
                within.decrementAndGet();
                semaphore.release();
            }

            return null;
        });
        assertTrue(most.get() <= 2, "at once: " + most);
        assertEquals(2, semaphore.drainPermits());
        assertFalse(semaphore.tryAcquire());
    }

    private static void latch(final RedissonClient redisson, final ExecutorService threads) throws Exception
    {
        final RCountDownLatch latch = redisson.getCountDownLatch("latch");
        assertTrue(latch.trySetCount(2));
        final Future<Boolean> waiting = threads.submit(() -> latch.await(SECONDS, TimeUnit.SECONDS));
        latch.countDown();
        assertEquals(1, latch.getCount());
        latch.countDown();
        assertTrue(waiting.get(SECONDS, TimeUnit.SECONDS));
        assertTrue(latch.trySetCount(1), "it can be used again");
    }

    private static void rateLimiter(final RedissonClient redisson)
    {
        final RRateLimiter limiter = redisson.getRateLimiter("limiter");
        assertTrue(limiter.trySetRate(RateType.OVERALL, 2, Duration.ofMinutes(1)));
        assertTrue(limiter.tryAcquire());
        assertEquals(1, limiter.availablePermits());
        assertTrue(limiter.tryAcquire());
        assertFalse(limiter.tryAcquire());
    }

    private static void mapCache(final RedissonClient redisson)
    {
        final RMapCache<String, String> cache = redisson.getMapCache("cache");
        assertNull(cache.put("stays", "v", 1, TimeUnit.MINUTES));
        assertEquals("v", cache.putIfAbsent("stays", "w"));
        assertEquals("v", cache.put("stays", "w", 1, TimeUnit.MINUTES));
        cache.put("goes", "v", 30, TimeUnit.MILLISECONDS);
        assertTrue(cache.remainTimeToLive("stays") > 30_000);
        Await.until("an entry to be over", SECONDS, () -> !cache.containsKey("goes"));
        assertEquals(Map.of("stays", "w"), cache.getAll(Set.of("stays", "goes")));
        assertTrue(cache.replace("stays", "w", "x"));
        assertEquals("x", cache.remove("stays"));
        cache.destroy();
    }
}
