package org.millrace.engine.memory;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.millrace.engine.base.Check;
import org.millrace.engine.base.Layout;
import org.millrace.engine.guard.MemoryGuard;

/**
 * Keeps blocks that foreign readers may still look at from being used again.
 *
 * <p><b>Assumptions.</b> One writer thread unlinks a block from everything a reader can reach, then calls
 * {@link #retire}. A reader owns one slot; between {@link #enter} and {@link #exit} it may hold addresses it has
 * found, outside it none.
 *
 * <p><b>Guarantees.</b> A retired block is freed only when every slot is closed, outside, or has entered after the
 * block was retired; or when its reader was <em>expelled</em>: a slot that is inside while more than the limit of
 * retired bytes piles up loses its protection, and finds out through {@link #isValid}. So a reader that may be
 * expelled copies first, asks then, and goes by nothing it read before it has asked. Blocks that freeing unmaps wait
 * for expelled readers, too. A <em>pinned</em> slot is never expelled: it belongs to a thread of the node itself, which
 * stays inside for some microseconds of its own and whatever the system's scheduler adds. Nor is a slot that has
 * entered to {@link #enterToStay stay}, to look at blocks in place: once it holds back more than the second limit,
 * {@link #holdingReader} names it, and the owner of the data refuses writes.
 *
 * <p>After {@link #shut} whoever enters finds out and leaves, so once {@link #isLeft} the data may go although readers
 * are still open; the table itself lives as long as somebody knows this object.
 *
 * <p><b>Ordering.</b>
 * <pre>
 *   word             written                        read                  pairs
 *   current epoch    writer, release                reader, acquire       (an old value only delays freeing)
 *   announced epoch  reader, full fence behind      writer, after its     either the writer sees the reader inside,
 *                    it on entry                    full fence            or the reader sees the block unlinked
 *   announced epoch  reader, release on exit        writer                reads of the block come before its reuse
 *   announced epoch  writer, CAS to EXPELLED,       reader, after a       a read that saw reused memory sees the
 *                    full fence                     load fence            expulsion as well
 *   shut             writer, then full fence        reader, behind the    either the writer sees the reader inside,
 *                                                   fence of its entry    or the reader sees that it is shut
 * </pre>
 * Memory of the table, in rows of two cache lines: epoch and shut, then one row a slot: announced epoch, state.
 */
@Layout(name = "head", value = "First row of the table of epochs; written by the writer, read by readers", length = Epochs.ROW_LENGTH)
@Layout(name = "slot", value = "A row for each of the " + Epochs.SLOTS +
    " readers behind it; see the table of orderings in the class", length = Epochs.ROW_LENGTH)
public final class Epochs implements AutoCloseable
{
    /** Announced by a slot that is not inside. */
    public static final long OUTSIDE = 0;

    public static final int SLOTS = 64;

    private static final long EXPELLED = -1;

    /** Set in the announced epoch of a slot that has entered to stay. */
    private static final long STAYING = 1L << 62;

    @Layout.Field(bytes = Long.BYTES, value = "current epoch, counts from 1", of = "head")
    private static final int CURRENT_OFFSET = 0;

    @Layout.Field(bytes = Long.BYTES, value = "1 once nobody may look at the data any more", of = "head")
    private static final int SHUT_OFFSET = CURRENT_OFFSET + 8;
    static final int ROW_LENGTH = 128;

    @Layout.Field(bytes = Long.BYTES, value = "epoch entered; 0 outside, -1 expelled, bit 62 set while it stays " +
        "inside", of = "slot")
    private static final int ANNOUNCED_OFFSET = 0;

    @Layout.Field(bytes = Long.BYTES, value = "0 free, 1 open, 2 closed by its reader, 3 pinned", of = "slot")
    private static final int STATE_OFFSET = ANNOUNCED_OFFSET + 8;
    private static final long STATE_FREE = 0;
    private static final long STATE_OPEN = 1;
    private static final long STATE_CLOSED = 2;
    private static final long STATE_PINNED = 3;
    private static final int RECLAIM_INTERVAL = 256;
    private static final int RECLAIM_STEP = 512;
    private static final MemoryTag[] TAGS = MemoryTag.values();
    private static final int TAG_BITS = 2;

    /** Somebody besides the slots who keeps retired blocks alive: the queue of a cut. Asked on the writer thread. */
    @FunctionalInterface
    public interface Holder
    {
        /** Blocks retired in this epoch or later are to be kept; Long.MAX_VALUE if none are. */
        long oldestEpochHeld();
    }

    private final OffHeap memory;
    private final long retiredBytesMax;
    private final long heldBytesMax;

    /** Not from malloc: readers that do not know yet that this is closed may still look. */
    private final ByteBuffer tableBuffer;
    private final long table;
    private final String[] readers = new String[SLOTS + 1];
    private String holdingReader;
    private Holder holder;
    private int openSlots;
    private boolean holderActive;
    private boolean mayBeSeen;
    private long epoch = 1;

    /** Retired blocks, each with its epoch and tag. */
    private final RetiredQueue queue = new RetiredQueue();
    private long retiredBytes;
    private int retiredSinceReclaim;

    /** @param retiredBytesMax bytes waiting for readers beyond which readers are expelled. */
    public Epochs(final OffHeap memory, final long retiredBytesMax)
    {
        this(memory, retiredBytesMax, Long.MAX_VALUE);
    }

    /** @param heldBytesMax bytes waiting beyond which {@link #holdingReader} names a reader that stays inside. */
    public Epochs(final OffHeap memory, final long retiredBytesMax, final long heldBytesMax)
    {
        this.memory = memory;
        this.retiredBytesMax = retiredBytesMax;
        this.heldBytesMax = heldBytesMax;
        tableBuffer = BufferUtil.allocateDirectAligned((SLOTS + 1) * ROW_LENGTH, ROW_LENGTH);
        table = Memory.address(tableBuffer);
        Memory.putLongRelease(table + CURRENT_OFFSET, epoch);
    }

    /** Writer: who else holds blocks, while {@link #holderActive} says so. */
    public void holder(final Holder value)
    {
        holder = value;
    }

    /** Writer: the holder may hold blocks from now on; it is asked until it holds none and this was set to false. */
    public void holderActive(final boolean value)
    {
        holderActive = value;
        mayBeSeen |= value;
    }

    /** Writer: take a slot for one reader. @return the slot, or 0 if all are taken. */
    public long open()
    {
        return open("");
    }

    /** Writer: as {@link #open()}, @param reader what {@link #holdingReader} and {@link #readerInside} call it. */
    public long open(final String reader)
    {
        final long slot = open(STATE_OPEN);
        if (0 != slot)
        {
            readers[number(slot)] = reader;
        }

        return slot;
    }

    /** Writer: as {@link #open}, a slot that is never expelled. */
    public long openPinned()
    {
        return open(STATE_PINNED);
    }

    private long open(final long newState)
    {
        for (int i = 1; i <= SLOTS; i++)
        {
            final long slot = table + (long)i * ROW_LENGTH;
            final long state = Memory.getLongAcquire(slot + STATE_OFFSET);
            if (STATE_FREE == state || STATE_CLOSED == state)
            {
                openSlots += STATE_FREE == state ? 1 : 0;
                Memory.putLong(slot, OUTSIDE);
                Memory.putLongRelease(slot + STATE_OFFSET, newState);
                mayBeSeen = true;
                return slot;
            }
        }

        return 0;
    }

    /** Reader, any thread, outside: give the slot back for good. */
    public static void close(final long slot)
    {
        Memory.putLongRelease(slot, OUTSIDE);
        Memory.putLongRelease(slot + STATE_OFFSET, STATE_CLOSED);
        guardExit(slot);
    }

    /** Reader, outside: what is found from here to {@link #exit} stays. @return the epoch entered, for {@link #isValid}. */
    public long enter(final long slot)
    {
        checkOutside(slot);
        final long current = Memory.getLongAcquire(table + CURRENT_OFFSET);
        Memory.putLongRelease(slot, current);
        guardEnter(slot);
        // No load of what is to be protected may come before the store; a volatile store alone holds back only loads
        // that are volatile, too.
        Memory.fullFence();
        return current;
    }

    /** Reader: as {@link #enter}, but never expelled: what is found until {@link #exit} stays, whatever that costs. */
    public long enterToStay(final long slot)
    {
        checkOutside(slot);
        final long announced = Memory.getLongAcquire(table + CURRENT_OFFSET) | STAYING;
        Memory.putLongRelease(slot, announced);
        guardEnter(slot);
        Memory.fullFence();
        return announced;
    }

    /** Reader, after it has entered: true if it must not look at anything and leave, as the data goes. */
    public boolean isShut()
    {
        return 0 != Memory.getLongAcquire(table + SHUT_OFFSET);
    }

    /** Reader: true if all that was read since {@link #enter} was protected; its loads come before this one. */
    public static boolean isValid(final long slot, final long entered)
    {
        Memory.loadFence();
        return entered == Memory.getLong(slot);
    }

    /** Reader: nothing found since {@link #enter} is looked at any more. */
    public static void exit(final long slot)
    {
        Memory.putLongRelease(slot, OUTSIDE);
        guardExit(slot);
    }

    private void checkOutside(final long slot)
    {
        if (Memory.CHECKED)
        {
            final long announced = Memory.getLong(slot);
            Check.that(OUTSIDE == announced, "epoch entered twice: number, announced", number(slot), announced);
        }
    }

    private void guardEnter(final long slot)
    {
        if (Memory.CHECKED)
        {
            final long state = Memory.getLongAcquire(slot + STATE_OFFSET);
            Check.that(STATE_OPEN == state || STATE_PINNED == state,
                "epoch entered by a slot that is not open: number, " +
                    "state",
                number(slot), state);
            MemoryGuard.enter(slot, EXPELLED, this);
        }
    }

    private static void guardExit(final long slot)
    {
        if (Memory.CHECKED)
        {
            MemoryGuard.exit(slot);
        }
    }

    /** Writer, or a holder: the epoch that blocks retired now get. */
    public long current()
    {
        return epoch;
    }

    /** Any thread: an epoch that is not above any that the writer will give out from now on. */
    public long currentAcquire()
    {
        return Memory.getLongAcquire(table + CURRENT_OFFSET);
    }

    /** Writer: free the block, which nobody can find any more, once nobody looks at it. */
    public void retire(final int ref, final MemoryTag tag)
    {
        if (!mayBeSeen)
        {
            memory.free(ref, tag);
            return;
        }

        memory.retired(ref, tag);
        queue.add(ref, epoch << TAG_BITS | tag.ordinal());
        retiredBytes += memory.capacity(ref);
        if (++retiredSinceReclaim >= RECLAIM_INTERVAL)
        {
            reclaim();
        }
    }

    /** Writer: false if no reader is open and no holder active, so that nobody else can see any block. */
    public boolean mayBeSeen()
    {
        return mayBeSeen;
    }

    /** Writer: false if no reader is open, whatever the holder does. */
    public boolean mayBeRead()
    {
        return openSlots > 0;
    }

    /** Bytes that wait for readers. */
    public long retiredBytes()
    {
        return retiredBytes;
    }

    /** Writer: free what nobody looks at any more, in a bounded step. @return number of blocks freed. */
    public int reclaim()
    {
        retiredSinceReclaim = 0;
        if (queue.isEmpty())
        {
            updateMayBeSeen();
            return 0;
        }

        epoch++;
        Memory.putLongRelease(table + CURRENT_OFFSET, epoch);
        // Pairs with the fence of enter: a slot that this scan sees outside has not read anything that was
        // unlinked before.
        Memory.fullFence();
        long oldest = oldestInside(Long.MIN_VALUE);
        if (retiredBytes > retiredBytesMax && oldest < epoch)
        {
            oldest = oldestInside(headEpoch());
            // Whatever the memory is used for now comes after the expulsion.
            Memory.fullFence();
        }

        holdingReader = retiredBytes > heldBytesMax ? readerStaying(headEpoch()) : null;

        if (holderActive)
        {
            oldest = Math.min(oldest, holder.oldestEpochHeld());
        }

        final int freed = freeBefore(oldest);
        if (queue.isEmpty())
        {
            updateMayBeSeen();
        }

        return freed;
    }

    /** Writer: true if nobody is inside, so that memory may be unmapped. */
    public boolean isQuiet()
    {
        Memory.fullFence();
        for (int i = 1; i <= SLOTS; i++)
        {
            if (OUTSIDE != Memory.getLongAcquire(table + (long)i * ROW_LENGTH))
            {
                return false;
            }
        }

        return true;
    }

    /** Writer: a reader that stays inside and holds back more than the second limit, null if there is none. */
    public String holdingReader()
    {
        return holdingReader;
    }

    /** Writer: nobody may look at the data any more; those inside leave in their own time. */
    public void shut()
    {
        Memory.putLongRelease(table + SHUT_OFFSET, 1);
        Memory.fullFence();
    }

    /** Writer, after {@link #shut}: true if nobody looks at the data or ever will. */
    public boolean isLeft()
    {
        return null == readerInside();
    }

    /** Writer, after {@link #shut}: a reader that still looks at the data or, if pinned, may do so again; or null. */
    public String readerInside()
    {
        Memory.fullFence();
        for (int i = 1; i <= SLOTS; i++)
        {
            final long slot = table + (long)i * ROW_LENGTH;
            if (OUTSIDE != Memory.getLongAcquire(slot) || STATE_PINNED == Memory.getLongAcquire(slot + STATE_OFFSET))
            {
                return null == readers[i] ? "" : readers[i];
            }
        }

        return null;
    }

    /** Writer: true if some reader has not been closed yet, inside or not. */
    public boolean hasOpenSlots()
    {
        for (int i = 1; i <= SLOTS; i++)
        {
            final long state = Memory.getLongAcquire(table + (long)i * ROW_LENGTH + STATE_OFFSET);
            if (STATE_OPEN == state || STATE_PINNED == state)
            {
                return true;
            }
        }

        return false;
    }

    /**
     * Writer, when nobody is inside or, after {@link #shut}, {@link #isLeft}: free all that is retired. Who comes after
     * shut is inside for a moment, too, but looks at nothing.
     */
    @Override
    public void close()
    {
        Check.that(isShut() || isQuiet(), "epochs closed with a reader inside: epoch, retired bytes", epoch,
            retiredBytes);
        while (!queue.isEmpty())
        {
            freeHead();
        }

        shut();
    }

    /** Number of a slot, from 1 to {@link #SLOTS}. */
    public int number(final long slot)
    {
        return (int)((slot - table) / ROW_LENGTH);
    }

    /** Name of a slot that entered at {@code atMost} or before, to stay; null if there is none. */
    private String readerStaying(final long atMost)
    {
        for (int i = 1; i <= SLOTS; i++)
        {
            final long announced = Memory.getLongAcquire(table + (long)i * ROW_LENGTH);
            if (isStaying(announced) && (announced & ~STAYING) <= atMost)
            {
                return readers[i];
            }
        }

        return null;
    }

    private static boolean isStaying(final long announced)
    {
        return announced > 0 && 0 != (announced & STAYING);
    }

    private long headEpoch()
    {
        return queue.word() >>> TAG_BITS;
    }

    /**
     * Lowest epoch that an open slot is inside of, Long.MAX_VALUE if none is.
     *
     * @param expelTo slots at this epoch or below are expelled, and not counted.
     */
    private long oldestInside(final long expelTo)
    {
        long oldest = Long.MAX_VALUE;
        for (int i = 1, seen = 0; seen < openSlots && i <= SLOTS; i++)
        {
            final long slot = table + (long)i * ROW_LENGTH;
            final long state = Memory.getLongAcquire(slot + STATE_OFFSET);
            if (STATE_FREE == state)
            {
                continue;
            }

            if (STATE_CLOSED == state)
            {
                Memory.putLong(slot + STATE_OFFSET, STATE_FREE);
                openSlots--;
                continue;
            }

            seen++;
            final long announced = Memory.getLongAcquire(slot);
            final boolean isInside = OUTSIDE != announced && EXPELLED != announced;
            // One that stays announces more than any epoch.
            final boolean isExpelled = isInside && announced <= expelTo && STATE_PINNED != state &&
                Memory.compareAndSetLong(slot, announced, EXPELLED);
            if (isInside && !isExpelled)
            {
                oldest = Math.min(oldest, announced & ~STAYING);
            }
        }

        return oldest;
    }

    private int freeBefore(final long oldest)
    {
        int freed = 0;
        int deferred = 0;
        while (!queue.isEmpty() && freed + deferred < RECLAIM_STEP && headEpoch() < oldest)
        {
            final int ref = queue.ref();
            if (memory.isHuge(ref) && !isQuiet())
            {
                // It will be unmapped, so even a reader that was expelled and does not know it yet must have left.
                final long tag = queue.word() & (1 << TAG_BITS) - 1;
                queue.remove();
                queue.add(ref, epoch << TAG_BITS | tag);
                deferred++;
                continue;
            }

            freeHead();
            freed++;
        }

        return freed;
    }

    private void freeHead()
    {
        final int ref = queue.ref();
        final MemoryTag tag = TAGS[(int)queue.word() & (1 << TAG_BITS) - 1];
        queue.remove();
        retiredBytes -= memory.capacity(ref);
        memory.free(ref, tag);
    }

    /**
     * Once every slot is closed and the holder holds nothing, blocks can be freed at once. A slot opens on this
     * thread, so none can appear between this look and the next retire.
     */
    private void updateMayBeSeen()
    {
        oldestInside(Long.MIN_VALUE);
        mayBeSeen = openSlots > 0 || holderActive;
    }
}
