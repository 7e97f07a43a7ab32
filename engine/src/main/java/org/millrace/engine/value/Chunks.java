package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Layout of values above {@link StringLayout#COMPACT_MAX}: a tree of fixed depth.
 * <pre>
 *   head                   table                    chunk
 *   +--------------+       +-----------------+      +---------------------------+
 *   | ... length   |   +-->| ref of chunk 0  |----->| 32 KiB of value           |
 *   | ref table 0  |---+   | ref of chunk 1  |      +---------------------------+
 *   | ref table 1  |       | ... 256 of them |      the last one: as long as needed
 *   +--------------+       +-----------------+
 * </pre>
 * A reference of 0, of a table or of a chunk, stands for zero bytes. The last table is as long as it needs to be.
 * Versions of one value share the chunks and tables in which they do not differ.
 */
@Layout(value = "Table of a value above 32 KiB", length = Chunks.TABLE_CHUNKS * Integer.BYTES)
public final class Chunks
{
    public static final int CHUNK_SHIFT = 15;
    public static final int CHUNK_LENGTH = 1 << CHUNK_SHIFT;
    public static final int TABLE_SHIFT = 8;
    public static final int TABLE_CHUNKS = 1 << TABLE_SHIFT;

    @Layout.Field(bytes = Chunks.TABLE_CHUNKS *
        Integer.BYTES, value = "references of the chunks, 4 bytes each; 0: zero bytes. The last table is as long " +
            "as it needs to be")
    private static final int REFS_OFFSET = 0;

    private Chunks()
    {
    }

    /** Chunks of a value. */
    public static int count(final long valueLength)
    {
        return (int)((valueLength + CHUNK_LENGTH - 1) >>> CHUNK_SHIFT);
    }

    /** Tables of a value. */
    public static int tableCount(final long valueLength)
    {
        return count(valueLength) + TABLE_CHUNKS - 1 >>> TABLE_SHIFT;
    }

    /** References in one table of a value. */
    public static int tableLength(final long valueLength, final int table)
    {
        return Math.min(TABLE_CHUNKS, count(valueLength) - (table << TABLE_SHIFT));
    }

    /** Bytes of the value that lie in one chunk. */
    public static int chunkLength(final long valueLength, final int chunk)
    {
        return (int)Math.min(CHUNK_LENGTH, valueLength - ((long)chunk << CHUNK_SHIFT));
    }

    /** Reference of a chunk, or 0, given the address of the references of tables. */
    public static int chunkRef(final OffHeap memory, final long tables, final int chunk)
    {
        final int table = Memory.getInt(tables + ((long)(chunk >>> TABLE_SHIFT) << 2));
        return OffHeap.NULL_REF == table
            ? OffHeap.NULL_REF
            : Memory.getInt(memory.address(table) + ((long)(chunk & TABLE_CHUNKS - 1) << 2));
    }
}
