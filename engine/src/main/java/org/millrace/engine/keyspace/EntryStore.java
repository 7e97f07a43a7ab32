package org.millrace.engine.keyspace;

import java.util.function.IntConsumer;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueLayout;

/**
 * Makes entries and lets them go, with what hangs on their values. Writer thread. An entry belongs to whoever made it
 * until {@link Keyspace#put} publishes it; then the keyspace retires it. Versions of a value may share blocks: which of
 * them a version owns shows from comparing it with the other one, so there are no counts to keep.
 */
public final class EntryStore
{
    private final OffHeap memory;
    private final Epochs epochs;
    private final IntConsumer freeBlock;
    private final IntConsumer retireBlock;

    EntryStore(final OffHeap memory, final Epochs epochs)
    {
        this.memory = memory;
        this.epochs = epochs;
        freeBlock = (ref) -> memory.free(ref, MemoryTag.CHUNK);
        retireBlock = (ref) -> epochs.retire(ref, MemoryTag.CHUNK);
    }

    /**
     * Allocate an entry with all written but its value.
     *
     * @param headLength bytes of the value that lie in the entry; they are undefined.
     * @return its reference, or {@link OffHeap#NULL_REF}.
     */
    public int allocate(
        final long keyAddress,
        final int keyLength,
        final int type,
        final long headLength,
        final long deadlineMs,
        final int clock)
    {
        final long length = Entry.lengthBeforeValue(keyLength, Entry.NO_DEADLINE != deadlineMs) + headLength;
        final int ref = memory.allocate(length, MemoryTag.ENTRY);
        if (OffHeap.NULL_REF != ref)
        {
            Entry.init(memory.address(ref), clock, type, deadlineMs, keyAddress, keyLength);
        }

        return ref;
    }

    /**
     * Allocate an entry for a string with its length written: content undefined, or references zero if it is large.
     *
     * @param flags {@link StringLayout#RAW} or 0.
     * @return its reference, or {@link OffHeap#NULL_REF}.
     */
    public int allocateString(
        final long keyAddress,
        final int keyLength,
        final long valueLength,
        final long deadlineMs,
        final int flags,
        final int clock)
    {
        final int ref = allocate(
            keyAddress, keyLength, StringLayout.TYPE, StringLayout.sizeOf(valueLength, flags), deadlineMs, clock);
        if (OffHeap.NULL_REF != ref)
        {
            StringLayout.init(Entry.value(memory.address(ref), keyLength), valueLength, flags);
        }

        return ref;
    }

    /**
     * Another head for the same value: with this key and deadline, sharing what hangs on it. It takes the place of
     * {@code entry}, whose head alone is then retired; or it is given back with {@link #discard}.
     */
    int allocateSharing(final long entry, final long keyAddress, final int keyLength, final long deadlineMs)
    {
        final int type = Entry.type(entry);
        final long value = Entry.value(entry);
        final long headLength = ValueLayout.of(type).headLength(value);
        final int ref = allocate(keyAddress, keyLength, type, headLength, deadlineMs, Entry.clock(entry));
        if (OffHeap.NULL_REF != ref)
        {
            Memory.copy(value, Entry.value(memory.address(ref)), headLength);
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

    /** Give back an entry that was never published, but for what it shares with {@code base} (0: nothing). */
    public void discard(final int ref, final long base)
    {
        releaseValue(ref, base, freeBlock);
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
        releaseValue(ref, successor, retireBlock);
        epochs.retire(ref, MemoryTag.ENTRY);
    }

    /** Retire an entry whose whole value lives on under another one. */
    void retireHead(final int ref)
    {
        epochs.retire(ref, MemoryTag.ENTRY);
    }

    /** Let go of what hangs on a value and not on that of the other entry. */
    private void releaseValue(final int ref, final long other, final IntConsumer release)
    {
        final long entry = memory.address(ref);
        final int type = Entry.type(entry);
        final ValueLayout layout = ValueLayout.of(type);
        final long value = Entry.value(entry);
        if (layout.isLarge(value))
        {
            final boolean isShared = Entry.NO_ENTRY != other && type == Entry.type(other);
            layout.release(memory, release, value, isShared ? Entry.value(other) : 0);
        }
    }
}
