package org.millrace.io.lua;

/** Something that the node has thrown while it did what a script asked: it is not the script's, and goes through. */
final class HostFailure extends Error
{
    private static final long serialVersionUID = 1;

    HostFailure(final Throwable cause)
    {
        super(null, cause, false, false);
    }

    /** What was thrown, to be thrown again. */
    RuntimeException unwrap()
    {
        if (getCause() instanceof Error)
        {
            throw (Error)getCause();
        }

        return (RuntimeException)getCause();
    }
}
