package org.millrace.engine.replication.replica;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.transport.Connection;

/**
 * What the link does from {@link LinkState#CONNECTING} to {@link LinkState#AWAIT_PSYNC}: waits for one reply after the
 * other and says what comes next. What is said is {@link LinkHandshake}'s business. Writer thread.
 */
final class HandshakeStage
{
    /** A reply that has begun must be complete within this time, as in Redis. */
    private static final long LINE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private static final int LINE_MAX = 1024;
    private static final long NO_TIME = Long.MIN_VALUE;

    private final ReplicaLink link;
    private final ReplicaContext context;
    private final StreamPosition position;
    private final EventLog log;
    private final LinkHandshake handshake;

    private Handover handover = Handover.NONE;
    private LinkChannel channel;
    private long lineBegunNs;

    HandshakeStage(final ReplicaLink link, final ReplicaContext context, final StreamPosition position)
    {
        this.link = link;
        this.context = context;
        this.position = position;
        log = context.log();
        handshake = new LinkHandshake(context.settings(), position, log);
    }

    void handover(final Handover value)
    {
        handover = value;
    }

    /** A connect is under way. */
    void begin(final LinkChannel connecting)
    {
        channel = connecting;
        lineBegunNs = NO_TIME;
    }

    /** Time at which the primary has been silent for too long. */
    long deadlineNs()
    {
        final long silentNs = channel.timeoutAtNs();
        return NO_TIME == lineBegunNs ? silentNs : Math.min(silentNs, lineBegunNs + LINE_TIMEOUT_NS);
    }

    int connecting(final long nowNs)
    {
        if (!channel.isConnectDone())
        {
            return checkTimeout(nowNs);
        }

        if (!channel.connection().isOpen())
        {
            return link.refuse(nowNs, "Error condition on socket for SYNC: " + channel.failure());
        }

        log.notice("Non blocking connect for SYNC fired the event.");
        channel.heard(nowNs);
        channel.connection().noDelay(true);
        if (context.settings().keepAliveSeconds > 0)
        {
            channel.connection().keepAlive(context.settings().keepAliveSeconds);
        }

        channel.command("PING");
        channel.flush();
        return link.moveTo(LinkState.AWAIT_PONG);
    }

    int awaitPong(final long nowNs)
    {
        final String line = pollLine(nowNs);
        if (null == line)
        {
            return 0;
        }

        if (!LinkHandshake.isAlive(line))
        {
            return link.refuse(nowNs, "Error reply to PING from master: '" + line + "'");
        }

        log.notice("Master replied to PING, replication can continue...");
        handshake.introduce(channel);
        return link.moveTo(LinkState.AWAIT_REPLCONF);
    }

    int awaitReplconf(final long nowNs)
    {
        final String line = pollLine(nowNs);
        if (null == line)
        {
            return 0;
        }

        final String refusal = handshake.onReply(line);
        if (null != refusal)
        {
            return link.refuse(nowNs, refusal);
        }

        if (!handshake.isIntroduced())
        {
            return 1;
        }

        handshake.ask(channel, handover.isUnderWay());
        return link.moveTo(LinkState.AWAIT_PSYNC);
    }

    int awaitPsync(final long nowNs)
    {
        final String line = pollLine(nowNs);
        if (null == line)
        {
            return 0;
        }

        final PsyncReply psync = PsyncReply.parse(line);
        if (handover.isUnderWay() && PsyncReply.Kind.WAIT != psync.kind())
        {
            handover.onAnswer(psync.isAccepted());
            if (!psync.isAccepted())
            {
                return link.refuse(nowNs, "Unexpected reply to PSYNC from master: " + line);
            }
        }

        return switch (psync.kind())
        {
            case WAIT -> 1;
            case FULL -> beginFullResync(psync, nowNs);
            case CONTINUE -> resume(psync, nowNs);
            case TRANSIENT -> link.refuse(
                nowNs, "Master is currently unable to PSYNC but should be in the future: " + line);
            case UNSUPPORTED -> {
                log.notice("Master does not support PSYNC or is in error state (reply: " + line + ")");
                yield fallBackToSync(psync, nowNs);
            }
            case UNEXPECTED -> {
                log.warning("Unexpected reply to PSYNC from master: " + line);
                yield fallBackToSync(psync, nowNs);
            }
        };
    }

    private int beginFullResync(final PsyncReply psync, final long nowNs)
    {
        if (null == psync.replid())
        {
            log.warning("Master replied with wrong +FULLRESYNC syntax.");
        }
        else
        {
            log.notice("Full resync from master: " + psync.replid() + ":" + psync.offset());
        }

        return link.receiveSnapshot(psync, nowNs);
    }

    private int fallBackToSync(final PsyncReply psync, final long nowNs)
    {
        log.notice("Retrying with SYNC...");
        channel.raw("SYNC\r\n");
        channel.flush();
        return link.receiveSnapshot(psync, nowNs);
    }

    private int resume(final PsyncReply psync, final long nowNs)
    {
        if (!handshake.hasAskedToResume())
        {
            return link.refuse(nowNs, "Master replied +CONTINUE to a request for a full resynchronization");
        }

        log.notice("Successful partial resynchronization with master.");
        if (position.resume(psync.replid()))
        {
            log.notice("Master replication ID changed to " + psync.replid());
            context.subReplicas().disconnectAll("the replication ID has changed");
        }

        log.notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
        link.retry().onPartialResync();
        return link.stream(nowNs);
    }

    /** The next line of the handshake, or null: then none has come, or the attempt has failed. */
    private String pollLine(final long nowNs)
    {
        final int received = channel.receive(nowNs);
        final LinkInput input = channel.input();
        final int length = input.lineLength(LINE_MAX);
        if (length > 0)
        {
            lineBegunNs = NO_TIME;
            return input.takeLine(length);
        }

        if (0 == length && Connection.CLOSED != received)
        {
            if (0 == input.length())
            {
                checkTimeout(nowNs);
                return null;
            }

            lineBegunNs = NO_TIME == lineBegunNs ? nowNs : lineBegunNs;
            if (nowNs - lineBegunNs < LINE_TIMEOUT_NS)
            {
                return null;
            }
        }

        final String why = length < 0 ? "the line is too long" : 0 == input.length() ? channel.failure() : "timeout";
        log.warning("Failed to read response from the server: " + why);
        link.refuse(
            nowNs,
            LinkState.AWAIT_PSYNC == link.state()
                ? "Master did not reply to PSYNC, will try later"
                : "Master did not respond to command during SYNC handshake");
        return null;
    }

    private int checkTimeout(final long nowNs)
    {
        if (!channel.isSilent(nowNs))
        {
            return 0;
        }

        final String reason = "Timeout connecting to the MASTER...";
        log.warning(reason);
        return link.retryAfter(nowNs, 0, reason);
    }
}
