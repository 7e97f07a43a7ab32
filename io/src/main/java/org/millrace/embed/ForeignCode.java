package org.millrace.embed;

import java.util.function.Consumer;

/**
 * Calls what the program has given the node to call. It may neither end the node's thread, whatever it throws, nor leave
 * it interrupted: an interrupted thread that reads a socket closes it.
 */
final class ForeignCode
{
    private ForeignCode()
    {
    }

    /** @param onFailure told what the code has thrown. */
    static void call(final Runnable code, final Consumer<Throwable> onFailure)
    {
        final boolean wasInterrupted = Thread.currentThread().isInterrupted();
        try
        {
            code.run();
        }
        // Whatever it is, it is not the node's.
        catch (final Throwable e)
        {
            onFailure.accept(e);
        }
        finally
        {
            if (!wasInterrupted)
            {
                Thread.interrupted();
            }
        }
    }
}
