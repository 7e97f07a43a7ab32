package org.millrace.engine.replication.replica;

import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.resp.RespReader;

/** Finds the commands in the bytes of the stream, a batch ahead of their being run. Writer thread. */
final class StreamSource
{
    /** Longest bulk string that fits the reader's ints; the stream is not held to proto-max-bulk-len. */
    private static final int BULK_MAX = Integer.MAX_VALUE - 2048;

    private final RespReader reader = reader();
    private final CommandBatch batch;

    /** Takes turns with the batch: what has begun there stays here until more of it has come. */
    private ArgVector begun = new ArgVector();
    private String failure;

    StreamSource(final CommandBatch.Lookup lookup)
    {
        batch = new CommandBatch(lookup);
    }

    /** A reader of commands of the stream. */
    static RespReader reader()
    {
        final RespLimits limits = new RespLimits();
        limits.bulkMax = BULK_MAX;
        return new RespReader(limits);
    }

    /** Another connection begins. */
    void reset()
    {
        reader.reset();
        failure = null;
    }

    /** Fill the batch with complete commands from there on; an empty line gives one without arguments. */
    CommandBatch read(final LinkInput input, final long from)
    {
        batch.clear();
        begun = batch.exchangeNext(begun);
        long at = from;
        while (!batch.isFull() && readCommand(input, at))
        {
            final int length = reader.consumed();
            batch.add(length);
            at += length;
        }

        return batch;
    }

    /** The commands of the batch have been run: one that has begun behind them is gone on with in the first place. */
    void keepBegun()
    {
        begun = batch.exchangeNext(begun);
    }

    /** Why what stands behind the batch is no command of a stream, or null if it may be one. */
    String failure()
    {
        return failure;
    }

    /** Read the command that begins at this place of the input; false if it is not complete or none. */
    private boolean readCommand(final LinkInput input, final long at)
    {
        final long available = input.length() - at;
        if (0 == available)
        {
            return false;
        }

        final long address = input.address() + at;
        if (!reader.isInCommand() && !isCommandStart(Memory.getByte(address)))
        {
            failure = "WARNING: Receiving inline protocol from master, master stream corruption? " +
                "Closing the master connection and discarding the cached master.";
            return false;
        }

        final ArgVector target = batch.next();
        switch (reader.read(address, (int)Math.min(available, Integer.MAX_VALUE), target, true))
        {
            case RespReader.COMMAND :
                failure = reader.wasInline() ? "an inline command stands in the replication stream" : null;
                return null == failure;

            case RespReader.NOTHING :
                target.clear();
                return true;

            case RespReader.INCOMPLETE :
                failure = available < Integer.MAX_VALUE ? null : "a command is longer than 2 GiB";
                return false;

            default :
                failure = reader.error();
                return false;
        }
    }

    private static boolean isCommandStart(final int c)
    {
        return '*' == c || '\r' == c || '\n' == c;
    }
}
