package org.millrace.engine.node.clients;

/**
 * Buffers for what clients have sent and cannot be run yet, used again: a pipeline of long values ends in the middle of
 * one with nearly every read, and a new direct buffer costs as much as the value. Writer thread.
 */
final class InBufferPool
{
    /** For a command that needs no more; most do. */
    static final int SMALL_BYTES = 16 * 1024;

    /** For longer ones: what is read with one call. */
    static final int LARGE_BYTES = 64 * 1024;

    private static final int FREE_MAX = 64;

    private final InBuffer[] small = new InBuffer[FREE_MAX];
    private final InBuffer[] large = new InBuffer[FREE_MAX];
    private int smallCount;
    private int largeCount;

    /** An empty one with room for so many bytes. */
    InBuffer take(final long needed)
    {
        if (needed <= SMALL_BYTES)
        {
            return smallCount > 0 ? small[--smallCount] : new InBuffer(SMALL_BYTES);
        }

        if (needed <= LARGE_BYTES)
        {
            return largeCount > 0 ? large[--largeCount] : new InBuffer(LARGE_BYTES);
        }

        return new InBuffer(Math.toIntExact(needed));
    }

    /** Nobody goes by its bytes any more. */
    void giveBack(final InBuffer buffer)
    {
        buffer.clear();
        if (SMALL_BYTES == buffer.capacity() && smallCount < FREE_MAX)
        {
            small[smallCount++] = buffer;
        }
        else if (LARGE_BYTES == buffer.capacity() && largeCount < FREE_MAX)
        {
            large[largeCount++] = buffer;
        }
        else
        {
            buffer.close();
        }
    }
}
