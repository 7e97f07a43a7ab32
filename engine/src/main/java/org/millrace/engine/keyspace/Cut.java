package org.millrace.engine.keyspace;

import org.agrona.MutableDirectBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.millrace.engine.base.Check;
import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.ValueLayout;

/**
 * A point-in-time walk over all databases. The writer begins it between two units and walks in bounded steps; before
 * any bucket changes that the walk has not stamped, its references go out first. References go in order into a
 * one-to-one ring of batches that one snapshotter thread pops; entries are immutable and are not freed while queued.
 *
 * <p><b>Stamps.</b> Each bucket carries the two-bit number of the last cut that has left it; a cut has left all
 * buckets when it ends, and new pages carry the number of the running or last one. So between cuts every bucket's
 * stamp is the same as {@link #stamp}, and the hook before a change is one comparison, whether a cut runs or not. For
 * the same reason an aborted cut walks on to the end.
 *
 * <p><b>What is walked</b> are the indexes that the databases had at the beginning, under the numbers they had. SWAPDB
 * does not change them; an index that FLUSHDB has detached is kept until the walk has left it ({@link #holds}).
 *
 * <p><b>Memory.</b> What is queued was reachable at the epoch in its message, so blocks retired in that epoch or later
 * are kept: {@link #oldestEpochHeld}. The snapshotter announces the epoch of the message it is at; when it finds
 * nothing queued, the current one, which it has read before.
 */
@Layout(name = "BEGIN", value = "Message from the writer to the snapshotter: a cut begins")
@Layout(name = "COUNTS", value = "Message: what a database holds at the cut", length = Cut.COUNTS_LENGTH)
@Layout(name = "BUCKET", value = "Message: entries of one bucket")
@Layout(name = "END", value = "Message: the walk is complete")
public final class Cut implements Epochs.Holder
{
    /**
     * Messages, all with the number of the cut and the epoch first:
     *
     * <pre>
     *   BEGIN    | cut (64) | epoch (64) |
     *   COUNTS   | cut (64) | epoch (64) | database (32)  | reserved (32) | keys (64) | volatile keys (64) |
     *   BUCKET   | cut (64) | epoch (64) | database (32)  | reference (32) ...                                   |
     *   END      | cut (64) | epoch (64) |
     * </pre>
     */
    private static final int BEGIN = 1;
    private static final int BUCKET = 2;
    private static final int END = 3;
    private static final int COUNTS = 4;

    @Layout.Field(bytes = Long.BYTES, value = "number of the cut")
    private static final int CUT_OFFSET = 0;

    @Layout.Field(bytes = Long.BYTES, value = "epoch at which what is queued was reachable")
    private static final int EPOCH_OFFSET = CUT_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "database, by its number at the cut's begin", of = {"COUNTS",
        "BUCKET"})
    private static final int DATABASE_OFFSET = EPOCH_OFFSET + 8;

    @Layout.Field(bytes = 0, value = "references of entries, 4 bytes each", of = "BUCKET")
    private static final int REFS_OFFSET = DATABASE_OFFSET + 4;

    @Layout.Field(bytes = Long.BYTES, value = "keys", of = "COUNTS")
    private static final int KEYS_OFFSET = DATABASE_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "keys with a deadline", of = "COUNTS")
    private static final int VOLATILE_KEYS_OFFSET = KEYS_OFFSET + 8;

    static final int COUNTS_LENGTH = VOLATILE_KEYS_OFFSET + 8;

    private static final int RING_CAPACITY = 1 << 20;
    private static final int STAMPS = 4;
    private static final int NO_DATABASE = -1;
    private static final int PAGE_COST = 8;
    private static final int CACHE_LINE = 64;

    /** Of longer values the processor itself fetches the rest while they are copied. */
    private static final int TOUCHED_MAX = 512;

    /** What a reference takes in the ring with its share of the message's head, as buckets are filled on average. */
    private static final int QUEUED_BYTES_PER_ENTRY = 8;

    private final DataSet data;
    private final OffHeap memory;
    private final Epochs epochs;
    private final long ringAddress;
    private final OneToOneRingBuffer ring;

    // Writer.
    private HashIndex[] roots = {};
    private int rootCount;
    private final int[] bucketRefs = new int[Bucket.SLOTS];
    private Runnable ringFullAction;
    private int stamp;
    private long number;
    private int rootIndex;
    private long position;
    private boolean isRunning;
    private boolean isAborted;

    /** What nodes must not change for; 0 while nobody can look at any. */
    private long pin;

    // Writer to snapshotter: cuts up to this number are dropped.
    private volatile long abortedNumber;

    // Snapshotter to writer.
    private volatile long announcedEpoch;

    // Snapshotter.
    private final ControlledMessageHandler handler = this::onMessage;
    private final Int2ObjectHashMap<long[]> counts = new Int2ObjectHashMap<>();
    private int database = NO_DATABASE;
    private Sink sink;
    private int drained;
    private int drainLimit;

    /** References of the message at hand that the sink has had. */
    private int taken;

    /** Consumes what was loaded ahead of its use, so that the loads are not optimised away. */
    private int touched;

    Cut(final DataSet data, final OffHeap memory, final Epochs epochs)
    {
        this.data = data;
        this.memory = memory;
        this.epochs = epochs;
        final int length = RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH;
        ringAddress = Memory.reserve(length + Bucket.LENGTH);
        final long aligned = ringAddress + Bucket.LENGTH - 1 & -Bucket.LENGTH;
        Memory.set(aligned, length, (byte)0);
        ring = new OneToOneRingBuffer(new UnsafeBuffer(aligned, length));
    }

    /** Writer, when neither walk nor snapshotter holds any entry: nodes may change again. */
    void unpin()
    {
        close(pin);
        pin = 0;
    }

    private void close(final long number)
    {
        if (0 != number)
        {
            data.pins().close(number);
        }
    }

    /** True from {@link #begin} until the walk (also that of an aborted cut) has stamped every bucket. */
    public boolean isRunning()
    {
        return isRunning;
    }

    /** Writer: begin; the state is that of this moment. Fails the invariant check while one is running. */
    public void begin()
    {
        Check.that(!isRunning, "cut begun while one runs: number, database", number, rootIndex);
        number++;
        stamp = stamp + 1 & STAMPS - 1;
        rootIndex = 0;
        position = 0;
        isRunning = true;
        isAborted = false;
        epochs.holderActive(true);
        // The older one, of a cut whose last messages nobody has taken yet, keeps nothing that this one does not.
        final long older = pin;
        pin = data.pins().open();
        close(older);
        final List<Keyspace> used = data.used();
        rootCount = used.size();
        roots = roots.length < rootCount ? new HashIndex[Math.max(rootCount, 2 * roots.length)] : roots;
        for (int i = 0; i < rootCount; i++)
        {
            roots[i] = used.get(i).hashIndex();
            roots[i].cutDatabase(used.get(i).index());
        }

        Arrays.sort(roots, 0, rootCount, Comparator.comparingInt(HashIndex::cutDatabase));
        pushCounts();
    }

    /**
     * Writer: walk on, pushing at most about {@code maxEntries} references, fewer when the ring is full.
     *
     * @return work count; when the walk is complete an end mark is pushed and {@link #isRunning} turns false.
     */
    public int walk(final int maxEntries)
    {
        int work = 0;
        while (isRunning && work < maxEntries)
        {
            if (rootIndex == rootCount)
            {
                if (!isAborted && !tryPushEnd())
                {
                    break;
                }

                isRunning = false;
                return work + 1;
            }

            final HashIndex root = roots[rootIndex];
            if (isAborted && root.isDetached() || 1L << HashOrder.POSITION_BITS == position)
            {
                roots[rootIndex] = null;
                rootIndex++;
                position = 0;
                continue;
            }

            final long page = root.directory().pageAt(position);
            final int pushed = walkPage(root, page);
            if (pushed < 0)
            {
                break;
            }

            work += pushed + PAGE_COST;
            // The next page in the order of positions: whatever is split or merged meanwhile, its buckets are
            // stamped before, and the positions stay.
            position = Page.start(page) + HashOrder.pageSpan(Page.depth(page));
        }

        return work;
    }

    /**
     * Writer: nobody wants it any more. The walk, unless it is complete, goes on, stamping only; what is queued is
     * dropped by {@link #drain}, and the sink hears no more of this cut but what it is being told right now.
     */
    public void abort()
    {
        isAborted = isRunning;
        abortedNumber = number;
    }

    /** Snapshotter: receives batches in order. */
    public interface Sink
    {
        /** Called before the first record of another database number than the last record's. */
        void onDatabase(int index, long keys, long volatileKeys);

        /**
         * One entry; immutable, and valid until the next call of {@link Cut#drain}.
         *
         * @return false to have no more for now: drain returns after this entry.
         */
        boolean onEntry(long entry);

        /** The walk is complete: every key of the cut has been reported. */
        void onEnd();
    }

    /** Snapshotter: pop at most about {@code maxEntries}; returns how many entries and marks were popped. */
    public int drain(final Sink sink, final int maxEntries)
    {
        // Read before the look at the ring: what is pushed after that look was reachable in this epoch or later.
        final long current = epochs.currentAcquire();
        if (0 == ring.size())
        {
            announcedEpoch = current;
            return 0;
        }

        this.sink = sink;
        drained = 0;
        drainLimit = maxEntries;
        ring.controlledRead(handler, Integer.MAX_VALUE);
        return drained;
    }

    /** About how many references are queued; any thread. */
    public long queuedEntries()
    {
        return ring.size() / QUEUED_BYTES_PER_ENTRY;
    }

    /**
     * Called by the writer when a forced push meets a full ring: in shared mode it runs the snapshotter, in dedicated
     * mode it wakes it and spins. It must return only when there is room, or after {@link #abort}.
     */
    public void onRingFull(final Runnable action)
    {
        ringFullAction = action;
    }

    @Override
    public long oldestEpochHeld()
    {
        return 0 == ring.size() ? Long.MAX_VALUE : announcedEpoch;
    }

    /** Writer: the one that runs, if one does, was given up. */
    boolean isAborted()
    {
        return isAborted;
    }

    /** Writer: the stamp of buckets that the running cut has left; of all buckets if none runs. */
    int stamp()
    {
        return stamp;
    }

    /** Writer: must be called before the slots of a bucket change. */
    void beforeChange(final HashIndex index, final long bucket)
    {
        if (stamp != Bucket.stamp(Bucket.control(bucket)))
        {
            leave(index, bucket, true);
        }
    }

    /** Writer: must be called before a page is replaced. */
    void beforeChangeOfPage(final HashIndex index, final long page)
    {
        if (isRunning)
        {
            leavePage(index, page, true);
        }
    }

    /** Writer: true while the walk has not left this index. */
    boolean holds(final HashIndex index)
    {
        if (isRunning && !isAborted)
        {
            for (int i = rootIndex; i < rootCount; i++)
            {
                if (index == roots[i])
                {
                    return true;
                }
            }
        }

        return false;
    }

    /** Writer: true if neither walk nor snapshotter holds any entry. */
    boolean isIdle()
    {
        return !isRunning && 0 == ring.size();
    }

    void close()
    {
        Memory.release(ringAddress);
    }

    /** References pushed, or -1 if the ring was full before the whole page was left. */
    private int walkPage(final HashIndex index, final long page)
    {
        return leavePage(index, page, false);
    }

    private int leavePage(final HashIndex index, final long page, final boolean isForced)
    {
        int pushed = 0;
        for (int i = 0; i < Page.BUCKETS; i++)
        {
            final int count = leaveUnlessStamped(index, Page.bucket(page, i), isForced);
            if (count < 0)
            {
                return -1;
            }

            pushed += count;
        }

        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                final int count = leaveUnlessStamped(index, Page.stashBucket(group, i), isForced);
                if (count < 0)
                {
                    return -1;
                }

                pushed += count;
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return pushed;
            }
        }
    }

    private int leaveUnlessStamped(final HashIndex index, final long bucket, final boolean isForced)
    {
        return stamp == Bucket.stamp(Bucket.control(bucket)) ? 0 : leave(index, bucket, isForced);
    }

    /** Push the references of a bucket and stamp it; how many, or -1 if the ring is full and the push not forced. */
    private int leave(final HashIndex index, final long bucket, final boolean isForced)
    {
        int count = 0;
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            final int ref = Bucket.ref(bucket, slot);
            bucketRefs[count] = ref;
            count += OffHeap.NULL_REF == ref ? 0 : 1;
        }

        if (count > 0 && !isAborted)
        {
            final int claimed = claim(BUCKET, REFS_OFFSET + 4 * count, isForced);
            if (claimed > 0)
            {
                final AtomicBuffer buffer = ring.buffer();
                buffer.putInt(claimed + DATABASE_OFFSET, index.cutDatabase());
                for (int i = 0; i < count; i++)
                {
                    buffer.putInt(claimed + REFS_OFFSET + 4 * i, bucketRefs[i]);
                }

                ring.commit(claimed);
            }
            else if (!isForced)
            {
                return -1;
            }
        }

        Bucket.stamp(bucket, stamp);
        return count;
    }

    private void pushCounts()
    {
        final int begin = claim(BEGIN, DATABASE_OFFSET, true);
        if (begin > 0)
        {
            ring.commit(begin);
        }

        for (int i = 0; i < rootCount; i++)
        {
            final int claimed = 0 == roots[i].size() ? 0 : claim(COUNTS, COUNTS_LENGTH, true);
            if (claimed > 0)
            {
                final AtomicBuffer buffer = ring.buffer();
                buffer.putInt(claimed + DATABASE_OFFSET, roots[i].cutDatabase());
                buffer.putLong(claimed + KEYS_OFFSET, roots[i].size());
                buffer.putLong(claimed + VOLATILE_KEYS_OFFSET, roots[i].volatileKeys());
                ring.commit(claimed);
            }
        }
    }

    private boolean tryPushEnd()
    {
        final int claimed = claim(END, DATABASE_OFFSET, false);
        if (claimed > 0)
        {
            ring.commit(claimed);
        }

        return claimed > 0;
    }

    /** Room for a message with its number and epoch set; not positive if there is none, or the cut was aborted. */
    private int claim(final int type, final int length, final boolean isForced)
    {
        int claimed = ring.tryClaim(type, length);
        while (claimed <= 0 && isForced && !isAborted)
        {
            Check.that(null != ringFullAction, "nobody drains the cut: number, type", number, type);
            ringFullAction.run();
            claimed = isAborted ? 0 : ring.tryClaim(type, length);
        }

        if (claimed > 0)
        {
            final AtomicBuffer buffer = ring.buffer();
            buffer.putLong(claimed + CUT_OFFSET, number);
            buffer.putLong(claimed + EPOCH_OFFSET, epochs.current());
        }

        return claimed;
    }

    private ControlledMessageHandler.Action onMessage(
        final int type, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        announcedEpoch = buffer.getLong(offset + EPOCH_OFFSET);
        if (buffer.getLong(offset + CUT_OFFSET) > abortedNumber)
        {
            switch (type)
            {
                case BEGIN -> {
                    database = NO_DATABASE;
                    counts.clear();
                }
                case COUNTS -> counts.put(
                    buffer.getInt(offset + DATABASE_OFFSET),
                    new long[]{buffer.getLong(offset + KEYS_OFFSET), buffer.getLong(offset + VOLATILE_KEYS_OFFSET)});
                case BUCKET -> {
                    if (!onBucket(buffer, offset, length))
                    {
                        // Stays in the ring, so that its entries stay too; comes again at the next drain.
                        return ControlledMessageHandler.Action.ABORT;
                    }
                }
                default -> sink.onEnd();
            }
        }

        taken = 0;
        drained++;
        return drained < drainLimit ? ControlledMessageHandler.Action.CONTINUE : ControlledMessageHandler.Action.BREAK;
    }

    /** False if the sink wants a pause: the message has not been left. */
    private boolean onBucket(final MutableDirectBuffer buffer, final int offset, final int length)
    {
        final int bucketDatabase = buffer.getInt(offset + DATABASE_OFFSET);
        if (database != bucketDatabase)
        {
            database = bucketDatabase;
            final long[] known = counts.get(database);
            sink.onDatabase(database, known[0], known[1]);
        }

        // The misses of a bucket's entries overlap, where the sink would take them one by one.
        int sum = 0;
        for (int at = REFS_OFFSET + 4 * taken; at < length; at += 4)
        {
            sum += Memory.getByte(memory.address(buffer.getInt(offset + at)));
        }

        // Then those of what lies behind their first cache lines.
        for (int at = REFS_OFFSET + 4 * taken; at < length; at += 4)
        {
            sum += touchValue(memory.address(buffer.getInt(offset + at)));
        }

        touched += sum;
        for (int at = REFS_OFFSET + 4 * taken; at < length; at += 4)
        {
            taken++;
            drained++;
            if (!sink.onEntry(memory.address(buffer.getInt(offset + at))))
            {
                return false;
            }
        }

        return true;
    }

    /** Load the value of an entry whose first cache line is there, as far as it is worth it. */
    private static int touchValue(final long entry)
    {
        final long value = Entry.value(entry);
        final long end = value + Math.min(ValueLayout.of(Entry.type(entry)).headLength(value), TOUCHED_MAX);
        int sum = 0;
        for (long at = entry + CACHE_LINE; at < end; at += CACHE_LINE)
        {
            sum += Memory.getByte(at);
        }

        return sum;
    }
}
