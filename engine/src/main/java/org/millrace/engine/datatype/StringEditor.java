package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ByteTreeEditor;
import org.millrace.engine.value.StringLayout;

/**
 * Makes the next version of a string value: old bytes are kept where nothing is written, and nothing is seen by anyone
 * before {@link #commit}. One per writer thread.
 *
 * <p>A compact version is an entry of its own. A large one gets a head of its own and shares with the old one what does
 * not change of its tree; where nobody but the writer can look, it is the same tree, changed in place
 * ({@link ByteTreeEditor}).
 */
public final class StringEditor
{
    private final DataSet data;
    private final OffHeap memory;
    private final EntryStore entries;
    private final ByteTreeEditor tree;

    private Keyspace keyspace;
    private int ref = OffHeap.NULL_REF;
    private long value;
    private boolean isLarge;

    /** The tree belongs to the base, too, which is to be replaced by this version and nothing else. */
    private boolean isSharing;

    public StringEditor(final DataSet data)
    {
        this.data = data;
        memory = data.memory();
        entries = data.entries();
        tree = new ByteTreeEditor(entries.nodes(), entries.release());
    }

    DataSet data()
    {
        return data;
    }

    /**
     * Begin a version of {@code length} bytes.
     *
     * @param base entry whose value is kept (bytes past its length are zero), or 0 for none: then the content is
     *             undefined (large: zero) until written. It must be the entry that the key has now.
     * @param flags {@link StringLayout#RAW} or 0.
     * @return false if memory ran out; nothing has changed and nothing is to be aborted.
     */
    public boolean begin(
        final Keyspace keyspace,
        final long keyAddress,
        final int keyLength,
        final long base,
        final long length,
        final long deadlineMs,
        final int flags)
    {
        return begin(keyspace, keyAddress, keyLength, base, length, deadlineMs, flags, 0, 0);
    }

    /**
     * As above, when it is known what will be written: then that may be done in place, and only {@link #begin} fails for
     * want of memory. Who aborts such a version must have left all bytes as they were.
     *
     * @param from first byte that will be written.
     * @param to behind the last one; the same as {@code from}: not known.
     */
    public boolean begin(
        final Keyspace keyspace,
        final long keyAddress,
        final int keyLength,
        final long base,
        final long length,
        final long deadlineMs,
        final int flags,
        final long from,
        final long to)
    {
        Check.that(OffHeap.NULL_REF == ref, "version begun while one is open: ref, length", ref, length);
        ref = entries.allocateString(keyAddress, keyLength, length, deadlineMs, flags, 0);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        this.keyspace = keyspace;
        value = Entry.value(memory.address(ref));
        isLarge = StringLayout.isLargeLength(length);
        isSharing = false;
        final boolean hasBegun = Entry.NO_ENTRY == base
            ? beginEmpty(length)
            : beginWith(base, length, from, to);
        if (!hasBegun)
        {
            entries.discardHead(ref);
            ref = OffHeap.NULL_REF;
        }

        return hasBegun;
    }

    private boolean beginEmpty(final long length)
    {
        if (isLarge)
        {
            tree.begin(length);
        }

        return true;
    }

    private boolean beginWith(final long base, final long length, final long from, final long to)
    {
        final long baseLength = StringValue.length(base);
        if (!isLarge)
        {
            final long kept = Math.min(length, baseLength);
            StringValue.copy(memory, base, 0, kept, StringLayout.content(value));
            Memory.set(StringLayout.content(value) + kept, length - kept, (byte)0);
            return true;
        }

        if (!StringLayout.isLargeLength(baseLength) || length < baseLength)
        {
            tree.begin(length);
            if (!copy(base, Math.min(length, baseLength)))
            {
                tree.abort();
                return false;
            }

            return true;
        }

        isSharing = true;
        final int root = StringLayout.root(Entry.value(base));
        final boolean isInPlace = from < to && !entries.mayBeRead() &&
            Entry.deadlineMs(base) == Entry.deadlineMs(memory.address(ref)) &&
            tree.canBeInPlace(root, baseLength, length, from, to);
        return tree.begin(root, baseLength, length, isInPlace);
    }

    /** Write the first bytes of another entry's string; false if memory ran out. */
    private boolean copy(final long entry, final long length)
    {
        final long from = Entry.value(entry);
        for (long done = 0; done < length;)
        {
            final long run = Math.min(length - done, StringLayout.runLength(from, done));
            final long address = StringLayout.runAddress(memory, from, done);
            if (0 != address && !tree.write(done, address, run))
            {
                return false;
            }

            done += run;
        }

        return true;
    }

    /** Write bytes of the new version. False if memory ran out: then {@link #abort}. */
    public boolean write(final long offset, final long source, final long length)
    {
        if (isLarge)
        {
            return tree.write(offset, source, length);
        }

        Memory.copyDisjoint(source, StringLayout.content(value) + offset, length);
        return true;
    }

    /** Bytes of a version without a base that have not been written yet are to be zero. */
    void writeZeros(final long offset, final long length)
    {
        // Of a large version they are.
        if (!isLarge)
        {
            Memory.set(StringLayout.content(value) + offset, length, (byte)0);
        }
    }

    /** Read a byte of the new version as it stands now. */
    public int byteAt(final long offset)
    {
        return isLarge ? tree.byteAt(offset) : Memory.getUnsignedByte(StringLayout.content(value) + offset);
    }

    /** Give the version its access clock; it begins with 0. */
    public void clock(final int clock)
    {
        keyspace.touch(memory.address(ref), clock);
    }

    /** Publish. False if memory for the index ran out; the version is dropped, nothing has changed. */
    public boolean commit()
    {
        final int entryRef = ref;
        ref = OffHeap.NULL_REF;
        if (!isLarge)
        {
            return keyspace.put(entryRef);
        }

        StringLayout.root(value, tree.root());
        if (!isSharing)
        {
            tree.commit();
            return keyspace.put(entryRef);
        }

        final boolean isPut = keyspace.putSharing(entryRef);
        if (isPut)
        {
            tree.commit();
        }
        else
        {
            tree.abort();
        }

        return isPut;
    }

    public void abort()
    {
        if (isLarge)
        {
            tree.abort();
        }

        entries.discardHead(ref);
        ref = OffHeap.NULL_REF;
    }

    /** The whole of SET: begin, write, clock, commit. False: no memory, nothing changed. */
    public boolean set(
        final Keyspace keyspace,
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs,
        final int clock)
    {
        if (!StringLayout.isLargeLength(valueLength))
        {
            return keyspace.set(
                keyspace.hash(keyAddress, keyLength),
                keyAddress,
                keyLength,
                valueAddress,
                (int)valueLength,
                deadlineMs,
                clock);
        }

        if (!begin(keyspace, keyAddress, keyLength, Entry.NO_ENTRY, valueLength, deadlineMs, 0))
        {
            return false;
        }

        if (!write(0, valueAddress, valueLength))
        {
            abort();
            return false;
        }

        clock(clock);
        return commit();
    }

    /** As above, for a key that has never been used. */
    public boolean set(
        final Keyspace keyspace,
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs)
    {
        return set(keyspace, keyAddress, keyLength, valueAddress, valueLength, deadlineMs, 0);
    }
}
