package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * Makes entries and lets them go, with their chunks. Writer thread. An entry belongs to whoever made it until
 * {@link Keyspace#put} publishes it; then the keyspace retires it. Versions may share chunks: which of them a version
 * owns shows from comparing its references with the other version's, so there are no counts to keep.
 */
public final class EntryStore
{
    private final OffHeap memory;
    private final Epochs epochs;

    EntryStore(final OffHeap memory, final Epochs epochs)
    {
        this.memory = memory;
        this.epochs = epochs;
    }

    /**
     * Allocate an entry with header, deadline, key and value length written. The value's bytes are undefined, or the
     * references of its tables zero if the length makes it chunked.
     *
     * @return its reference, or {@link OffHeap#NULL_REF}.
     */
    public int allocate(
        final long keyAddress,
        final int keyLength,
        final long valueLength,
        final long deadlineMs,
        final int flags,
        final int clock)
    {
        final long length = Entry.lengthOf(keyLength, valueLength, flags, Entry.NO_DEADLINE != deadlineMs);
        final int ref = memory.allocate(length, MemoryTag.ENTRY);
        if (OffHeap.NULL_REF != ref)
        {
            final long entry = memory.address(ref);
            Entry.init(entry, clock, flags, deadlineMs, keyAddress, keyLength, valueLength);
            if (valueLength > Entry.CHUNKED_THRESHOLD)
            {
                Memory.set(Entry.tablesAddress(entry), 4L * Chunks.tableCount(valueLength), (byte)0);
            }
        }

        return ref;
    }

    /**
     * Another head for the same value: with this key and deadline, sharing the chunks. It takes the place of
     * {@code entry}, whose head alone is then retired; or it is given back with {@link #discard}.
     */
    int allocateSharing(final long entry, final long keyAddress, final int keyLength, final long deadlineMs)
    {
        final long valueLength = Entry.valueLength(entry);
        final int ref = allocate(keyAddress, keyLength, valueLength, deadlineMs, Entry.flags(entry),
            Entry.clock(entry));
        if (OffHeap.NULL_REF != ref)
        {
            final long target = memory.address(ref);
            if (Entry.isChunked(entry))
            {
                Memory.copy(Entry.tablesAddress(entry), Entry.tablesAddress(target),
                    4L * Chunks.tableCount(valueLength));
            }
            else
            {
                Memory.copy(Entry.valueAddress(entry), Entry.valueAddress(target), valueLength);
            }
        }

        return ref;
    }

    /** Another entry with the same value and chunks of its own, or {@link OffHeap#NULL_REF}. */
    int allocateCopy(final long entry, final long keyAddress, final int keyLength)
    {
        final int ref = allocateSharing(entry, keyAddress, keyLength, Entry.deadlineMs(entry));
        if (OffHeap.NULL_REF == ref || !Entry.isChunked(entry))
        {
            return ref;
        }

        final long valueLength = Entry.valueLength(entry);
        final int tableCount = Chunks.tableCount(valueLength);
        final long from = Entry.tablesAddress(entry);
        final long to = Entry.tablesAddress(memory.address(ref));
        Memory.set(to, 4L * tableCount, (byte)0);
        for (int table = 0; table < tableCount; table++)
        {
            final int source = Memory.getInt(from + 4L * table);
            if (OffHeap.NULL_REF != source && !copyTable(source, to + 4L * table, valueLength, table))
            {
                discard(ref, 0);
                return OffHeap.NULL_REF;
            }
        }

        return ref;
    }

    /** A table of that many references, all zero, or {@link OffHeap#NULL_REF}. */
    public int allocateTable(final int length)
    {
        final int ref = memory.allocate(4L * length, MemoryTag.CHUNK);
        if (OffHeap.NULL_REF != ref)
        {
            Memory.set(memory.address(ref), 4L * length, (byte)0);
        }

        return ref;
    }

    /** A chunk of undefined content, or {@link OffHeap#NULL_REF}. */
    public int allocateChunk(final int length)
    {
        return memory.allocate(length, MemoryTag.CHUNK);
    }

    /** Give back a table or chunk that was never published. */
    public void freeChunk(final int ref)
    {
        memory.free(ref, MemoryTag.CHUNK);
    }

    /** Give back an entry that was never published, but for what it shares with {@code base} (0: nothing). */
    public void discard(final int ref, final long base)
    {
        final long entry = memory.address(ref);
        if (Entry.isChunked(entry))
        {
            releaseChunks(entry, base, false);
        }

        memory.free(ref, MemoryTag.ENTRY);
    }

    /** True if a published entry may be seen by others than the writer: then it must not change. */
    boolean mayBeSeen()
    {
        return epochs.mayBeSeen();
    }

    /** Retire an entry that nobody can find any more, but for what it shares with its successor (0: nothing). */
    void retire(final int ref, final long successor)
    {
        final long entry = memory.address(ref);
        if (Entry.isChunked(entry))
        {
            releaseChunks(entry, successor, true);
        }

        epochs.retire(ref, MemoryTag.ENTRY);
    }

    /** Retire an entry whose whole value lives on under another one. */
    void retireHead(final int ref)
    {
        epochs.retire(ref, MemoryTag.ENTRY);
    }

    private void releaseChunks(final long entry, final long other, final boolean wasPublished)
    {
        final long length = Entry.valueLength(entry);
        final long tables = Entry.tablesAddress(entry);
        final boolean isShared = 0 != other && Entry.isChunked(other);
        final long otherLength = isShared ? Entry.valueLength(other) : 0;
        final long otherTables = isShared ? Entry.tablesAddress(other) : 0;
        final int otherTableCount = Chunks.tableCount(otherLength);

        for (int table = 0, count = Chunks.tableCount(length); table < count; table++)
        {
            final int ref = Memory.getInt(tables + 4L * table);
            final int otherRef = table < otherTableCount ? Memory.getInt(otherTables + 4L * table) : OffHeap.NULL_REF;
            if (OffHeap.NULL_REF == ref || ref == otherRef)
            {
                continue;
            }

            final int otherChunks = OffHeap.NULL_REF == otherRef ? 0 : Chunks.tableLength(otherLength, table);
            final long otherChunk = OffHeap.NULL_REF == otherRef ? 0 : memory.address(otherRef);
            final long chunk = memory.address(ref);
            for (int i = 0, chunks = Chunks.tableLength(length, table); i < chunks; i++)
            {
                final int chunkRef = Memory.getInt(chunk + 4L * i);
                if (OffHeap.NULL_REF != chunkRef &&
                    !(i < otherChunks && chunkRef == Memory.getInt(otherChunk + 4L * i)))
                {
                    release(chunkRef, wasPublished);
                }
            }

            release(ref, wasPublished);
        }
    }

    private void release(final int ref, final boolean wasPublished)
    {
        if (wasPublished)
        {
            epochs.retire(ref, MemoryTag.CHUNK);
        }
        else
        {
            memory.free(ref, MemoryTag.CHUNK);
        }
    }

    private boolean copyTable(final int source, final long target, final long valueLength, final int table)
    {
        final int length = Chunks.tableLength(valueLength, table);
        final int copy = allocateTable(length);
        if (OffHeap.NULL_REF == copy)
        {
            return false;
        }

        Memory.putInt(target, copy);
        for (int i = 0; i < length; i++)
        {
            final int chunk = Memory.getInt(memory.address(source) + 4L * i);
            if (OffHeap.NULL_REF == chunk)
            {
                continue;
            }

            final int chunkLength = Chunks.chunkLength(valueLength, (table << Chunks.TABLE_SHIFT) + i);
            final int chunkCopy = allocateChunk(chunkLength);
            if (OffHeap.NULL_REF == chunkCopy)
            {
                return false;
            }

            Memory.copy(memory.address(chunk), memory.address(chunkCopy), chunkLength);
            Memory.putInt(memory.address(copy) + 4L * i, chunkCopy);
        }

        return true;
    }
}
