package org.millrace.engine.interest;

import org.millrace.engine.interest.Watcher.Watch;
import org.millrace.engine.memory.Memory;

/** A key that somebody watches or waits for, there or not. Its bytes are kept off-heap while anybody does. */
public final class InterestedKey extends WaitQueue
{
    final long hash;

    /** In the bucket, among all keys in the order in which interest in them began, among those that are ready. */
    InterestedKey nextInBucket;
    InterestedKey previous;
    InterestedKey next;
    InterestedKey nextReady;

    boolean isReady;
    private final KeyInterest table;
    private final int database;
    private final long address;
    private final int length;
    private Watch watches;

    /** States that somebody waits for, and perhaps some that somebody has waited for. */
    private long wantedStates;
    private long stateNow;

    /** Waits that may be served by the key not being there. */
    private int absenceWaits;

    InterestedKey(
        final KeyInterest table, final int database, final long keyAddress, final int length, final long hash)
    {
        this.table = table;
        this.database = database;
        this.length = length;
        this.hash = hash;
        address = Memory.reserve(Math.max(1, length));
        Memory.copy(keyAddress, address, length);
    }

    public int database()
    {
        return database;
    }

    /** Of the bytes, valid until nobody is interested any more. */
    public long address()
    {
        return address;
    }

    public int length()
    {
        return length;
    }

    boolean is(final int otherDatabase, final long otherHash, final long otherAddress, final int otherLength)
    {
        return hash == otherHash && database == otherDatabase && length == otherLength &&
            Memory.equal(address, otherAddress, length);
    }

    void release()
    {
        Memory.release(address);
    }

    void await(final Waiter waiter, final long wanted)
    {
        wantedStates |= wanted;
        add(waiter, wanted);
    }

    /** Queue it for the end of the unit if somebody may be served by it in this state. */
    void signal(final long state)
    {
        if (isReady || 0 == (wantedStates & state))
        {
            return;
        }

        if (isAnyWanted(state))
        {
            table.ready(this);
        }
        else
        {
            wantedStates &= ~state;
        }
    }

    @Override
    boolean mayServe()
    {
        // Looked up again for each: the one before may have taken what was there.
        stateNow = table.state(this);
        return 0 != (wantedStates & stateNow);
    }

    @Override
    boolean isWanted(final Wait wait)
    {
        return 0 != (wait.wanted & stateNow);
    }

    @Override
    void onWait(final Wait wait, final int change)
    {
        if (0 != (wait.wanted & KeyInterest.ABSENT))
        {
            final boolean wasNone = 0 == absenceWaits;
            absenceWaits += change;
            if (wasNone != (0 == absenceWaits))
            {
                table.absenceKeys(change);
            }
        }
    }

    @Override
    void onEmpty()
    {
        table.waitedKeys(-1);
        wantedStates = 0;
        dropIfIdle();
    }

    /** False if it watches this key already. */
    boolean addWatch(final Watcher watcher, final boolean isExpired)
    {
        for (Watch watch = watches; null != watch; watch = watch.next)
        {
            if (watch.watcher == watcher)
            {
                return false;
            }
        }

        final Watch watch = new Watch(watcher, this, isExpired);
        watcher.watches = watch;
        watch.next = watches;
        if (null != watches)
        {
            watches.previous = watch;
        }

        watches = watch;
        return true;
    }

    void removeWatch(final Watch watch)
    {
        if (null == watch.previous)
        {
            watches = watch.next;
        }
        else
        {
            watch.previous.next = watch.next;
        }

        if (null != watch.next)
        {
            watch.next.previous = watch.previous;
        }

        dropIfIdle();
    }

    private void dropIfIdle()
    {
        if (0 == size() && null == watches)
        {
            table.drop(this);
        }
    }

    /** It has changed; if it is gone now, that is a change only for those for whom it was still there. */
    void markWatches()
    {
        for (Watch watch = watches; null != watch; watch = watch.next)
        {
            if (watch.isExpired && !table.isThere(this))
            {
                watch.isExpired = false;
            }
            else
            {
                watch.watcher.isDirty = true;
            }
        }
    }

    /** It is about to be removed: only those are told for whom it was still there. */
    void markWatchesOfRemoved()
    {
        for (Watch watch = watches; null != watch; watch = watch.next)
        {
            watch.watcher.isDirty |= !watch.isExpired;
            watch.isExpired = false;
        }
    }

    /**
     * Another entry comes in its place, of a database that changes places with this one.
     *
     * @param isThere whether the key is there now.
     * @param isNextExpired whether the deadline of the other one has passed.
     */
    void markWatchesOfReplaced(final boolean isThere, final boolean isNextExpired)
    {
        for (Watch watch = watches; null != watch; watch = watch.next)
        {
            // One that is gone for all to see may be replaced by another such.
            watch.isExpired |= !isThere && isNextExpired;
            watch.watcher.isDirty |= !watch.isExpired || !isNextExpired;
        }
    }
}
