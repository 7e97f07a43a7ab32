package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Memory;

/** Reads what stands in front of a key about its use, for a {@link RdbTarget}. Owned by one loader. */
final class KeyUsageReader
{
    private boolean isGiven;
    private boolean isBad;

    /** The target knows how the next key was used. */
    boolean isGiven()
    {
        return isGiven;
    }

    /** What was read last is not what it should be. */
    boolean isBad()
    {
        return isBad;
    }

    /** @param phase IDLE or FREQUENCY. @return false if more bytes are needed, or it {@link #isBad}. */
    boolean read(final RdbPhase phase, final RdbInput input, final RdbTarget target)
    {
        if (RdbPhase.FREQUENCY == phase)
        {
            final long address = input.fixed(1);
            if (0 == address)
            {
                return false;
            }

            target.frequency(Memory.getUnsignedByte(address));
        }
        else
        {
            if (!input.readLength())
            {
                return false;
            }

            isBad = input.isEncoded;
            if (isBad)
            {
                return false;
            }

            target.idle(input.length);
        }

        isGiven = true;
        return true;
    }

    /** The key has got it. */
    void taken(final RdbTarget target)
    {
        target.usageUnknown();
        isGiven = false;
    }
}
