package org.millrace.engine.keyspace;

import java.util.List;

/**
 * The sources of function libraries that came with a snapshot. They are not run here: they are kept for those whom this
 * node gives a snapshot, so that nothing of a data set is lost on its way. They survive FLUSHALL, as in Redis. Writer
 * thread; the list that is given out never changes.
 */
public final class FunctionLibraries
{
    private List<byte[]> sources = List.of();

    /** The source of each library, nobody's to change. */
    public List<byte[]> sources()
    {
        return sources;
    }

    /** Take these in the place of all that there are. */
    public void replace(final List<byte[]> newSources)
    {
        sources = List.copyOf(newSources);
    }
}
