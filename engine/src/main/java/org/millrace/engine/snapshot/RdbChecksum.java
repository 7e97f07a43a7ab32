package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Crc64;

/** The checksum of an image over the pieces that it arrives in, up to its end. Owned by one loader. */
final class RdbChecksum
{
    private final boolean isWanted;
    private boolean isOpen;
    private long from;
    private long value;

    /** @param isWanted false: nothing is computed, and anything is right. */
    RdbChecksum(final boolean isWanted)
    {
        this.isWanted = isWanted;
        isOpen = isWanted;
    }

    /** Another piece begins here. */
    void piece(final long address)
    {
        from = address;
    }

    /** What has been taken of the piece ends here. */
    void update(final long end)
    {
        if (isOpen)
        {
            value = Crc64.update(value, from, end - from);
            from = end;
        }
    }

    /** What the checksum is of ends here. */
    void end(final long end)
    {
        update(end);
        isOpen = false;
    }

    long value()
    {
        return value;
    }

    /** True if it need not be compared, or was not computed where the image was made, or is right. */
    boolean isRight(final long expected)
    {
        return !isWanted || 0 == expected || value == expected;
    }
}
