package org.millrace.engine.interest;

/** Waiters for one thing, first come, first served. Writer thread. */
public class WaitQueue
{
    private Wait first;
    private Wait last;
    private int size;

    /** Wait for this as well. Twice is as good as once, if the waiter names all its queues before anybody else does. */
    public final void add(final Waiter waiter)
    {
        add(waiter, -1);
    }

    final void add(final Waiter waiter, final long wanted)
    {
        if (null == last || last.waiter != waiter)
        {
            final Wait wait = waiter.enter(this, wanted);
            wait.previous = last;
            if (null == last)
            {
                first = wait;
            }
            else
            {
                last.next = wait;
            }

            last = wait;
            size++;
            onWait(wait, 1);
        }
    }

    /** How many wait. */
    public final int size()
    {
        return size;
    }

    /**
     * It may have come: each of those who wait now tries, in order; who begins to wait meanwhile does not. Between units
     * only.
     */
    public final void serve()
    {
        Wait wait = first;
        for (int left = size; null != wait && left > 0 && size > 0 && mayServe(); left--)
        {
            if (!wait.isGone && isWanted(wait))
            {
                wait.waiter.serve(this);
            }

            wait = wait.next;
        }
    }

    /** False once there is nothing left for any of them. */
    boolean mayServe()
    {
        return true;
    }

    /** True if what is there now is what this one waits for. */
    boolean isWanted(final Wait wait)
    {
        return true;
    }

    /** True if any of them may be served in this state. */
    final boolean isAnyWanted(final long state)
    {
        Wait wait = first;
        while (null != wait && 0 == (wait.wanted & state))
        {
            wait = wait.next;
        }

        return null != wait;
    }

    final void remove(final Wait wait)
    {
        wait.isGone = true;
        if (null == wait.previous)
        {
            first = wait.next;
        }
        else
        {
            wait.previous.next = wait.next;
        }

        if (null == wait.next)
        {
            last = wait.previous;
        }
        else
        {
            wait.next.previous = wait.previous;
        }

        size--;
        onWait(wait, -1);
        if (0 == size)
        {
            onEmpty();
        }
    }

    /** A place has been taken, 1, or left, -1. */
    void onWait(final Wait wait, final int change)
    {
        // Most queues do not count what is waited for.
    }

    /** Nobody waits any more. */
    void onEmpty()
    {
        // Most queues stay.
    }
}
