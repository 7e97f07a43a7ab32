package org.millrace.engine.keyspace;

import java.util.List;

/**
 * The function libraries of a data set. They come with a snapshot, go out with one, and survive FLUSHALL, as in Redis.
 * Writer thread; a list that is given out never changes.
 */
public interface FunctionLibraries
{
    /** The source of each library, nobody's to change. */
    List<byte[]> sources();

    /** Keep a script of a snapshot for EVALSHA, if this node runs scripts and this one compiles. */
    default void keepScript(final byte[] source)
    {
        // Nobody runs it.
    }

    /** Whether {@link #replace} would take these. @return null, or why not. */
    String check(List<byte[]> newSources);

    /** Take these in the place of all that there are. @return null, or why that cannot be: nothing has changed. */
    String replace(List<byte[]> newSources);

    /**
     * Take these beside the present ones.
     *
     * @param isReplacing those of the same name give way; else there must be none.
     * @return null, or why that cannot be: nothing has changed.
     */
    String add(List<byte[]> newSources, boolean isReplacing);
}
