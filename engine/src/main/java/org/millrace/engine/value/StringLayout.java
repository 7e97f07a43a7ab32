package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ByteTree;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeMover;
import org.millrace.engine.tree.TreeRelease;

/**
 * A string behind its key, as in an RDB record.
 * <pre>
 *   compact, up to 32 KiB                    large
 *   +-----------+--------------------+       +-----------+-------------+
 *   | length    | content            |       | length    | root        |
 *   | 1, 2, 5 B |                    |       | 5 B       | 4 B         |
 *   +-----------+--------------------+       +-----------+-------------+
 * </pre>
 * Lengths are RDB lengths. There is no room for flags and none is needed: that a string is large follows from its
 * length, and that it is {@link #RAW}, which matters for short ones only, is told by the length being written in its
 * 14-bit form where 6 bits would do. All who read RDB files read that. What hangs on the root of a large one is a
 * {@link ByteTree}; a root of 0 is all zero bytes.
 *
 * <p>{@code value} is the address of the first byte behind the key in all methods.
 */
@Layout(value = "A string behind its key", then = {
    "RDB length", "the content; above 32 KiB instead the reference of the root of its tree, 4 bytes"})
public final class StringLayout extends ValueLayout
{
    /** RDB value type: the type byte of an entry. */
    public static final int TYPE = 0;

    /** Longest string that lies in one piece, in its entry; bytes. */
    public static final int COMPACT_MAX = 32 * 1024;

    /** Longest string, bytes: RDB lengths of 32 bits. */
    public static final long LENGTH_MAX = 0xFFFF_FFFFL;

    /** Flag: OBJECT ENCODING says raw whatever the content, as after APPEND or SETRANGE. */
    public static final int RAW = 2;

    static final StringLayout INSTANCE = new StringLayout();

    private static final int REF_LENGTH = 4;

    private StringLayout()
    {
    }

    /** Bytes of the string. */
    public static long length(final long value)
    {
        return RdbLength.decode(value);
    }

    public static boolean isLargeLength(final long length)
    {
        return length > COMPACT_MAX;
    }

    /** True if the encoding is raw whatever the content; a string of 64 bytes or more always is. */
    public static boolean isRaw(final long value)
    {
        return RdbLength.encodedLength(value) > 1;
    }

    /** Address of the first byte; of a compact string only. */
    public static long content(final long value)
    {
        return value + RdbLength.encodedLength(value);
    }

    /** Root of a large string's tree, 0 if it is all zero. */
    public static int root(final long value)
    {
        return Memory.getInt(value + RdbLength.encodedLength(value));
    }

    /** Hang a tree on a large string's head. */
    public static void root(final long value, final int ref)
    {
        Memory.putInt(value + RdbLength.encodedLength(value), ref);
    }

    /** Bytes behind the key of a string that is to be made. */
    public static long sizeOf(final long length, final int flags)
    {
        final int lengthOfLength = Math.max(RdbLength.sizeOf(length), 0 != (flags & RAW) ? 2 : 1);
        return lengthOfLength + (isLargeLength(length) ? REF_LENGTH : length);
    }

    /**
     * Write the length. The content behind it is undefined then, or the root 0 if the string is large.
     *
     * @return address of the content, or of the root.
     */
    public static long init(final long value, final long length, final int flags)
    {
        if (0 != (flags & RAW) && 1 == RdbLength.sizeOf(length))
        {
            return value + RdbLength.encode14(value, (int)length);
        }

        final long behind = value + RdbLength.encode(value, length);
        if (isLargeLength(length))
        {
            Memory.putInt(behind, OffHeap.NULL_REF);
        }

        return behind;
    }

    /** Write a whole compact string. */
    public static void write(final long value, final long source, final int length)
    {
        Memory.copyDisjoint(source, value + RdbLength.encode(value, length), length);
    }

    /**
     * Put another compact string of the same length in the place of the present one; for what nobody but the writer
     * sees. False, and nothing is done, if it is not that simple: another length or another form of it.
     */
    public static boolean overwrite(final long value, final long source, final long length)
    {
        if (!RdbLength.isShortest(value, length))
        {
            return false;
        }

        Memory.copyDisjoint(source, value + RdbLength.sizeOf(length), length);
        return true;
    }

    /**
     * Address of the byte at {@code offset}, or 0 if it lies in a piece that is all zero; {@link #runLength} bytes
     * follow it contiguously.
     */
    public static long runAddress(final OffHeap memory, final long value, final long offset)
    {
        final long length = length(value);
        if (!isLargeLength(length))
        {
            return content(value) + offset;
        }

        return ByteTree.runAddress(memory, root(value), length, offset);
    }

    /** Contiguous bytes from {@code offset} on (also of a piece of zeros), to the end of the string at most. */
    public static long runLength(final long value, final long offset)
    {
        final long length = length(value);
        return isLargeLength(length) ? ByteTree.runLength(length, offset) : length - offset;
    }

    @Override
    public boolean isLarge(final long value)
    {
        return isLargeLength(length(value));
    }

    @Override
    public long headLength(final long value)
    {
        final long length = length(value);
        return RdbLength.encodedLength(value) + (isLargeLength(length) ? REF_LENGTH : length);
    }

    @Override
    public long payload(final long value)
    {
        // The second byte of the 14-bit form of a small length is its 6-bit form.
        return isRaw(value) && 1 == RdbLength.sizeOf(length(value)) ? value + 1 : value;
    }

    @Override
    public long recordLength(final long value)
    {
        return RdbLength.encodedLength(value) + length(value);
    }

    /** All but the root: the place where its reference stands is written only before an entry is published. */
    @Override
    public long moveNodes(final TreeMover mover, final long value, final long position)
    {
        return mover.stepString(root(value), length(value), position, MOVE_STEP);
    }

    @Override
    void begin(final ValueRuns runs, final long value)
    {
        runs.head(value, RdbLength.encodedLength(value));
        runs.string(value, 0, length(value));
    }

    @Override
    public void retire(final TreeRelease release, final long value)
    {
        release.retire(root(value));
    }

    @Override
    public void discard(final TreeRelease release, final long value)
    {
        release.discard(root(value));
    }
}
