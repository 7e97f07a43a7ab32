package org.millrace.engine.datatype;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/** Ids of streams: two halves of 64 bits each, unsigned. Stateless. */
public final class StreamIds
{
    /** Both halves of the highest id, as they stand. */
    public static final long MAX = -1;

    private StreamIds()
    {
    }

    public static int compare(final long ms, final long seq, final long otherMs, final long otherSeq)
    {
        final int half = Long.compareUnsigned(ms, otherMs);
        return 0 != half ? half : Long.compareUnsigned(seq, otherSeq);
    }

    public static boolean isZero(final long ms, final long seq)
    {
        return 0 == (ms | seq);
    }

    public static boolean isMax(final long ms, final long seq)
    {
        return MAX == (ms & seq);
    }

    /** Write the text of one half. @return its length. */
    public static int formatHalf(final long target, final long value)
    {
        if (value >= 0)
        {
            return Decimal.format(target, value);
        }

        final long tens = Long.divideUnsigned(value, 10);
        final int length = Decimal.format(target, tens);
        Memory.putByte(target + length, (byte)('0' + (value - 10 * tens)));
        return length + 1;
    }

    /** First half of the next higher id; of the highest one, 0. */
    public static long nextMs(final long ms, final long seq)
    {
        return MAX == seq ? ms + 1 : ms;
    }

    /** Second half of the next higher id. */
    public static long nextSeq(final long seq)
    {
        return seq + 1;
    }

    /** First half of the next lower id; of the lowest one, the highest. */
    public static long previousMs(final long ms, final long seq)
    {
        return 0 == seq ? ms - 1 : ms;
    }

    /** Second half of the next lower id. */
    public static long previousSeq(final long seq)
    {
        return seq - 1;
    }
}
