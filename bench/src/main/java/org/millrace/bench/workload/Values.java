package org.millrace.bench.workload;

import org.millrace.kit.resp.CommandBuffer;

/**
 * Values that do not compress: windows into one block of seeded random bytes. Immutable, may be shared by threads.
 * <p>
 * Random bytes on purpose: servers that compress snapshots gain nothing from it, so everyone moves the same bytes.
 */
public final class Values
{
    private static final int BLOCK_LENGTH = 1 << 20;

    private final byte[] block;

    /**
     * @param seed      of the bytes.
     * @param lengthMax longest value that will be asked for.
     */
    public Values(final long seed, final int lengthMax)
    {
        block = new byte[BLOCK_LENGTH + lengthMax];
        final SplitMix random = new SplitMix(seed);
        for (int i = 0; i < block.length; i += Long.BYTES)
        {
            long bits = random.next();
            for (int j = i; j < Math.min(i + Long.BYTES, block.length); j++)
            {
                block[j] = (byte)bits;
                bits >>>= Byte.SIZE;
            }
        }
    }

    /**
     * Appends a value as an argument; equal selectors and lengths give equal values.
     */
    public void append(final CommandBuffer buffer, final long selector, final int length)
    {
        final int offset = (int)(SplitMix.mix(selector) & (BLOCK_LENGTH - 1));
        buffer.argument(block, offset, length);
    }
}
