package org.millrace.engine.node;

import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Session;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;

/**
 * A client within the process, for programs that embed a node: commands come as arguments, replies go back as RESP2
 * bytes. No transactions, subscriptions or blocking commands. Writer thread only.
 */
public final class LocalSession extends Session implements AutoCloseable
{
    private static final int REPLY_BYTES = 1024;

    private final CommandExecutor executor;
    private final ArgVector args = new ArgVector();
    private final ReplyWriter reply = new ReplyWriter();
    private final OutBuffer output = new OutBuffer(REPLY_BYTES);
    private boolean isRefused;

    LocalSession(final long id, final CommandExecutor executor)
    {
        super(id, null);
        this.executor = executor;
        isAuthenticated = true;
    }

    /**
     * Run one command.
     *
     * @return the reply as it would stand on the wire, or null if clients are paused: come again.
     */
    public byte[] execute(final byte[]... words)
    {
        long total = 0;
        for (final byte[] word : words)
        {
            total += word.length;
        }

        final long block = Memory.reserve(Math.max(1, total));
        try
        {
            args.clear();
            long at = block;
            for (final byte[] word : words)
            {
                Memory.copy(word, 0, at, word.length);
                args.add(at, word.length);
                at += word.length;
            }

            output.truncate(0);
            reply.wrap(output, 2);
            executor.beginBatch();
            final CommandSpec spec = executor.resolve(args);
            isRefused = null != spec && spec.has(CommandFlags.CLIENT_ONLY);
            if (!isRefused && CommandExecutor.POSTPONED == executor.execute(this, args, reply))
            {
                return null;
            }

            if (isRefused)
            {
                output.truncate(0);
                reply.error("ERR this command is not available to a session within the process");
            }

            final byte[] bytes = new byte[output.length()];
            Memory.copy(output.address(), bytes, 0, bytes.length);
            output.take(bytes.length);
            output.shrink();
            return bytes;
        }
        finally
        {
            Memory.release(block);
        }
    }

    @Override
    public boolean isInMulti()
    {
        return false;
    }

    @Override
    public boolean hasPendingOutput()
    {
        return true;
    }

    @Override
    public void block(final BlockedCommand blocked)
    {
        blocked.cancel();
        isRefused = true;
    }

    @Override
    public byte[] detach()
    {
        throw new IllegalStateException("a session without a socket cannot give one away");
    }

    @Override
    public boolean isSubscribed()
    {
        return false;
    }

    @Override
    public void kill()
    {
        isClosing = true;
    }

    @Override
    public void queue(final CommandSpec spec, final ArgVector queued)
    {
        throw new IllegalStateException("no MULTI is ever open here");
    }

    @Override
    public void poisonTransaction()
    {
        // No MULTI is ever open here, so there is nothing to poison.
    }

    @Override
    public void discardTransaction()
    {
        // Nor is there anything to discard.
    }

    @Override
    public int queuedFlags()
    {
        return 0;
    }

    @Override
    public void close()
    {
        output.close();
    }
}
