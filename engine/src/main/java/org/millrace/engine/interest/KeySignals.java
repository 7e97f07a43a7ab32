package org.millrace.engine.interest;

/** What happens to keys, told by whoever does it, for those who watch them or wait for them. */
public interface KeySignals
{
    /** A key has changed: it has been made, has another value, or is gone. Cheap when nobody is interested. */
    void changed(int database, long keyAddress, int keyLength);

    /** Nothing has changed for those who watch a key, but who waits for it is to look again. Cheap as well. */
    void stirred(int database, long keyAddress, int keyLength);

    /**
     * A key that has expired or is evicted is about to be removed: does not fail a transaction that began to watch it
     * when it was expired.
     */
    void removing(int database, long keyAddress, int keyLength);

    /**
     * All keys of a database are about to go (FLUSHDB) or may have changed; -1 for every database. Keys that are not
     * in it have not changed.
     */
    void flushing(int database);

    /** Two databases are about to change places. */
    void swapping(int first, int second);

    /** A database, or every one for -1, has been filled without a word about each key. */
    void filled(int database);

    /** Who waits for keys that were fed is served. Between units only; {@code WriterState.unitEnded} is what ends one. */
    void unitEnded();
}
