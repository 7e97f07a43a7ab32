package org.millrace.io.it;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.millrace.kit.Await;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;

/**
 * Writers' traffic as applications make it, from one seeded thread: strings of all sizes, counters, bitmaps,
 * HyperLogLogs, values of all other types ({@link CollectionTraffic}), expiries, transactions, and what moves or drops
 * whole keys and databases. Uses databases 0 to 2.
 */
final class MixedLoad implements AutoCloseable
{
    private static final int BATCH = 20;
    private static final int KEYS = 400;
    private static final int SPECIAL_KEYS = 20;
    private static final int LARGE = 40_000;

    /** What such traffic may be answered; anything else is a bug of the server. */
    private static final List<String> USUAL_ERRORS = List.of(
        "ERR no such key",
        "ERR value is not an integer or out of range",
        "ERR value is not a valid float",
        "ERR source and destination objects are the same",
        "WRONGTYPE Key is not a valid HyperLogLog string value",
        "INVALIDOBJ Corrupted HLL object detected");

    private final TextClient client;
    private final SplittableRandom random;
    private final CollectionTraffic collections;
    private final long seed;
    private final long pauseNs;
    private final Thread thread;
    private final Set<String> errors = new TreeSet<>();
    private volatile boolean isRunning = true;
    private volatile long written;
    private volatile Throwable failure;
    private int queued;

    private MixedLoad(final TestServer node, final long seed, final int perSecond)
    {
        client = node.connect();
        this.seed = seed;
        random = new SplittableRandom(seed);
        collections = new CollectionTraffic(random, this::send);
        pauseNs = TimeUnit.SECONDS.toNanos(BATCH) / perSecond;
        thread = new Thread(this::run, "mixed-load-" + seed);
        thread.setDaemon(true);
        thread.start();
    }

    /** @param perSecond commands, roughly. */
    static MixedLoad start(final TestServer node, final long seed, final int perSecond)
    {
        return new MixedLoad(node, seed, perSecond);
    }

    /** Commands that were answered so far. */
    long written()
    {
        return written;
    }

    void awaitWritten(final long more)
    {
        final long goal = written + more;
        Await.until(() -> "the load to write, seed " + seed + ", " + failure, 60,
            () -> written >= goal || null != failure);
        check();
    }

    /** End and check that nothing was answered that should not be. */
    void stop()
    {
        close();
        check();
    }

    private void check()
    {
        if (null != failure)
        {
            throw new AssertionError("load with seed " + seed + " failed", failure);
        }

        if (!errors.isEmpty())
        {
            throw new AssertionError("load with seed " + seed + " was answered " + errors);
        }
    }

    @Override
    public void close()
    {
        isRunning = false;
        try
        {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }

        client.close();
    }

    private void run()
    {
        try
        {
            long next = System.nanoTime();
            while (isRunning)
            {
                batch();
                next += pauseNs;
                final long ahead = next - System.nanoTime();
                if (ahead > 0)
                {
                    LockSupport.parkNanos(ahead);
                }
                else if (ahead < -TimeUnit.SECONDS.toNanos(1))
                {
                    next = System.nanoTime();
                }
            }
        }
        catch (final RuntimeException | Error e)
        {
            failure = e;
        }
    }

    private void batch()
    {
        queued = 0;
        for (int i = 0; i < BATCH; i++)
        {
            command();
        }

        client.flush();
        for (int i = 0; i < queued; i++)
        {
            collect(client.read());
        }

        written += BATCH;
    }

    private void collect(final Object reply)
    {
        if (reply instanceof List<?> list)
        {
            list.forEach(this::collect);
        }
        else if (reply instanceof RespError error &&
            Stream.of(USUAL_ERRORS, CollectionTraffic.USUAL_ERRORS).flatMap(List::stream)
                .noneMatch((usual) -> error.message().startsWith(usual)))
        {
            errors.add(error.message());
        }
    }

    private void command()
    {
        final int kind = random.nextInt(1000);
        if (kind < 300)
        {
            string();
        }
        else if (kind < 550)
        {
            collections.next();
        }
        else if (kind < 650)
        {
            bitmap();
        }
        else if (kind < 720)
        {
            hyperLogLog();
        }
        else if (kind < 850)
        {
            expiry();
        }
        else if (kind < 930)
        {
            keyspace();
        }
        else if (kind < 960)
        {
            transaction();
        }
        else if (kind < 990)
        {
            send("SELECT", Integer.toString(random.nextInt(3)));
        }
        else
        {
            database();
        }
    }

    private void string()
    {
        switch (random.nextInt(16))
        {
            case 0 -> send("SET", key(), value(), "EX", number(900, 2000));
            case 1 -> send("SET", key(), value(), "PX", number(5, 400));
            case 2 -> send("SET", key(), value(), "KEEPTTL");
            case 3 -> send("SET", key(), value(), "GET");
            case 4 -> send("SET", key(), value(), random.nextBoolean() ? "NX" : "XX");
            case 5 -> send("APPEND", key(), "+" + number(0, 1000));
            case 6 -> send("SETRANGE", key(), number(0, 3000), "~~");
            case 7 -> send("INCRBY", counter(), number(-50, 50));
            case 8 -> send("INCRBYFLOAT", counter(), "0.25");
            case 9 -> send("MSET", key(), value(), key(), value(), counter(), number(0, 99));
            case 10 -> send("MSETNX", key(), value(), key(), value());
            case 11 -> send("GETSET", key(), value());
            case 12 -> send("SETEX", key(), number(900, 2000), value());
            case 13 -> send("GETDEL", key());
            case 14 -> send("INCR", counter());
            default -> send("SET", key(), value());
        }
    }

    private void bitmap()
    {
        final String bits = "b:" + random.nextInt(SPECIAL_KEYS);
        switch (random.nextInt(4))
        {
            case 0 -> send("SETBIT", bits, number(0, 20_000), number(0, 2));
            case 1 -> send("BITFIELD", bits, "SET", "u8", number(0, 5_000), number(0, 255), "INCRBY", "i16", "64", "3");
            case 2 -> send("BITOP", random.nextBoolean() ? "XOR" : "OR", bits, "b:1", "b:2", "b:3");
            default -> send("BITOP", "NOT", bits, "b:4");
        }
    }

    private void hyperLogLog()
    {
        final String log = "h:" + random.nextInt(SPECIAL_KEYS);
        switch (random.nextInt(5))
        {
            case 0 -> send("PFCOUNT", log);
            case 1 -> send("PFMERGE", log, "h:1", "h:2");
            default -> send("PFADD", log, value(), number(0, 100_000), number(0, 100_000));
        }
    }

    private void expiry()
    {
        switch (random.nextInt(9))
        {
            case 0 -> send("EXPIRE", key(), number(900, 2000));
            case 1 -> send("PEXPIRE", key(), number(1, 300));
            case 2 -> send("EXPIRE", key(), number(900, 2000), "NX");
            case 3 -> send("EXPIRE", key(), number(900, 2000), "GT");
            case 4 -> send("PERSIST", key());
            case 5 -> send("PEXPIREAT", key(), "1000");
            case 6 -> send("GETEX", key(), "EX", number(900, 2000));
            case 7 -> send("GETEX", key(), "PERSIST");
            default -> send("EXPIREAT", key(), Long.toString(System.currentTimeMillis() / 1000 + 900));
        }
    }

    private void keyspace()
    {
        switch (random.nextInt(7))
        {
            case 0 -> send("DEL", key(), key());
            case 1 -> send("UNLINK", key(), key(), key());
            case 2 -> send("RENAME", key(), key());
            case 3 -> send("RENAMENX", key(), key());
            case 4 -> send("COPY", key(), key(), "DB", number(0, 3), "REPLACE");
            case 5 -> send("COPY", key(), key());
            default -> send("MOVE", key(), number(0, 3));
        }
    }

    private void transaction()
    {
        send("MULTI");
        final int commands = random.nextInt(5);
        for (int i = 0; i < commands; i++)
        {
            if (random.nextInt(4) == 0)
            {
                expiry();
            }
            else
            {
                string();
            }
        }

        send(random.nextInt(8) == 0 ? "DISCARD" : "EXEC");
    }

    private void database()
    {
        switch (random.nextInt(12))
        {
            case 0 -> send("SWAPDB", "1", "2");
            case 1 -> send("SWAPDB", "0", "1");
            case 2 -> {
                send("SELECT", "2");
                send("FLUSHDB");
            }
            default -> send("PUBLISH", "news", value());
        }
    }

    private void send(final String... arguments)
    {
        queued++;
        client.send(arguments);
    }

    private String key()
    {
        return "key:" + random.nextInt(KEYS);
    }

    private String counter()
    {
        return "n:" + random.nextInt(SPECIAL_KEYS);
    }

    private String number(final int from, final int to)
    {
        return Integer.toString(random.nextInt(from, to));
    }

    private String value()
    {
        final int kind = random.nextInt(100);
        final int length = kind < 60 ? random.nextInt(64) : kind < 98 ? random.nextInt(2_000) : random.nextInt(LARGE);
        return switch (random.nextInt(4))
        {
            case 0 -> Long.toString(random.nextLong() >> random.nextInt(64));
            case 1 -> "ab".repeat(length / 2);
            default -> randomBytes(random, length);
        };
    }

    static String randomBytes(final SplittableRandom random, final int length)
    {
        final StringBuilder bytes = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            bytes.append((char)random.nextInt(256));
        }

        return bytes.toString();
    }

    /** Queue commands of this kind only, for filling a node before the test: no expiry below a quarter of an hour. */
    static void fill(final TestServer node, final long seed, final int keys)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String[]> commands = new ArrayList<>();
        for (int db = 0; db < 3; db++)
        {
            commands.add(new String[]{"SELECT", Integer.toString(db)});
            for (int i = 0; i < keys; i++)
            {
                final String key = "fill:" + db + ":" + i;
                commands.add(switch (i % 6)
                {
                    case 0 -> new String[]{"SET", key, Long.toString(random.nextLong() >> random.nextInt(64))};
                    case 1 -> new String[]{"SET", key, "x".repeat(random.nextInt(500))};
                    case 2 -> new String[]{"SET", key, randomBytes(random, random.nextInt(200)), "EX", "1000"};
                    case 3 -> new String[]{"PFADD", key, Integer.toString(i), Integer.toString(i + 1)};
                    case 4 -> new String[]{"SETBIT", key, Integer.toString(random.nextInt(3_000)), "1"};
                    default -> new String[]{"SET", key, randomBytes(random, random.nextInt(100))};
                });
            }
        }

        try (TextClient client = node.connect())
        {
            for (int i = 0; i < commands.size(); i += BATCH)
            {
                final List<String[]> batch = commands.subList(i, Math.min(commands.size(), i + BATCH));
                batch.forEach(client::send);
                client.flush();
                for (final String[] command : batch)
                {
                    final Object reply = client.read();
                    if (reply instanceof RespError)
                    {
                        throw new AssertionError(String.join(" ", command) + " answered " + reply);
                    }
                }
            }
        }
    }
}
