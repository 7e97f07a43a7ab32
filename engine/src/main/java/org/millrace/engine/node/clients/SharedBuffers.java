package org.millrace.engine.node.clients;

import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.resp.OutBuffer;

/**
 * What one client at a time has while its commands run, so that one that waits for nothing needs no memory: the buffer
 * its bytes are read into, the one its replies are written to, the batch that commands are read into. Writer thread.
 */
final class SharedBuffers
{
    private static final int INPUT_BYTES = 64 * 1024;
    private static final int OUTPUT_BYTES = 64 * 1024;

    /** What a batch of longer replies has made it grow to is kept for the next one. */
    private static final int OUTPUT_KEPT = 1024 * 1024;

    private final InBuffer ownInput = new InBuffer(INPUT_BYTES);
    private final InBufferPool kept = new InBufferPool();
    private final CommandBatch.Lookup lookup;
    private OutBuffer output = new OutBuffer(OUTPUT_BYTES);
    private CommandBatch batch;
    private InBuffer input = ownInput;

    /** Null until it is needed, which in most nodes is never. */
    private InBuffer besideInput;

    SharedBuffers(final CommandBatch.Lookup lookup)
    {
        this.lookup = lookup;
    }

    /** Commands stand in the input that goes on being run; others bring theirs into another buffer. */
    void beginBeside()
    {
        if (null == besideInput)
        {
            besideInput = new InBuffer(INPUT_BYTES);
        }

        input = besideInput;
    }

    void endBeside()
    {
        input = ownInput;
    }

    InBuffer input()
    {
        return input;
    }

    /** For input that clients keep. */
    InBufferPool kept()
    {
        return kept;
    }

    /** A new one if a slow client has kept the last, or another session is being run. */
    OutBuffer takeOutput()
    {
        final OutBuffer taken = null == output ? new OutBuffer(OUTPUT_BYTES) : output;
        output = null;
        return taken;
    }

    /** The taken buffer comes back, empty; it is closed if there is another by now. */
    void giveBackOutput(final OutBuffer taken)
    {
        if (null == output)
        {
            taken.shrink(OUTPUT_KEPT);
            output = taken;
        }
        else
        {
            taken.close();
        }
    }

    /** For the time in which one session runs; a session that runs within another's command gets one of its own. */
    CommandBatch takeBatch()
    {
        final CommandBatch taken = null == batch ? new CommandBatch(lookup) : batch;
        batch = null;
        return taken;
    }

    void giveBackBatch(final CommandBatch taken)
    {
        batch = taken;
    }
}
