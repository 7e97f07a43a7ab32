package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.CommandHarness;

/** What runs all day makes no garbage. */
class AllocationTest extends CommandsTest
{
    private static final int WARM_UP = 2_000;
    private static final int RUNS = 10_000;

    /** Allowance for new segments of the stream and for what the JVM does meanwhile, in all. */
    private static final long BYTES_MAX = RUNS / 2;

    private static final int ROUNDS = 5;

    private static final String[] LINES = {
        "GET missing", "SET k value", "SET k value EX 1000", "SET k value XX GET", "GET k", "GET missing", "INCR n",
        "DECRBY n 2",
        "APPEND a x", "STRLEN a", "SETRANGE r 10 x", "GETRANGE r 0 -1", "SETBIT b 7 1", "SETBIT b 7 0", "GETBIT b 7",
        "EXPIRE k 1000", "TTL k", "EXISTS k n", "MGET k n missing", "MSET k 1 n 2", "DEL k gone", "SETNX k v",
        "BITCOUNT b", "PFADD h x", "TYPE k",
        "HSET hash f v", "HSET hash f longer g 2", "HGET hash f", "HMGET hash f g", "HINCRBY hash n 1", "HGETALL hash",
        "HDEL hash f g", "HSCAN hash 0", "HRANDFIELD hash 2",
        "SADD set a b", "SADD ints 3 1 2", "SADD ints 70000 1", "SISMEMBER set b", "SMISMEMBER ints 1 9 x",
        "SMEMBERS set",
        "SCARD ints", "SRANDMEMBER ints", "SRANDMEMBER set -3", "SRANDMEMBER ints 2", "SINTER set ints",
        "SUNIONSTORE united set ints", "SDIFF set ints", "SINTERCARD 2 ints united", "SSCAN set 0", "SORT ints",
        "SORT ints BY w* GET w*", "SMOVE set other a", "SPOP set", "SPOP ints 1", "SREM set a b",
        "ZADD z 1 a 2 b 3 c", "ZADD z GT 2 a", "ZINCRBY z 0.1 b", "ZADD z INCR -0.25 c", "ZSCORE z b", "ZRANK z c",
        "ZRANGE z 0 -1 WITHSCORES", "ZRANGEBYSCORE z (1 +inf LIMIT 1 1", "ZRANGEBYLEX z [a +", "ZCOUNT z 0 10",
        "ZREM z a",
        "RPUSH l a b c d e f g h i j", "LLEN l", "LRANGE l 0 9", "LINDEX l 1000", "LSET l 5 x", "LPOS l b RANK -2",
        "LPOS l b COUNT 3", "LPUSH l 1", "LINSERT l AFTER 1 q", "LREM l 1 q", "LMOVE l l LEFT RIGHT",
        "RPOPLPUSH l m", "LPOP l", "RPOP l 2", "LMPOP 2 missing l LEFT", "BLPOP missing l 0.5",
        "BLMPOP 0 1 l LEFT COUNT 2", "BLMOVE l l LEFT RIGHT 1", "LTRIM l 0 50", "LTRIM l 1 -2",
        "ZADD p 1 a 2 b", "ZPOPMIN p", "ZPOPMAX p", "ZREMRANGEBYRANK z 0 0",
    };

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingPerCommand()
    {
        harness.settings.notifyEvents = 0;
        harness.line("PFADD h x");
        for (final String line : LINES)
        {
            final long bytes = measure(harness.prepare(line.split(" ")));
            assertTrue(bytes <= BYTES_MAX, line + ": bytes=" + bytes + " runs=" + RUNS);
            harness.touched.clear();
        }
    }

    private long measure(final CommandHarness.Prepared command)
    {
        harness.isRecording = false;
        for (int i = 0; i < WARM_UP; i++)
        {
            command.run();
        }

        // What a command allocates it allocates in each round; what happens once, such as loading a class, in one.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > BYTES_MAX; round++)
        {
            least = Math.min(least, measureRound(command));
        }

        return least;
    }

    private long measureRound(final CommandHarness.Prepared command)
    {
        final long id = Thread.currentThread().getId();
        final long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < RUNS; i++)
        {
            command.run();
        }

        return threads.getThreadAllocatedBytes(id) - before;
    }
}
