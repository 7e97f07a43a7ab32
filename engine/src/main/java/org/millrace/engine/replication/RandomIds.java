package org.millrace.engine.replication;

import java.util.function.LongSupplier;

/** Makes replids, ids of runs and marks of payloads from a source of random numbers that the node (or the simulator) owns. */
public final class RandomIds
{
    public static final int LENGTH = 40;

    private RandomIds()
    {
    }

    /** 40 lower-case hex characters. */
    public static String next(final LongSupplier random)
    {
        final StringBuilder text = new StringBuilder(LENGTH);
        while (text.length() < LENGTH)
        {
            final long value = random.getAsLong();
            for (int shift = 0; shift < Long.SIZE && text.length() < LENGTH; shift += 4)
            {
                text.append(Character.forDigit((int)(value >>> shift) & 0xF, 16));
            }
        }

        return text.toString();
    }
}
