package org.millrace.jmh;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The replies to a pipeline are written, then taken as a socket would take them; an operation is one reply.
 * <p>
 * Question: what does a reply of each frequent shape add to a command?
 */
@State(Scope.Thread)
public class ReplyBenchmark extends EngineBenchmark
{
    private static final int REPLIES = 32;
    private static final int ELEMENTS = 10;
    private static final int VALUE_LENGTH = 64;

    private final OutBuffer out = new OutBuffer(64 * 1024);
    private final ReplyWriter reply = new ReplyWriter();
    private long value;
    private long lengthError;

    @Setup
    public void prepare()
    {
        value = Memory.reserve(VALUE_LENGTH);
        Memory.set(value, VALUE_LENGTH, (byte)'v');
        reply.wrap(out, 2);
    }

    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public long ok()
    {
        for (int i = 0; i < REPLIES; i++)
        {
            reply.ok();
        }

        return take("+OK\r\n".length());
    }

    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public long integer()
    {
        for (int i = 0; i < REPLIES; i++)
        {
            reply.integer(1_234_567 + i);
        }

        return take(":1234567\r\n".length());
    }

    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public long bulk()
    {
        for (int i = 0; i < REPLIES; i++)
        {
            reply.bulk(value, VALUE_LENGTH);
        }

        return take("$64\r\n\r\n".length() + VALUE_LENGTH);
    }

    /** An array of ten bulk strings, as to MGET. */
    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public long array()
    {
        for (int i = 0; i < REPLIES; i++)
        {
            reply.array(ELEMENTS);
            for (int j = 0; j < ELEMENTS; j++)
            {
                reply.bulk(value, VALUE_LENGTH);
            }
        }

        return take("*10\r\n".length() + ELEMENTS * ("$64\r\n\r\n".length() + VALUE_LENGTH));
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        check(0 == lengthError, "bytes that a reply differs", lengthError, 0);
    }

    @TearDown
    public void release()
    {
        Memory.release(value);
        out.close();
    }

    private long take(final int expectedLength)
    {
        final int length = out.length();
        lengthError |= length - REPLIES * expectedLength;
        final long last = Memory.getByte(out.address() + length - 1);
        out.take(length);
        return last;
    }
}
