package org.millrace.engine.node.clients;

import java.nio.ByteBuffer;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.transport.Connection;

/**
 * What goes to one client: replies of its commands, if CLIENT REPLY lets them, and messages of others between them. It
 * has a buffer only while something waits to be sent; while its commands run, that is the shared one. Writer thread.
 */
final class ClientOutput
{
    private static final int PRIVATE_BYTES = 4 * 1024;

    /** What waits for the disk and is no longer than this goes into a buffer of its own. */
    private static final int HELD_BYTES = 16 * 1024;

    /** A client that leaves this much unsent is not read from until it has taken most of it. */
    private static final int BACK_PRESSURE_BYTES = 64 << 20;

    /** Which replies are left out. */
    private enum Silence
    {
        NONE,
        ALL,
        NEXT,
        PRESENT
    }

    private final Clients clients;
    private final ClientSession session;
    private OutBuffer buffer;
    private boolean isShared;
    private boolean isWriteWanted;

    /** The buffer is one of those that {@link HeldReplies} lends. */
    private boolean isLent;

    /** Bytes at the front of the buffer that may be sent; behind them those that wait for {@link #heldOffset}. */
    private int free;
    private int held;
    private long heldOffset;

    /** What comes to this client while a command of its own runs: it goes behind that one's reply. */
    private OutBuffer aside;
    private boolean isInCommand;

    /** Where the reply of the present command begins. */
    private int replyBegin;
    private Silence silence = Silence.NONE;

    /** No reply to the command that the client is blocked in. */
    private boolean isDeferredSilent;

    /** Why the client is to be closed; null if it is not. */
    private String overflow;

    /** Since when the soft output limit has been exceeded; 0 if it is not. */
    long softLimitSinceMs;

    ClientOutput(final Clients clients, final ClientSession session)
    {
        this.clients = clients;
        this.session = session;
    }

    /** Bytes that wait to be sent. */
    int length()
    {
        return null == buffer ? 0 : buffer.length();
    }

    /** Bytes of the client's own buffers. */
    int memoryBytes()
    {
        return (null == buffer || isShared ? 0 : buffer.capacity()) + (null == aside ? 0 : aside.capacity());
    }

    /**
     * Something is to be sent, or the client to be closed. A blocked command that is not done yet has a buffer, but
     * nothing in it: that is no work, or the thread would spin.
     */
    boolean isFlushDue()
    {
        return length() > 0 || null != overflow;
    }

    /** There is a buffer, be it with nothing in it. */
    boolean isOpen()
    {
        return null != buffer;
    }

    /** Nothing waits, nothing is left out. */
    boolean isPlain()
    {
        return Silence.NONE == silence && null == buffer && null == overflow;
    }

    /** So much waits that no further command may run. */
    boolean isFull()
    {
        return length() >= BACK_PRESSURE_BYTES;
    }

    /** After it was full: so little waits that commands may run again. */
    boolean isTaken()
    {
        return length() < BACK_PRESSURE_BYTES / 2;
    }

    void replyOn()
    {
        silence = Silence.NONE;
    }

    void replyOff()
    {
        silence = Silence.ALL;
    }

    /** No reply to the next command. */
    void replySkip()
    {
        silence = Silence.ALL == silence ? Silence.ALL : Silence.NEXT;
    }

    boolean isReplyOn()
    {
        return Silence.NONE == silence;
    }

    /** Commands of the client begin to run: replies go to its own buffer if that holds something, else the shared. */
    void beginRun()
    {
        if (null == buffer)
        {
            buffer = clients.buffers().takeOutput();
            isShared = true;
        }
    }

    /** One command begins. */
    void beginCommand(final ReplyWriter reply)
    {
        if (Silence.NEXT == silence)
        {
            silence = Silence.PRESENT;
        }

        reply.wrap(buffer, session.protocol);
        isInCommand = true;
        replyBegin = buffer.length();
    }

    /** The command that has begun has not run: it comes again, and what was to be skipped still is. */
    void postponeCommand()
    {
        isInCommand = false;
        if (Silence.PRESENT == silence)
        {
            silence = Silence.NEXT;
        }
    }

    void endCommand()
    {
        isInCommand = false;
        if (Silence.NONE != silence && null != buffer)
        {
            buffer.truncate(replyBegin);
            if (Silence.PRESENT == silence)
            {
                silence = Silence.NONE;
            }
        }

        if (null != aside)
        {
            takeAside();
        }
    }

    private void takeAside()
    {
        final OutBuffer messages = aside;
        aside = null;
        try (messages)
        {
            if (null == overflow && null != buffer && !session.isDead() && !session.isDetached())
            {
                buffer.put(messages.address(), messages.length());
            }
        }
    }

    /** The running command blocks: whether its reply is left out is settled now. */
    void deferReply()
    {
        isDeferredSilent = Silence.NONE != silence;
    }

    /** The blocked command may answer. */
    void beginDeferred(final ReplyWriter reply)
    {
        final OutBuffer out = forMessage();
        reply.wrap(out, session.protocol);
        isInCommand = true;
        replyBegin = out.length();
    }

    /** It has answered, or waits on and has written nothing. */
    void endDeferred()
    {
        isInCommand = false;
        if (isDeferredSilent)
        {
            buffer.truncate(replyBegin);
        }

        if (null != aside)
        {
            takeAside();
        }
    }

    /** An error to what is no command. */
    void protocolError(final ReplyWriter reply, final String error)
    {
        if (isReplyOn())
        {
            reply.wrap(buffer, session.protocol);
            reply.error(error);
        }
    }

    /**
     * The buffer that messages for this client go to, and replies of what it has been blocked in; flushed at the end of
     * the duty cycle at latest. Never in the middle of a reply.
     */
    OutBuffer forMessage()
    {
        if (isInCommand)
        {
            if (null == aside)
            {
                aside = new OutBuffer(PRIVATE_BYTES);
            }

            return aside;
        }

        if (null == buffer)
        {
            buffer = new OutBuffer(PRIVATE_BYTES);
            isShared = false;
        }

        if (!session.isRunning())
        {
            clients.flushLater(session);
        }

        return buffer;
    }

    /**
     * As {@link #forMessage}, for what a client is told of its cache.
     *
     * @param isBeforeReply nothing of the reply of the present command is there yet, and this goes before it: follow with
     *            {@link #pushed}.
     */
    OutBuffer forPush(final boolean isBeforeReply)
    {
        return isBeforeReply && isInCommand ? buffer : forMessage();
    }

    /** What goes before the reply has been written. */
    void pushed()
    {
        if (isInCommand)
        {
            replyBegin = buffer.length();
        }
    }

    /** Writes to {@link #forMessage}. */
    ReplyWriter messageWriter()
    {
        final ReplyWriter writer = new ReplyWriter();
        writer.wrap(forMessage(), session.protocol);
        return writer;
    }

    /** What others write to this client exceeds its buffer: it is closed at the end of the duty cycle. */
    void overflow(final String reason)
    {
        overflow = reason;
        if (null != buffer && !isInCommand)
        {
            buffer.truncate(0);
        }

        clients.flushLater(session);
    }

    /** Send what there is; keep the rest, ask to be told when it fits. */
    void flush()
    {
        if (null == buffer && null == overflow || session.isRunning() || session.isDead())
        {
            return;
        }

        if (null != overflow)
        {
            clients.warnOfClose(session, overflow);
            clients.close(session);
            return;
        }

        settle();
        if (!send())
        {
            clients.close(session);
            return;
        }

        final boolean isEmpty = 0 == buffer.length();
        if (isWriteWanted != free > 0)
        {
            isWriteWanted = free > 0;
            session.connection().wantWrite(isWriteWanted);
        }

        if (isEmpty)
        {
            giveBack();
            if (session.isClosing)
            {
                clients.close(session);
            }
        }
        else
        {
            // The client is slow, or waits for the disk: the buffer stays with it.
            keep();
            clients.checkOutputLimit(session);
        }

        clients.memory().measure(session);
    }

    /** Find out how much may be sent. */
    private void settle()
    {
        final HeldReplies holding = clients.held();
        if (held > 0 && holding.isReleased(heldOffset))
        {
            free += held;
            held = 0;
        }

        final int rest = buffer.length() - free - held;
        if (rest > 0 && 0 == held)
        {
            if (holding.isHeld())
            {
                held = rest;
                heldOffset = holding.await(session);
            }
            else
            {
                free += rest;
            }
        }
    }

    /** What waits for the disk does so no longer. */
    boolean isReleased()
    {
        return 0 == held || clients.held().isReleased(heldOffset);
    }

    private void keep()
    {
        if (isShared && held > 0 && buffer.length() <= HELD_BYTES)
        {
            final OutBuffer own = clients.held().take();
            own.put(buffer.address(), buffer.length());
            buffer.take(buffer.length());
            clients.buffers().giveBackOutput(buffer);
            buffer = own;
            isLent = true;
        }

        isShared = false;
    }

    /** False if the connection is gone. */
    private boolean send()
    {
        final Connection connection = session.connection();
        while (free > 0)
        {
            final ByteBuffer content = buffer.content();
            final int written = connection.write(content.limit(content.position() + free));
            if (written < 0)
            {
                return false;
            }

            if (0 == written)
            {
                break;
            }

            clients.statistics().netOutputBytes += written;
            clients.statistics().socketWrites++;
            buffer.take(written);
            free -= written;
        }

        return true;
    }

    /** The session has ended: what was not sent is lost. */
    void drop()
    {
        if (null != aside)
        {
            aside.close();
            aside = null;
        }

        if (null != buffer)
        {
            buffer.take(buffer.length());
            giveBack();
        }
    }

    /** Nothing is left in the buffer. */
    private void giveBack()
    {
        free = 0;
        held = 0;
        if (isShared)
        {
            clients.buffers().giveBackOutput(buffer);
        }
        else if (isLent)
        {
            clients.held().giveBack(buffer);
            isLent = false;
        }
        else
        {
            buffer.close();
        }

        buffer = null;
        isShared = false;
    }
}
