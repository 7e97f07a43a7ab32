package org.millrace.engine.node.clients;

import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.resp.RespReader;
import org.millrace.engine.transport.Connection;

/**
 * What one client has sent: finds the commands in it, and keeps what cannot be run yet. It has a buffer of its own only
 * while there is something to keep; else bytes are read into the shared one. Writer thread.
 */
final class ClientInput
{
    /** What a blocked client may send ahead before it is no longer read from. */
    private static final int BLOCKED_MAX = 1 << 20;

    private final Connection connection;
    private final RespReader reader;
    private final InBufferPool pool;

    /** A command that has begun; takes turns with those of the batch. */
    private ArgVector args = new ArgVector();
    private InBuffer kept;
    private boolean isPaused;

    /** The bytes that are being run, and where in them the command that runs begins and ends. */
    private long runAddress;
    private int runLength;
    private int commandAt;
    private int commandEnd;

    ClientInput(final Connection connection, final RespLimits limits, final InBufferPool pool)
    {
        this.connection = connection;
        this.pool = pool;
        reader = new RespReader(limits);
    }

    /** Where to read into, or to run what is there: the client's own buffer, or {@code shared} if it has none. */
    InBuffer source(final InBuffer shared)
    {
        return null == kept ? shared : kept;
    }

    /** True if the client has a buffer of its own, be it only for a command that has begun. */
    boolean isKept()
    {
        return null != kept;
    }

    /** What has been read before and waits to be run; null if there is nothing. */
    InBuffer waiting()
    {
        return null == kept || 0 == kept.length() ? null : kept;
    }

    /** Bytes of the client's own buffer. */
    int length()
    {
        return null == kept ? 0 : kept.length();
    }

    /** Of those, how many stand before a long argument that is on its way: they have been understood. */
    int parsedLength()
    {
        return null == kept ? 0 : reader.bytesBeforeLongBulk();
    }

    /** Room of the client's own buffer, 0 if it has none. */
    int capacity()
    {
        return null == kept ? 0 : kept.capacity();
    }

    /** Read more into the buffer that {@link #source} gave. @return bytes read, or Connection.CLOSED. */
    int fill(final InBuffer source)
    {
        return source.fill(connection, source == kept ? reader.bytesNeeded() : 0);
    }

    /** All that the client sent has been run, and it is read from. */
    boolean isIdle()
    {
        return null == kept && !isPaused && !reader.isInCommand();
    }

    /** These bytes are being run from now on. */
    void begin(final long address, final int length)
    {
        runAddress = address;
        runLength = length;
        runs(0, 0);
    }

    /** The command that runs from now on is at {@code at}, up to {@code end}. */
    void runs(final int at, final int end)
    {
        commandAt = at;
        commandEnd = end;
    }

    /** While it runs: bytes not run, the present command's included. */
    int lengthInRun()
    {
        return runLength - commandAt;
    }

    /** While it runs: a copy of the bytes behind the present command. */
    byte[] copyBehindCommand()
    {
        final byte[] unread = new byte[runLength - commandEnd];
        Memory.copy(runAddress + commandEnd, unread, 0, unread.length);
        return unread;
    }

    /**
     * Read complete commands ahead.
     *
     * @return what the reader said last: INCOMPLETE and ERROR are for what stands behind the batch.
     */
    int readBatch(final CommandBatch batch, final long address, final int length, final boolean isAuthenticated)
    {
        batch.clear();
        args = batch.exchangeNext(args);
        int at = 0;
        int result = RespReader.COMMAND;
        do
        {
            result = reader.read(address + at, length - at, batch.next(), isAuthenticated);
            if (RespReader.INCOMPLETE == result || RespReader.ERROR == result)
            {
                return result;
            }

            if (RespReader.NOTHING == result)
            {
                batch.next().clear();
            }

            batch.add(reader.consumed());
            at += reader.consumed();
        }
        // Arguments of inline commands stand in a buffer that the next one uses; and until it is known who the client is,
        // other limits hold, which the next command may change.
        while (at < length && isAuthenticated && !batch.isFull() && !reader.wasInline());
        return result;
    }

    /** What was read ahead is read again when its turn comes. */
    void forgetReadAhead()
    {
        reader.reset();
    }

    /** The incomplete command behind the batch goes on when more of it comes. */
    void takeIncomplete(final CommandBatch batch)
    {
        args = batch.exchangeNext(args);
    }

    /** Of the last read that gave ERROR. */
    String error()
    {
        return reader.error();
    }

    /** What was not consumed becomes (or stays in) the client's own buffer. */
    void keep(final InBuffer source, final int consumed)
    {
        if (source == kept)
        {
            source.take(consumed);
            if (0 == source.length() && !reader.isInCommand())
            {
                drop();
            }

            return;
        }

        final int left = source.length() - consumed;
        if (left > 0)
        {
            // Of what a command says that it needs no more is taken for granted than one read brings.
            kept = pool.take(Math.max(left, Math.min(reader.bytesNeeded(), InBufferPool.LARGE_BYTES)));
            kept.put(source.address() + consumed, left);
        }

        source.clear();
    }

    /** A blocked client has sent something: it is read from until it has sent too much. */
    void limitBlocked()
    {
        if (length() > BLOCKED_MAX)
        {
            pause();
        }
    }

    void pause()
    {
        if (!isPaused)
        {
            isPaused = true;
            connection.wantRead(false);
        }
    }

    boolean isPaused()
    {
        return isPaused;
    }

    /** Only if it is paused. */
    void goOn()
    {
        isPaused = false;
        connection.wantRead(true);
    }

    void drop()
    {
        if (null != kept)
        {
            pool.giveBack(kept);
            kept = null;
        }
    }
}
