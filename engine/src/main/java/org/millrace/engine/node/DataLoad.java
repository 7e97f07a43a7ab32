package org.millrace.engine.node;

/** Data being loaded when a node starts, in bounded steps. Writer thread. */
interface DataLoad extends AutoCloseable
{
    /** @return true when it is over: {@link #error()} is null if all has been loaded. */
    boolean step();

    /** The last step had nothing to do, for the disk has not given it anything. */
    default boolean hasWaited()
    {
        return false;
    }

    /** Why it has failed, for the log; null if it has not. */
    String error();

    /** Bytes of files loaded so far. */
    long loaded();

    /** Keys loaded so far out of a snapshot. */
    long keysLoaded();

    /** No exception. */
    @Override
    void close();
}
