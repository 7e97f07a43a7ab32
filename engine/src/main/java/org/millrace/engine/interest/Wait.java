package org.millrace.engine.interest;

/** A place of one waiter in one queue. It keeps its successor when it is taken out, so that a walk over it goes on. */
final class Wait
{
    final Waiter waiter;
    final WaitQueue queue;

    /** Of a key: states of it ({@link KeyInterest#ofType}) in which the waiter may be served. */
    final long wanted;

    /** The next place of the same waiter. */
    final Wait nextOfWaiter;

    Wait previous;
    Wait next;
    boolean isGone;

    Wait(final Waiter waiter, final WaitQueue queue, final long wanted, final Wait nextOfWaiter)
    {
        this.waiter = waiter;
        this.queue = queue;
        this.wanted = wanted;
        this.nextOfWaiter = nextOfWaiter;
    }
}
