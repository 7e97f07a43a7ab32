package org.millrace.engine.replication.replica;

import java.util.ArrayDeque;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.RdbCapability;
import org.millrace.engine.snapshot.Snapshots;

/** What a replica says before the payload or the stream: AUTH, REPLCONF, PSYNC, and what it makes of the replies. */
final class LinkHandshake
{
    private static final String AUTH = "AUTH";
    private static final String NEWEST_RDB = RdbCapability.of(Snapshots.NEWEST_VERSION);

    private final ReplicaSettings settings;
    private final StreamPosition position;
    private final EventLog log;
    private final ArrayDeque<String> expectedReplies = new ArrayDeque<>();
    private boolean hasAskedToResume;

    LinkHandshake(final ReplicaSettings settings, final StreamPosition position, final EventLog log)
    {
        this.settings = settings;
        this.position = position;
        this.log = log;
    }

    /**
     * Whether this is the reply to PING of a primary that serves. Before AUTH a refusal for lack of it is what one must
     * expect; old servers said so with plain ERR.
     */
    static boolean isAlive(final String line)
    {
        return line.startsWith("+") || line.startsWith("-NOAUTH") || line.startsWith("-NOPERM") ||
            line.startsWith("-ERR operation not permitted");
    }

    /** Who we are, all at once; the replies go to {@link #onReply} in order. */
    void introduce(final LinkChannel channel)
    {
        expectedReplies.clear();
        if (!settings.primaryAuth.isEmpty())
        {
            expectedReplies.add(AUTH);
            if (settings.primaryUser.isEmpty())
            {
                channel.command(AUTH, settings.primaryAuth);
            }
            else
            {
                channel.command(AUTH, settings.primaryUser, settings.primaryAuth);
            }
        }

        final int announcedPort = 0 != settings.announcePort ? settings.announcePort : settings.port;
        expectedReplies.add("listening-port");
        channel.command("REPLCONF", "listening-port", Integer.toString(announcedPort));
        if (!settings.announceIp.isEmpty())
        {
            expectedReplies.add("ip-address");
            channel.command("REPLCONF", "ip-address", settings.announceIp);
        }

        expectedReplies.add("capa");
        channel.command("REPLCONF", "capa", "eof", "capa", "psync2", "capa", NEWEST_RDB);
        channel.flush();
    }

    /** The reply to the next request. @return why the primary will not have us, or null. */
    String onReply(final String line)
    {
        final String request = expectedReplies.remove();
        if (line.startsWith("-"))
        {
            if (AUTH.equals(request))
            {
                return "Unable to AUTH to MASTER: " + line;
            }

            log.notice("(Non critical) Master does not understand REPLCONF " + request + ": " + line);
        }

        return null;
    }

    /** All replies have come. */
    boolean isIntroduced()
    {
        return expectedReplies.isEmpty();
    }

    /** PSYNC: from where the data stand, or for everything. @param isHandover the primary is to become one by it. */
    void ask(final LinkChannel channel, final boolean isHandover)
    {
        hasAskedToResume = position.isResumable();
        if (hasAskedToResume)
        {
            final String replid = position.history().replid();
            final long next = position.offset() + 1;
            log.notice("Trying a partial resynchronization (request " + replid + ":" + next + ").");
            if (isHandover)
            {
                channel.command("PSYNC", replid, Long.toString(next), "FAILOVER");
            }
            else
            {
                channel.command("PSYNC", replid, Long.toString(next));
            }
        }
        else
        {
            log.notice("Partial resynchronization not possible (no cached master)");
            channel.command("PSYNC", "?", "-1");
        }

        channel.flush();
    }

    /** The last {@link #ask} was to go on: else +CONTINUE is no answer. */
    boolean hasAskedToResume()
    {
        return hasAskedToResume;
    }
}
