package org.millrace.engine.commands;

import java.util.Random;

/** Random command lines, right and wrong ones, over few keys; all from one seed. */
final class CommandLines
{
    private static final String[] TEMPLATES = {
        "SET %k %v", "SET %k %v", "SET %k %i", "SET %k %v %s", "SET %k %v %s %s", "SET %k %v %s %s %s",
        "SET %k %v PXAT %m", "SET %k %v EXAT %e GET", "SET %k %v NX GET", "set %k %v get keepttl get",
        "GET %k", "GETSET %k %v", "GETDEL %k", "GETEX %k", "GETEX %k %s", "GETEX %k PXAT %m", "GETEX %k EX %j",
        "GETEX %k PERSIST", "SETNX %k %v", "SETEX %k %j %v", "PSETEX %k %j %v", "MSET %k %v %k %v", "MSET %k %v %k",
        "MSETNX %k %v %k %v", "MGET %k %k missing %k", "APPEND %k %v", "STRLEN %k", "SETRANGE %k %o %v",
        "SETRANGE %k %i %v", "GETRANGE %k %r %r", "SUBSTR %k %r %r", "INCR %k", "DECR %k", "INCRBY %k %i",
        "DECRBY %k %i", "INCR n", "INCRBY n %i", "DECRBY n %i", "INCRBYFLOAT f %f", "INCRBYFLOAT %k %f",
        "INCRBYFLOAT n %f", "LCS %k %k", "LCS %k %k LEN", "LCS %k %k IDX", "LCS %k %k IDX MINMATCHLEN %o WITHMATCHLEN",
        "LCS %k %k IDX LEN", "DEL %k", "DEL %k %k %k", "UNLINK %k missing", "EXISTS %k %k %k", "TYPE %k", "TOUCH %k %k",
        "RENAME %k %k", "RENAMENX %k %k", "COPY %k %k", "COPY %k %k REPLACE", "COPY %k %k DB %i",
        "COPY %k %k DB 1 REPLACE",
        "MOVE %k %d", "SWAPDB %d %d", "DBSIZE", "KEYS nokey*", "FLUSHDB ASYNC x", "OBJECT REFCOUNT missing",
        "OBJECT ENCODING missing", "OBJECT FREQ %k", "OBJECT FOO", "SCAN x", "SCAN 0 COUNT 0", "SCAN 0 FOO",
        "EXPIRE %k %t", "EXPIRE %k %t %x", "EXPIRE %k %t %x %x", "PEXPIRE %k %t000 %x", "EXPIREAT %k %e %x",
        "PEXPIREAT %k %m %x", "PEXPIREAT %k %m", "EXPIRE %k %j", "EXPIREAT %k %i", "PEXPIRE %k %j", "TTL %k", "PTTL %k",
        "EXPIRETIME %k", "PEXPIRETIME %k", "PERSIST %k", "SETBIT %k %o %b", "SETBIT %k %o %b", "SETBIT %k %i %b",
        "GETBIT %k %o", "BITCOUNT %k", "BITCOUNT %k %r %r", "BITCOUNT %k %r %r BIT", "BITCOUNT %k %r %r BYTE",
        "BITCOUNT %k 0", "BITPOS %k %b", "BITPOS %k %b %r", "BITPOS %k %b %r %r", "BITPOS %k %b %r %r BIT",
        "BITPOS %k %b %r %r BYTE", "BITOP AND %k %k %k", "BITOP OR %k %k %k %k", "BITOP XOR %k %k %k",
        "BITOP NOT %k %k", "BITOP NOT %k %k %k", "BITOP NAND %k %k", "BITFIELD %k SET %w #%o %i",
        "BITFIELD %k SET %w %o %i GET %w %o", "BITFIELD %k INCRBY %w %o %i", "BITFIELD %k GET %w %o",
        "BITFIELD b OVERFLOW SAT INCRBY %w %o %i OVERFLOW WRAP INCRBY %w %o %i GET i64 0",
        "BITFIELD b SET i64 %o 7 OVERFLOW FAIL INCRBY %w %o %i SET %w %o %i",
        "BITFIELD b OVERFLOW X", "BITFIELD b GET u64 0", "BITFIELD_RO %k GET %w %o GET %w #%o",
        "BITFIELD_RO %k SET u8 0 1", "PFADD h%d %v %i %v", "PFADD h%d %i", "PFADD h%d %f %f %f %f %f %f", "PFADD %k %v",
        "PFADD h%d", "PFCOUNT h%d", "PFCOUNT h%d h%d missing", "PFCOUNT %k", "PFMERGE h%d h%d h%d", "PFMERGE h%d %k",
        "PFDEBUG ENCODING h%d", "PFDEBUG DECODE h%d", "PFDEBUG TODENSE h%d", "GET h%d", "STRLEN h%d",
        "COPY h%d %k REPLACE",
        "SETRANGE hx %q %b", "PFADD hx %v", "PFMERGE hx h%d", "PFCOUNT hx h%d", "PFCOUNT hx", "PFDEBUG DECODE hx",
        "PFDEBUG GETREG h%d", "PFDEBUG TODENSE hx",
    };

    private static final String[] SET_OPTIONS = {
        "NX", "XX", "GET", "KEEPTTL", "EX 1500", "PX 1500000", "EXAT 4000000000", "PXAT 4000000000000", "EX 0", "EX -1",
        "EX x", "PX 9223372036854775807", "EX 9223372036854775807", "EX", "PERSIST", "nx", "foo",
    };
    private static final String[] EXPIRE_OPTIONS = {"NX", "XX", "GT", "LT", "gt", "foo"};
    private static final String[] VALUES = {
        "", "x", "hello", "Foo Bar", "\u0000\u0001\u0002", "\u00ff\u00ff\u00ff", "ohmytext", "mynewtext", "12", "-7",
        "0012", "3.25", "1e3", "\u007f", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "HYLL",
        "\u00f0\u000f", "9223372036854775807", " 1", "1 ", "\u00ff", "\u0000",
    };
    private static final String[] INTEGERS = {
        "0", "1", "-1", "2", "7", "100", "-100", "255", "65536", "-128", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "x", "", "1.5", "01", "+1", "4294967296", "1000",
    };
    /** Relative deadlines: none that passes, or may equal another, while the test runs. */
    private static final String[] DELAYS = {
        "0", "-1", "70000", "655360", "-9223372036854775808", "9223372036854775807", "9223372036854775808", "x", "",
        "01",
        "4294967296", "9223372036854775",
    };
    private static final String[] FLOATS = {
        "0.1", "-0.1", "3.0e3", "1.5", "-2.25", "1e-7", "3", "0.30000000000000004", "1e17", "inf", "nan", "x", "",
        "0x10",
        "1e400", "-1.23456789012345678901", "5.0e-4", "1e5000", ".5", "5.", "1e", "1e-5000", "12345678901234567890",
        "-Infinity", " 1", "0x.8p1", "1.17549435e-38", "7e-18", "999999999999.99999",
    };
    private static final String[] WIDTHS = {
        "u1", "i1", "u8", "i8", "u5", "i5", "u63", "i64", "i63", "u16", "i33", "u7", "i0", "u64", "x8", "i", "i65",
    };

    /** More relative times than one run makes, so that the three ranges do not overlap. */
    private static final int TIMES_MAX = 10_000;

    private final Random random;
    private final int scale;
    private int times;

    /** @param scale what offsets and some values are multiplied with: large ones make values of many chunks. */
    CommandLines(final long seed, final int scale)
    {
        random = new Random(seed);
        this.scale = scale;
    }

    /** Words of the next command. */
    String[] next()
    {
        final String[] words = one(TEMPLATES).split(" ");
        final StringBuilder line = new StringBuilder();
        for (final String word : words)
        {
            line.append(line.length() > 0 ? "\n" : "").append(filled(word));
        }

        return line.toString().split("\n", -1);
    }

    private String filled(final String word)
    {
        final int mark = word.indexOf('%');
        if (mark < 0)
        {
            return word;
        }

        return word.substring(0, mark) + value(word.charAt(mark + 1)) + word.substring(mark + 2);
    }

    private String value(final char kind)
    {
        return switch (kind)
        {
            case 'k' -> "k" + random.nextInt(6);
            case 'v' -> random.nextInt(3) == 0 ? one(VALUES).repeat(1 + random.nextInt(scale)) : one(VALUES);
            case 'i' -> one(INTEGERS);
            case 'j' -> one(DELAYS);
            case 'f' -> random.nextBoolean() ? one(FLOATS) : Double.toString(random.nextGaussian() * 1000);
            case 'o' -> Integer.toString(random.nextInt(random.nextBoolean() ? 40 : 600) * (1 + random.nextInt(scale)));
            case 'q' -> Integer.toString(random.nextInt(600));
            case 'r' -> random.nextInt(30) == 0
                ? one(INTEGERS)
                : Integer.toString((random.nextInt(40) - 20) * (1 + random.nextInt(scale)));
            case 'b' -> random.nextInt(30) == 0 ? one(INTEGERS) : Integer.toString(random.nextInt(2));
            case 'd' -> random.nextInt(30) == 0 ? one(INTEGERS) : Integer.toString(random.nextInt(3));
            case 'w' -> one(WIDTHS);
            case 's' -> one(SET_OPTIONS).replace(' ', '\n');
            case 'x' -> one(EXPIRE_OPTIONS);
            // No two relative times are near each other: else GT and LT would be decided by the clock's last ms.
            case 't' -> Integer.toString(1000 + 1000 * random.nextInt(3) * TIMES_MAX + 60 * ++times);
            case 'e' -> Long.toString(4_000_000_000L + random.nextInt(3));
            default -> random.nextInt(4) == 0 ? "1000" : Long.toString(4_000_000_000_000L + random.nextInt(3));
        };
    }

    private String one(final String[] choices)
    {
        return choices[random.nextInt(choices.length)];
    }
}
