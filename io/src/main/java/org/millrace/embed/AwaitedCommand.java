package org.millrace.embed;

import java.util.concurrent.CompletableFuture;
import org.millrace.engine.node.clients.LocalSession;

/** A command on its way to the writer as an object, and the future that its reply goes to. */
final class AwaitedCommand
{
    private final int database;
    private final byte[][] words;

    /** Null if nobody waits. */
    private final CompletableFuture<Object> result;

    AwaitedCommand(final int database, final byte[][] words, final CompletableFuture<Object> result)
    {
        this.database = database;
        this.words = words;
        this.result = result;
    }

    /** Writer. @return false if clients are paused: come again. */
    boolean run(final LocalSession session, final NodeFigures figures, final HeldFutures held)
    {
        final byte[] reply = session.execute(database, words);
        if (null == reply)
        {
            return false;
        }

        final Object value = new ReplyParser(reply).parse();
        if (value instanceof CommandFailedException failure)
        {
            fail(failure, figures);
        }
        else if (null != result)
        {
            held.complete(result, value);
        }

        return true;
    }

    private void fail(final CommandFailedException failure, final NodeFigures figures)
    {
        if (null == result)
        {
            figures.writeFailed(failure.getMessage());
        }
        else
        {
            complete(() -> result.completeExceptionally(failure));
        }
    }

    /** The node has ended before it came to this. */
    void abandon(final IllegalStateException reason)
    {
        if (null != result)
        {
            complete(() -> result.completeExceptionally(reason));
        }
    }

    /** Runs what hangs on the future, whose failures are the future's. */
    private static void complete(final Runnable completion)
    {
        ForeignCode.call(completion, (e) ->
        {
        });
    }
}
