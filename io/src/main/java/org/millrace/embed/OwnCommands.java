package org.millrace.embed;

import java.util.ArrayDeque;
import java.util.function.Predicate;

/**
 * Commands that the writer's own thread has handed over. Each is due when the writer has come to where the ring of the
 * other threads ended at that moment: what was handed over before it is run before it, and what is handed over after
 * it, by whatever thread, is run after it.
 */
final class OwnCommands
{
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();

    // Written by the writer's thread alone.
    private volatile long added;
    private volatile long done;

    /** @param position in the ring that others have filled up to. */
    private record Entry(AwaitedCommand command, long position)
    {
    }

    /** Commands handed over so far. Any thread. */
    long added()
    {
        return added;
    }

    /** Commands run so far, or given up. Any thread. */
    long done()
    {
        return done;
    }

    // Writer.

    void add(final AwaitedCommand command, final long position)
    {
        queue.add(new Entry(command, position));
        added = added + 1;
    }

    boolean isEmpty()
    {
        return queue.isEmpty();
    }

    /** Whether one waits that comes before what lies at this position of the ring. */
    boolean isDue(final long position)
    {
        return !queue.isEmpty() && queue.peek().position <= position;
    }

    /**
     * Run those that come before what lies at this position.
     *
     * @param limit how many at most.
     * @param run false says that it could not be run yet: none behind it is.
     * @return how many were run.
     */
    int run(final long position, final int limit, final Predicate<AwaitedCommand> run)
    {
        int count = 0;
        while (count < limit && isDue(position) && run.test(queue.peek().command))
        {
            queue.remove();
            done = done + 1;
            count++;
        }

        return count;
    }

    /** None of them is run any more. */
    void abandon(final IllegalStateException reason)
    {
        while (!queue.isEmpty())
        {
            queue.remove().command.abandon(reason);
            done = done + 1;
        }
    }
}
