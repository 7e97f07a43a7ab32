package org.millrace.engine.replication.primary;

import java.util.ArrayList;
import org.millrace.engine.backlog.BacklogReader;

/**
 * Places in the stream of replicas whose links were lost a moment ago, held so that they can go on there. A replica
 * that lagged behind at that moment is so given the same time to come back as one that did not: until
 * repl-backlog-size more bytes have been written, though never longer than a minute. Feeder's thread.
 */
final class KeptPlaces
{
    private static final long KEEP_MS = 60_000;

    private final ArrayList<Place> places = new ArrayList<>();

    /** One reader without a session. */
    private record Place(String name, BacklogReader reader, long endAtLoss, long untilMs)
    {
    }

    /** @param endAtLoss end of the stream when the link was lost, which may be a moment ago. */
    void add(final String name, final BacklogReader reader, final long endAtLoss, final long nowMs)
    {
        forget(name);
        places.add(new Place(name, reader, endAtLoss, nowMs + KEEP_MS));
    }

    /** The replica is back, or will not be. */
    void forget(final String name)
    {
        for (int i = places.size() - 1; i >= 0; i--)
        {
            if (places.get(i).name.equals(name))
            {
                places.remove(i).reader.close();
            }
        }
    }

    /** Let go of those that have been waited for long enough. */
    void expire(final FeederLimits limits, final long nowMs)
    {
        for (int i = places.size() - 1; i >= 0; i--)
        {
            final Place place = places.get(i);
            final long end = place.reader.endOffset();
            if (nowMs >= place.untilMs || place.reader.isRetired() || end - place.endAtLoss > limits.historyBytes() ||
                end - place.reader.heldOffset() > Math.max(limits.resyncBytes(), limits.historyBytes()))
            {
                places.remove(i).reader.close();
            }
        }
    }

    boolean isEmpty()
    {
        return places.isEmpty();
    }

    /** The end. */
    void clear()
    {
        for (int i = places.size() - 1; i >= 0; i--)
        {
            places.remove(i).reader.close();
        }
    }
}
