package org.millrace.engine.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.millrace.engine.acl.AclStore;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.SimLogStore;
import org.millrace.engine.base.Clock;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.readers.ReaderAgent;
import org.millrace.engine.script.ToyMachine;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.snapshot.MemorySpoolStorage;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;
import org.millrace.engine.transport.SimReactor;

/**
 * A whole node in shared mode on a simulated network, clock and disk: nothing happens but in {@link #cycle}. Files
 * survive {@link #kill}; a new node may be started on the same {@link Disk}.
 */
final class SimNode implements NodeHost, EventLog, AutoCloseable
{
    static final String HOST = "127.0.0.1";

    private static final int LOG_SEGMENT = 1 << 14;

    final SimNetwork network;
    final SimClock clock;
    final SimReactor reactor;
    final MemorySegmentStorage segments = new MemorySegmentStorage(1 << 12);
    final MemorySpoolStorage spools = new MemorySpoolStorage();
    final List<String> log = new ArrayList<>();
    final List<ReaderThread> readers = new ArrayList<>();
    final ToyMachine machine = new ToyMachine();
    final Disk disk;
    final int port;
    final Node node;
    boolean isReady;
    int exitCode = -1;

    /** Another's work in the midst of a script. */
    Runnable whileBusy = () ->
    {
    };

    /** Full resyncs that have ended well. */
    int fullResyncs;

    private boolean isClosed;
    private final SplittableRandom random;

    /** A reader thread of this node. */
    record ReaderThread(SimReactor reactor, ReaderAgent agent)
    {
        int cycle()
        {
            return (agent.isStalled() ? 0 : reactor.poll()) + agent.doWork();
        }
    }

    /** Files by path. */
    static final class Disk implements SnapshotStore
    {
        final Map<String, byte[]> files = new HashMap<>();

        /** Where the stream is kept by durable nodes. */
        final SimLogStore logs = new SimLogStore(LOG_SEGMENT);

        /** Why saves fail; null while they do not. */
        String failure;

        /** Saves stand still, and time passes, while it is set. */
        SimClock stalledOn;
        private DiskSave last;

        @Override
        public Save save(final ImageCursor cursor, final String path)
        {
            last = new DiskSave(this, cursor, path);
            return last;
        }

        /** Who saves sees that the image was aborted. */
        void endSave()
        {
            if (null != last)
            {
                last.isDone();
            }
        }

        @Override
        public Source open(final String path)
        {
            final byte[] file = files.get(path);
            return null == file ? null : new DiskSource(file);
        }

        @Override
        public void put(final String path, final String text) throws IOException
        {
            if (null != failure)
            {
                throw new IOException(failure);
            }

            files.put(path, text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    SimNode(
        final SimNetwork network,
        final SimClock clock,
        final int port,
        final Disk disk,
        final long seed,
        final String... options)
    {
        this.network = network;
        this.clock = clock;
        this.port = port;
        this.disk = disk;
        random = new SplittableRandom(seed);
        reactor = new SimReactor(network);
        final Config config = Config.inMemory();
        load(config, "port", Integer.toString(port));
        load(config, "save", "");
        load(config, "enable-debug-command", "yes");
        load(config, "reader-threads", System.getProperty("millrace.test.reader-threads", "0"));
        for (int i = 0; i < options.length; i += 2)
        {
            load(config, options[i], words(options[i + 1]));
        }

        node = new Node(
            new NodeOptions(
                config, (c, isComplete) -> null, AclStore.NONE,
                new NodeIdentity("f".repeat(40), port, "sim", "", "0", "sim", "sim"), this, this,
                new OffHeap(0), reactor, reactor, segments, spools, disk,
                disk.logs, machine, false));
        for (int i = 0; i < config.integer(ConfigOption.READER_THREADS); i++)
        {
            final SimReactor readerReactor = new SimReactor(network);
            readers.add(new ReaderThread(readerReactor, node.addReader(readerReactor, readerReactor::wakeup)));
        }

        network.listen(HOST, port, reactor, this::accept);
        node.start(() -> isReady = true);
    }

    /** A lone dash is an empty word. */
    private static String[] words(final String value)
    {
        final String[] words = value.split(" ");
        Arrays.setAll(words, (i) -> "-".equals(words[i]) ? "" : words[i]);
        return words;
    }

    private static void load(final Config config, final String name, final String... words)
    {
        try
        {
            final ConfigOption option = ConfigOption.byName(name);
            config.load(option, Arrays.asList(words));
        }
        catch (final ConfigException e)
        {
            throw new IllegalArgumentException(name, e);
        }
    }

    private void accept(final SimConnection connection)
    {
        if (!readers.isEmpty())
        {
            reactor.release(connection);
        }

        node.accept(connection);
    }

    /** One duty cycle of all agents. */
    int cycle()
    {
        int work = cycleWriter();
        for (final ReaderThread reader : readers)
        {
            work += reader.cycle();
        }

        return work;
    }

    /** The same without reader threads. */
    int cycleWriter()
    {
        // As a large node does whose keys have come and gone: entries move all the time.
        node.data().compactFrom(0);
        node.beginCycle();
        int work = reactor.poll() + node.doWork();
        try
        {
            work += node.feeder().doWork() + node.snapshotter().doWork() +
                (disk.logs.isSlow ? 0 : node.logSyncer().doWork());
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }

        if (0 == work)
        {
            node.feeder().prepareToPark();
            node.feeder().unpark();
        }

        return work;
    }

    /** Port of the node that this one follows; empty for a primary. */
    String followedPort()
    {
        final StringBuilder info = new StringBuilder();
        node.parts().replication().info(info);
        final int at = info.indexOf("master_port:");
        return at < 0 ? "" : info.substring(at + "master_port:".length(), info.indexOf("\r", at));
    }

    /** A connection to this node, to be driven by hand. */
    SimConnection connect()
    {
        final SimConnection[] ends = network.pair(reactor, null, port);
        accept(ends[0]);
        return ends[1];
    }

    /** The same, for one that faults leave alone. */
    SimConnection connectSpared()
    {
        final SimConnection[] ends = network.pair(reactor, null, port);
        node.accept(ends[0].spare());
        return ends[1];
    }

    /** The same, from another machine. */
    SimConnection connectFromAfar()
    {
        final SimConnection[] ends = network.pair(reactor, null, port);
        ends[0].remote();
        accept(ends[0]);
        return ends[1];
    }

    /** The process dies: no more cycles, connections break, files stay. */
    void kill()
    {
        disk.logs.kill();
        reactor.cutAll();
        readers.forEach((reader) -> reader.reactor().cutAll());
        close();
    }

    /** The machine dies: as {@link #kill}, but nobody is told. */
    void vanish()
    {
        disk.logs.kill();
        reactor.vanish();
        readers.forEach((reader) -> reader.reactor().vanish());
        close();
    }

    /** Gives all memory back. */
    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }

        isClosed = true;
        network.unlisten(HOST, port);
        readers.forEach((reader) -> reader.agent().onClose());
        node.feeder().onClose();
        closeLog();
        node.close();
        disk.logs.revive();
        disk.endSave();
        node.parts().snapshots().snapshotter().doWork();
        if (0 != segments.live() || 0 != disk.logs.live() || 0 != spools.openFiles() ||
            0 != node.parts().snapshots().memoryBytes())
        {
            throw new AssertionError(
                "left by node " + port + ": " + segments.live() + " segments, " + spools.openFiles() +
                    " spool files, " + node.parts().snapshots().memoryBytes() + " bytes of images");
        }
    }

    private void closeLog()
    {
        try
        {
            node.logSyncer().onClose();
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** True if some line of the log contains the text. */
    boolean hasLogged(final String text)
    {
        return log.stream().anyMatch(line -> line.contains(text));
    }

    @Override
    public Clock clock()
    {
        return clock;
    }

    @Override
    public long random()
    {
        return random.nextLong();
    }

    @Override
    public long residentBytes()
    {
        return 0;
    }

    @Override
    public long machineBytes()
    {
        return 0;
    }

    @Override
    public long heapBytes()
    {
        return 0;
    }

    @Override
    public long cpuMicros(final boolean isSystem)
    {
        return 0;
    }

    @Override
    public long agentCpuMicros(final String agent, final boolean isSystem)
    {
        return 0;
    }

    @Override
    public long allocatedBytes(final String agent)
    {
        return -1;
    }

    @Override
    public void exit(final int code)
    {
        exitCode = code;
    }

    @Override
    public void serveWhileBusy()
    {
        node.beginCycle();
        reactor.pollWithin();
        whileBusy.run();
        try
        {
            node.feeder().doWork();
            node.snapshotter().doWork();
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isEnding()
    {
        return exitCode >= 0;
    }

    @Override
    public void sleep(final long micros)
    {
        clock.advanceNs(micros * 1000);
    }

    @Override
    public void debug(final String message)
    {
    }

    @Override
    public void verbose(final String message)
    {
    }

    @Override
    public void notice(final String message)
    {
        fullResyncs += message.endsWith("sync: Finished with success") ? 1 : 0;
        log.add(message);
    }

    @Override
    public void warning(final String message)
    {
        log.add(message);
    }

    /** A save that goes on whenever somebody asks for it. */
    private static final class DiskSave implements SnapshotStore.Save
    {
        private final Disk disk;
        private final ImageCursor cursor;
        private final String path;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean isDone;
        private String error;

        DiskSave(final Disk disk, final ImageCursor cursor, final String path)
        {
            this.disk = disk;
            this.cursor = cursor;
            this.path = path;
        }

        @Override
        public boolean isDone()
        {
            if (isDone)
            {
                return true;
            }

            if (null != disk.stalledOn)
            {
                disk.stalledOn.advanceMs(1000);
                return false;
            }

            if (null != disk.failure)
            {
                error = disk.failure;
                isDone = true;
                cursor.close();
                return true;
            }

            for (ByteBuffer view = cursor.next(1 << 16); null != view; view = cursor.next(1 << 16))
            {
                final byte[] copy = new byte[view.remaining()];
                view.get(copy);
                bytes.writeBytes(copy);
                cursor.advance(copy.length);
            }

            if (cursor.image().isAborted())
            {
                error = cursor.image().abortReason();
                isDone = true;
                cursor.close();
            }
            else if (cursor.image().isComplete() && cursor.position() == cursor.image().availableLength())
            {
                disk.files.put(path, bytes.toByteArray());
                isDone = true;
                cursor.close();
            }

            return isDone;
        }

        @Override
        public String error()
        {
            return error;
        }

        @Override
        public long written()
        {
            return bytes.size();
        }
    }

    /** A file being read. */
    private static final class DiskSource implements SnapshotStore.Source
    {
        private final byte[] file;
        private int position;

        DiskSource(final byte[] file)
        {
            this.file = file;
        }

        @Override
        public long length()
        {
            return file.length;
        }

        @Override
        public int read(final ByteBuffer target)
        {
            final int length = Math.min(target.remaining(), file.length - position);
            if (0 == length)
            {
                return -1;
            }

            target.put(file, position, length);
            position += length;
            return length;
        }

        @Override
        public void close()
        {
        }
    }
}
