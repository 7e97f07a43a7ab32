package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.NodeStore;
import org.millrace.engine.tree.Pins;
import org.millrace.engine.tree.TreeRelease;
import org.millrace.engine.tree.Trees;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueLayout;

/**
 * Makes entries and lets them go, with what hangs on their values. Writer thread. An entry belongs to whoever made it
 * until {@link Keyspace#put} publishes it; then the keyspace retires it. What hangs on a large value is given back in
 * steps, {@link #release}.
 */
public final class EntryStore
{
    private final OffHeap memory;
    private final Epochs epochs;
    private final NodeStore nodes;
    private final TreeRelease release;
    private final Trees trees;

    /** @param hashSeed of the hashes of members. */
    EntryStore(final OffHeap memory, final Epochs epochs, final Pins pins, final long hashSeed)
    {
        this.memory = memory;
        this.epochs = epochs;
        nodes = new NodeStore(memory, epochs, pins);
        release = new TreeRelease(nodes);
        trees = new Trees(nodes, release, hashSeed);
    }

    /** What trees of elements are changed with. */
    public Trees trees()
    {
        return trees;
    }

    /** Makes the nodes of large values. */
    public NodeStore nodes()
    {
        return nodes;
    }

    /** Gives large values back. */
    public TreeRelease release()
    {
        return release;
    }

    /** Bytes of an entry before its value. */
    public static long offsetOfValue(final int keyLength, final long deadlineMs)
    {
        return Entry.lengthBeforeValue(keyLength, Entry.NO_DEADLINE != deadlineMs);
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
        final long length = offsetOfValue(keyLength, deadlineMs) + headLength;
        int ref = memory.allocate(length, MemoryTag.ENTRY);
        while (OffHeap.NULL_REF == ref && release.step(TreeRelease.STEP) > 0)
        {
            // Some of what waits to be given back is worth the time now.
            ref = memory.allocate(length, MemoryTag.ENTRY);
        }

        if (OffHeap.NULL_REF != ref)
        {
            Entry.init(memory.address(ref), clock, type, deadlineMs, keyAddress, keyLength);
        }

        return ref;
    }

    /**
     * Allocate an entry for a string with its length written: content undefined, or all zero if it is large.
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
     * {@code entry}, whose head alone is then retired; or it is given back with {@link #discardHead}, and then
     * this one is told to {@link #takeBack}.
     */
    int allocateSharing(final long entry, final long keyAddress, final int keyLength, final long deadlineMs)
    {
        final int type = Entry.type(entry);
        final long value = Entry.value(entry);
        final ValueLayout layout = ValueLayout.of(type);
        final long offset = offsetOfValue(keyLength, deadlineMs);
        final int ref = allocate(
            keyAddress, keyLength, type, layout.headLengthAt(value, offset), deadlineMs, Entry.clock(entry));
        if (OffHeap.NULL_REF != ref)
        {
            layout.share(value, memory.address(ref) + offset, nodes.pins().stamp());
        }

        return ref;
    }

    /** The entry that {@link #allocateSharing} has made of this one is gone: this one goes on. */
    void takeBack(final long entry)
    {
        ValueLayout.of(Entry.type(entry)).takeBack(Entry.value(entry));
    }

    /** Give back an entry that was never published, with its value. */
    public void discard(final int ref)
    {
        final long entry = memory.address(ref);
        final ValueLayout layout = ValueLayout.of(Entry.type(entry));
        final long value = Entry.value(entry);
        if (layout.isLarge(value))
        {
            layout.discard(release, value);
        }

        memory.free(ref, MemoryTag.ENTRY);
    }

    /** Give back an entry that was never published, but not what hangs on its value. */
    public void discardHead(final int ref)
    {
        memory.free(ref, MemoryTag.ENTRY);
    }

    /** True if a published entry may be seen by others than the writer: then it must not change. */
    public boolean mayBeSeen()
    {
        return epochs.mayBeSeen();
    }

    /** True if foreign threads may read, but for the cut: then no node that was published must change. */
    public boolean mayBeRead()
    {
        return epochs.mayBeRead();
    }

    /** Retire an entry that nobody can find any more, with its value. */
    void retire(final int ref)
    {
        final long entry = memory.address(ref);
        final int type = Entry.type(entry);
        final long value = Entry.value(entry);
        final ValueLayout layout = ValueLayout.of(type);
        if (layout.isLarge(value))
        {
            release.expect(layout.recordLength(value));
            layout.retire(release, value);
        }

        epochs.retire(ref, MemoryTag.ENTRY);
    }

    /** Retire an entry whose value lives on under another one. */
    void retireHead(final int ref)
    {
        epochs.retire(ref, MemoryTag.ENTRY);
    }
}
