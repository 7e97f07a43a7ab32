package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandObserver;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.PeerSession;
import org.millrace.engine.command.Session;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.FunctionLibraries;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.replication.SubReplicas;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.snapshot.MemorySpoolStorage;

/** A replica half with a scripted primary, data in a map, and a clock that the test moves. */
final class ReplicaRig implements LinkHost, SubReplicas, EventLog, AutoCloseable
{
    static final String OWN_ID = "a".repeat(40);
    static final String PRIMARY_ID = "b".repeat(40);
    static final String OTHER_ID = "c".repeat(40);
    static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    final ScriptedPrimary primary = new ScriptedPrimary();
    /** What commands and loaders in this rig write to; the real data sets stay empty. */
    final TreeMap<String, String> data = new TreeMap<>();
    final TreeMap<String, String> secondData = new TreeMap<>();
    boolean hasMemoryForSecond = true;
    boolean isDiskRefusing;
    /** Old data are still being given back. */
    boolean isReleasing;
    final List<String> events = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    final List<LinkState> states = new ArrayList<>();
    final ReplicaSettings settings = new ReplicaSettings();
    final Statistics statistics = new Statistics();
    final MemorySpoolStorage spools = new MemorySpoolStorage();
    final MemorySegmentStorage storage = new MemorySegmentStorage(1 << 16);
    final ReplicationStream stream = new ReplicationStream(new ReplicationHistory(OWN_ID), 1 << 20);
    final CommandTable table = new CommandTable();
    final WriterState writer;
    final CommandExecutor executor;
    final ReplicaRole role;
    PeerSession session;
    boolean hasSubReplicas;
    long nowNs = TimeUnit.HOURS.toNanos(1);
    private long sessions = 10;
    private DataSet dataSet = newDataSet();

    ReplicaRig()
    {
        settings.port = 7000;
        registerCommands();
        writer = new WriterState(
            dataSet, stream, new Settings(), new KeyInterest(() -> dataSet, () -> 0, 1), null, null, this, statistics);
        executor = new CommandExecutor(table, writer, null, new NoObserver(), new NoClock());
        final Random random = new Random(42);
        role = new ReplicaRole(
            new ReplicaContext(
                primary, this, this, executor, stream, storage, spools, settings, this, random::nextLong),
            new ScriptedLoaders());
        states.add(LinkState.IDLE);
    }

    private void registerCommands()
    {
        for (final ReplicationWord word : ReplicationWord.values())
        {
            table.add(word.name().toLowerCase(Locale.ROOT), -1, CommandFlags.CLIENT_ONLY, Category.NONE, null)
                .replicationWord(word);
        }

        table.add("set", -3, CommandFlags.WRITE, Category.STRING,
            CommandKeys.one(KeyFlags.OVERWRITE), (context) ->
            {
                data.put(context.session().db + ":" + context.argText(1), context.argText(2));
                context.reply().ok();
            });
        table.add("append", 3, CommandFlags.WRITE, Category.STRING, CommandKeys.one(KeyFlags.ADD), (context) ->
        {
            data.merge(context.session().db + ":" + context.argText(1), context.argText(2), String::concat);
            context.reply().integer(1);
        });
        table.add("wrong", -1, CommandFlags.WRITE, Category.NONE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> context.reply().error("WRONGTYPE Operation against a key holding the wrong kind of value"));
        table.add("oom", -1, CommandFlags.WRITE, Category.NONE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> context.reply().error(Replies.OUT_OF_MEMORY));
        table.add("newer", -1, CommandFlags.WRITE, Category.NONE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> context.reply().error(Replies.SYNTAX));
        table.add("alike", -1, CommandFlags.WRITE, Category.NONE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> context.reply().error(Replies.OUT_OF_MEMORY.text()));
    }

    /** As {@code replicaof} in the configuration. */
    ReplicaRig follow()
    {
        role.follow("primary", 6379, nowNs);
        recordState();
        return this;
    }

    /** A link that streams after a full resync to no keys, at this offset. */
    ReplicaRig streaming(final long offset)
    {
        primary.psyncReply = fullResync(offset) + "$6\r\nhead|!";
        follow();
        settle();
        assertStreaming(offset);
        return this;
    }

    static String fullResync(final long offset)
    {
        return "+FULLRESYNC " + PRIMARY_ID + " " + offset + "\r\n";
    }

    /** Let everything happen that can happen without time passing. */
    void settle()
    {
        for (int i = 0; i < 1_000_000; i++)
        {
            final boolean hasHappened = primary.deliver();
            final int work = cycle();
            if (!hasHappened && 0 == work)
            {
                return;
            }
        }

        throw new AssertionError("never settles: " + states);
    }

    int cycle()
    {
        final int work = role.doWork(TimeUnit.NANOSECONDS.toMillis(nowNs), nowNs);
        recordState();
        return work;
    }

    private void recordState()
    {
        final LinkState state = role.link().state();
        if (state != states.get(states.size() - 1))
        {
            states.add(state);
        }
    }

    /** Let time pass in steps of 100 ms. */
    void pass(final long ms)
    {
        for (long passed = 0; passed < ms; passed += 100)
        {
            nowNs += Math.min(100, ms - passed) * MS;
            settle();
        }
    }

    /** As {@link #pass}, for a link that always has something to do. */
    void passBusy(final long ms)
    {
        for (long passed = 0; passed < ms; passed += 100)
        {
            nowNs += 100 * MS;
            primary.deliver();
            cycle();
            cycle();
        }
    }

    LinkState state()
    {
        return role.link().state();
    }

    void assertLogged(final String part)
    {
        assertTrue(log.stream().anyMatch((line) -> line.contains(part)), () -> part + " not in " + log);
    }

    void assertStreaming(final long offset)
    {
        assertEquals(LinkState.STREAMING, state(), () -> "log: " + log);
        assertEquals(offset, stream.endOffset());
    }

    /** The bytes of the node's own stream from this offset on. */
    String appended(final long from)
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BacklogReader reader = stream.openReader(from))
        {
            for (ByteBuffer part = reader.next(4096); null != part; part = reader.next(4096))
            {
                final int length = part.remaining();
                for (int i = 0; i < length; i++)
                {
                    bytes.write(part.get());
                }

                reader.advance(length);
            }
        }

        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public DataSet data()
    {
        return dataSet;
    }

    @Override
    public boolean hasKeys()
    {
        return !data.isEmpty();
    }

    @Override
    public boolean isOldDataReleased()
    {
        return !isReleasing;
    }

    @Override
    public void onDataLost()
    {
        events.add("lost");
    }

    @Override
    public boolean isDiskRefusing()
    {
        return isDiskRefusing;
    }

    @Override
    public DataSet newDataSet()
    {
        secondData.clear();
        return hasMemoryForSecond ? new DataSet(new OffHeap(64 << 20), settings.databases, 1) : null;
    }

    @Override
    public void flushData()
    {
        data.clear();
        events.add("flush");
    }

    @Override
    public void switchData(final DataSet loaded)
    {
        writer.data(loaded);
        close(dataSet);
        dataSet = loaded;
        data.clear();
        data.putAll(secondData);
        events.add("switch");
    }

    @Override
    public void onLoadBegin(final long totalBytes, final boolean isAsync)
    {
        events.add("begin " + totalBytes + (isAsync ? " async" : ""));
    }

    @Override
    public void onLoadProgress(final long loadedBytes, final long keys)
    {
    }

    @Override
    public void onLoadEnd(final boolean isComplete)
    {
        events.add("end " + isComplete);
    }

    @Override
    public void onLinkSession(final PeerSession newSession)
    {
        session = newSession;
    }

    @Override
    public long nextSessionId()
    {
        return sessions++;
    }

    @Override
    public void onRoleChange(final boolean isReplica)
    {
        events.add(isReplica ? "replica" : "primary");
    }

    @Override
    public void disconnectAll(final String reason)
    {
        hasSubReplicas = false;
        events.add("disconnect");
    }

    @Override
    public boolean any()
    {
        return hasSubReplicas;
    }

    @Override
    public void debug(final String message)
    {
        log.add(message);
    }

    @Override
    public void verbose(final String message)
    {
        log.add(message);
    }

    @Override
    public void notice(final String message)
    {
        log.add(message);
    }

    @Override
    public void warning(final String message)
    {
        log.add(message);
    }

    @Override
    public void close()
    {
        role.close();
        stream.close();
        close(dataSet);
        assertEquals(0, storage.live());
        assertEquals(0, spools.openFiles());
    }

    private static void close(final DataSet set)
    {
        set.close();
        set.memory().close();
    }

    /** Loaders of the made-up format, into the map that stands for a data set. */
    private final class ScriptedLoaders implements PayloadLoader.Factory
    {
        @Override
        public PayloadLoader open(final DataSet target, final long nowMs, final boolean verifyChecksum)
        {
            return new ScriptedLoader(target == dataSet ? data : secondData, true);
        }

        @Override
        public PayloadLoader check(
            final int databases, final FunctionLibraries libraries, final boolean verifyChecksum)
        {
            return new ScriptedLoader(new TreeMap<>(), false);
        }
    }

    /** Nobody watches. */
    private static final class NoObserver implements CommandObserver
    {
        @Override
        public boolean isMonitored()
        {
            return false;
        }

        @Override
        public void onCommand(final Session session, final CommandSpec spec, final ArgVector args)
        {
        }

        @Override
        public void onSlowCommand(
            final Session session, final CommandSpec spec, final ArgVector args, final long durationNs)
        {
        }

        @Override
        public void onError(final String error)
        {
        }
    }

    /** Time stands still. */
    private static final class NoClock implements Clock
    {
        @Override
        public long wallMs()
        {
            return 0;
        }

        @Override
        public long wallMicros()
        {
            return 0;
        }

        @Override
        public long monotonicNs()
        {
            return 0;
        }
    }
}
