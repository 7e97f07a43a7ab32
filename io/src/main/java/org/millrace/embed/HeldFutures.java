package org.millrace.embed;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.millrace.engine.node.Node;

/** Results of commands that must be on disk before the program hears of them: {@link Durability#ALWAYS}. Writer thread. */
final class HeldFutures
{
    private final Node node;
    private final ArrayDeque<Held> waiting = new ArrayDeque<>();

    private record Held(long offset, CompletableFuture<Object> future, Object result)
    {
        void complete()
        {
            ForeignCode.call(() -> future.complete(result), (e) ->
            {
            });
        }
    }

    HeldFutures(final Node node)
    {
        this.node = node;
    }

    /** The command has been run: complete its future now, or once all that was written by now is on disk. */
    void complete(final CompletableFuture<Object> future, final Object result)
    {
        final Held held = new Held(node.writtenOffset(), future, result);
        if (waiting.isEmpty() && node.syncedOffset() >= held.offset)
        {
            held.complete();
        }
        else
        {
            waiting.add(held);
            node.hurrySync();
        }
    }

    /** Duty cycle. @return work count. */
    int release()
    {
        int work = 0;
        while (!waiting.isEmpty() && node.syncedOffset() >= waiting.peek().offset)
        {
            waiting.poll().complete();
            work++;
        }

        return work;
    }

    boolean isEmpty()
    {
        return waiting.isEmpty();
    }

    /** The node has ended: what it had not synced by then the program is not told of as done. */
    void abandon(final IllegalStateException reason)
    {
        for (Held held = waiting.poll(); null != held; held = waiting.poll())
        {
            final CompletableFuture<Object> future = held.future;
            ForeignCode.call(() -> future.completeExceptionally(reason), (e) ->
            {
            });
        }
    }
}
