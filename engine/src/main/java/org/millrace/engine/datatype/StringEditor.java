package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.Chunks;
import org.millrace.engine.value.StringLayout;

/**
 * Makes the next version of a string value: old bytes are kept where nothing is written, chunks that do not change
 * are shared with the old version, and nothing is seen by anyone before {@link #commit}. One per writer thread.
 *
 * <p>A chunked version starts as a head with the base's tables. A table or chunk is copied when it is first written
 * to; whether that has been done shows from its reference, which then differs from the base's. One thing is written
 * in place: the room behind the end of the base's last chunk, which no version has ever shown to anyone. (A version
 * shorter than its base therefore gets its last chunk copied.)
 */
public final class StringEditor
{
    private final OffHeap memory;
    private final EntryStore entries;

    private Keyspace keyspace;
    private int ref = OffHeap.NULL_REF;
    private long length;
    private boolean isChunked;

    /** Address of the value, or of the references of its tables. */
    private long content;

    private long base;
    private long baseLength;
    private boolean isBaseChunked;
    private long baseContent;

    public StringEditor(final DataSet data)
    {
        memory = data.memory();
        entries = data.entries();
    }

    /**
     * Begin a version of {@code length} bytes.
     *
     * @param base entry whose value is kept (bytes past its length are zero), or 0 for none: then the content is
     *             undefined (chunked: zero) until written. It must be the entry that the key has now.
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
        Check.that(OffHeap.NULL_REF == ref, "version begun while one is open: ref, length", ref, this.length);
        ref = entries.allocateString(keyAddress, keyLength, length, deadlineMs, flags, 0);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long value = Entry.value(memory.address(ref));
        this.keyspace = keyspace;
        this.length = length;
        isChunked = StringLayout.isLargeLength(length);
        content = isChunked ? StringLayout.tables(value) : StringLayout.content(value);

        this.base = base;
        baseLength = 0;
        isBaseChunked = false;
        if (Entry.NO_ENTRY != base && !keepBase())
        {
            abort();
            return false;
        }

        return true;
    }

    /** Write bytes of the new version. False if memory ran out: then {@link #abort}. */
    public boolean write(final long offset, final long source, final long length)
    {
        if (!isChunked)
        {
            Memory.copyDisjoint(source, content + offset, length);
            return true;
        }

        long done = 0;
        while (done < length)
        {
            final long at = offset + done;
            final int chunk = (int)(at >>> Chunks.CHUNK_SHIFT);
            final int inChunk = (int)at & Chunks.CHUNK_LENGTH - 1;
            final int run = (int)Math.min(length - done, Chunks.CHUNK_LENGTH - inChunk);
            final long address = writableChunk(chunk, inChunk, run);
            if (0 == address)
            {
                return false;
            }

            Memory.copy(source + done, address + inChunk, run);
            done += run;
        }

        return true;
    }

    /** Bytes of a version without a base that have not been written yet are to be zero. */
    void writeZeros(final long offset, final long length)
    {
        // Of a chunked version they are, whether their chunk is there or not.
        if (!isChunked)
        {
            Memory.set(content + offset, length, (byte)0);
        }
    }

    /** Read a byte of the new version as it stands now. */
    public int byteAt(final long offset)
    {
        if (!isChunked)
        {
            return Memory.getUnsignedByte(content + offset);
        }

        final int chunk = Chunks.chunkRef(memory, content, (int)(offset >>> Chunks.CHUNK_SHIFT));
        return OffHeap.NULL_REF == chunk
            ? 0
            : Memory.getUnsignedByte(memory.address(chunk) + (offset & Chunks.CHUNK_LENGTH - 1));
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
        return keyspace.put(entryRef);
    }

    public void abort()
    {
        final int entryRef = ref;
        ref = OffHeap.NULL_REF;
        entries.discard(entryRef, base);
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

    /** Take over the base's value; false if memory ran out. */
    private boolean keepBase()
    {
        final long value = Entry.value(base);
        baseLength = StringLayout.length(value);
        isBaseChunked = StringLayout.isLargeLength(baseLength);
        baseContent = isBaseChunked ? StringLayout.tables(value) : StringLayout.content(value);
        final long kept = Math.min(length, baseLength);

        if (!isChunked)
        {
            StringValue.copy(memory, base, 0, kept, content);
            Memory.set(content + kept, length - kept, (byte)0);
            return true;
        }

        if (!isBaseChunked)
        {
            // A base that is not chunked fits one chunk.
            return 0 == kept || 0 != ownChunk(0) && write(0, baseContent, kept);
        }

        final int sharedTables = Chunks.tableCount(kept);
        Memory.copy(baseContent, content, 4L * sharedTables);
        final int lastTable = sharedTables - 1;
        final boolean isTableLonger = Chunks.tableLength(length, lastTable) != Chunks.tableLength(baseLength,
            lastTable);
        if (isTableLonger && !ownTable(lastTable))
        {
            return false;
        }

        return length == baseLength || fitLastChunk(kept);
    }

    /** The chunk in which the kept bytes end gets the length that it has in this version; new bytes are zero. */
    private boolean fitLastChunk(final long kept)
    {
        final int chunk = (int)(kept - 1 >>> Chunks.CHUNK_SHIFT);
        final int keptInChunk = (int)(kept - 1 & Chunks.CHUNK_LENGTH - 1) + 1;
        final int chunkLength = Chunks.chunkLength(length, chunk);
        final int chunkRef = Chunks.chunkRef(memory, content, chunk);
        if (OffHeap.NULL_REF == chunkRef || chunkLength == Chunks.chunkLength(baseLength, chunk))
        {
            return true;
        }

        if (length > baseLength && chunkLength <= memory.capacity(chunkRef))
        {
            memory.extend(chunkRef, chunkLength);
            Memory.set(memory.address(chunkRef) + keptInChunk, chunkLength - keptInChunk, (byte)0);
            return true;
        }

        return 0 != ownChunk(chunk);
    }

    /** Address of a chunk that these bytes may be written to, or 0 if memory ran out. */
    private long writableChunk(final int chunk, final int inChunk, final int run)
    {
        final int chunkRef = Chunks.chunkRef(memory, content, chunk);
        if (OffHeap.NULL_REF != chunkRef)
        {
            final boolean isBehindBase = ((long)chunk << Chunks.CHUNK_SHIFT) + inChunk >= baseLength;
            if (isBehindBase || chunkRef != baseChunkRef(chunk))
            {
                return memory.address(chunkRef);
            }
        }

        return run == Chunks.chunkLength(length, chunk) ? newChunk(chunk, run) : ownChunk(chunk);
    }

    private int baseChunkRef(final int chunk)
    {
        return isBaseChunked && chunk < Chunks.count(baseLength)
            ? Chunks.chunkRef(memory, baseContent, chunk)
            : OffHeap.NULL_REF;
    }

    /** A chunk of this version's own with what it holds now, zero behind; its address, or 0 if memory ran out. */
    private long ownChunk(final int chunk)
    {
        final int old = Chunks.chunkRef(memory, content, chunk);
        final int chunkLength = Chunks.chunkLength(length, chunk);
        final boolean grows = OffHeap.NULL_REF != old && chunkLength > Chunks.chunkLength(baseLength, chunk);
        // A value that is appended to is likely to be again.
        final int room = grows ? Math.min(Chunks.CHUNK_LENGTH, 2 * chunkLength) : chunkLength;
        final long address = newChunk(chunk, room);
        if (0 != address)
        {
            // Where the base's chunk has the room it was extended in place, and may have been written to there.
            final boolean isExtended = OffHeap.NULL_REF != old && chunkLength <= memory.capacity(old);
            if (isExtended)
            {
                memory.extend(old, chunkLength);
            }

            final int kept = OffHeap.NULL_REF == old
                ? 0
                : isExtended ? chunkLength : Chunks.chunkLength(baseLength, chunk);
            if (kept > 0)
            {
                Memory.copy(memory.address(old), address, kept);
            }

            Memory.set(address + kept, chunkLength - kept, (byte)0);
        }

        return address;
    }

    /** A chunk of this version's own with undefined content; its address, or 0 if memory ran out. */
    private long newChunk(final int chunk, final int room)
    {
        final int table = chunk >>> Chunks.TABLE_SHIFT;
        if (!ownTable(table))
        {
            return 0;
        }

        final int chunkRef = entries.allocateChunk(room);
        if (OffHeap.NULL_REF == chunkRef)
        {
            return 0;
        }

        final long tableAddress = memory.address(Memory.getInt(content + 4L * table));
        Memory.putInt(tableAddress + 4L * (chunk & Chunks.TABLE_CHUNKS - 1), chunkRef);
        return memory.address(chunkRef);
    }

    /** Make sure that the table is not the base's; false if memory ran out. */
    private boolean ownTable(final int table)
    {
        final int old = Memory.getInt(content + 4L * table);
        final boolean isOfBase = isBaseChunked && table < Chunks.tableCount(baseLength);
        final int baseRef = isOfBase ? Memory.getInt(baseContent + 4L * table) : OffHeap.NULL_REF;
        if (OffHeap.NULL_REF != old && old != baseRef)
        {
            return true;
        }

        final int tableLength = Chunks.tableLength(length, table);
        final int tableRef = entries.allocateTable(tableLength);
        if (OffHeap.NULL_REF == tableRef)
        {
            return false;
        }

        if (OffHeap.NULL_REF != old)
        {
            final int kept = Math.min(tableLength, Chunks.tableLength(baseLength, table));
            Memory.copy(memory.address(old), memory.address(tableRef), 4L * kept);
        }

        Memory.putInt(content + 4L * table, tableRef);
        return true;
    }
}
