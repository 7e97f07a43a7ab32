package org.millrace.engine.snapshot;

import java.util.List;

import org.millrace.engine.datatype.ValueBuilder;

/**
 * What the loader fills: the data set of a node, or a model in tests. Called by the loading thread only. Addresses
 * are valid during the call, unless it says otherwise.
 */
interface RdbTarget
{
    int databases();

    /** The database that the calls after this are for. It is in range. */
    void select(int database);

    /** A hint that {@link #set} of these keys comes now: the first so many of the arrays. */
    void prefetch(long[] keyAddresses, int[] keyLengths, int count);

    /**
     * Store a whole string value.
     *
     * @return {@link ValueBuilder#OK}; {@link ValueBuilder#DUPLICATE}: the key was there before, and whatever has become
     *         of it, the load has failed; {@link ValueBuilder#NO_MEMORY}: nothing was stored.
     */
    int set(long keyAddress, int keyLength, long valueAddress, long valueLength, long deadlineMs);

    /** Builder of a key's value, whose commit answers as {@link #set}; the key stays where it is until then. */
    ValueBuilder value(long keyAddress, int keyLength, long deadlineMs);

    /** The next key was used so many seconds ago; an unsigned number. */
    default void idle(final long seconds)
    {
        // Only who stores keys keeps it.
    }

    /** The next key was used so often, as a counter of LFU. */
    default void frequency(final int counter)
    {
        // Only who stores keys keeps it.
    }

    /** Of the next key it is not known how it was used, unless that is still said. */
    default void usageUnknown()
    {
        // Nobody has said it of any key.
    }

    /** A script which the stream behind the snapshot may name by its digest alone; those of Redis up to 6.2 have some. */
    default void script(final byte[] source)
    {
        // Only who runs scripts keeps it.
    }

    /** All is there: these function libraries belong to it, and no others. @return null, or why they are not taken. */
    String functions(List<byte[]> sources);
}
