package org.millrace.engine.command;

import java.nio.ByteBuffer;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.interest.KeySignals;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.ValueRuns;

/**
 * What the writer thread of a node has one of, and shares between the node, {@link CommandGate}, {@link
 * CommandExecutor} and all frames of running commands: the data set in service, the stream, options, counters, the time.
 * Handlers see of it what {@link CommandContext} shows them.
 */
public final class WriterState
{
    private static final long NS_PER_MS = 1_000_000;

    private final ByteBuffer scratch = ByteBuffer.allocateDirect(CommandContext.SCRATCH_LENGTH);
    private final long scratchAddress = Memory.address(scratch);
    private final ReplicationStream stream;
    private final Settings settings;
    private final KeySignals keySignals;
    private final KeyEvents events;
    private final ReplicationRole role;
    private final EventLog log;
    private final Statistics statistics;
    private final ReplicaKeys replicaKeys = new ReplicaKeys();
    private final ReadGate readGate = new ReadGate();
    private final FieldExpiry fieldExpiry = new FieldExpiry(this);
    private ClientCaches caches = ClientCaches.NONE;
    private DataSet data;
    private Values values;
    private StringEditor editor;
    private EntryBuilder builder;
    private ValueRuns runs;
    private CommandTable names;
    private long nowMs;
    private long nowNs;
    private long steadyMs;
    private long randomState = 1;
    private boolean isPaused;

    public WriterState(
        final DataSet data,
        final ReplicationStream stream,
        final Settings settings,
        final KeySignals keySignals,
        final KeyEvents events,
        final ReplicationRole role,
        final EventLog log,
        final Statistics statistics)
    {
        this.stream = stream;
        this.settings = settings;
        this.keySignals = keySignals;
        this.events = events;
        this.role = role;
        this.log = log;
        this.statistics = statistics;
        data(data);
    }

    /** The data set in service. */
    public DataSet data()
    {
        return data;
    }

    /** Another data set takes over. */
    public void data(final DataSet newData)
    {
        data = newData;
        newData.thresholds(settings.thresholds);
        newData.clockRules(settings.clock);
        values = Values.of(newData);
        editor = new StringEditor(newData);
        builder = new EntryBuilder(editor);
        runs = new ValueRuns(newData.memory());
    }

    StringEditor editor()
    {
        return editor;
    }

    /** What collections of the data set in service are looked at and changed with. */
    public Values values()
    {
        return values;
    }

    EntryBuilder builder()
    {
        return builder;
    }

    ValueRuns runs()
    {
        return runs;
    }

    public ReplicationStream stream()
    {
        return stream;
    }

    public Settings settings()
    {
        return settings;
    }

    /** Where changes of keys are told to those who watch them or wait for them. */
    public KeySignals keySignals()
    {
        return keySignals;
    }

    /** Before the first command: there are clients that may keep copies. */
    public void caches(final ClientCaches ofClients)
    {
        caches = ofClients;
    }

    /** What is told of keys that have been read. */
    ClientCaches caches()
    {
        return caches;
    }

    public ReplicationRole role()
    {
        return role;
    }

    public EventLog log()
    {
        return log;
    }

    public Statistics statistics()
    {
        return statistics;
    }

    /** What clients have written to this replica. */
    public ReplicaKeys replicaKeys()
    {
        return replicaKeys;
    }

    /** What reader threads ask whether they may serve. */
    public ReadGate readGate()
    {
        return readGate;
    }

    /** Work memory of {@link CommandContext#SCRATCH_LENGTH} bytes, whoever runs. */
    long scratch()
    {
        return scratchAddress;
    }

    /** One cached clock for a unit, set by the duty cycle, and between units that take long. */
    public void time(final long wallMs, final long monotonicNs)
    {
        nowMs = wallMs;
        nowNs = monotonicNs;
        steadyMs = monotonicNs / NS_PER_MS;
    }

    /** Wall clock, epoch ms, the same during one unit. */
    public long nowMs()
    {
        return nowMs;
    }

    public long nowNs()
    {
        return nowNs;
    }

    /** Monotonic time in ms, for timeouts and ages: somebody may set the wall clock. */
    public long steadyMs()
    {
        return steadyMs;
    }

    /** While writes are paused nothing expires: expired keys just look missing. */
    public void paused(final boolean paused)
    {
        isPaused = paused;
    }

    /**
     * A unit has ended, and its replies are written: who waits for keys that it fed is served. Not while writes are paused,
     * when the stream must not grow: then once the pause has ended.
     */
    public void unitEnded()
    {
        if (!isPaused)
        {
            keySignals.unitEnded();
        }
    }

    /** True if an expired key that is met is to be removed: by a primary, unless writes are paused. */
    boolean isExpiring()
    {
        return !role.isReplica() && !isPaused;
    }

    /** Start of the sequence of {@link #random()}: from the node's entropy, or the simulator's seed. */
    public void seed(final long seed)
    {
        randomState = seed;
    }

    /** Evenly spread bits for RANDOMKEY and the like; not for secrets. */
    public long random()
    {
        randomState += 0x9E37_79B9_7F4A_7C15L;
        long mixed = (randomState ^ randomState >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }

    /** True if effects of commands are to be encoded: a primary with a ring. */
    public boolean isPropagating()
    {
        return stream.isActive() && !role.isReplica();
    }

    /** Commands have other names than their own: {@code rename-command}. The table says which. */
    public void renamed(final CommandTable table)
    {
        names = table;
    }

    /** What the stream calls a command. @param command its own name, in any case. */
    String streamName(final String command)
    {
        return null == names ? command : names.streamName(command);
    }

    void notify(
        final int eventClass, final String event, final int database, final long keyAddress, final int keyLength)
    {
        if (0 != (settings.notifyEvents & eventClass))
        {
            events.publish(eventClass, event, database, keyAddress, keyLength);
        }
    }

    /** Takes out fields of hashes whose time is over. */
    public FieldExpiry fieldExpiry()
    {
        return fieldExpiry;
    }

    /** Remove an expired key: the deletion goes into the open unit of the stream, or opens one. */
    public void expire(final Keyspace keyspace, final long entry)
    {
        statistics.expiredKeys++;
        statistics.dirty++;
        remove(keyspace, entry, KeyEvents.EXPIRED, "expired", settings.lazyExpire);
    }

    /** Remove a key to make room: its deletion is a unit of its own, and none must be open. */
    public void evict(final Keyspace keyspace, final long entry)
    {
        statistics.evictedKeys++;
        remove(keyspace, entry, KeyEvents.EVICTED, "evicted", settings.lazyEviction);
        stream.endUnit();
    }

    private void remove(
        final Keyspace keyspace, final long entry, final int eventClass, final String event, final boolean isLazy)
    {
        final int database = keyspace.index();
        final long keyAddress = Entry.keyAddress(entry);
        final int keyLength = Entry.keyLength(entry);
        if (isPropagating())
        {
            propagateRemoval(database, keyAddress, keyLength, isLazy);
        }

        notify(eventClass, event, database, keyAddress, keyLength);
        keySignals.removing(database, keyAddress, keyLength);
        keyspace.remove(keyAddress, keyLength);
    }

    /** Put the deletion of a key that has expired into the stream: {@link #isPropagating}. */
    public void propagateExpiry(final int database, final long keyAddress, final int keyLength)
    {
        propagateRemoval(database, keyAddress, keyLength, settings.lazyExpire);
    }

    private void propagateRemoval(
        final int database, final long keyAddress, final int keyLength, final boolean isLazy)
    {
        stream.beginCommand(database, 2);
        stream.arg(streamName(isLazy ? "UNLINK" : "DEL"));
        stream.arg(keyAddress, keyLength);
    }
}
