package org.millrace.engine.interest;

import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Until when waiters wait, in a timer wheel of monotonic time: to begin and to end a wait costs the same for one as for
 * thousands. Exact to the turn in which a deadline is looked at. Writer thread.
 */
public final class Deadlines
{
    /** No deadline, and no timer. */
    public static final long NONE = Long.MAX_VALUE;

    /**
     * About 4 ms a tick; within a tick deadlines are looked at one by one. Each tick of the wheel has room for as many as
     * the fullest, so there are few.
     */
    private static final long TICK_NS = 1 << 22;
    private static final int TICKS = 64;

    /** Ticks of one call: ten minutes after a machine has slept take some calls, not one long one. */
    private static final int TICKS_MAX = 4096;

    private final DeadlineTimerWheel wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK_NS, TICKS);
    private final Long2ObjectHashMap<Waiter> byTimer = new Long2ObjectHashMap<>();
    private final DeadlineTimerWheel.TimerHandler onExpiry = this::onExpiry;

    /** No deadline is earlier. Too early if that one has been taken back; found anew when it has passed. */
    private long earliestNs = NONE;

    /** @param deadlineNs monotonic; {@link #NONE} for a waiter that waits for ever. */
    public void add(final Waiter waiter, final long deadlineNs, final long nowNs)
    {
        if (NONE == deadlineNs)
        {
            return;
        }

        if (byTimer.isEmpty())
        {
            // It stands still while it is empty.
            wheel.resetStartTime(nowNs);
            earliestNs = NONE;
        }

        waiter.timer = wheel.scheduleTimer(deadlineNs);
        byTimer.put(waiter.timer, waiter);
        earliestNs = Math.min(earliestNs, deadlineNs);
    }

    /** It waits no longer; nothing if it had no deadline. */
    public void remove(final Waiter waiter)
    {
        if (NONE != waiter.timer)
        {
            wheel.cancelTimer(waiter.timer);
            byTimer.remove(waiter.timer);
            waiter.timer = NONE;
        }
    }

    /** Waiters with a deadline. */
    public int size()
    {
        return byTimer.size();
    }

    /** End the waits whose deadline has come. @return how many there were. */
    public int poll(final long nowNs)
    {
        int expired = 0;
        if (!byTimer.isEmpty() && (nowNs >= earliestNs || nowNs >= wheel.currentTickTime()))
        {
            long tick = wheel.currentTickTime();
            for (int i = 0; i < TICKS_MAX && !byTimer.isEmpty(); i++)
            {
                expired += wheel.poll(nowNs, onExpiry, Integer.MAX_VALUE);
                if (tick == wheel.currentTickTime())
                {
                    break;
                }

                tick = wheel.currentTickTime();
            }

            if (nowNs >= earliestNs)
            {
                findEarliest();
            }
        }

        return expired;
    }

    private boolean onExpiry(final TimeUnit unit, final long nowNs, final long timer)
    {
        final Waiter waiter = byTimer.remove(timer);
        waiter.timer = NONE;
        waiter.timeOut();
        return true;
    }

    private void findEarliest()
    {
        earliestNs = NONE;
        wheel.forEach((deadlineNs, timer) -> earliestNs = Math.min(earliestNs, deadlineNs));
    }

    /** When {@link #poll} has something to do at the earliest, or {@link #NONE}; sometimes too early, never too late. */
    public long earliestNs()
    {
        return byTimer.isEmpty() ? NONE : earliestNs;
    }
}
