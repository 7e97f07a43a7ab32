package org.millrace.engine.interest;

/** Somebody who waits until one of several things happens, or until a deadline. Writer thread. */
public abstract class Waiter
{
    private Wait waits;

    /** Of {@link Deadlines}. */
    long timer = Deadlines.NONE;

    /**
     * Something that it waits for may have come. Called between units; may change keys.
     *
     * @return true if it has been served: then it has left, see {@link #leave}.
     */
    protected abstract boolean serve(WaitQueue by);

    /** Its deadline has passed; it stands in no timer any more. */
    protected abstract void timeOut();

    /** Take it out of all queues at once. */
    public final void leave()
    {
        for (Wait wait = waits; null != wait; wait = wait.nextOfWaiter)
        {
            wait.queue.remove(wait);
        }

        waits = null;
    }

    /** A new place in a queue, of whose end it is the caller's business to append it to. */
    final Wait enter(final WaitQueue queue, final long wanted)
    {
        waits = new Wait(this, queue, wanted, waits);
        return waits;
    }
}
