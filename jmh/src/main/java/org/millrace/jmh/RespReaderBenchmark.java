package org.millrace.jmh;

import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.resp.RespReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A pipeline of SETs is parsed; an operation is one command.
 * <p>
 * Question: what does it take to find the arguments of a command, does that grow with the value, which nobody needs to
 * look at, and what does it cost that a command arrives in two parts?
 */
@State(Scope.Thread)
public class RespReaderBenchmark extends EngineBenchmark
{
    @Param({"64", "1024"})
    public int valueLength;

    private final ArgVector args = new ArgVector();
    private final RespReader reader = new RespReader(new RespLimits());
    private Pipeline pipeline;
    private long commands;
    private long valueBytes;

    @Setup
    public void prepare()
    {
        pipeline = new Pipeline(valueLength);
    }

    @Setup(Level.Iteration)
    public void reset()
    {
        commands = 0;
        valueBytes = 0;
    }

    @Benchmark
    @OperationsPerInvocation(Pipeline.COMMANDS)
    public long whole()
    {
        long address = pipeline.address;
        final long end = address + pipeline.length;
        while (address < end && RespReader.COMMAND == reader.read(address, (int)(end - address), args, true))
        {
            took();
            address += reader.consumed();
        }

        return address;
    }

    /** Each command is first seen cut in its key. */
    @Benchmark
    @OperationsPerInvocation(Pipeline.COMMANDS)
    public long inTwoParts()
    {
        final int firstPart = 30;
        long address = pipeline.address;
        final long end = address + pipeline.length;
        while (address < end && RespReader.INCOMPLETE == reader.read(address, firstPart, args, true) &&
            RespReader.COMMAND == reader.read(address, (int)(end - address), args, true))
        {
            took();
            address += reader.consumed();
        }

        return address;
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        check(commands > 0 && 0 == commands % Pipeline.COMMANDS, "commands left out", commands, 0);
        check(valueBytes == commands * valueLength, "value bytes", valueBytes, commands * valueLength);
    }

    @TearDown
    public void release()
    {
        pipeline.close();
    }

    private void took()
    {
        commands++;
        valueBytes += args.length(2);
    }
}
