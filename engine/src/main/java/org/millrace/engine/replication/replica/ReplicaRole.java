package org.millrace.engine.replication.replica;

import java.util.Locale;
import org.millrace.engine.backlog.LogScan;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Whether this node is a replica, of whom, and the link that makes it one: what commands, INFO and the node see of the
 * replica half. Writer thread.
 */
public final class ReplicaRole implements AutoCloseable
{
    private final ReplicaContext context;
    private final StreamPosition position;
    private final ReplicaLink link;
    private final EventLog log;
    private boolean isReplica;

    public ReplicaRole(final ReplicaContext context)
    {
        this(context, new RdbPayloadLoader.Loaders());
    }

    ReplicaRole(final ReplicaContext context, final PayloadLoader.Factory loaders)
    {
        this.context = context;
        log = context.log();
        position = new StreamPosition(context);
        link = new ReplicaLink(context, position, loaders);
    }

    /** Told of each PSYNC; {@link Handover#NONE} unless set. */
    public void handover(final Handover handover)
    {
        link.handover(handover);
    }

    /**
     * The data was loaded at start from a snapshot of a replica or primary at this place of a history; to be called
     * before {@link #follow}, and only if this node starts as a replica.
     */
    public void restore(final String replid, final long offset, final int streamDb)
    {
        position.restore(replid, offset, streamDb);
    }

    /**
     * The data was loaded at start from a snapshot at this place of a history, and the log goes on from there: apply it.
     * What the position is at the end is for {@link #restore}.
     */
    public LogReplay replay(final String replid, final long offset, final int streamDb, final LogScan scan)
    {
        position.restore(replid, offset, streamDb);
        return new LogReplay(context, position, scan);
    }

    /** Behind {@link #restore}: there shall be a ring before the primary has answered. False: no segment. */
    public boolean beginAtStart()
    {
        return position.beginRing();
    }

    /** Start as a replica, as configured: without {@link #restore} the first resync will be a full one. */
    public void follow(final String host, final int port, final long nowNs)
    {
        isReplica = true;
        // Before the host is told: it keeps the address for CONFIG REWRITE, which may come right behind.
        link.target(host, port);
        context.host().onRoleChange(true);
        link.start(nowNs);
    }

    /** REPLICAOF host port: drop the present link, follow another primary. Data stays until a full resync begins. */
    public void replicaOf(final String host, final int port, final long nowNs)
    {
        link.stop(nowNs);
        if (!isReplica)
        {
            position.becomeReplica();
        }

        follow(host, port, nowNs);
    }

    /** REPLICAOF to the primary that is followed already: whatever delay there is before the next attempt is over. */
    public void hurry(final long nowNs)
    {
        link.hurry(nowNs);
    }

    /** REPLICAOF NO ONE: go on as a primary with the data of now, under a new replid. */
    public void promote(final long nowNs)
    {
        if (!isReplica)
        {
            return;
        }

        link.stop(nowNs);
        if (position.isResumable())
        {
            log.notice("Discarding previously cached master state.");
        }

        position.becomePrimary();
        context.subReplicas().disconnectAll("this node has become a primary");
        link.forgetDownTime();
        isReplica = false;
        context.host().onRoleChange(false);
    }

    /** The data were changed by another than the primary: only a full resync leads back. */
    public void leaveHistory()
    {
        position.leaveHistory();
    }

    /** A bounded step of the link. @return work count. */
    public int doWork(final long nowMs, final long nowNs)
    {
        return link.doWork(nowMs, nowNs);
    }

    /** In the midst of a script: see {@link ReplicaLink#doWorkWhileBusy}. */
    public void doWorkWhileBusy(final long nowNs)
    {
        link.doWorkWhileBusy(nowNs);
    }

    /** Time at which {@link #doWork} has something to do even if no event comes; Long.MAX_VALUE for none. */
    public long nextDeadlineNs()
    {
        return link.nextDeadlineNs();
    }

    public boolean isReplica()
    {
        return isReplica;
    }

    /** The link is connected and in sync. */
    public boolean isLinkUp()
    {
        return LinkState.STREAMING == link.state();
    }

    /** State of the link as ROLE names it; "none" for a primary. */
    public String linkState()
    {
        return link.state().roleWord();
    }

    /** Why the link was dropped last; empty once it is in sync again. */
    public String linkError()
    {
        return link.lastError();
    }

    /** True if host (in any case) and port are those of the present primary. */
    public boolean isFollowing(final String host, final int port)
    {
        return isReplica && link.port() == port &&
            link.host().toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
    }

    /** Host of the primary; empty if this node is one. */
    public String primaryHost()
    {
        return isReplica ? link.host() : "";
    }

    public int primaryPort()
    {
        return link.port();
    }

    /**
     * True if the data stands at (replid, end offset, {@link #streamDb}) of its primary's history: then a snapshot may
     * say so in its AUX fields.
     */
    public boolean isPositionKnown()
    {
        return isReplica && position.isAcknowledged() && (isLinkUp() || position.isResumable());
    }

    /** Database selected in the stream at its end. */
    public int streamDb()
    {
        return position.db();
    }

    /** The session of the live stream for CLIENT LIST, or null. */
    LinkSession linkSession()
    {
        return link.session();
    }

    /** Memory held for bytes of the link that are not applied yet. */
    public long inputBufferBytes()
    {
        return link.inputCapacity();
    }

    /** The reply to ROLE of a replica. */
    public void writeRole(final ReplyWriter reply)
    {
        reply.array(5);
        reply.bulk("slave");
        reply.bulk(link.host());
        reply.integer(link.port());
        reply.bulk(link.state().roleWord());
        reply.integer(isLinkUp() ? shownOffset() : -1);
    }

    ReplicaLink link()
    {
        return link;
    }

    StreamPosition position()
    {
        return position;
    }

    /** Applied offset as INFO and ROLE show it: -1 after a legacy SYNC, which gave none. */
    long shownOffset()
    {
        return position.isAcknowledged() ? position.offset() : -1;
    }

    @Override
    public void close()
    {
        link.close();
    }
}
