package org.millrace.engine.node.clients;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.OpenMulti;
import org.millrace.engine.interest.Watcher;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.resp.RespReader;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;

/**
 * One client: reads, runs what is complete, sends the replies, one read and one write a turn. What it has sent and what
 * goes to it are kept by {@link ClientInput} and {@link ClientOutput}; here is what runs when, and the modes a client may
 * be in.
 */
final class ClientSession extends Client implements ConnectionHandler
{
    /** What a client may have read in one turn. */
    private static final int READ_MAX = 1 << 20;

    private final Clients clients;
    private final ClientInput input;
    private final ClientOutput output;
    private final Watcher watcher = new Watcher();
    private boolean isRunning;
    private boolean isDetached;
    private boolean isDead;
    private BlockedClients.Blocked blocked;
    private Transaction transaction;
    private boolean isPostponed;
    private List<Set<ByteKey>> subscriptions;
    private boolean isSubscribed;

    /** Null if it has never tracked keys. */
    private ClientTracking tracking;

    /** What {@link ClientMemory} has counted of it. */
    long countedBytes;

    ClientSession(final Clients clients, final long id, final Connection connection)
    {
        super(id, connection);
        this.clients = clients;
        input = new ClientInput(connection, clients.protocolLimits(), clients.buffers().kept());
        output = new ClientOutput(clients, this);
    }

    /** Whose command runs; only for handlers of rows with {@link CommandFlags#CLIENT_ONLY}. */
    static ClientSession running(final CommandContext context)
    {
        return (ClientSession)context.session();
    }

    @Override
    public void onReadable()
    {
        if (isRunning)
        {
            // In the midst of its own command, which takes long: read on once that has ended.
            input.pause();
        }
        else if (isDead)
        {
            // A reader thread has not given it back yet, and what it sends is read by nobody.
            final InBuffer unread = clients.buffers().input();
            input.fill(unread);
            unread.clear();
        }
        else
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
        final InBuffer source = input.source(clients.buffers().input());
        final int before = source.length();
        final int read = fill(source);
        if (read < 0)
        {
            source.clear();
            clients.close(this);
            return;
        }

        clients.statistics().netInputBytes += read;
        clients.statistics().socketReads++;
        lastInteractionMs = clients.steadyMs();
        if (input.isKept())
        {
            if (clients.isInputTooLong(this))
            {
                clients.close(this);
                return;
            }

            clients.memory().measure(this);
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
            final int read = input.fill(source);
            int sum = read;
            // What is long comes in one turn as far as it is there, not in one for each doubling of the buffer. An end of
            // the connection is met again in the next.
            for (int more = read; input.isKept() && more > 0 && sum < READ_MAX &&
                source.isFull(); sum += Math.max(0, more))
            {
                more = input.fill(source);
            }

            return sum;
        }
        catch (final OutOfMemoryError e)
        {
            clients.warnOfClose(this, e.getMessage());
            return Connection.CLOSED;
        }
    }

    @Override
    public void onWritable()
    {
        if (!isDead)
        {
            output.flush();
            resumeReading();
        }
    }

    /** Run complete commands that are there already: after a block, a pause, or back-pressure. */
    void resume()
    {
        try
        {
            final InBuffer waiting = input.waiting();
            if (null != waiting && !isDead && null == blocked)
            {
                run(waiting);
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

        clients.buffers().input().clear();
        clients.warnOfClose(this, e.getMessage());
        clients.close(this);
    }

    private void run(final InBuffer source)
    {
        // Before others, so that nobody sees them above the limit.
        clients.memory().keepWithin();
        if (isDead)
        {
            source.clear();
        }
        else
        {
            runUnlessWaiting(source);
        }

        clients.memory().measure(this);
    }

    private void runUnlessWaiting(final InBuffer source)
    {
        if (null != blocked || isPostponed && clients.isPaused(this))
        {
            input.keep(source, 0);
            input.limitBlocked();
            if (isPostponed)
            {
                clients.postponed();
            }

            return;
        }

        isPostponed = false;
        isRunning = true;
        output.beginRun();
        clients.executor().beginBatch();
        int consumed = 0;
        try
        {
            consumed = execute(source.address(), source.length());
        }
        catch (final ReplyTooLongException | OutOfMemoryError e)
        {
            // A reply comes after the change; any other lack of memory within a change leaves it half done.
            final boolean isSound = clients.executor().abandon(e);
            if (!isSound && e instanceof OutOfMemoryError error)
            {
                throw error;
            }

            clients.warnOfClose(this, e.getMessage());
            isDead = true;
        }

        isRunning = false;
        if (isDetached)
        {
            source.clear();
            output.drop();
            input.drop();
            return;
        }

        if (isDead)
        {
            source.clear();
            clients.finishClose(this);
            return;
        }

        input.keep(source, consumed);
        if (output.length() > ClientLines.STATIC_OUTPUT_BYTES)
        {
            // As in Redis the limit is for what is written, however fast it would be read.
            clients.checkOutputLimit(this);
        }

        output.flush();
    }

    private int execute(final long address, final int length)
    {
        final CommandBatch batch = clients.buffers().takeBatch();
        input.begin(address, length);
        int at = 0;
        boolean isGoingOn = true;
        while (isGoingOn && at < length)
        {
            final int result = input.readBatch(batch, address + at, length - at, isLetIn());
            batch.prepare(clients.keyspace(db), clients.executor().writer().values());
            for (int i = 0; isGoingOn && i < batch.count(); i++)
            {
                final int end = at + batch.length(i);
                input.runs(at, end);
                if (batch.args(i).count() > 0 &&
                    CommandExecutor.POSTPONED == executeOne(batch.spec(i), batch.args(i)))
                {
                    isPostponed = true;
                    clients.postponed();
                    isGoingOn = false;
                }
                else
                {
                    at = isClosing ? length : end;
                    isGoingOn = !(isClosing || isDead || isDetached || null != blocked || isOutputFull());
                }
            }

            if (!isGoingOn)
            {
                input.forgetReadAhead();
            }
            else if (RespReader.ERROR == result)
            {
                clients.protocolError(this, input.error());
                at = length;
            }
            else if (RespReader.INCOMPLETE == result)
            {
                input.takeIncomplete(batch);
                isGoingOn = false;
            }
        }

        clients.buffers().giveBackBatch(batch);
        return at;
    }

    private int executeOne(final CommandSpec spec, final ArgVector command)
    {
        final ReplyWriter reply = clients.reply();
        output.beginCommand(reply);
        final long errors = reply.errors();
        final int result = clients.executor().execute(this, spec, command, reply);
        protocol = reply.version();
        if (CommandExecutor.POSTPONED == result)
        {
            output.postponeCommand();
            return result;
        }

        if (errors != reply.errors() && (command.is(0, "POST") || command.is(0, "HOST:")))
        {
            clients.abortWebRequest(this);
        }

        output.endCommand();
        if (null == blocked)
        {
            commandEnded(spec);
        }

        return result;
    }

    /** A command has been answered. @param spec its row, without a subcommand; null if there is none. */
    void commandEnded(final CommandSpec spec)
    {
        if (null != tracking && null == transaction && spec != clients.tracking().cachingRow())
        {
            tracking.commandEnded();
        }
    }

    private boolean isOutputFull()
    {
        if (!output.isFull() || clients.hasOutputLimit(this))
        {
            return false;
        }

        input.pause();
        return true;
    }

    /** Again and again, as replies that all fit into the socket bring no other event that would go on. */
    private void resumeReading()
    {
        while (input.isPaused() && !isDead && null == blocked && !(isPostponed && clients.isPaused(this)) &&
            output.isTaken())
        {
            input.goOn();
            final InBuffer waiting = input.waiting();
            if (null != waiting)
            {
                run(waiting);
            }
        }
    }

    ClientInput input()
    {
        return input;
    }

    ClientOutput output()
    {
        return output;
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

    /** Bytes that the client has sent and that have not been run, those of the running command included. */
    int inputLength()
    {
        return isRunning ? input.lengthInRun() : input.length();
    }

    /** Bytes that the buffer of what it has sent takes, the part of the shared one that is its own included. */
    int inputCapacity()
    {
        return input.isKept() ? input.capacity() : inputLength();
    }

    /** Bytes that it takes: buffers, queued commands, about what it watches and listens to. */
    long memoryBytes()
    {
        return inputCapacity() + output.memoryBytes() + transactionBytes() + watcher.bytes() +
            PubSub.BYTES_PER_NAME * nameCount() + (null == tracking ? 0 : tracking.bytes());
    }

    /** Bytes of the commands queued since MULTI. */
    long transactionBytes()
    {
        return null == transaction ? 0 : transaction.bytes();
    }

    private long nameCount()
    {
        return subscriptionCount(PubSub.CHANNEL) + subscriptionCount(PubSub.PATTERN) + subscriptionCount(PubSub.SHARD);
    }

    /** Its wait in a command, or null. */
    BlockedClients.Blocked blocked()
    {
        return blocked;
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

    /** What it watches. */
    Watcher watcher()
    {
        return watcher;
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

    /** How it tracks keys; null if it never has. */
    ClientTracking tracking()
    {
        return tracking;
    }

    void tracking(final ClientTracking state)
    {
        tracking = state;
    }

    @Override
    public boolean isPlain()
    {
        return isAuthenticated && rights.isUnlimited() && null == transaction && output.isPlain() && input.isIdle() &&
            !isSubscribed &&
            null == blocked && !isPostponed && !isMonitor && !isClosing && !isDead && !isDetached &&
            null == replication && (null == tracking || tracking.isPlain());
    }

    @Override
    public void onReplies(final long address, final int length)
    {
        if (!isDead)
        {
            try
            {
                output.forMessage().put(address, length);
            }
            catch (final ReplyTooLongException e)
            {
                output.overflow(e.getMessage());
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
    public OpenMulti multi()
    {
        return transaction;
    }

    @Override
    public boolean hasPendingOutput()
    {
        return output.length() > 0;
    }

    @Override
    protected void block(final BlockedCommand command)
    {
        output.deferReply();
        blocked = clients.blocked().add(this, command);
    }

    @Override
    public byte[] detach()
    {
        final byte[] unread = input.copyBehindCommand();
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
    public void evictable(final boolean mayBeEvicted)
    {
        isNoEvict = !mayBeEvicted;
        clients.memory().reconsider();
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
}
