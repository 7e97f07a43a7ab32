package org.millrace.io.it;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Commands that change lists, sets, hashes, sorted sets and streams, small ones and ones that outgrow their small form,
 * as they come from a seeded generator. Keys say of what type they are. Scores are multiples of a
 * quarter, whose digits all versions print alike.
 */
final class CollectionTraffic
{
    /** What such commands may be answered; anything else is a bug of the server. */
    static final List<String> USUAL_ERRORS = List.of(
        "ERR no such key",
        "ERR source and destination objects are the same",
        "ERR index out of range",
        "ERR hash value is not a",
        "NOGROUP",
        "BUSYGROUP",
        "ERR The ID specified in",
        "ERR The XGROUP subcommand requires the key to exist");

    private static final int KEYS = 12;

    private final SplittableRandom random;
    private final Consumer<String[]> sink;

    CollectionTraffic(final SplittableRandom random, final Consumer<String[]> sink)
    {
        this.random = random;
        this.sink = sink;
    }

    /** One command. */
    void next()
    {
        switch (random.nextInt(12))
        {
            case 0, 1 -> list();
            case 2 -> listMoves();
            case 3, 4 -> hash();
            case 5, 6 -> set();
            case 7, 8 -> sortedSet();
            case 9 -> stores();
            case 10 -> stream();
            default -> keys();
        }
    }

    private void list()
    {
        final String key = key("list");
        switch (random.nextInt(11))
        {
            case 0, 1, 2 -> send("RPUSH", key, member(), member(), value());
            case 3, 4 -> send("LPUSH", key, value(), member());
            case 5 -> send("LPOP", key, number(1, 4));
            case 6 -> send("RPOP", key);
            case 7 -> send("LSET", key, number(-5, 5), value());
            case 8 -> send("LINSERT", key, random.nextBoolean() ? "BEFORE" : "AFTER", member(), value());
            case 9 -> send("LREM", key, number(-2, 3), member());
            default -> send("LTRIM", key, number(0, 3), number(100, 400));
        }
    }

    private void listMoves()
    {
        switch (random.nextInt(4))
        {
            case 0 -> send("RPOPLPUSH", key("list"), key("list"));
            case 1 -> send("LMOVE", key("list"), key("list"), "LEFT", random.nextBoolean() ? "LEFT" : "RIGHT");
            case 2 ->
                send("LMPOP", "2", key("list"), key("list"), random.nextBoolean() ? "LEFT" : "RIGHT", "COUNT", "2");
            default -> send("LPUSHX", key("list"), value());
        }
    }

    private void hash()
    {
        final String key = key("hash");
        switch (random.nextInt(10))
        {
            case 0, 1, 2, 3 -> send("HSET", key, member(), value(), member(), number(0, 1000));
            case 4 -> send("HSETNX", key, member(), value());
            case 5 -> send("HDEL", key, member(), member());
            case 6 -> send("HINCRBY", key, "n" + random.nextInt(5), number(-50, 50));
            case 7 -> send("HINCRBYFLOAT", key, "f" + random.nextInt(5), "0.25");
            case 8 -> send("HSET", key, value(), value());
            default -> send("HSET", key, number(0, 100), number(0, 100));
        }
    }

    private void set()
    {
        final String key = key("set");
        switch (random.nextInt(9))
        {
            case 0, 1, 2 -> send("SADD", key, member(), member(), member());
            case 3, 4 -> send("SADD", "ints:" + random.nextInt(KEYS), number(0, 700), number(-70_000, 70_000));
            case 5 -> send("SREM", key, member(), member());
            case 6 -> send("SPOP", key, number(1, 4));
            case 7 -> send("SMOVE", key, key("set"), member());
            default -> send("SADD", key, value());
        }
    }

    private void sortedSet()
    {
        final String key = key("zset");
        switch (random.nextInt(12))
        {
            case 0, 1, 2 -> send("ZADD", key, score(), member(), score(), member());
            case 3 -> send("ZADD", key, random.nextBoolean() ? "GT" : "LT", "CH", score(), member());
            case 4 -> send("ZADD", key, random.nextBoolean() ? "NX" : "XX", score(), member());
            case 5 -> send("ZINCRBY", key, score(), member());
            case 6 -> send("ZREM", key, member(), member());
            case 7 -> send(random.nextBoolean() ? "ZPOPMIN" : "ZPOPMAX", key, number(1, 3));
            case 8 -> send("ZREMRANGEBYRANK", key, number(0, 3), number(3, 5));
            case 9 -> send("ZREMRANGEBYSCORE", key, "(" + number(0, 20), number(20, 25));
            case 10 -> send("GEOADD", "geo:" + random.nextInt(KEYS), number(-170, 170), number(-80, 80), member());
            default -> send("ZADD", key, random.nextBoolean() ? "inf" : "-inf", value());
        }
    }

    private void stores()
    {
        switch (random.nextInt(8))
        {
            case 0 -> send("SUNIONSTORE", key("set"), key("set"), key("ints"));
            case 1 -> send("SINTERSTORE", key("set"), key("set"), key("set"));
            case 2 -> send("SDIFFSTORE", key("set"), key("set"), key("set"));
            case 3 -> send("ZUNIONSTORE", key("zset"), "2", key("zset"), key("zset"), "AGGREGATE", "MAX");
            case 4 -> send("ZINTERSTORE", key("zset"), "2", key("zset"), key("zset"), "AGGREGATE", "MIN");
            case 5 -> send("ZRANGESTORE", key("zset"), key("zset"), "0", number(5, 300));
            case 6 -> send("ZDIFFSTORE", key("zset"), "2", key("zset"), key("zset"));
            default -> send("SORT", key("ints"), "STORE", key("list"));
        }
    }

    private void stream()
    {
        final String key = key("stream");
        switch (random.nextInt(16))
        {
            case 0, 1, 2 -> send("XADD", key, "*", "field", value(), member(), number(0, 100));
            case 3 -> send("XADD", key, "*", member(), value());
            case 4 -> send("XADD", key, "MAXLEN", "~", "300", "*", "field", number(0, 100));
            case 5 -> send("XTRIM", key, "MAXLEN", number(50, 200));
            case 6 -> send("XGROUP", "CREATE", key, group(), random.nextBoolean() ? "0" : "$", "MKSTREAM");
            case 7, 8 -> send("XREADGROUP", "GROUP", group(), consumer(), "COUNT", number(1, 5), "STREAMS", key, ">");
            case 9 -> send("XAUTOCLAIM", key, group(), consumer(), "0", "0", "COUNT", "3");
            case 10 -> send("XGROUP", "DELCONSUMER", key, group(), consumer());
            case 11 -> send("XADD", key, "9999999999999-*", "far", "ahead");
            case 12 -> send("XREADGROUP", "GROUP", group(), consumer(), "NOACK", "COUNT", "2", "STREAMS", key, ">");
            case 13 -> send("XGROUP", "DESTROY", key, group());
            default -> send("XGROUP", "CREATECONSUMER", key, group(), consumer());
        }
    }

    private void keys()
    {
        final String type = List.of("list", "hash", "set", "ints", "zset", "stream").get(random.nextInt(6));
        switch (random.nextInt(8))
        {
            case 0 -> send(random.nextBoolean() ? "DEL" : "UNLINK", key(type));
            case 1 -> send("RENAME", key(type), key(type));
            case 2 -> send("COPY", key(type), key(type), "REPLACE");
            case 3 -> send("MOVE", key(type), number(0, 3));
            case 4 -> send("PEXPIRE", key(type), number(1, 300));
            case 5 -> send("EXPIRE", key(type), number(900, 2000));
            case 6 -> send("PERSIST", key(type));
            default -> send("COPY", key(type), key(type), "DB", number(0, 3), "REPLACE");
        }
    }

    private void send(final String... arguments)
    {
        sink.accept(arguments);
    }

    private String key(final String type)
    {
        return type + ":" + random.nextInt(KEYS);
    }

    private String group()
    {
        return "g" + random.nextInt(3);
    }

    private String consumer()
    {
        return "c" + random.nextInt(3);
    }

    /** Few enough to meet again, enough to outgrow what is small. */
    private String member()
    {
        return "member-" + random.nextInt(400);
    }

    private String score()
    {
        return 0 == random.nextInt(20) ? "-0" : Double.toString(random.nextInt(-400, 400) / 4.0);
    }

    private String number(final int from, final int to)
    {
        return Integer.toString(random.nextInt(from, to));
    }

    private String value()
    {
        final int kind = random.nextInt(100);
        final int length = kind < 80 ? random.nextInt(30) : kind < 99 ? random.nextInt(400) : random.nextInt(20_000);
        return MixedLoad.randomBytes(random, length);
    }
}
