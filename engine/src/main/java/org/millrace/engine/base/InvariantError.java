package org.millrace.engine.base;

/** A bug of ours: some state that must never occur has occurred. Nobody catches it but the top of a thread. */
public final class InvariantError extends Error
{
    private static final long serialVersionUID = 1L;

    public InvariantError(final String message)
    {
        super(message);
    }
}
