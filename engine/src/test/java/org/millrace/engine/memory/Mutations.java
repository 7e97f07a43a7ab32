package org.millrace.engine.memory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Hostile bytes for fuzz tests, seeded: arbitrary ones, and good ones that were damaged in the ways that hurt. */
public final class Mutations
{
    /** Rounds of a fuzz test: {@code -Dmillrace.fuzz.factor=n} makes n times as many. */
    private static final int FACTOR = Integer.getInteger("millrace.fuzz.factor", 1);

    private static final String[] WORDS = {
        "*", "$", "\r\n", "\n", "-1", "0", "*0\r\n", "*-1\r\n", "$0\r\n\r\n", "$-1\r\n", "2147483647", "2147483648",
        "9223372036854775807", "-9223372036854775808", "18446744073709551616", "\"", "'", "\\x", "\0", "*1\r\n",
        "*2147483647\r\n", "$536870912\r\n", "\377", "\201\377\377\377\377\377\377\377\377", "\200\177\377\377\377",
        "\303", "\300", "\374", "\376", "REDIS0009", "*1\r\n$5\r\nMULTI\r\n", "*1\r\n$4\r\nEXEC\r\n"};

    private final SplittableRandom random;

    public Mutations(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    /** How many rounds to run where a quick run makes {@code quick}. */
    public static int rounds(final int quick)
    {
        return quick * FACTOR;
    }

    public SplittableRandom random()
    {
        return random;
    }

    /** Bytes of any value. */
    public byte[] arbitrary(final int lengthMax)
    {
        final byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A copy with some damage: bits, bytes, pieces lost, doubled, moved, words that mean something put in. */
    public byte[] damaged(final byte[] good)
    {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--)
        {
            bytes = damagedOnce(bytes);
        }

        return bytes;
    }

    private byte[] damagedOnce(final byte[] bytes)
    {
        if (0 == bytes.length)
        {
            return arbitrary(16);
        }

        final int at = random.nextInt(bytes.length);
        final int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(8)));
        switch (random.nextInt(7))
        {
            case 0 :
            {
                bytes[at] ^= (byte)(1 << random.nextInt(8));
                return bytes;
            }
            case 1 :
            {
                bytes[at] = (byte)random.nextInt();
                return bytes;
            }
            case 2 :
                return replaced(bytes, at, length, new byte[0]);
            case 3 :
                return replaced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 4 :
                return Arrays.copyOf(bytes, at);
            case 5 :
                return replaced(bytes, at, random.nextBoolean() ? length : 0, word());
            default :
                return replaced(bytes, at, 0, arbitrary(20));
        }
    }

    private byte[] word()
    {
        return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] replaced(final byte[] bytes, final int at, final int length, final byte[] by)
    {
        final byte[] result = new byte[bytes.length - length + by.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
        return result;
    }
}
