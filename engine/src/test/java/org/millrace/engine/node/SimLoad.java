package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.millrace.engine.commands.LineMaker;
import org.millrace.engine.commands.LineValues;

/**
 * Random commands of a client: all families that change values, keys and databases, alone and in transactions; those of
 * types other than strings are {@link LineMaker}'s. One object decides over key range, sizes of values and how often
 * what empties a database comes.
 */
final class SimLoad
{
    static final int DATABASES = 4;
    private static final int FILL_STEP = 100;
    private static final String[] SCRIPT_LINES = {
        "SET $1 @1", "?INCR $1", "?APPEND $1 @1", "PEXPIRE $1 @2", "DEL $1", "GET $1", "?HSET $2 m1 @1 m2 x",
        "?HPEXPIRE $2 @2 FIELDS 1 m1", "?HDEL $2 m1", "?SPOP $2", "?LPUSH list1 @1", "?RPOP list1", "INCR $2",
        "%fail on purpose", "SELECT 1", "?ZADD zset1 @2 m1"
    };

    private final SplittableRandom random;
    private final int keys;
    private final boolean isLarge;
    private final int lengthMax;
    private final int bigOneIn;
    private final int bigLength;
    private final List<LineMaker> types = new ArrayList<>();

    /** @param isNarrow the network carries little. */
    SimLoad(final SplittableRandom random, final boolean isNarrow)
    {
        this.random = random;
        final int kind = isNarrow ? 2 : random.nextInt(8);
        isLarge = 0 == kind;
        keys = isLarge ? 4000 : 8 << random.nextInt(4);
        lengthMax = isLarge ? 12 : 8 << random.nextInt(isNarrow ? 4 : 8);
        bigOneIn = 1 == kind ? 40 : 1500;
        bigLength = 1 == kind ? 300_000 : isNarrow ? 35_000 : 60_000;
        final Random lines = new Random(random.nextLong());
        for (final String type : LineValues.TYPES)
        {
            types.add(new LineMaker(type, lines, (name) -> true));
        }

        types.add(new LineMaker(LineValues.FIELD_DEADLINES, lines, (name) -> true));
    }

    /** Bytes of the longest unit that may come of it. */
    long unitMax()
    {
        return 8L * (bigLength + 100_000);
    }

    /** True if there are so many keys that a snapshot takes many cycles. */
    boolean isLarge()
    {
        return isLarge;
    }

    /** What a primary that begins with nothing gets first. */
    String fill()
    {
        final StringBuilder out = new StringBuilder();
        for (int db = 1; isLarge && db <= 3; db++)
        {
            add(out, "SELECT", Integer.toString(db % 3));
            for (int id = 0; id < keys; id += FILL_STEP)
            {
                final String[] words = new String[1 + 2 * FILL_STEP];
                words[0] = "MSET";
                for (int i = 0; i < FILL_STEP; i++)
                {
                    words[1 + 2 * i] = "key:" + (id + i);
                    words[2 + 2 * i] = "first";
                }

                add(out, words);
            }
        }

        return out.toString();
    }

    /** One command, or several that go together, as a client sends them. */
    String next()
    {
        final StringBuilder out = new StringBuilder();
        switch (random.nextInt(40))
        {
            case 4 -> addScript(out);
            case 0 -> add(out, "SELECT", Integer.toString(random.nextInt(DATABASES)));
            case 1 -> addRare(out);
            case 2 -> addTransaction(out);
            case 3 -> {
                final String key = key();
                add(out, "WATCH", key);
                addTransaction(out);
            }
            default -> addOne(out);
        }

        return out.toString();
    }

    private void addTransaction(final StringBuilder out)
    {
        add(out, "MULTI");
        for (int i = random.nextInt(6); i >= 0; i--)
        {
            if (0 == random.nextInt(12))
            {
                add(out, "SELECT", Integer.toString(random.nextInt(DATABASES)));
            }
            else if (0 == random.nextInt(12))
            {
                addRare(out);
            }
            else
            {
                addOne(out);
            }
        }

        add(out, 0 == random.nextInt(12) ? "DISCARD" : "EXEC");
    }

    /** A script of the language of the tests' machine: some lines, which may fail behind others that have written. */
    private void addScript(final StringBuilder out)
    {
        final StringBuilder code = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--)
        {
            code.append(SCRIPT_LINES[random.nextInt(SCRIPT_LINES.length)]).append('\n');
        }

        add(out, "EVAL", code.toString(), "2", key(), "hash" + random.nextInt(4), value(),
            Integer.toString(1 + random.nextInt(900)));
    }

    private void addRare(final StringBuilder out)
    {
        switch (random.nextInt(12))
        {
            case 0 -> add(out, "FLUSHDB", random.nextBoolean() ? "SYNC" : "ASYNC");
            case 1 -> add(out, 0 == random.nextInt(6) ? "FLUSHALL" : "FLUSHDB");
            case 2, 3, 4 -> add(out, "SWAPDB", Integer.toString(random.nextInt(DATABASES)),
                Integer.toString(random.nextInt(DATABASES)));
            case 5, 6, 7 -> add(out, "MOVE", key(), Integer.toString(random.nextInt(DATABASES)));
            case 8 -> add(out, "COPY", key(), key(), "DB", Integer.toString(random.nextInt(DATABASES)), "REPLACE");
            default -> add(out, "SETRANGE", key(), Integer.toString(random.nextInt(200_000)), value());
        }
    }

    private void addOne(final StringBuilder out)
    {
        if (random.nextBoolean())
        {
            addTyped(out);
        }
        else
        {
            addOfStrings(out);
        }
    }

    private void addTyped(final StringBuilder out)
    {
        final List<String> words = types.get(random.nextInt(types.size())).next();
        add(out, words.toArray(new String[0]));
    }

    private void addOfStrings(final StringBuilder out)
    {
        switch (random.nextInt(44))
        {
            case 0 -> add(out, "DEL", key());
            case 1 -> add(out, "UNLINK", key(), key());
            case 2 -> add(out, "APPEND", key(), value());
            case 3 -> add(out, "SET", key(), value(), "PX", Integer.toString(1 + random.nextInt(400)));
            case 4 -> add(out, "SET", key(), value(), "EX", "100000");
            case 5 -> add(out, "SET", key(), value(), "KEEPTTL");
            case 6 -> add(out, "SET", key(), value(), random.nextBoolean() ? "NX" : "XX", "GET");
            case 7 -> add(out, "SETNX", key(), value());
            case 8 -> add(out, "GETSET", key(), value());
            case 9 -> add(out, "GETDEL", key());
            case 10 -> add(out, "GETEX", key(), "PX", Integer.toString(1 + random.nextInt(3000)));
            case 11 -> add(out, "GETEX", key(), "PERSIST");
            case 12 -> add(out, "SETRANGE", key(), Integer.toString(random.nextInt(2000)), value());
            case 13 -> add(out, "INCR", number());
            case 14 -> add(out, "DECRBY", number(), Integer.toString(random.nextInt(1000)));
            case 15 -> add(out, "INCRBYFLOAT", number(), "1.25");
            case 16 -> add(out, "MSET", key(), value(), key(), value(), key(), value());
            case 17 -> add(out, "MSETNX", key(), value(), key(), value());
            case 18 -> add(out, "SETBIT", key(), Integer.toString(random.nextInt(5000)), "1");
            case 19 -> add(out, "BITFIELD", key(), "INCRBY", "u8", "#" + random.nextInt(20), "7", "SET", "i16", "3",
                Integer.toString(random.nextInt(1000)));
            case 20 -> add(out, "BITOP", "XOR", key(), key(), key());
            case 21 -> add(out, "PFADD", hll(), value(), value());
            case 22 -> add(out, "PFMERGE", hll(), hll(), hll());
            case 23 -> add(out, "PFCOUNT", hll());
            case 24 -> add(out, "RENAME", key(), key());
            case 25 -> add(out, "RENAMENX", key(), key());
            case 26 -> add(out, "COPY", key(), key());
            case 27 -> add(out, "EXPIRE", key(), Integer.toString(random.nextInt(20) - 1));
            case 28 -> add(out, "PEXPIRE", key(), Integer.toString(random.nextInt(500)), "NX");
            case 29 -> add(out, "PERSIST", key());
            case 30 -> add(out, "GET", key());
            case 31 -> add(out, "TTL", key());
            default -> add(out, "SET", key(), value());
        }
    }

    /** What makes a client wait for keys, most of the time. */
    String waiting()
    {
        final StringBuilder out = new StringBuilder();
        final String list = "list" + random.nextInt(4);
        final String set = "zset" + random.nextInt(4);
        final String timeout = random.nextInt(3) == 0 ? "0" : "0." + (1 + random.nextInt(9));
        switch (random.nextInt(6))
        {
            case 0 -> add(out, "BLPOP", list, "list" + random.nextInt(4), timeout);
            case 1 -> add(out, "BLMOVE", list, "list" + random.nextInt(4), "LEFT", "RIGHT", timeout);
            case 2 -> add(out, "BLMPOP", timeout, "2", list, "other", "RIGHT", "COUNT", "2");
            case 3 -> add(out, "BZPOPMIN", set, "zset" + random.nextInt(4), timeout);
            case 4 -> add(out, "BZMPOP", timeout, "1", set, "MAX", "COUNT", "3");
            default -> add(out, "XREADGROUP", "GROUP", "g" + random.nextInt(3), "c1", "BLOCK", "500", "STREAMS",
                "stream" + random.nextInt(4), ">");
        }

        return out.toString();
    }

    /** The name of some key that the load may have written. */
    String key()
    {
        return "key:" + random.nextInt(keys);
    }

    private String number()
    {
        return "number:" + random.nextInt(5);
    }

    private String hll()
    {
        return "hll:" + random.nextInt(3);
    }

    private String value()
    {
        final int length = 0 == random.nextInt(bigOneIn) ? random.nextInt(bigLength) : random.nextInt(lengthMax);
        return Character.toString('a' + random.nextInt(26)).repeat(length) + random.nextInt(100);
    }

    static void add(final StringBuilder out, final String... words)
    {
        out.append('*').append(words.length).append("\r\n");
        for (final String word : words)
        {
            out.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }
}
