package org.millrace.jmh;

import java.nio.ByteBuffer;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.snapshot.RdbLoader;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A snapshot is taken and drained, or loaded; an operation is one entry. One thread does all of it, as in shared mode.
 * <p>
 * Question: how many entries a second leave and enter a node before sockets and disks have their say, checksum
 * included?
 */
@State(Scope.Thread)
public class RdbBenchmark extends EngineBenchmark
{
    private static final int ENTRIES = 100_000;
    private static final int VIEW_LENGTH = 64 * 1024;
    private static final long WINDOW_LENGTH = 32 << 20;
    private static final SnapshotHeader HEADER = new SnapshotHeader("1".repeat(40), 1, 0, 0, 0, 9, true);

    @Param({"64", "1024"})
    public int valueLength;

    private OffHeap memory;
    private DataSet data;
    private Snapshots snapshots;
    private long image;
    private long imageLength;
    private long bytesOut;

    @Setup
    public void fill()
    {
        memory = new OffHeap(0);
        data = new DataSet(memory, 1, Store.SEED);
        final StringEditor editor = new StringEditor(data);
        final KeySequence keys = new KeySequence(ENTRIES, Store.SEED);
        final long key = Memory.reserve(KeySequence.KEY_LENGTH);
        final long value = Memory.reserve(valueLength);
        Memory.set(value, valueLength, (byte)'v');
        for (int i = 0; i < ENTRIES; i++)
        {
            keys.at(i);
            keys.write(key);
            editor.set(data.keyspace(0), key, KeySequence.KEY_LENGTH, value, valueLength, Entry.NO_DEADLINE);
        }

        Memory.release(key);
        Memory.release(value);
        // Without late joiners nothing goes to a file: there is none.
        snapshots = new Snapshots(data, () -> null, new SilentLog(), WINDOW_LENGTH).keepMs(0).serveLateJoiners(false);
        imageLength = drain(0);
        image = Memory.reserve(imageLength);
        drain(image);
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long encode()
    {
        bytesOut = drain(0);
        return bytesOut;
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public boolean load(final LoadTarget target)
    {
        return target.load(image, imageLength);
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        check(0 == bytesOut || imageLength == bytesOut, "image length", bytesOut, imageLength);
    }

    @TearDown
    public void release()
    {
        Memory.release(image);
        snapshots.close();
        data.discard();
        memory.close();
    }

    /** One snapshot from the cut to the last byte, copied to {@code target} unless that is 0; returns its length. */
    private long drain(final long target)
    {
        final Image running = snapshots.begin(HEADER);
        long length = 0;
        try (ImageCursor cursor = running.openCursor())
        {
            while (!cursor.isAtEnd())
            {
                snapshots.doWork(0);
                snapshots.snapshotter().doWork();
                check(!running.isAborted(), "keys of an aborted snapshot", running.keysWritten(), ENTRIES);
                for (ByteBuffer view = cursor.next(VIEW_LENGTH); null != view; view = cursor.next(VIEW_LENGTH))
                {
                    final int viewLength = view.remaining();
                    if (0 != target)
                    {
                        Memory.copy(Memory.address(view) + view.position(), target + length, viewLength);
                    }

                    cursor.advance(viewLength);
                    length += viewLength;
                }
            }
        }

        check(ENTRIES == running.keysWritten(), "keys", running.keysWritten(), ENTRIES);
        while (!snapshots.canBegin())
        {
            snapshots.doWork(0);
        }

        return length;
    }

    /** An empty data set for each load. */
    @State(Scope.Thread)
    public static class LoadTarget
    {
        private static final int PIECE_LENGTH = 64 * 1024;

        private OffHeap memory;
        private DataSet data;

        @Setup(Level.Invocation)
        public void open()
        {
            memory = new OffHeap(0);
            data = new DataSet(memory, 1, Store.SEED);
        }

        @TearDown(Level.Invocation)
        public void close()
        {
            check(ENTRIES == data.keyspace(0).size(), "keys loaded", data.keyspace(0).size(), ENTRIES);
            data.discard();
            memory.close();
        }

        /** In pieces, as a socket gives them. */
        boolean load(final long image, final long length)
        {
            try (RdbLoader loader = new RdbLoader(data, 0, false, true))
            {
                long done = 0;
                while (done < length && RdbLoader.State.FAILED != loader.state())
                {
                    done += loader.consume(image + done, (int)Math.min(PIECE_LENGTH, length - done));
                    if (loader.isAtData())
                    {
                        loader.startData();
                    }
                }

                return RdbLoader.State.DONE == loader.state();
            }
        }
    }
}
