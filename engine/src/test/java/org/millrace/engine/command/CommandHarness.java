package org.millrace.engine.command;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Clock;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.interest.KeySignals;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ErrorKind;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;

/**
 * A primary with an active stream and one session, without sockets: runs command lines and hands out the bytes of
 * replies, the bytes of the stream, notifications and touched keys. Arguments are copied to memory that is overwritten
 * after the command, so that a handler that keeps an address is found out.
 */
public final class CommandHarness implements AutoCloseable
{
    /** Wall clock at the start. */
    public static final long START_MS = 1_700_000_000_000L;

    private static final int DATABASES = 16;

    public final Settings settings = new Settings();
    public final Statistics statistics = new Statistics();
    public final CommandTable table = new CommandTable();
    private final List<Long> blocks = new ArrayList<>();
    public final DataSet data;
    public final ReplicationStream stream;
    public final WriterState writer;
    private final CommandContext context;
    public final HarnessSession session = new HarnessSession();

    /** {@code event key@db} of each notification, in order. */
    public final List<String> events = new ArrayList<>();

    /** {@code key@db} of each key touched for WATCH; {@code *@db} for a whole database. */
    public final List<String> touched = new ArrayList<>();

    /** What users were denied, in order. */
    public final List<Integer> denials = new ArrayList<>();

    public long nowMs = START_MS;
    public boolean isReplica;
    public int flushes;

    /** False: touched keys are not noted, which would allocate. */
    public boolean isRecording = true;

    private final OffHeap memory;
    private final BacklogReader reader;
    private final ReplyWriter reply = new ReplyWriter();
    private final OutBuffer out = new OutBuffer(1024);
    private final ArgVector args = new ArgVector();

    public CommandHarness()
    {
        this(0);
    }

    /** @param maxBytes limit of the data set's memory; 0 for none. */
    public CommandHarness(final long maxBytes)
    {
        this(new OffHeap(maxBytes));
    }

    private CommandHarness(final OffHeap memory)
    {
        this(memory, new DataSet(memory, DATABASES, 1));
    }

    /** @param data in that memory. */
    public CommandHarness(final OffHeap memory, final DataSet data)
    {
        this.memory = memory;
        this.data = data;
        stream = new ReplicationStream(new ReplicationHistory("1".repeat(40)), 1 << 20);
        stream.activate(new MemorySegmentStorage(1 << 16));
        reader = stream.openReader(stream.endOffset() + 1);
        settings.notifyEvents = -1;
        writer = new WriterState(
            data,
            stream,
            settings,
            new RecordingWatches(),
            (eventClass, event, database, address, length) -> events.add(
                event + " " + text(address, length) + "@" + database),
            new HarnessRole(),
            new SilentLog(),
            statistics);
        context = new CommandContext(writer, null);
    }

    /** A line of words separated by single blanks; {@code ""} is the empty word. */
    public String line(final String line)
    {
        final String[] words = line.split(" ");
        for (int i = 0; i < words.length; i++)
        {
            words[i] = "\"\"".equals(words[i]) ? "" : words[i];
        }

        return run(words);
    }

    /** Words of ISO 8859-1; the reply's bytes in the same manner. */
    public String run(final String... words)
    {
        final byte[][] arguments = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            arguments[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
        }

        return new String(run(arguments), StandardCharsets.ISO_8859_1);
    }

    public byte[] run(final byte[]... arguments)
    {
        long length = 0;
        for (final byte[] argument : arguments)
        {
            length += argument.length;
        }

        final long address = Memory.reserve(length + 1);
        args.clear();
        long at = address;
        for (final byte[] argument : arguments)
        {
            Memory.copy(argument, 0, at, argument.length);
            args.add(at, argument.length);
            at += argument.length;
        }

        try
        {
            return execute();
        }
        finally
        {
            Memory.set(address, length, (byte)'!');
            Memory.release(address);
            data.doWork();
        }
    }

    /** The error that a client would get instead of having this command run, or null. */
    public String refusal(final String name, final int argCount)
    {
        args.clear();
        final long address = Memory.reserve(name.length());
        Memory.copy(name.getBytes(StandardCharsets.ISO_8859_1), 0, address, name.length());
        for (int i = 0; i <= argCount; i++)
        {
            args.add(address, name.length());
        }

        session.isAuthenticated = true;
        reply.wrap(out, 2);
        final CommandSpec spec = table.find(args);
        final boolean isRefused = CommandGate.RUN != gate().check(session, spec, spec, args, reply);
        out.take(out.length());
        Memory.release(address);
        return isRefused ? reply.lastError() : null;
    }

    /** Of the last error reply. */
    public ErrorKind lastErrorKind()
    {
        return reply.lastKind();
    }

    /** What runs commands with all checks and counts, for tests of that: {@link #execute}. */
    public CommandExecutor executor(final CommandObserver observer, final Clock clock)
    {
        return new CommandExecutor(table, writer, gate(), observer, clock);
    }

    private CommandGate gate()
    {
        return new CommandGate(
            writer, new ExecutionState(), table, () -> data.liveBytes() <= writer.settings().maxMemory,
            new AccessGate((session, row, args, denial, context) -> denials.add(denial)));
    }

    /** Run a line by an executor; the reply as text. */
    public String execute(final CommandExecutor executor, final String line)
    {
        final Prepared prepared = prepare(line.split(" "));
        session.isAuthenticated = true;
        out.take(out.length());
        reply.wrap(out, session.protocol);
        writer.time(nowMs, nowMs * 1_000_000);
        executor.beginBatch();
        executor.execute(session, prepared.prepared, reply);
        final byte[] bytes = new byte[out.length()];
        Memory.copy(out.address(), bytes, 0, bytes.length);
        out.take(bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A command that can be run again and again without allocation by the harness. */
    public Prepared prepare(final String... words)
    {
        return new Prepared(words);
    }

    /** What has been put into the stream since the last call, one command a line, words separated by blanks. */
    public String streamed()
    {
        return String.join("\n", streamedCommands());
    }

    /** The same as a list: words may hold line ends. */
    public List<String> streamedCommands()
    {
        return streamedWords().stream().map((words) -> String.join(" ", words)).toList();
    }

    /** The same, each command as its words: those may hold blanks. */
    public List<List<String>> streamedWords()
    {
        final String stream = new String(drain(), StandardCharsets.ISO_8859_1);
        final List<List<String>> commands = new ArrayList<>();
        int at = 0;
        while (at < stream.length())
        {
            final int countEnd = stream.indexOf('\r', at);
            final List<String> command = new ArrayList<>();
            int words = Integer.parseInt(stream.substring(at + 1, countEnd));
            at = countEnd + 2;
            for (; words > 0; words--)
            {
                final int lengthEnd = stream.indexOf('\r', at);
                final int wordEnd = lengthEnd + 2 + Integer.parseInt(stream.substring(at + 1, lengthEnd));
                command.add(stream.substring(lengthEnd + 2, wordEnd));
                at = wordEnd + 2;
            }

            commands.add(command);
        }

        return commands;
    }

    /** Be a replica: run what another has put into its stream since the last time. @return it, a command a line. */
    public String follow(final CommandHarness primary)
    {
        final List<List<String>> commands = primary.streamedWords();
        session.isPrimaryLink = true;
        nowMs = primary.nowMs;
        for (final List<String> words : commands)
        {
            if ("SELECT".equals(words.get(0)))
            {
                session.db = Integer.parseInt(words.get(1));
            }
            else if (!"MULTI".equals(words.get(0)) && !"EXEC".equals(words.get(0)))
            {
                final String answer = run(words.toArray(new String[0]));
                if (answer.startsWith("-"))
                {
                    throw new AssertionError(words + " of the stream: " + answer);
                }
            }
        }

        return String.join("\n", commands.stream().map((words) -> String.join(" ", words)).toList());
    }

    /**
     * Run a command by an executor where there is room for no more than so many bytes of its reply.
     *
     * @return the reply; null if it was too long, as a client is closed for.
     */
    public String executeWithin(final int room, final CommandExecutor executor, final String... words)
    {
        out.shrink();
        final byte[] used = new byte[out.capacity() - room];
        out.limit(out.capacity());
        out.put(used);
        try (Prepared prepared = prepare(words))
        {
            session.isAuthenticated = true;
            reply.wrap(out, session.protocol);
            writer.time(nowMs, nowMs * 1_000_000);
            executor.beginBatch();
            executor.execute(session, prepared.prepared, reply);
            final byte[] bytes = new byte[out.length() - used.length];
            Memory.copy(out.address() + used.length, bytes, 0, bytes.length);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        catch (final ReplyTooLongException e)
        {
            if (!executor.abandon(e))
            {
                throw e;
            }

            return null;
        }
        finally
        {
            out.begin();
            out.take(out.length());
            out.limit(OutBuffer.LENGTH_MAX);
            data.doWork();
        }
    }

    /** The bytes of the stream since the last call. */
    public byte[] drain()
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuffer view = reader.next(1 << 16); null != view; view = reader.next(1 << 16))
        {
            final byte[] piece = new byte[view.remaining()];
            view.get(piece);
            bytes.writeBytes(piece);
            reader.advance(piece.length);
            stream.doWork();
        }

        return bytes.toByteArray();
    }

    /** Notifications since the last call. */
    public List<String> events()
    {
        final List<String> copy = List.copyOf(events);
        events.clear();
        return copy;
    }

    private byte[] execute()
    {
        call(args);
        final byte[] bytes = new byte[out.length()];
        Memory.copy(out.address(), bytes, 0, bytes.length);
        out.take(bytes.length);
        return bytes;
    }

    private void call(final ArgVector args)
    {
        reply.wrap(out, session.protocol);
        writer.time(nowMs, nowMs * 1_000_000);
        final CommandSpec parent = table.find(args);
        final CommandSpec sub = null == parent || args.count() < 2 || parent.subcommands().isEmpty()
            ? null
            : parent.subcommand(args);
        final CommandSpec spec = null == sub ? parent : sub;
        if (null == spec)
        {
            throw new IllegalArgumentException("no such command: " + args.text(0));
        }

        if (spec.isArityRight(args.count()))
        {
            context.begin(session, spec, args, reply);
            spec.handler().run(context);
        }
        else
        {
            reply.error("ERR wrong number of arguments for '" + spec.fullName() + "' command");
        }

        stream.endUnit();
    }

    private static String text(final long address, final int length)
    {
        final byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close()
    {
        reader.close();
        stream.close();
        blocks.forEach(Memory::release);
        table.close();
        data.close();
        memory.close();
        out.close();
    }

    /** Arguments in memory of their own; reply and stream are dropped. */
    public final class Prepared implements AutoCloseable
    {
        private final ArgVector prepared = new ArgVector();

        /** By an executor; reply and stream are dropped. */
        public void run(final CommandExecutor executor)
        {
            session.isAuthenticated = true;
            reply.wrap(out, session.protocol);
            executor.execute(session, prepared, reply);
            out.take(out.length());
            reader.advance((int)reader.pending());
            stream.doWork();
        }

        private Prepared(final String... words)
        {
            for (final String word : words)
            {
                final byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
                final long address = Memory.reserve(bytes.length + 1L);
                Memory.copy(bytes, 0, address, bytes.length);
                prepared.add(address, bytes.length);
                blocks.add(address);
            }
        }

        /** For one that is not run again; the others are closed with the harness. */
        @Override
        public void close()
        {
            for (int i = 0; i < prepared.count(); i++)
            {
                blocks.remove(prepared.address(i));
                Memory.release(prepared.address(i));
            }
        }

        public void run()
        {
            call(prepared);
            out.take(out.length());
            reader.advance((int)reader.pending());
            stream.doWork();
            data.doWork();
        }
    }

    /** A session that can only be asked. */
    public static final class HarnessSession extends Session
    {
        HarnessSession()
        {
            super(1);
        }

        @Override
        protected void block(final BlockedCommand blocked)
        {
            throw new AssertionError("blocked");
        }
    }

    private final class HarnessRole implements ReplicationRole
    {
        @Override
        public boolean isReplica()
        {
            return isReplica;
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
            flushes++;
        }

        @Override
        public void onWriteBesideStream()
        {
            throw new AssertionError("there is no stream beside which to write");
        }
    }

    private final class RecordingWatches implements KeySignals
    {
        @Override
        public void changed(final int database, final long keyAddress, final int keyLength)
        {
            if (isRecording)
            {
                touched.add(text(keyAddress, keyLength) + "@" + database);
            }
        }

        @Override
        public void stirred(final int database, final long keyAddress, final int keyLength)
        {
        }

        @Override
        public void removing(final int database, final long keyAddress, final int keyLength)
        {
            if (isRecording)
            {
                touched.add(text(keyAddress, keyLength) + "@" + database);
            }
        }

        @Override
        public void flushing(final int database)
        {
            touched.add("*@" + database);
        }

        @Override
        public void swapping(final int first, final int second)
        {
            flushing(first);
            flushing(second);
        }

        @Override
        public void filled(final int database)
        {
            flushing(database);
        }

        @Override
        public void unitEnded()
        {
        }
    }
}
