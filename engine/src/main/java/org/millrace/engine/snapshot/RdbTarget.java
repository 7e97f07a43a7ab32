package org.millrace.engine.snapshot;

/**
 * What the loader fills: the data set of a node, or a model in tests. Called by the loading thread only. Addresses
 * are valid during the call.
 */
interface RdbTarget
{
    int OK = 0;

    /** The key was there before; whatever has become of it, the load has failed. */
    int DUPLICATE = 1;

    /** Nothing was stored. */
    int NO_MEMORY = 2;

    int databases();

    /** The database that the calls after this are for. It is in range. */
    void select(int database);

    /** A hint that {@link #set} of this key comes soon. */
    void prefetch(long keyAddress, int keyLength);

    /** Store a whole string value. @return {@link #OK}, {@link #DUPLICATE} or {@link #NO_MEMORY}. */
    int set(long keyAddress, int keyLength, long valueAddress, long valueLength, long deadlineMs);

    /** Begin a large value that {@link #write} brings in order; false: no memory, nothing to abort. */
    boolean begin(long keyAddress, int keyLength, long valueLength, long deadlineMs);

    /** False: no memory, the caller aborts. */
    boolean write(long offset, long source, long length);

    /** @return {@link #OK}, {@link #DUPLICATE} or {@link #NO_MEMORY}. */
    int commit();

    void abort();
}
