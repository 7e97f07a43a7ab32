package org.millrace.engine.node;

import java.util.function.LongSupplier;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.node.clients.Clients;
import org.millrace.engine.script.Scripts;

/**
 * Memory in bytes, in the terms of INFO memory and MEMORY STATS. The allocator is that of the data, off-heap; what the
 * process holds besides (the JVM with its heap and code, mapped files) counts as neither used nor lost: so the ratio of
 * fragmentation says what it says of Redis, how many times as much is resident as is needed. Writer thread.
 */
final class MemoryFigures
{
    private final NodeHost host;
    private final NodeData data;
    private final LongSupplier backlog;
    private final LongSupplier backlogSize;
    private final Clients clients;
    private final long startup;
    private long peak;
    private long resident;

    /** Null for none. */
    private Scripts scripts;

    /**
     * @param backlog bytes of replication stream that are kept.
     * @param backlogSize that are kept if nobody needs more.
     */
    MemoryFigures(
        final NodeHost host,
        final NodeData data,
        final LongSupplier backlog,
        final LongSupplier backlogSize,
        final Clients clients)
    {
        this.backlogSize = backlogSize;
        this.host = host;
        this.data = data;
        this.backlog = backlog;
        this.clients = clients;
        startup = allocated();
    }

    /** Before anybody asks: what is known of scripts and functions. */
    void scripts(final Scripts known)
    {
        scripts = known;
    }

    /** Bytes of scripts that are kept for EVALSHA, compiled or not. On the heap, and not part of {@link #used}. */
    long scripts()
    {
        return null == scripts ? 0 : scripts.cacheBytes();
    }

    int scriptCount()
    {
        return null == scripts ? 0 : scripts.cachedScripts();
    }

    /** The same of function libraries. */
    long functions()
    {
        return null == scripts ? 0 : scripts.libraryBytes();
    }

    int functionCount()
    {
        return null == scripts ? 0 : scripts.functions();
    }

    int libraryCount()
    {
        return null == scripts ? 0 : scripts.libraries();
    }

    /** Once a second: so that a peak is seen that nobody has asked about. */
    void sample()
    {
        peak = Math.max(peak, used());
    }

    /** Before the others are read: look anew at what the system says. */
    void refresh()
    {
        sample();
        resident = host.residentBytes();
    }

    /** Data with their index and deadlines, buffers of clients and what they may have in caches, backlog. */
    long used()
    {
        return allocated() + clients() + clients.tracking().bytes() + backlog.getAsLong();
    }

    long peak()
    {
        return peak;
    }

    /** What the empty data set took. */
    long startup()
    {
        return startup;
    }

    /** Of the process as the system counts it; 0 if it does not say. */
    long resident()
    {
        return resident;
    }

    long backlog()
    {
        return backlog.getAsLong();
    }

    /** What the backlog holds beyond its size, for replicas that lag: they have no buffers, but places in it. */
    long replicas()
    {
        return Math.max(0, backlog() - backlogSize.getAsLong());
    }

    /** What clients take. */
    long clients()
    {
        return clients.bytes();
    }

    int clientCount()
    {
        return clients.size();
    }

    /** Keys and values. */
    long dataset()
    {
        final DataSet set = data.current();
        return set.memory().usedBytes(MemoryTag.ENTRY) + set.memory().usedBytes(MemoryTag.CHUNK);
    }

    long overhead()
    {
        return used() - dataset();
    }

    /** Part of the data in what has been used since the start, per cent. */
    double datasetPercent()
    {
        final long grown = used() - startup;
        return grown <= 0 ? 0 : Math.min(100.0, 100.0 * dataset() / grown);
    }

    double peakPercent()
    {
        return 0 == peak ? 0 : 100.0 * used() / peak;
    }

    /** Bytes of blocks in use. */
    long allocated()
    {
        return data.current().memory().usedBytes();
    }

    /** Bytes of the slabs in which there is such a block. */
    long active()
    {
        return data.current().memory().heldBytes();
    }

    /** Bytes of all slabs that are or have been in use and were not given back. */
    long allocatorResident()
    {
        return data.current().memory().touchedBytes();
    }

    /** Bytes of the process that are not the allocator's: the JVM, the mapped backlog, images. */
    long overheadOfProcess()
    {
        return Math.max(0, resident - allocatorResident());
    }

    /** Resident bytes that nobody needs. */
    long fragmentation()
    {
        return resident() - needed();
    }

    double fragmentationRatio()
    {
        return 0 == resident ? 1 : ratio(resident, needed());
    }

    private long needed()
    {
        return allocated() + overheadOfProcess();
    }

    static double ratio(final long bytes, final long ofBytes)
    {
        return 0 == ofBytes ? 0 : (double)bytes / ofBytes;
    }
}
