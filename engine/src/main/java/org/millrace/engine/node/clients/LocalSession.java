package org.millrace.engine.node.clients;

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
    private String lastError;

    public LocalSession(final long id, final CommandExecutor executor)
    {
        super(id);
        this.executor = executor;
        isAuthenticated = true;
    }

    /**
     * Run one command whose reply nobody wants. No garbage.
     *
     * @param args which stay where they are meanwhile.
     * @return false if clients are paused: come again. Else {@link #lastError} says what it was answered with.
     */
    public boolean execute(final int database, final ArgVector arguments)
    {
        db = database;
        output.truncate(0);
        reply.wrap(output, 2);
        final long errors = reply.errors();
        final boolean isDone = run(arguments);
        lastError = errors == reply.errors() ? null : reply.lastError();
        output.take(output.length());
        output.shrink();
        return isDone;
    }

    /** Error that the last command was answered with, null if it was not. */
    public String lastError()
    {
        return lastError;
    }

    /**
     * Run one command.
     *
     * @return the reply as it would stand on the wire, or null if clients are paused: come again.
     */
    public byte[] execute(final int database, final byte[]... words)
    {
        db = database;
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
            if (!run(args))
            {
                return null;
            }

            return takeReply();
        }
        finally
        {
            Memory.release(block);
        }
    }

    private byte[] takeReply()
    {
        byte[] bytes;
        try
        {
            bytes = new byte[output.length()];
        }
        catch (final OutOfMemoryError e)
        {
            // The command is done and in the stream; one program that asks for too much is no reason to end the node.
            final int length = output.length();
            output.truncate(0);
            reply.error("ERR this command's reply of " + length + " bytes is too long for the heap");
            bytes = new byte[output.length()];
        }

        Memory.copy(output.address(), bytes, 0, bytes.length);
        output.take(bytes.length);
        output.shrink();
        return bytes;
    }

    private boolean run(final ArgVector arguments)
    {
        executor.beginBatch();
        final CommandSpec spec = executor.resolveForClient(arguments);
        isRefused = null != spec && spec.has(CommandFlags.CLIENT_ONLY);
        try
        {
            if (!isRefused && CommandExecutor.POSTPONED == executor.execute(this, arguments, reply))
            {
                return false;
            }
        }
        catch (final RuntimeException e)
        {
            // As with clients: a change that may be half done ends the node, a reply that cannot be made does not.
            if (!executor.abandon(e))
            {
                throw e;
            }

            output.truncate(0);
            reply.error("ERR this command failed: " + e);
        }

        if (isRefused)
        {
            output.truncate(0);
            reply.error("ERR this command is not available to a session within the process");
        }

        return true;
    }

    @Override
    protected void block(final BlockedCommand blocked)
    {
        blocked.end();
        isRefused = true;
    }

    @Override
    public void close()
    {
        output.close();
    }
}
