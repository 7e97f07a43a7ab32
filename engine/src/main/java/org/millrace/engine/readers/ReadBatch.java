package org.millrace.engine.readers;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.RespReader;

/** Commands of one client read ahead, so that what their keys need is loaded together. One per reader thread. */
final class ReadBatch
{
    /** Enough loads under way to hide the latency of one. */
    static final int CAPACITY = 16;

    /** More input may hold more commands. */
    static final int FULL = 0;

    /** The last command has not come in full. */
    static final int INCOMPLETE = 1;

    /** What comes next is for the writer. */
    static final int OTHER = 2;

    private final ArgVector[] args = new ArgVector[CAPACITY + 1];
    private final int[] ops = new int[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final long[] hashes = new long[CAPACITY];
    private final long[] keyed = new long[CAPACITY];
    private final RespReader parser;
    private final SingleKeyReads reads;
    private int count;

    ReadBatch(final RespReader parser, final SingleKeyReads reads)
    {
        this.parser = parser;
        this.reads = reads;
        for (int i = 0; i < args.length; i++)
        {
            args[i] = new ArgVector();
        }
    }

    /** Read what readers serve, as far as that goes. @return how it ended. */
    int read(final long input, final int length)
    {
        count = 0;
        parser.reset();
        reads.beginHashes();
        int at = 0;
        int keys = 0;
        int end = FULL;
        while (FULL == end && count < CAPACITY && at < length)
        {
            final ArgVector command = args[count];
            final int result = '*' == Memory.getByte(input + at)
                ? parser.read(input + at, length - at, command, true)
                : RespReader.ERROR;
            final int op = RespReader.COMMAND == result ? reads.find(command) : SingleKeyReads.NOT_SERVED;
            if (op >= 0)
            {
                ops[count] = op;
                lengths[count] = parser.consumed();
                at += parser.consumed();
                hashes[count] = reads.hash(op, command);
                if (SingleKeyReads.hasKey(op))
                {
                    keyed[keys++] = hashes[count];
                }

                count++;
            }
            else
            {
                end = RespReader.INCOMPLETE == result ? INCOMPLETE : OTHER;
                command.trim();
            }
        }

        if (keys > 1)
        {
            reads.load(keyed, keys);
        }

        return end;
    }

    int count()
    {
        return count;
    }

    /** Bytes the command took. */
    int length(final int index)
    {
        return lengths[index];
    }

    int op(final int index)
    {
        return ops[index];
    }

    /** Answer the command; false if it is the writer's after all. */
    boolean serve(final int index)
    {
        return reads.serve(ops[index], hashes[index], args[index]);
    }
}
