package org.millrace.engine.command;

/** The keys that sessions WATCH. */
public interface Watches
{
    /** A key has changed. Cheap when nobody watches anything. */
    void touch(int database, long keyAddress, int keyLength);

    /** An expired key has been removed: does not fail a transaction that began to watch it when it was expired. */
    void expired(int database, long keyAddress, int keyLength);

    /** All keys of a database have changed (FLUSHDB, SWAPDB, a new data set); -1 for every database. */
    void touchAll(int database);
}
