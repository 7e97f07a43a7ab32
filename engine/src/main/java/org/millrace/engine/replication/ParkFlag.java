package org.millrace.engine.replication;

import org.millrace.engine.memory.Memory;

/**
 * Lets a thread block without missing work. The one that parks raises the flag, fences and looks for work once more;
 * the one that makes work fences and looks at the flag. One of the two sees the other.
 */
final class ParkFlag
{
    private volatile boolean isRaised;

    /** Before the last look for work. */
    void raise()
    {
        isRaised = true;
        Memory.fullFence();
    }

    void lower()
    {
        isRaised = false;
    }

    /** After work was made: true if its consumer has to be woken. */
    boolean isParked()
    {
        Memory.fullFence();
        return isRaised;
    }
}
