package org.millrace.engine.command;

/** The keys that sessions WATCH. */
public interface Watches
{
    /** A key has changed. Cheap when nobody watches anything. */
    void touch(int database, long keyAddress, int keyLength);

    /** An expired key has been removed: does not fail a transaction that began to watch it when it was expired. */
    void expired(int database, long keyAddress, int keyLength);

    /**
     * All keys of a database are about to go (FLUSHDB) or may have changed; -1 for every database. Keys that are not
     * in it are not touched.
     */
    void touchAll(int database);

    /** Two databases are about to change places. */
    void swap(int first, int second);
}
