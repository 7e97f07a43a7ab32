package org.millrace.io.lua.run;

/**
 * A coroutine gives up control: this passes through all that runs in it, down to {@link Coroutine#resume}. Each node on the
 * way that will need more than what stands in the frame's locals keeps it ({@link Frame#keep}), and gets it back when it
 * is resumed.
 */
final class Suspension extends RuntimeException
{
    /** Says nothing of its own. */
    static final Suspension ONE = new Suspension();

    private static final long serialVersionUID = 1;

    private Suspension()
    {
        super(null, null, false, false);
    }
}
