package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;

/**
 * Leaves that were made from the last to the first, until their tree can be built from the first to the last. Of each its
 * reference, how many elements it has, and its separator. Writer thread.
 */
final class LeafRow implements AutoCloseable
{
    private static final int ELEMENTS_AT = 4;
    private static final int FIRST_AT = 8;
    private static final int SECOND_AT = 16;
    private static final int LENGTH = 24;

    private final ScratchBuffer leaves = new ScratchBuffer();

    /** Bytes of those that are left. */
    private long length;

    void add(final int ref, final int elements, final long first, final long second)
    {
        Check.that(length == leaves.length(), "leaf behind those that are being taken: bytes, left", leaves.length(),
            length);
        final long at = leaves.claim(LENGTH);
        Memory.putInt(at, ref);
        Memory.putInt(at + ELEMENTS_AT, elements);
        Memory.putLong(at + FIRST_AT, first);
        Memory.putLong(at + SECOND_AT, second);
        length += LENGTH;
    }

    /** Give all to a builder, the one added last first. @return false if memory ran out: some are left. */
    boolean moveTo(final TreeBuilder builder)
    {
        while (length > 0)
        {
            final long at = last();
            if (!builder.add(
                Memory.getInt(at),
                Memory.getInt(at + ELEMENTS_AT),
                Memory.getLong(at + FIRST_AT),
                Memory.getLong(at + SECOND_AT)))
            {
                return false;
            }

            length -= LENGTH;
        }

        leaves.clear();
        return true;
    }

    /** Those that are left are wanted by nobody. */
    void discard(final TreeRelease release)
    {
        for (; length > 0; length -= LENGTH)
        {
            release.discard(Memory.getInt(last()));
        }

        leaves.clear();
    }

    private long last()
    {
        return leaves.address() + length - LENGTH;
    }

    @Override
    public void close()
    {
        leaves.close();
    }
}
