package org.millrace.engine.interest;

/** A session that watches keys: WATCH. Writer thread. */
public final class Watcher
{
    /** One of its keys. */
    static final class Watch
    {
        final Watcher watcher;
        final InterestedKey key;
        final Watch nextOfWatcher;
        Watch previous;
        Watch next;

        /** Its deadline had passed when the watch began, so its removal is no change. */
        boolean isExpired;

        Watch(final Watcher watcher, final InterestedKey key, final boolean isExpired)
        {
            this.watcher = watcher;
            this.key = key;
            this.isExpired = isExpired;
            nextOfWatcher = watcher.watches;
        }
    }

    /** What a watched key takes, about: the watch, and a part in the key that is watched. */
    private static final long BYTES_PER_WATCH = 96;

    Watch watches;
    int count;
    boolean isDirty;

    /** Bytes that its watches take, about. */
    public long bytes()
    {
        return BYTES_PER_WATCH * count;
    }

    /** A key that it watches has changed since. */
    public boolean isDirty()
    {
        return isDirty;
    }
}
