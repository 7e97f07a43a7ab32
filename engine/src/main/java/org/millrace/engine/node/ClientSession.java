package org.millrace.engine.node;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Session;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.resp.RespReader;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;

/**
 * One client with its buffers: reads, runs what is complete, sends the replies, one read and one write a turn. Buffers
 * of its own exist only while a command is incomplete or replies wait; else the node's shared ones serve it.
 */
final class ClientSession extends Session implements ConnectionHandler
{
    /** A client that leaves this much unsent is not read from until it has taken most of it. */
    private static final int BACK_PRESSURE_BYTES = 64 << 20;

    /** What a blocked client may send ahead before it is no longer read from. */
    private static final int BLOCKED_INPUT_MAX = 1 << 20;

    private final Clients clients;
    private final RespReader reader;

    /** A command that has begun; takes turns with those of the batch. */
    private ArgVector args = new ArgVector();
    private InBuffer input;
    private OutBuffer output;
    private boolean isOutputShared;
    private boolean isRunning;
    private boolean isDetached;
    private boolean isDead;
    private boolean isWriteWanted;
    private boolean isReadPaused;
    private long parseBase;
    private int parseLength;
    private int parseAt;
    private int parsed;

    private BlockedCommand blocked;

    /** CLIENT REPLY was off, or skips this one, when it began to wait. */
    private boolean isBlockedSilently;
    private Transaction transaction;
    private boolean isPostponed;
    private List<Set<ByteKey>> subscriptions;
    private boolean isSubscribed;
    private boolean hasDirtyWatch;
    private String overflow;

    /** What comes to this client while a command of its own runs: it goes behind that one's reply. */
    private OutBuffer aside;
    private boolean isInCommand;

    /** CLIENT REPLY: 0 on, 1 off, 2 skip the next, 3 skip the present one. */
    int replyMode;

    /** Since when the soft output limit has been exceeded; 0 if it is not. */
    long softLimitSinceMs;

    ClientSession(final Clients clients, final long id, final Connection connection)
    {
        super(id, connection);
        this.clients = clients;
        reader = new RespReader(clients.limits());
    }

    @Override
    public void onReadable()
    {
        if (!isDead)
        {
            try
            {
                receive();
                resumeReading();
            }
            catch (final OutOfMemoryError e)
            {
                noMemory(e);
            }
        }
    }

    private void receive()
    {
        final InBuffer source = null == input ? clients.sharedInput() : input;
        final int before = source.length();
        final int read = fill(source);
        if (read < 0)
        {
            if (source != input)
            {
                source.clear();
            }

            clients.close(this);
            return;
        }

        clients.statistics().netInputBytes += read;
        clients.statistics().socketReads++;
        lastInteractionMs = clients.steadyMs();
        if (source == input && clients.isInputTooLong(this))
        {
            clients.close(this);
            return;
        }

        if (read > 0 || before > 0)
        {
            run(source);
        }
    }

    private int fill(final InBuffer source)
    {
        try
        {
            return source.fill(connection());
        }
        catch (final OutOfMemoryError e)
        {
            clients.log().warning("Client " + ClientLines.of(this, clients.steadyMs()) + " closed: " + e.getMessage());
            return Connection.CLOSED;
        }
    }

    @Override
    public void onWritable()
    {
        if (!isDead)
        {
            flush();
            resumeReading();
        }
    }

    /** Run complete commands that are in the private input already: after a block, a pause, or back-pressure. */
    void resume()
    {
        try
        {
            if (!isDead && null != input && input.length() > 0 && null == blocked)
            {
                run(input);
            }

            resumeReading();
        }
        catch (final OutOfMemoryError e)
        {
            noMemory(e);
        }
    }

    /** The buffers of one client are no reason to end the node; a change that was left half done is. */
    private void noMemory(final OutOfMemoryError e)
    {
        if (isRunning || isDead)
        {
            throw e;
        }

        clients.sharedInput().clear();
        clients.log().warning("Client " + ClientLines.of(this, clients.steadyMs()) + " closed: " + e.getMessage());
        clients.close(this);
    }

    private void run(final InBuffer source)
    {
        if (null != blocked || isPostponed && clients.isPaused(this))
        {
            keep(source, 0);
            limitBlockedInput();
            if (isPostponed)
            {
                clients.postponed();
            }

            return;
        }

        isPostponed = false;
        isRunning = true;
        clients.lendOutput(this);
        int consumed = 0;
        try
        {
            consumed = execute(source.address(), source.length());
        }
        catch (final ReplyTooLongException | OutOfMemoryError e)
        {
            // A reply comes after the change; any other lack of memory within a change leaves it half done.
            final boolean isSound = clients.executor().abandon();
            if (!isSound && e instanceof OutOfMemoryError error)
            {
                throw error;
            }

            clients.log().warning("Client " + ClientLines.of(this, clients.steadyMs()) + " closed: " + e.getMessage());
            isDead = true;
        }

        isRunning = false;
        if (isDetached)
        {
            source.clear();
            clients.takeBackOutput(this);
            dropInput();
            return;
        }

        if (isDead)
        {
            source.clear();
            clients.finishClose(this);
            return;
        }

        keep(source, consumed);
        if (output.length() > ClientLines.STATIC_OUTPUT_BYTES)
        {
            // As in Redis the limit is for what is written, however fast it would be read.
            clients.checkOutputLimit(this);
        }

        flush();
    }

    private int execute(final long address, final int length)
    {
        final CommandBatch batch = clients.takeBatch();
        int at = 0;
        boolean isGoingOn = true;
        while (isGoingOn && at < length)
        {
            final int result = readBatch(batch, address + at, length - at);
            batch.prepare(clients.keyspace(db));
            for (int i = 0; isGoingOn && i < batch.count(); i++)
            {
                parseBase = address;
                parseLength = length;
                parseAt = at;
                parsed = at + batch.length(i);
                if (batch.args(i).count() > 0 &&
                    CommandExecutor.POSTPONED == executeOne(batch.spec(i), batch.args(i)))
                {
                    isPostponed = true;
                    clients.postponed();
                    isGoingOn = false;
                }
                else
                {
                    at = isClosing ? length : parsed;
                    isGoingOn = !(isClosing || isDead || isDetached || null != blocked || isOutputFull());
                }
            }

            if (!isGoingOn)
            {
                // What was read ahead is read again when its turn comes.
                reader.reset();
            }
            else if (RespReader.ERROR == result)
            {
                clients.protocolError(this, reader.error());
                at = length;
            }
            else if (RespReader.INCOMPLETE == result)
            {
                args = batch.exchangeNext(args);
                isGoingOn = false;
            }
        }

        clients.giveBackBatch(batch);
        return at;
    }

    /**
     * Read complete commands ahead.
     *
     * @return what the reader said last: INCOMPLETE and ERROR are for what stands behind the batch.
     */
    private int readBatch(final CommandBatch batch, final long address, final int length)
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

    private int executeOne(final CommandSpec spec, final ArgVector command)
    {
        if (2 == replyMode)
        {
            replyMode = 3;
        }

        final int before = output.length();
        final ReplyWriter reply = clients.reply();
        reply.wrap(output, protocol);
        final long errors = reply.errors();
        isInCommand = true;
        final int result = clients.executor().execute(this, spec, command, reply);
        isInCommand = false;
        protocol = reply.version();
        if (CommandExecutor.POSTPONED == result)
        {
            // It comes again, and what was to be skipped still is.
            replyMode = 3 == replyMode ? 2 : replyMode;
            return result;
        }

        if (errors != reply.errors() && (command.is(0, "POST") || command.is(0, "HOST:")))
        {
            clients.abortWebRequest(this);
        }

        if (0 != replyMode && null != output)
        {
            output.truncate(before);
            if (3 == replyMode)
            {
                replyMode = 0;
            }
        }

        if (null != aside)
        {
            takeAside();
        }

        return result;
    }

    private void takeAside()
    {
        final OutBuffer messages = aside;
        aside = null;
        try (messages)
        {
            if (null == overflow && null != output && !isDead && !isDetached)
            {
                output.put(messages.address(), messages.length());
            }
        }
    }

    /** What was not consumed becomes (or stays in) the private input. */
    private void keep(final InBuffer source, final int consumed)
    {
        if (source == input)
        {
            source.take(consumed);
            if (0 == source.length() && !reader.isInCommand())
            {
                dropInput();
            }

            return;
        }

        final int left = source.length() - consumed;
        if (left > 0)
        {
            input = new InBuffer(Math.max(16 * 1024, left));
            input.put(source.address() + consumed, left);
        }

        source.clear();
    }

    private void limitBlockedInput()
    {
        if (null != input && input.length() > BLOCKED_INPUT_MAX && !isReadPaused)
        {
            isReadPaused = true;
            connection().wantRead(false);
        }
    }

    private boolean isOutputFull()
    {
        if (output.length() < BACK_PRESSURE_BYTES || clients.hasOutputLimit(this))
        {
            return false;
        }

        if (!isReadPaused)
        {
            isReadPaused = true;
            connection().wantRead(false);
        }

        return true;
    }

    /** Again and again, as replies that all fit into the socket bring no other event that would go on. */
    private void resumeReading()
    {
        while (isReadPaused && !isDead && null == blocked && !(isPostponed && clients.isPaused(this)) &&
            (null == output || output.length() < BACK_PRESSURE_BYTES / 2))
        {
            isReadPaused = false;
            connection().wantRead(true);
            if (null != input && input.length() > 0)
            {
                run(input);
            }
        }
    }

    /** Send what there is; keep the rest, ask to be told when it fits. */
    void flush()
    {
        if (null == output && null == overflow || isRunning || isDead)
        {
            return;
        }

        if (null != overflow)
        {
            clients.log().warning("Client " + ClientLines.of(this, clients.steadyMs()) + " closed: " + overflow);
            clients.close(this);
            return;
        }

        while (output.length() > 0)
        {
            final int written = connection().write(output.content());
            if (written < 0)
            {
                clients.close(this);
                return;
            }

            if (0 == written)
            {
                break;
            }

            clients.statistics().netOutputBytes += written;
            clients.statistics().socketWrites++;
            output.take(written);
        }

        final boolean isEmpty = 0 == output.length();
        if (isWriteWanted == isEmpty)
        {
            isWriteWanted = !isEmpty;
            connection().wantWrite(isWriteWanted);
        }

        if (isEmpty)
        {
            clients.takeBackOutput(this);
            if (isClosing)
            {
                clients.close(this);
            }
        }
        else
        {
            clients.keepOutput(this);
            clients.checkOutputLimit(this);
        }
    }

    /**
     * The buffer that messages for this client go to, and replies of what it has been blocked in; flushed at the end of
     * the duty cycle at latest. Never in the middle of a reply.
     */
    OutBuffer outputForMessage()
    {
        if (isInCommand)
        {
            if (null == aside)
            {
                aside = new OutBuffer(Clients.PRIVATE_OUTPUT_BYTES);
            }

            return aside;
        }

        if (null == output)
        {
            clients.lendPrivateOutput(this);
        }

        if (!isRunning)
        {
            clients.flushLater(this);
        }

        return output;
    }

    /** Writes to {@link #outputForMessage}. */
    ReplyWriter messageWriter()
    {
        final ReplyWriter writer = new ReplyWriter();
        writer.wrap(outputForMessage(), protocol);
        return writer;
    }

    /** What others write to this client exceeds its buffer: it is closed at the end of the duty cycle. */
    void overflow(final String reason)
    {
        overflow = reason;
        if (null != output && !isInCommand)
        {
            output.truncate(0);
        }

        clients.flushLater(this);
    }

    OutBuffer output()
    {
        return output;
    }

    boolean isOutputShared()
    {
        return isOutputShared;
    }

    void output(final OutBuffer buffer, final boolean isShared)
    {
        output = buffer;
        isOutputShared = isShared;
    }

    boolean isDead()
    {
        return isDead;
    }

    boolean isRunning()
    {
        return isRunning;
    }

    boolean isDetached()
    {
        return isDetached;
    }

    void markDead()
    {
        isDead = true;
    }

    int inputLength()
    {
        if (isRunning)
        {
            return parseLength - parseAt;
        }

        return null == input ? 0 : input.length();
    }

    int inputCapacity()
    {
        return null == input ? inputLength() : input.capacity();
    }

    long outputLength()
    {
        return null == output ? 0 : output.length();
    }

    /** The session ends. */
    void dropAside()
    {
        if (null != aside)
        {
            aside.close();
            aside = null;
        }
    }

    void dropInput()
    {
        if (null != input)
        {
            input.close();
            input = null;
        }
    }

    BlockedCommand blocked()
    {
        return blocked;
    }

    /** Have the blocked command answer if it can; false if it cannot yet. */
    boolean pollBlocked(final ReplyWriter reply, final long nowNs)
    {
        final int before = wrap(reply);
        return blocked.poll(reply, nowNs) && answered(before);
    }

    /** Answer in its place. */
    void unblock(final ReplyWriter reply, final String error)
    {
        final int before = wrap(reply);
        blocked.cancel();
        reply.error(error);
        answered(before);
    }

    private int wrap(final ReplyWriter reply)
    {
        final OutBuffer out = outputForMessage();
        reply.wrap(out, protocol);
        return out.length();
    }

    private boolean answered(final int before)
    {
        if (isBlockedSilently)
        {
            output.truncate(before);
        }

        blocked = null;
        return true;
    }

    /** It waits no longer. */
    void unblocked()
    {
        blocked = null;
    }

    boolean isPostponed()
    {
        return isPostponed;
    }

    Transaction transaction()
    {
        return transaction;
    }

    void beginTransaction()
    {
        transaction = new Transaction();
    }

    boolean hasDirtyWatch()
    {
        return hasDirtyWatch;
    }

    void dirtyWatch(final boolean isDirty)
    {
        hasDirtyWatch = isDirty;
    }

    /** Names this session listens to, of one kind of {@link PubSub}. */
    Set<ByteKey> names(final int kind)
    {
        if (null == subscriptions)
        {
            subscriptions = List.of(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        }

        return subscriptions.get(kind);
    }

    int subscriptionCount(final int kind)
    {
        return null == subscriptions ? 0 : subscriptions.get(kind).size();
    }

    void subscriptionsChanged()
    {
        isSubscribed = subscriptionCount(PubSub.CHANNEL) + subscriptionCount(PubSub.PATTERN) +
            subscriptionCount(PubSub.SHARD) > 0;
    }

    @Override
    public boolean isPlain()
    {
        return isAuthenticated && 0 == replyMode && null == transaction && null == input && null == output &&
            !reader.isInCommand() && !isSubscribed && null == blocked && !isPostponed && !isReadPaused &&
            !isMonitor && !isClosing && !isDead && !isDetached && null == overflow && null == replication;
    }

    @Override
    public void onReplies(final long address, final int length)
    {
        if (!isDead)
        {
            try
            {
                outputForMessage().put(address, length);
            }
            catch (final ReplyTooLongException e)
            {
                overflow(e.getMessage());
            }
        }
    }

    @Override
    public void onClaimed()
    {
        if (isPostponed)
        {
            resume();
        }
    }

    @Override
    public boolean isInMulti()
    {
        return null != transaction;
    }

    @Override
    public boolean hasPendingOutput()
    {
        return null != output && output.length() > 0;
    }

    @Override
    public void block(final BlockedCommand command)
    {
        Check.that(!isExecuting, "a command blocks within EXEC: client, database", id(), db);
        blocked = command;
        isBlockedSilently = 0 != replyMode;
        clients.addBlocked(this);
    }

    @Override
    public byte[] detach()
    {
        final byte[] unread = new byte[parseLength - parsed];
        Memory.copy(parseBase + parsed, unread, 0, unread.length);
        isDetached = true;
        clients.detached(this);
        return unread;
    }

    @Override
    public boolean isSubscribed()
    {
        return isSubscribed;
    }

    @Override
    public void kill()
    {
        if (isRunning)
        {
            isClosing = true;
        }
        else
        {
            clients.close(this);
        }
    }

    @Override
    public void queue(final CommandSpec spec, final ArgVector queued)
    {
        transaction.add(spec, queued);
    }

    @Override
    public void poisonTransaction()
    {
        if (null != transaction)
        {
            transaction.poison();
        }
    }

    @Override
    public void discardTransaction()
    {
        if (null != transaction)
        {
            transaction.close();
            transaction = null;
        }

        clients.unwatch(this);
    }

    @Override
    public int queuedFlags()
    {
        return null == transaction ? 0 : transaction.flags();
    }

    @Override
    public int queuedCommonFlags()
    {
        return null == transaction ? -1 : transaction.commonFlags();
    }
}
