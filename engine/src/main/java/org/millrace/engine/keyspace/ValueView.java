package org.millrace.engine.keyspace;

import org.millrace.engine.tree.ByteTree;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * Looks at values where they lie, through a {@link KeyReader} whose thread it shares. From {@link #open} to
 * {@link #close} whatever is found stays as it is, and no memory that the writer gives up meanwhile can be used again:
 * so that must come soon. No {@code get} of the reader in between.
 */
public final class ValueView
{
    /** {@link #find}: no such key. */
    public static final int ABSENT = KeyReader.ABSENT;

    /** {@link #find}: the key holds no string. */
    public static final int WRONG_TYPE = KeyReader.WRONG_TYPE;

    /** Most bytes that a piece has. */
    public static final int PART_LENGTH_MAX = StringLayout.COMPACT_MAX;

    private final KeyReader reader;
    private final ValueRuns runs;
    private long entry;
    private long value;
    private long valueLength;

    public ValueView(final KeyReader reader)
    {
        this.reader = reader;
        runs = new ValueRuns(reader.memory());
    }

    /** @return false if the data set is no longer in service: there is nothing to look at and nothing to close. */
    public boolean open()
    {
        valueLength = 0;
        return reader.stay();
    }

    /** Nothing found since {@link #open} is looked at any more. */
    public void close()
    {
        reader.moveOn();
    }

    /**
     * Find a string key, whatever its {@link #deadlineMs}.
     *
     * @return length of its value in bytes, {@link #ABSENT} or {@link #WRONG_TYPE}: {@link #deadlineMs} may be asked
     *         then, and there are no parts.
     */
    public long find(final int database, final long keyAddress, final int keyLength)
    {
        entry = reader.stayingEntry(database, keyAddress, keyLength);
        if (Entry.NO_ENTRY == entry)
        {
            valueLength = 0;
            return ABSENT;
        }

        final boolean isString = StringLayout.TYPE == Entry.type(entry);
        value = Entry.value(entry);
        valueLength = isString ? StringLayout.length(value) : 0;
        return isString ? valueLength : WRONG_TYPE;
    }

    /** The entry that is looked at from now on, which the reader's {@link KeyReader#pin} has told. @return it. */
    public long look(final long newEntry)
    {
        valueLength = 0;
        entry = newEntry;
        return newEntry;
    }

    /** Deadline of the key found last in ms since 1970, or {@link Entry#NO_DEADLINE}. */
    public long deadlineMs()
    {
        return Entry.deadlineMs(entry);
    }

    /** Pieces of memory that the value found last lies in, one after the other: 1 up to 32 KiB, 0 if it is empty. */
    public int parts()
    {
        final boolean isLarge = StringLayout.isLargeLength(valueLength);
        return isLarge ? ByteTree.leaves(valueLength) : 0 == valueLength ? 0 : 1;
    }

    /** Where a piece begins; 0 if it is all zero bytes and nobody has written any of them. */
    public long partAddress(final int part)
    {
        runs.string(value, (long)part * ByteTree.LEAF_BYTES, partLength(part));
        runs.next();
        return runs.address();
    }

    /** Bytes of a piece. */
    public int partLength(final int part)
    {
        final boolean isLarge = StringLayout.isLargeLength(valueLength);
        return isLarge ? ByteTree.bytesIn(valueLength, part) : (int)valueLength;
    }
}
