package org.millrace.engine.commands;

import java.util.Random;

/** What stands behind a percent sign in the templates of {@link LineMaker}. */
public final class LineValues
{
    /** All types that have templates; the key names of one begin with its name. */
    public static final String[] TYPES = {"string", "hash", "set", "zset", "geo", "list", "stream"};

    /** Templates of deadlines that fields of hashes have: no type, and not in every Redis. */
    public static final String FIELD_DEADLINES = "field";

    private static final int KEYS = 4;
    private static final int ODD_ONE_IN = 30;
    private static final int LONG_ONE_IN = 40;

    private static final String[] TEXTS = {
        "", "a", "b", "hello", "Foo Bar", "\u0000\u0001\u0002", "\u00ff\u00fe", "12", "-7", "0012", "3.25", "1e3",
        "x y",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "a\r\nb", "65536", "-129", "8388608",
    };
    private static final String[] INTEGERS = {
        "0", "1", "-1", "2", "7", "100", "-100", "255", "65536", "-128", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "x", "", "1.5", "01", "+1", "4294967296", "1000", " 1",
    };
    private static final String[] FLOATS = {
        "0", "-0", "0.1", "-0.1", "3.0e3", "1.5", "-2.25", "1e-7", "3", "0.30000000000000004", "1e17", "inf", "-inf",
        "+inf", "nan", "x", "", "0x10", "1e400", "5.0e-4", ".5", "5.", "1e", "12345678901234567890", " 1", "1 ",
        "9007199254740993", "-1e300", "1e300", "infinity", "17976931348623157e292",
    };
    /** Whether a sorted set keeps the sign of 0 depends on what it was before, and that on the version. */
    private static final String[] SCORES = {
        "0", "3.0e3", "1.5", "-2.25", "inf", "-inf", "+inf", "nan", "x", "", "0x10", "1e400", ".5", "5.", "1e",
        " 1",
        "1 ", "9007199254740991", "infinity", "1e15", "-4.5e3", "0x.8p1",
    };
    private static final String[] BOUNDS = {"-inf", "+inf", "inf", "(-inf", "(inf", "(1", "(0", "(x", "x", "", "(",
        "nan"};
    private static final String[] TEXT_BOUNDS = {"-", "+", "[a", "(a", "[", "(", "a", "", "[b", "(m3", "[m5", "(-",
        "[+"};
    private static final String[] IDS = {"0", "0-0", "-", "+", "$", ">", "0-1", "x", "1-", "5-x", "-1", "(1-1",
        "("};

    private final String type;
    private final Random random;

    LineValues(final String type, final Random random)
    {
        this.type = type;
        this.random = random;
    }

    String next(final char kind)
    {
        return switch (kind)
        {
            // Keys: mostly of this type; of any; what a string's commands have made an integer of.
            case 'k' -> isOdd() ? anyKey() : type + random.nextInt(KEYS);
            case 'K' -> anyKey();
            // Members and fields, mostly the same few; values.
            case 'm' -> isOdd() ? text() : "m" + random.nextInt(0 == random.nextInt(4) ? 200 : 12);
            case 'v' -> random.nextInt(3) == 0 ? text() : "v" + random.nextInt(100);
            // Integers: as members, as counts (often too large, sometimes negative), as indexes, on the edge.
            case 'i' -> isOdd() ? text() : Integer.toString(random.nextInt(40) - 5);
            case 'n' -> isOdd() ? one(INTEGERS) : Integer.toString(random.nextInt(8) - 1);
            // 7.2 refuses a number that has no counterpart.
            case 'r' -> isOdd()
                ? one(INTEGERS).replace("-9223372036854775808", "-9223372036854775807")
                : Integer.toString(random.nextInt(30) - 15);
            case 'e' -> one(INTEGERS);
            // Scores and bounds of them; floats on the edge; bounds of texts.
            case 's' -> isOdd() ? one(SCORES) : score();
            case 'f' -> one(FLOATS);
            case 'b' -> isOdd() ? one(BOUNDS) : (random.nextInt(4) == 0 ? "(" : "") + score();
            case 'l' -> isOdd() || random.nextInt(4) == 0
                ? one(TEXT_BOUNDS)
                : (random.nextBoolean() ? "[m" : "(m") + random.nextInt(12);
            // Ids of streams, growing slowly from one seed to its end; consumers and groups.
            case 't' -> isOdd() ? one(IDS) : id();
            case 'd' -> id();
            case 'o' -> isOdd() ? one(IDS) : (random.nextInt(4) == 0 ? "(" : "") + id();
            case 'g' -> "g" + random.nextInt(3);
            case 'c' -> "c" + random.nextInt(3);
            // Geography.
            case 'x' -> isOdd() ? one(FLOATS) : degrees(180);
            case 'y' -> isOdd() ? one(FLOATS) : degrees(85);
            case 'w' -> isOdd() ? one(FLOATS) : Integer.toString(1 << random.nextInt(25));
            case 'u' -> isOdd() ? "parsec" : new String[]{"m", "km", "ft", "MI"}[random.nextInt(4)];
            // Seconds: now, long ago, or longer than a test runs.
            case 'j' -> isOdd() ? one(INTEGERS) : new String[]{"0", "-1", "70000", "655360"}[random.nextInt(4)];
            case 'p' -> new String[]{"*", "m*", "*1*", "[a-m]*", "m?", "\\m1", "nothing", ""}[random.nextInt(8)];
            default -> throw new IllegalArgumentException("no such kind of value: " + kind);
        };
    }

    private boolean isOdd()
    {
        return 0 == random.nextInt(ODD_ONE_IN);
    }

    private String anyKey()
    {
        return 0 == random.nextInt(TYPES.length + 1) ? "missing" : one(TYPES) + random.nextInt(KEYS);
    }

    private String text()
    {
        final String text = one(TEXTS);
        return 0 == random.nextInt(LONG_ONE_IN) ? (text + "#").repeat(1 + random.nextInt(3000)) : text;
    }

    /** One that has the same digits however many of them are written: 7.0 writes 17, 7.2 as many as are needed. */
    private String score()
    {
        return random.nextInt(3) == 0
            ? Double.toString(random.nextInt(1000) / 16.0 - 20)
            : Integer.toString(random.nextInt(20) - 5);
    }

    private String id()
    {
        return (1 + random.nextInt(60)) + (random.nextInt(5) == 0 ? "" : "-" + random.nextInt(4));
    }

    private String degrees(final int most)
    {
        return random.nextBoolean()
            ? Double.toString((random.nextDouble() * 2 - 1) * most)
            : Double.toString(13 + random.nextInt(100) / 64.0);
    }

    private String one(final String[] choices)
    {
        return choices[random.nextInt(choices.length)];
    }
}
