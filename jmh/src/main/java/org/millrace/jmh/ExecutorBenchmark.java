package org.millrace.jmh;

import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.AccessGate;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandGate;
import org.millrace.engine.command.CommandObserver;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.ReplicationRole;
import org.millrace.engine.command.Session;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.commands.DataCommands;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The way of a command from its row to its reply, on a few keys that stay in the cache: gate, frame, handler, stream,
 * counters, histogram. Reading and sending are not in it.
 * <p>
 * Question: what is added to a command by what is done around each, its look at the clock included?
 */
@State(Scope.Thread)
public class ExecutorBenchmark extends EngineBenchmark
{
    private static final int COMMANDS = 16;
    private static final int HISTORY_LENGTH = 16 << 20;

    /** Whether times are counted by row (latency-tracking, which is on unless told otherwise). */
    @Param("true")
    private boolean isTracking;

    private final OffHeap memory = new OffHeap(1L << 30);
    private final DataSet data = new DataSet(memory, 1, 1);
    private final CommandTable table = new CommandTable();
    private final Settings settings = new Settings();
    private final Quiet quiet = new Quiet();
    private final Session session = new Someone();
    private final ReplyWriter reply = new ReplyWriter();
    private final OutBuffer out = new OutBuffer(1 << 16);
    private final ArgVector[] sets = new ArgVector[COMMANDS];
    private final ArgVector[] gets = new ArgVector[COMMANDS];
    private final ReplicationStream stream = new ReplicationStream(
        new ReplicationHistory("1".repeat(40)), HISTORY_LENGTH);
    private final Statistics statistics = new Statistics();
    private CommandExecutor executor;
    private CommandSpec set;
    private CommandSpec get;
    private CommandSpec idle;

    @Setup
    public void prepare()
    {
        settings.latencyTracking = isTracking;
        check(stream.activate(new MemorySegmentStorage(SegmentStorage.segmentLengthFor(HISTORY_LENGTH))), "ring", 0, 1);
        DataCommands.register(table);
        table.add("idle", 2, 0, 0, (context) -> context.reply().ok());
        final WriterState writer = new WriterState(
            data, stream, settings, new KeyInterest(() -> data, () -> 0, 1),
            (eventClass, event, database, address, length) ->
            {
            }, quiet, new SilentLog(), statistics);
        final AccessGate access = new AccessGate((session, row, args, denial, context) ->
        {
        });
        executor = new CommandExecutor(
            table, writer, new CommandGate(writer, new ExecutionState(), table, () -> true, access), quiet, quiet);
        set = table.find("set");
        get = table.find("get");
        idle = table.find("idle");
        for (int i = 0; i < COMMANDS; i++)
        {
            sets[i] = words("SET", "key:" + i, "v".repeat(64));
            gets[i] = words("GET", "key:" + i);
        }

        run(set, sets);
    }

    private static ArgVector words(final String... words)
    {
        final ArgVector args = new ArgVector();
        for (final String word : words)
        {
            final long address = Memory.reserve(word.length());
            for (int i = 0; i < word.length(); i++)
            {
                Memory.putByte(address + i, (byte)word.charAt(i));
            }

            args.add(address, word.length());
        }

        return args;
    }

    /** Nothing but what is around a command, and {@code +OK}. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public int idle()
    {
        return run(idle, gets);
    }

    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public int get()
    {
        return run(get, gets);
    }

    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public int set()
    {
        final int length = run(set, sets);
        stream.doWork();
        return length;
    }

    private int run(final CommandSpec row, final ArgVector[] commands)
    {
        reply.wrap(out, 2);
        executor.beginBatch();
        for (final ArgVector command : commands)
        {
            executor.execute(session, row, command, reply);
        }

        final int length = out.length();
        out.take(length);
        return length;
    }

    @TearDown
    public void release()
    {
        check(0 == reply.errors(), "errors", reply.errors(), 0);
        for (int i = 0; i < COMMANDS; i++)
        {
            release(sets[i]);
            release(gets[i]);
        }

        table.close();
        stream.close();
        data.close();
        memory.close();
        out.close();
    }

    private static void release(final ArgVector args)
    {
        for (int i = 0; i < args.count(); i++)
        {
            Memory.release(args.address(i));
        }
    }

    /** A client of whom nothing is special. */
    private static final class Someone extends Session
    {
        Someone()
        {
            super(1);
            isAuthenticated = true;
        }

        @Override
        protected void block(final BlockedCommand blocked)
        {
            throw new IllegalStateException("nothing here blocks");
        }
    }

    /** A primary of whose commands nobody is told, with the machine's clock. */
    private static final class Quiet implements CommandObserver, ReplicationRole, Clock
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
        public void onError(final String text)
        {
        }

        @Override
        public boolean isReplica()
        {
            return false;
        }

        @Override
        public boolean isLinkUp()
        {
            return true;
        }

        @Override
        public int goodReplicas()
        {
            return 0;
        }

        @Override
        public void onFlushAll()
        {
        }

        @Override
        public void onWriteBesideStream()
        {
        }

        @Override
        public long wallMs()
        {
            return System.currentTimeMillis();
        }

        @Override
        public long wallMicros()
        {
            return 1000 * wallMs();
        }

        @Override
        public long monotonicNs()
        {
            return System.nanoTime();
        }
    }
}
