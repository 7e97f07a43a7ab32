package org.millrace.engine.keyspace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.CloseHelper;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Pins;
import org.millrace.engine.tree.TreeRelease;
import org.millrace.engine.value.Thresholds;

/**
 * The databases of one node with the memory they share, reclamation, expiry index and the running cut. Owned by the
 * writer thread.
 */
public final class DataSet implements AutoCloseable
{
    /** Retired bytes that may wait for readers before readers that stall are expelled. */
    private static final long RETIRED_BYTES_MAX = 64L << 20;

    /** Retired bytes that readers of values in place may hold back before writes are refused. */
    private static final long HELD_BYTES_MAX = 256L << 20;

    /** Databases that one call of {@link #expireDue} turns to. */
    private static final int EXPIRE_ROUNDS = 16;

    /** What became of a block that was to be moved. */
    static final int RELOCATED = 0;
    static final int NOT_AN_ENTRY = 1;
    static final int NO_MEMORY = 2;

    private static final int CLOSE_SPINS = 100_000_000;

    private final OffHeap memory;
    private final Epochs epochs;
    private final Pins pins = new Pins();
    private final EntryStore entries;
    private final DueEntries dueEntries;
    private final Cut cut;
    private final Compactor compactor;
    private final Clearance clearance;
    private FunctionLibraries functions = new KeptLibraries();
    private final long hashSeed;
    /** Made when they are first asked for: there may be a million, and few of them used. */
    private final Keyspace[] keyspaces;

    /** Those with an index of their own, in no order. */
    private final ArrayList<Keyspace> used = new ArrayList<>();

    /** The index of all others: it is empty, and nothing is ever added to it. */
    private final HashIndex emptyIndex;

    /** One word a database, the root word of its directory: where readers start. */
    private final long rootTable;

    /** The last that was opened in each slot. */
    private final KeyReader[] readers = new KeyReader[Epochs.SLOTS + 1];
    private final KeySampler sampler = new KeySampler();
    private final ArrayDeque<HashIndex> detached = new ArrayDeque<>();
    private Thresholds thresholds = new Thresholds();
    private ClockRules clockRules = new ClockRules();
    private AutoCloseable companion;
    private long releasePosition;

    /** About what is to be given back of the detached indexes. */
    private long detachedBytes;

    /** No key, and no field of a hash, has a deadline before this. */
    private long deadlineBoundMs = Long.MAX_VALUE;

    /** @param hashSeed keys the hash of key names: random per process, an argument in the simulator. */
    public DataSet(final OffHeap memory, final int databases, final long hashSeed)
    {
        this(memory, databases, hashSeed, RETIRED_BYTES_MAX);
    }

    /** @param retiredBytesMax bytes waiting for readers beyond which readers are expelled, see {@link Epochs}. */
    public DataSet(final OffHeap memory, final int databases, final long hashSeed, final long retiredBytesMax)
    {
        this(memory, databases, hashSeed, retiredBytesMax, HELD_BYTES_MAX);
    }

    /** @param heldBytesMax bytes waiting for a reader that stays beyond which {@link #holdingReader} names it. */
    public DataSet(
        final OffHeap memory,
        final int databases,
        final long hashSeed,
        final long retiredBytesMax,
        final long heldBytesMax)
    {
        this.memory = memory;
        this.hashSeed = hashSeed;
        epochs = new Epochs(memory, retiredBytesMax, heldBytesMax);
        entries = new EntryStore(memory, epochs, pins, hashSeed);
        dueEntries = new DueEntries(memory);
        cut = new Cut(this, memory, epochs);
        epochs.holder(cut);
        compactor = new Compactor(this, epochs);
        clearance = new Clearance(this);
        keyspaces = new Keyspace[databases];
        rootTable = Memory.reserve(8L * databases);
        emptyIndex = createIndex();
        Check.that(null != emptyIndex, "no memory for an empty database: limit, databases", memory.maxBytes(),
            databases);
        for (int i = 0; i < databases; i++)
        {
            Memory.putLong(rootCell(i), emptyIndex.directory().rootWord());
        }
    }

    public OffHeap memory()
    {
        return memory;
    }

    /** Makes the entries that {@link Keyspace#put} publishes. */
    public EntryStore entries()
    {
        return entries;
    }

    /** From where on collections are told to be large. */
    public Thresholds thresholds()
    {
        return thresholds;
    }

    /** Those of the node that this data set is to be of. */
    public void thresholds(final Thresholds value)
    {
        thresholds = value;
    }

    /** What access clocks of entries are to tell. */
    public ClockRules clockRules()
    {
        return clockRules;
    }

    /** Those of the node that this data set is to be of. */
    public void clockRules(final ClockRules value)
    {
        clockRules = value;
    }

    /** What was given to be closed with the data set, or null. */
    public AutoCloseable companion()
    {
        return companion;
    }

    /** Close this with the data set: what those above keep for it. At most one. */
    public void companion(final AutoCloseable value)
    {
        Check.that(null == companion, "a data set has a companion already: databases, 0", keyspaces.length, 0);
        companion = value;
    }

    /** What belongs to the data set beside its keys. */
    public FunctionLibraries functions()
    {
        return functions;
    }

    /** Before anything is loaded: what takes them in. */
    public void functions(final FunctionLibraries value)
    {
        functions = value;
    }

    public int databases()
    {
        return keyspaces.length;
    }

    public Keyspace keyspace(final int index)
    {
        final Keyspace known = keyspaces[index];
        return null == known ? addKeyspace(index) : known;
    }

    private Keyspace addKeyspace(final int index)
    {
        keyspaces[index] = new Keyspace(this, memory, entries, index, emptyIndex);
        return keyspaces[index];
    }

    /** The databases that hold keys, in the order of their numbers; a list of the caller's own. */
    public List<Keyspace> occupied()
    {
        final List<Keyspace> found = new ArrayList<>(used);
        found.removeIf((keyspace) -> 0 == keyspace.size());
        found.sort(Comparator.comparingInt(Keyspace::index));
        return found;
    }

    /** Databases that hold keys, or have held some since they were emptied as a whole. */
    public int usedCount()
    {
        return used.size();
    }

    /** One of them, in no order. @param number from 0 on. */
    public Keyspace used(final int number)
    {
        return used.get(number);
    }

    /** Keys with a deadline, of all databases. */
    public long volatileKeys()
    {
        long keys = 0;
        for (int i = 0; i < used.size(); i++)
        {
            keys += used.get(i).volatileKeys();
        }

        return keys;
    }

    /** Keys of all databases, expired ones that nobody has removed yet included. */
    public long size()
    {
        long size = 0;
        for (int i = 0; i < used.size(); i++)
        {
            size += used.get(i).size();
        }

        return size;
    }

    /** A database is about to hold its first key: give it an index of its own; false if memory ran out. */
    boolean giveIndex(final Keyspace keyspace)
    {
        final HashIndex index = createIndex();
        if (null == index)
        {
            return false;
        }

        keyspace.hashIndex(index, false);
        publishRoot(keyspace);
        used.add(keyspace);
        return true;
    }

    /** Some entry is due then, {@link Entry#dueMs}, from now on. */
    void due(final long dueMs)
    {
        if (Entry.NO_DEADLINE != dueMs && dueMs < deadlineBoundMs)
        {
            deadlineBoundMs = dueMs;
        }
    }

    /** Hashes of all databases that have fields with a deadline. */
    public long expiringHashes()
    {
        long count = 0;
        for (int i = 0; i < used.size(); i++)
        {
            count += used.get(i).expiringHashes();
        }

        return count;
    }

    /** Let readers find the index that a database has now. */
    private void publishRoot(final Keyspace keyspace)
    {
        final long cell = rootCell(keyspace.index());
        if (keyspace.isIndexShared())
        {
            Memory.putLongRelease(cell, emptyIndex.directory().rootWord());
        }
        else
        {
            keyspace.hashIndex().directory().rootCell(cell);
        }
    }

    /** SWAPDB. */
    public void swap(final int a, final int b)
    {
        final Keyspace first = keyspace(a);
        final Keyspace second = keyspace(b);
        keyspaces[a] = second;
        keyspaces[b] = first;
        first.number(b);
        second.number(a);
        publishRoot(second);
        publishRoot(first);
    }

    /** Empty one database: its index is detached now and freed in {@link #doWork}, or once a cut has left it. */
    public void flush(final int index)
    {
        final Keyspace keyspace = keyspace(index);
        if (keyspace.size() > 0)
        {
            // Who had how much is not known: as much as others, key for key.
            detachedBytes += (long)((double)liveBytes() * keyspace.size() / size());
            detach(keyspace);
            used.remove(keyspace);
        }
    }

    private void detach(final Keyspace keyspace)
    {
        final HashIndex full = keyspace.hashIndex();
        full.detach();
        detached.add(full);
        keyspace.hashIndex(emptyIndex, true);
        publishRoot(keyspace);
    }

    /** Empty all; a running cut must have been aborted before. */
    public void flushAll()
    {
        Check.that(!cut.isRunning() || cut.isAborted(), "all databases emptied while a cut runs: databases, stamp",
            used.size(), cut.stamp());
        detachedBytes += used.isEmpty() ? 0 : liveBytes();
        // No lambda: it would be made at the first FLUSHALL, which takes milliseconds.
        for (int i = 0; i < used.size(); i++)
        {
            detach(used.get(i));
        }

        used.clear();
    }

    /** Move an entry to another key and database, over what is there; false: no memory, nothing changed. */
    public boolean move(
        final Keyspace from, final long entry, final Keyspace to, final long keyAddress, final int keyLength)
    {
        if (from == to && Entry.hasKey(entry, keyAddress, keyLength))
        {
            return true;
        }

        final int ref = entries.allocateSharing(entry, keyAddress, keyLength, Entry.deadlineMs(entry));
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        if (!to.putMoved(ref))
        {
            entries.takeBack(entry);
            return false;
        }

        entries.retireHead(from.unlink(Entry.keyAddress(entry), Entry.keyLength(entry)));
        return true;
    }

    /** True if nothing that {@link #flushAll} has put aside is still to be given back. */
    public boolean isReleased()
    {
        return detached.isEmpty() && entries.release().isIdle();
    }

    /** What waits to be given back in steps: large values, about, and databases that were emptied. */
    public int valuesWaiting()
    {
        return entries.release().waiting() + detached.size();
    }

    /** Large values that were, or will be, given back in steps, since the data set was made. */
    public long valuesReleased()
    {
        return entries.release().total();
    }

    /**
     * Memory is short: give back some of what waits for its turn in {@link #doWork}; some 30 us.
     *
     * @return false if nothing waits, but what a cut still needs.
     */
    public boolean releaseSome()
    {
        return entries.release().step(TreeRelease.STEP) + releaseDetached() > 0;
    }

    /**
     * Bytes of keys, values and index, without what has been deleted or replaced: that may take memory for a while still,
     * for readers and cuts that look at it, or until its turn has come to be given back, but nobody can free more by
     * deleting other keys. Exact but for databases that were emptied as a whole, of which it knows about how much.
     */
    public long liveBytes()
    {
        return memory.usedBytes() - epochs.retiredBytes() - entries.release().waitingBytes() - detachedBytes;
    }

    /** True if there is a key in any database. */
    public boolean hasKeys()
    {
        return size() > 0;
    }

    /** Free retired and detached memory, a bounded step. @return work count. */
    public int doWork()
    {
        if (cut.isIdle())
        {
            epochs.holderActive(false);
            cut.unpin();
        }

        return entries.release().step(TreeRelease.STEP) + epochs.reclaim() + releaseDetached();
    }

    /**
     * Gather memory that is free in pieces, a bounded step; between commands, and not while a data set is loaded into
     * this one. @return work count.
     */
    public int compact(final long steadyMs)
    {
        return cut.isIdle() && detached.isEmpty() ? compactor.doWork(steadyMs) : 0;
    }

    /** True while memory is being gathered. */
    public boolean isCompacting()
    {
        return compactor.isRunning();
    }

    /** Entries moved to gather memory. */
    public long entriesMoved()
    {
        return compactor.moved();
    }

    /** Nodes of large values moved to gather memory. */
    public long nodesMoved()
    {
        return compactor.nodesMoved();
    }

    /** Blocks looked at that were no entries, or could not be moved. */
    public long blocksNotMoved()
    {
        return compactor.skipped();
    }

    /** Move what stands in this block elsewhere, if it is an entry. */
    int relocate(final int ref)
    {
        final Keyspace owner = owner(ref);
        return null == owner ? NOT_AN_ENTRY : relocate(owner, memory.address(ref));
    }

    /** Move this entry elsewhere. */
    static int relocate(final Keyspace keyspace, final long entry)
    {
        return Entry.NO_ENTRY == keyspace.withDeadline(entry, Entry.deadlineMs(entry)) ? NO_MEMORY : RELOCATED;
    }

    /** The database that has what stands in this block as an entry, or null. */
    Keyspace owner(final int ref)
    {
        for (final Keyspace keyspace : used)
        {
            if (keyspace.size() > 0 && keyspace.isEntry(ref))
            {
                return keyspace;
            }
        }

        return null;
    }

    /** Empties a slab, be it by deleting what is in there. */
    public Clearance clearance()
    {
        return clearance;
    }

    /** Gather memory from so many free bytes in pieces on; some megabytes unless said otherwise. */
    public void compactFrom(final long bytes)
    {
        compactor.slackMin(bytes);
    }

    /** Earliest deadline that any key or field may have, or Long.MAX_VALUE: a lower bound. */
    public long nextDeadlineMs()
    {
        return deadlineBoundMs;
    }

    /**
     * Report keys whose deadline, or that of a field, is at or before {@code nowMs}, earliest pages first, at most about
     * {@code limit}. The visitor removes each, or its fields (or leaves it: it is then reported again by a later call).
     */
    public int expireDue(final long nowMs, final int limit, final EntryVisitor visitor)
    {
        int reported = 0;
        for (int i = 0; i < EXPIRE_ROUNDS && reported < limit; i++)
        {
            // The earliest first, so that no flood in one database holds up another for ever.
            final Keyspace earliest = earliest();
            deadlineBoundMs = null == earliest ? Long.MAX_VALUE : earliest.nextDeadlineMs();
            if (deadlineBoundMs > nowMs)
            {
                return reported;
            }

            reported += dueEntries.report(earliest, nowMs, limit - reported, visitor);
        }

        return reported;
    }

    /** The database with the earliest deadline, or null if none has keys. */
    private Keyspace earliest()
    {
        Keyspace earliest = null;
        for (int i = 0; i < used.size(); i++)
        {
            final Keyspace keyspace = used.get(i);
            if (null == earliest || keyspace.nextDeadlineMs() < earliest.nextDeadlineMs())
            {
                earliest = keyspace;
            }
        }

        return earliest;
    }

    /** A reader for one foreign thread; explicit, closeable. Opened by the writer thread. Null: all slots are taken. */
    public KeyReader openReader()
    {
        return openReader("");
    }

    /** As {@link #openReader()}. @param name of the reader for people. */
    public KeyReader openReader(final String name)
    {
        final long slot = epochs.open(name);
        return 0 == slot ? null : newReader(slot);
    }

    /** As {@link #openReader}, for a thread of the node itself: never expelled, so it may look at entries in place. */
    public KeyReader openPinnedReader()
    {
        final long slot = epochs.openPinned();
        return 0 == slot ? null : newReader(slot);
    }

    private KeyReader newReader(final long slot)
    {
        final KeyReader reader = new KeyReader(
            memory, epochs, slot, rootTable, keyspaces.length, hashSeed, clockRules, new ViewPin(this));
        readers[epochs.number(slot)] = reader;
        return reader;
    }

    /** Let the keys that readers have used count as used. @return work count. */
    public int takeUses(final long nowMs, final long random)
    {
        int taken = 0;
        for (final KeyReader reader : readers)
        {
            taken += null == reader ? 0 : reader.uses().take(this, sampler, nowMs, random);
        }

        return taken;
    }

    /** True while a reader has not been closed: then this data set must not be closed either. */
    public boolean hasReaders()
    {
        return epochs.hasOpenSlots();
    }

    /**
     * Readers may not look at this data set any more; to be asked until all have left.
     *
     * @return name of one that has not left, or null: the data set may be closed.
     */
    public String shutReaders()
    {
        epochs.shut();
        return epochs.readerInside();
    }

    /** A reader of values in place that keeps so much from being freed that writes must wait for it, or null. */
    public String holdingReader()
    {
        return epochs.holdingReader();
    }

    /** The point-in-time walk over this data set. */
    public Cut cut()
    {
        return cut;
    }

    /** Bytes that wait for readers or the snapshotter before they can be used again. */
    public long retiredBytes()
    {
        return epochs.retiredBytes();
    }

    /**
     * Give all memory back, key by key; readers are gone or leave soon, the snapshotter has stopped. To drop a data
     * set with a memory of its own, {@link #discard} and close the memory.
     */
    @Override
    public void close()
    {
        awaitReaders();
        for (final Keyspace keyspace : used)
        {
            keyspace.hashIndex().detach();
            detached.add(keyspace.hashIndex());
        }

        emptyIndex.detach();
        detached.add(emptyIndex);

        while (!detached.isEmpty())
        {
            releaseStep();
        }

        entries.release().finish();
        discard();
    }

    /** Give back what is not in the memory of this data set; the memory itself is closed next. */
    public void discard()
    {
        awaitReaders();
        CloseHelper.close(companion);
        entries.trees().close();
        epochs.close();
        cut.close();
        Memory.release(rootTable);
    }

    /** Who may see which nodes. */
    Pins pins()
    {
        return pins;
    }

    Epochs epochs()
    {
        return epochs;
    }

    private long rootCell(final int database)
    {
        return rootTable + 8L * database;
    }

    /** Those with an index of their own, in no order; not to be changed. */
    List<Keyspace> used()
    {
        return used;
    }

    private HashIndex createIndex()
    {
        return HashIndex.create(memory, epochs, cut, hashSeed);
    }

    /** A page of a detached index, if there is one that no cut needs; unless what hung on the last ones still waits. */
    private int releaseDetached()
    {
        if (detached.isEmpty() || entries.release().isFull() || cut.holds(detached.peek()))
        {
            return 0;
        }

        releaseStep();
        return 1;
    }

    private void releaseStep()
    {
        final long before = memory.usedBytes() - epochs.retiredBytes() - entries.release().waitingBytes();
        releasePosition = detached.peek().release(releasePosition, entries);
        if (1L << HashOrder.POSITION_BITS == releasePosition)
        {
            releasePosition = 0;
            detached.remove();
        }

        final long after = memory.usedBytes() - epochs.retiredBytes() - entries.release().waitingBytes();
        detachedBytes = detached.isEmpty() ? 0 : Math.max(0, detachedBytes - before + after);
    }

    private void awaitReaders()
    {
        epochs.shut();
        int spins = 0;
        while (!epochs.isQuiet())
        {
            Check.that(spins < CLOSE_SPINS, "readers stay inside while the data set closes: spins, max", spins,
                CLOSE_SPINS);
            Thread.onSpinWait();
            spins++;
        }
    }
}
