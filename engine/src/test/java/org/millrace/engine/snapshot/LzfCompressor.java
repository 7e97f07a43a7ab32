package org.millrace.engine.snapshot;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A plain LZF compressor for tests: finds some matches, writes valid output, always. */
final class LzfCompressor
{
    private static final int MATCH_MIN = 3;
    private static final int MATCH_MAX = 264;
    private static final int DISTANCE_MAX = 8192;

    private LzfCompressor()
    {
    }

    static byte[] compress(final byte[] plain)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final int[] last = new int[1 << 14];
        Arrays.fill(last, -1);
        int literalFrom = 0;
        int at = 0;
        while (at + MATCH_MIN <= plain.length)
        {
            final int hash = ((plain[at] & 0xFF) << 16 | (plain[at + 1] & 0xFF) << 8 | plain[at + 2] & 0xFF) *
                0x9E3779B1 >>> 18;
            final int candidate = last[hash];
            last[hash] = at;
            final int length = candidate < 0 || at - candidate > DISTANCE_MAX ? 0 : matchLength(plain, candidate, at);
            if (length < MATCH_MIN)
            {
                at++;
                continue;
            }

            writeLiterals(out, plain, literalFrom, at);
            writeMatch(out, at - candidate - 1, length - 2);
            at += length;
            literalFrom = at;
        }

        writeLiterals(out, plain, literalFrom, plain.length);
        return out.toByteArray();
    }

    private static int matchLength(final byte[] plain, final int from, final int at)
    {
        int length = 0;
        while (length < MATCH_MAX && at + length < plain.length && plain[from + length] == plain[at + length])
        {
            length++;
        }

        return length;
    }

    private static void writeMatch(final ByteArrayOutputStream out, final int distance, final int length)
    {
        if (length < 7)
        {
            out.write(length << 5 | distance >>> 8);
        }
        else
        {
            out.write(7 << 5 | distance >>> 8);
            out.write(length - 7);
        }

        out.write(distance);
    }

    private static void writeLiterals(
        final ByteArrayOutputStream out, final byte[] plain, final int from, final int to)
    {
        for (int at = from; at < to; at += 32)
        {
            final int run = Math.min(32, to - at);
            out.write(run - 1);
            out.write(plain, at, run);
        }
    }
}
