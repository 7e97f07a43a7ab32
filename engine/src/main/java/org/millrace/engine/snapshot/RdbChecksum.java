package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Crc64;

/**
 * The checksum of an image over the pieces that it arrives in, up to its end. Who brings a piece may have computed it
 * already. Owned by one loader.
 */
final class RdbChecksum
{
    private final boolean isWanted;
    private boolean isOpen;
    private long from;
    private long value;

    /** End of a piece whose checksum is known, and that: of all up to there. */
    private long knownEnd;
    private long known;

    /** @param isWanted false: nothing is computed, and anything is right. */
    RdbChecksum(final boolean isWanted)
    {
        this.isWanted = isWanted;
        isOpen = isWanted;
    }

    /** Another piece begins here, or what is left of one whose checksum is known. */
    void piece(final long address)
    {
        if (0 == knownEnd)
        {
            from = address;
        }
    }

    /**
     * Another piece begins here, whose checksum is known.
     *
     * @param end of the piece.
     * @param checksum of all pieces up to there.
     */
    void piece(final long address, final long end, final long checksum)
    {
        from = address;
        knownEnd = end;
        known = checksum;
    }

    /** What has been taken of the piece ends here. */
    void update(final long end)
    {
        if (!isOpen || 0 != knownEnd && end != knownEnd)
        {
            // Of what is known the whole is taken at its end.
            return;
        }

        value = 0 != knownEnd ? known : Crc64.update(value, from, end - from);
        from = end;
        knownEnd = 0;
    }

    /** What the checksum is of ends here. */
    void end(final long end)
    {
        knownEnd = 0;
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
