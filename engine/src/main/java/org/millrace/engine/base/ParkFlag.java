package org.millrace.engine.base;

import java.lang.invoke.VarHandle;

/**
 * Lets a thread block without missing work. The one that parks raises the flag, fences and looks for work once more;
 * the one that makes work fences and looks at the flag. One of the two sees the other.
 */
public final class ParkFlag
{
    private volatile boolean isRaised;

    /** Before the last look for work. */
    public void raise()
    {
        isRaised = true;
        VarHandle.fullFence();
    }

    public void lower()
    {
        isRaised = false;
    }

    /** After work was made: true if its consumer has to be woken. */
    public boolean isParked()
    {
        VarHandle.fullFence();
        return isRaised;
    }
}
