package org.millrace.engine.node.clients;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import org.agrona.collections.Long2ObjectHashMap;
import org.millrace.engine.acl.Users;
import org.millrace.engine.backlog.StreamLog;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.transport.Connection;

/**
 * All clients of the node: accepts, closes, enforces limits. Writer
 * thread. Replicas leave it when the feeder takes their sockets over.
 */
public final class Clients
{
    /** Redis logs one in a minute. */
    private static final long WEB_REQUEST_LOG_MS = 60_000;

    private final Long2ObjectHashMap<ClientSession> byId = new Long2ObjectHashMap<>();
    private final List<ClientSession> toFlush = new ArrayList<>();
    private final ReplyWriter ownReply = new ReplyWriter();
    private final ReplyWriter besideReply = new ReplyWriter();
    private final RespLimits protocolLimits = new RespLimits();
    private final Config config;
    private final EventLog log;
    private final ExecutionState state;
    private final CommandExecutor executor;
    private final SharedBuffers buffers;
    private final ClientLimits limits;
    private final ClientMemory memory;
    private final PubSub pubSub;
    private final KeyInterest keyInterest;
    private final BlockedClients blocked;
    private final Monitors monitors;
    private final Tracking tracking;
    private final Users users;
    private final UserSessions userSessions;
    private final AccessLog accessLog;
    private final HeldReplies held;

    private IntSupplier replicas = () -> 0;
    private ReplyWriter reply = ownReply;
    private boolean isSomePostponed;
    private long nextId = 1;
    private long peak;
    private long webRequestMs = -WEB_REQUEST_LOG_MS;

    public Clients(
        final Config config,
        final EventLog log,
        final ExecutionState state,
        final CommandExecutor executor,
        final PubSub pubSub,
        final KeyInterest keyInterest,
        final Monitors monitors,
        final Tracking tracking,
        final Users users,
        final AccessLog accessLog,
        final StreamLog streamLog)
    {
        held = new HeldReplies(streamLog);
        this.users = users;
        this.accessLog = accessLog;
        this.config = config;
        this.log = log;
        this.state = state;
        this.executor = executor;
        buffers = new SharedBuffers(executor.table()::findForClient);
        limits = new ClientLimits(config, log);
        memory = new ClientMemory(this, config);
        this.pubSub = pubSub;
        this.keyInterest = keyInterest;
        blocked = new BlockedClients(this, executor, keyInterest);
        this.monitors = monitors;
        this.tracking = tracking;
        tracking.attach(this);
        userSessions = new UserSessions(this);
        users.listener(userSessions);
        config.listen(ConfigOption.REQUIREPASS, (c, option) ->
        {
            users.requirePassword(c.text(ConfigOption.REQUIREPASS));
            return null;
        });
    }

    HeldReplies held()
    {
        return held;
    }

    /** Before the first client: how many replicas there are, which maxclients counts too. */
    public void replicas(final IntSupplier count)
    {
        replicas = count;
    }

    /** Before the first client: connections of clients' users that are no clients any more. */
    void peers(final PeerLines peers)
    {
        userSessions.peers(peers);
    }

    /** A new socket. It may be turned away at once. */
    public void accept(final Connection connection)
    {
        final Statistics statistics = statistics();
        if (!hasRoom(0))
        {
            refuse(connection);
            return;
        }

        if (isProtected(connection))
        {
            turnAway(
                connection,
                "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set " +
                    "for the default user. In this mode connections are only accepted from the loopback interface. " +
                    "To connect from other machines set a password (requirepass), or disable protected mode with " +
                    "CONFIG SET protected-mode no from a local client, or protected-mode no in the configuration " +
                    "file.\r\n");
            return;
        }

        final ClientSession session = new ClientSession(this, nextId++, connection);
        session.createdMs = steadyMs();
        session.lastInteractionMs = session.createdMs;
        setDefaultUser(session);
        connection.noDelay(true);
        if (config.is(ConfigOption.TCP_KEEPALIVE))
        {
            connection.keepAlive(config.integer(ConfigOption.TCP_KEEPALIVE));
        }

        byId.put(session.id(), session);
        peak = Math.max(peak, byId.size());
        statistics.connectionsReceived++;
        connection.handler(session);
    }

    /** Whether maxclients lets one more come, beside so many that are about to. */
    public boolean hasRoom(final int others)
    {
        return byId.size() + replicas.getAsInt() + others < config.number(ConfigOption.MAXCLIENTS);
    }

    /** As who it connected. */
    void setDefaultUser(final ClientSession session)
    {
        session.rights = users.defaultUser();
        session.isAuthenticated = session.rights.isOpen();
    }

    /** No room for this client. */
    public void refuse(final Connection connection)
    {
        turnAway(connection, "-ERR max number of clients reached\r\n");
    }

    /** One id sequence for clients and what replication counts among them. */
    public long takeId()
    {
        return nextId++;
    }

    private boolean isProtected(final Connection connection)
    {
        return config.is(ConfigOption.PROTECTED_MODE) && users.defaultUser().hasNoPassword() &&
            !connection.isLoopback();
    }

    private void turnAway(final Connection connection, final String line)
    {
        statistics().connectionsRejected++;
        // Not the shared buffer: a slow client may have it.
        try (OutBuffer out = new OutBuffer(line.length()))
        {
            out.put(line.getBytes(StandardCharsets.US_ASCII));
            connection.write(out.content());
        }

        connection.close();
    }

    /** Sessions run in the midst of another's command, until {@link #endBeside}: they have buffers of their own. */
    public void beginBeside()
    {
        reply = besideReply;
        buffers.beginBeside();
    }

    public void endBeside()
    {
        reply = ownReply;
        buffers.endBeside();
    }

    /** Duty cycle: blocked commands, messages to others. */
    public int doWork(final long nowNs)
    {
        final int work = userSessions.doWork() + blocked.doWork(nowNs) + tracking.doWork() + flushMessages();
        memory.keepWithin();
        return work;
    }

    public int flushMessages()
    {
        int work = held.release();
        for (int i = 0; i < toFlush.size(); i++)
        {
            final ClientSession session = toFlush.get(i);
            if (!session.isDead() && session.output().isFlushDue())
            {
                session.output().flush();
                work++;
            }
        }

        toFlush.clear();
        return work;
    }

    /** Earliest time at which {@link #doWork} has something to do without an event. */
    public long nextDeadlineNs()
    {
        return blocked.nextDeadlineNs();
    }

    /** This node has become a replica: who waits for what only a primary has waits no longer. */
    public void demoted()
    {
        blocked.throwOut();
    }

    /** Once a second: idle clients, soft output limits. */
    public void cron(final long steadyMs)
    {
        final long timeoutMs = 1000 * config.number(ConfigOption.TIMEOUT);
        for (final ClientSession session : snapshot())
        {
            if (timeoutMs > 0 && steadyMs - session.lastInteractionMs > timeoutMs && !session.isSubscribed() &&
                null == session.blocked() && !session.isMonitor)
            {
                log.verbose("Closing idle client");
                close(session);
            }
            else if (session.output().isOpen())
            {
                checkOutputLimit(session);
            }
        }
    }

    /** A client waits for the end of a pause. */
    void postponed()
    {
        isSomePostponed = true;
    }

    /** Clients may go on: a pause has ended, or been changed. Those that may not are postponed again. */
    public void resumePostponed()
    {
        if (!isSomePostponed)
        {
            return;
        }

        isSomePostponed = false;
        for (final ClientSession session : snapshot())
        {
            if (session.isPostponed())
            {
                session.resume();
            }
        }
    }

    void protocolError(final ClientSession session, final String error)
    {
        log.verbose("Protocol error (" + error + ") from client: " + ClientLines.of(session, steadyMs()));
        session.output().protocolError(reply, "ERR " + error);
        statistics().errorReplies++;
        session.isClosing = true;
    }

    /** Close without a reply: a web browser was made to talk to us, its lines would be taken for commands. */
    void abortWebRequest(final ClientSession session)
    {
        if (steadyMs() - webRequestMs >= WEB_REQUEST_LOG_MS)
        {
            webRequestMs = steadyMs();
            log.warning(
                "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. " +
                    "This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your " +
                    "Redis instance. Connection from " + session.address() + " aborted.");
        }

        session.markDead();
    }

    /** Close a session's connection and forget it. */
    void close(final ClientSession session)
    {
        if (!session.isDead())
        {
            session.markDead();
            if (session.isRunning())
            {
                // It goes as soon as its command has ended: nobody else is to go for what it takes until then.
                memory.measure(session);
            }
            else
            {
                finishClose(session);
            }
        }
    }

    void finishClose(final ClientSession session)
    {
        session.connection().close();
        forget(session);
    }

    /** The socket now belongs to somebody else. */
    void detached(final ClientSession session)
    {
        byId.remove(session.id());
        pubSub.removeAll(session);
        tracking.forget(session);
        session.discardTransaction();
        monitors.remove(session);
    }

    private void forget(final ClientSession session)
    {
        detached(session);
        if (null != session.blocked())
        {
            session.blocked().end();
        }

        session.input().drop();
        session.output().drop();
        memory.measure(session);
    }

    /** Clients take too much, and this one most. */
    void evict(final ClientSession session)
    {
        log.notice("Evicting client: " + ClientLines.of(session, steadyMs()));
        statistics().evictedClients++;
        close(session);
    }

    /** Tell why a client is about to be closed. */
    void warnOfClose(final ClientSession session, final String reason)
    {
        log.warning("Client " + ClientLines.of(session, steadyMs()) + " closed: " + reason);
    }

    /** True if what a client has sent and we could not run yet is more than is allowed; then it is logged. */
    boolean isInputTooLong(final ClientSession session)
    {
        return limits.isInputTooLong(session, steadyMs());
    }

    boolean hasOutputLimit(final ClientSession session)
    {
        return limits.hasOutputLimit(session);
    }

    /** Close a client that leaves too much unread. */
    void checkOutputLimit(final ClientSession session)
    {
        if (limits.isOutputTooLong(session, steadyMs()))
        {
            close(session);
        }
    }

    void flushLater(final ClientSession session)
    {
        toFlush.add(session);
    }

    BlockedClients blocked()
    {
        return blocked;
    }

    /** Clients that wait for something, the end of a pause included. */
    public int blockedCount()
    {
        int count = blocked.count();
        for (final ClientSession session : byId.values())
        {
            count += session.isPostponed() ? 1 : 0;
        }

        return count;
    }

    /** Clients that wait until a deadline. */
    public int timedCount()
    {
        return blocked.timedCount();
    }

    /** Keys that clients wait for. */
    public int waitedKeys()
    {
        return keyInterest.waitedKeys();
    }

    /** Those of them of which clients want to know that they are gone. */
    public int keysWaitedToGo()
    {
        return keyInterest.keysWaitedToGo();
    }

    boolean isPaused(final ClientSession session)
    {
        // Postponed commands are looked at again after every pause; the gate decides about each.
        return session.isPostponed() && state.isWritePaused(steadyMs());
    }

    void unwatch(final ClientSession session)
    {
        keyInterest.unwatch(session.watcher());
    }

    ClientSession find(final long id)
    {
        return byId.get(id);
    }

    public int size()
    {
        return byId.size();
    }

    long peak()
    {
        return peak;
    }

    /** Not a copy: only to be looked at, which costs nothing that thousands of clients would make a pause of. */
    Collection<ClientSession> all()
    {
        return byId.values();
    }

    /** Bytes of the largest buffer of what a client has sent, now. */
    public long longestInput()
    {
        long longest = 0;
        for (final ClientSession session : all())
        {
            longest = Math.max(longest, session.inputCapacity());
        }

        return longest;
    }

    /** Bytes of the replies that wait for the client that has most of them, now. */
    public long longestOutput()
    {
        long longest = 0;
        for (final ClientSession session : all())
        {
            longest = Math.max(longest, session.output().length());
        }

        return longest;
    }

    /** Bytes that all clients take: buffers, queued commands, what they watch and listen to. */
    public long bytes()
    {
        return memory.bytes();
    }

    ClientMemory memory()
    {
        return memory;
    }

    /** A copy that may be walked while sessions close; in order of ids. */
    List<ClientSession> snapshot()
    {
        final List<ClientSession> copy = new ArrayList<>(byId.values());
        copy.sort((a, b) -> Long.compare(a.id(), b.id()));
        return copy;
    }

    public void closeAll()
    {
        userSessions.close();
        for (final ClientSession session : snapshot())
        {
            session.output().flush();
            close(session);
        }

        held.close();
    }

    Config config()
    {
        return config;
    }

    ExecutionState state()
    {
        return state;
    }

    PubSub pubSub()
    {
        return pubSub;
    }

    KeyInterest keyInterest()
    {
        return keyInterest;
    }

    Monitors monitors()
    {
        return monitors;
    }

    /** What is known of what clients have in caches of their own. */
    public Tracking tracking()
    {
        return tracking;
    }

    Users users()
    {
        return users;
    }

    /** Some connections must come back from reader threads before these may go on: their users have lost rights. */
    public boolean isCallingBack()
    {
        return userSessions.isCallingBack();
    }

    AccessLog accessLog()
    {
        return accessLog;
    }

    SharedBuffers buffers()
    {
        return buffers;
    }

    ReplyWriter reply()
    {
        return reply;
    }

    /** What the reader of requests refuses. */
    public RespLimits protocolLimits()
    {
        return protocolLimits;
    }

    CommandExecutor executor()
    {
        return executor;
    }

    Keyspace keyspace(final int number)
    {
        return executor.writer().data().keyspace(number);
    }

    EventLog log()
    {
        return log;
    }

    Statistics statistics()
    {
        return executor.writer().statistics();
    }

    /** Monotonic. */
    long steadyMs()
    {
        return executor.writer().steadyMs();
    }
}
