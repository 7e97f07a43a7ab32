package org.millrace.jmh;

import java.nio.ByteBuffer;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.memory.Memory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The replication stream takes SETs, each a unit of its own, and a reader follows; an operation is one command.
 * <p>
 * Question: what does a write command pay for the stream, whoever reads it; how much less does a replica pay, which
 * takes bytes as they are; what does one reader of batches cost?
 */
@State(Scope.Thread)
public class BacklogBenchmark extends EngineBenchmark
{
    private static final int HISTORY_LENGTH = 16 << 20;
    private static final int VALUE_LENGTH = 64;

    private Pipeline pipeline;
    private MemorySegmentStorage storage;
    private ReplicationStream stream;
    private BacklogReader reader;
    private long key;
    private long value;
    private long commands;
    private long startOffset;
    private long bytesRead;

    @Setup
    public void prepare()
    {
        pipeline = new Pipeline(VALUE_LENGTH);
        storage = new MemorySegmentStorage(SegmentStorage.segmentLengthFor(HISTORY_LENGTH));
        stream = new ReplicationStream(new ReplicationHistory("1".repeat(40)), HISTORY_LENGTH);
        key = Memory.reserve(KeySequence.KEY_LENGTH);
        value = Memory.reserve(VALUE_LENGTH);
        Memory.set(key, KeySequence.KEY_LENGTH, (byte)'k');
        Memory.set(value, VALUE_LENGTH, (byte)'v');
        check(stream.activate(storage), "segments", 0, 1);
        appendCommands();
    }

    @Setup(Level.Iteration)
    public void reset()
    {
        commands = 0;
        bytesRead = 0;
        startOffset = stream.endOffset();
        reader = stream.openReader(startOffset + 1);
    }

    /** A primary: each command is encoded. The reader is told to pass what came in without looking at it. */
    @Benchmark
    @OperationsPerInvocation(Pipeline.COMMANDS)
    public long append()
    {
        appendCommands();
        skip();
        return stream.endOffset();
    }

    /** A replica: the bytes of 32 commands are appended at once. */
    @Benchmark
    @OperationsPerInvocation(Pipeline.COMMANDS)
    public long appendVerbatim()
    {
        appendPipeline();
        skip();
        return stream.endOffset();
    }

    /** As {@link #appendVerbatim}, and the reader looks at one byte a cache line, which stands for a copy. */
    @Benchmark
    @OperationsPerInvocation(Pipeline.COMMANDS)
    public long appendThenRead()
    {
        appendPipeline();
        long sum = 0;
        for (ByteBuffer view = reader.next(1 << 16); null != view; view = reader.next(1 << 16))
        {
            final int length = view.remaining();
            for (int i = view.position(), end = view.limit(); i < end; i += 64)
            {
                sum += view.get(i);
            }

            reader.advance(length);
            bytesRead += length;
        }

        stream.doWork();
        return sum;
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        final long expected = commands * pipeline.commandLength;
        check(stream.endOffset() - startOffset == expected, "bytes appended", stream.endOffset() - startOffset,
            expected);
        check(bytesRead == expected, "bytes read", bytesRead, expected);
        check(!stream.isBroken(), "segments missing", storage.live(), storage.live() + 1L);
        reader.close();
    }

    @TearDown
    public void release()
    {
        stream.close();
        check(0 == storage.live(), "segments left", storage.live(), 0);
        pipeline.close();
        Memory.release(key);
        Memory.release(value);
    }

    private void appendCommands()
    {
        for (int i = 0; i < Pipeline.COMMANDS; i++)
        {
            stream.beginCommand(0, 3);
            stream.arg("SET");
            stream.arg(key, KeySequence.KEY_LENGTH);
            stream.arg(value, VALUE_LENGTH);
            stream.endUnit();
        }

        commands += Pipeline.COMMANDS;
    }

    private void appendPipeline()
    {
        stream.appendVerbatim(pipeline.address, pipeline.length);
        commands += Pipeline.COMMANDS;
    }

    private void skip()
    {
        final int length = (int)reader.pending();
        reader.advance(length);
        bytesRead += length;
        stream.doWork();
    }
}
