package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Evacuation;

/**
 * Empties the slab in which one entry stands, so that its memory can serve values of another length. Keys that go one by
 * one, each from another slab, leave as many holes that only values of their own length fill; those that share a slab
 * free it as a whole. What may go, its owner takes out; what may not is moved elsewhere, unless that is most of what
 * there is. Writer thread.
 */
public final class Clearance
{
    /** Decides over an entry. */
    @FunctionalInterface
    public interface Rule
    {
        boolean mayGo(Keyspace keyspace, long entry);
    }

    /** A slab of which more than one slot in so many would have to be moved serves on. */
    private static final int MOVES_PART = 4;

    private final DataSet data;
    private final Evacuation evacuation;
    private final int[] refs;
    private int number;
    private int refIndex;
    private int refCount;
    private int movesLeft;
    private Keyspace keyspace;
    private long entry;

    Clearance(final DataSet data)
    {
        this.data = data;
        evacuation = new Evacuation(data.memory());
        refs = new int[evacuation.slotsMax()];
    }

    /** The slab of this entry, which is one of the keyspace, gives out no block from now on. */
    public void begin(final Keyspace of, final long entryOf)
    {
        end();
        number = evacuation.beginWith(of.ref(entryOf));
        if (isUnderWay())
        {
            refCount = evacuation.usedRefs(number, refs);
            refIndex = 0;
            movesLeft = refCount / MOVES_PART;
        }
    }

    /**
     * Go on to the next entry of the slab that may go; those before it are moved.
     *
     * @return false if there is none, or no slab: this has ended. Else {@link #keyspace} and {@link #entry} say which, until
     *         it is removed, which must be done before the next call.
     */
    public boolean next(final Rule rule)
    {
        // What went meanwhile may have been the last, and the slab is another's now.
        while (isUnderWay() && refIndex < refCount && movesLeft >= 0)
        {
            final int ref = refs[refIndex++];
            keyspace = data.owner(ref);
            if (null != keyspace)
            {
                entry = data.memory().address(ref);
                if (rule.mayGo(keyspace, entry))
                {
                    return true;
                }

                movesLeft = DataSet.RELOCATED == DataSet.relocate(keyspace, entry) ? movesLeft - 1 : -1;
            }
        }

        end();
        return false;
    }

    /** What is left in the slab stays there, and it serves on. */
    public void end()
    {
        if (isUnderWay())
        {
            evacuation.end(number);
        }

        number = 0;
    }

    /** True from {@link #begin}, if it has found a slab, until all of it has been gone through. */
    public boolean isUnderWay()
    {
        return 0 != number && evacuation.isUnderWay(number);
    }

    public Keyspace keyspace()
    {
        return keyspace;
    }

    public long entry()
    {
        return entry;
    }
}
