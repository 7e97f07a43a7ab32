package org.millrace.engine.base;

/**
 * Invariants that are always on. A broken one means that a bug of ours has been met: the node stops rather than
 * spread wrong data to its replicas. For mistakes of clients and of the environment use replies and error handlers.
 */
public final class Check
{
    private Check()
    {
    }

    /**
     * Throws {@link InvariantError} unless {@code condition} holds. Allocates nothing when it holds.
     *
     * @param message constant text in the form "what is wrong: first, second".
     */
    public static void that(final boolean condition, final String message, final long first, final long second)
    {
        if (!condition)
        {
            throw new InvariantError(message + ": " + first + ", " + second);
        }
    }
}
