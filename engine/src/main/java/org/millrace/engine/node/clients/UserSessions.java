package org.millrace.engine.node.clients;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.acl.ChannelGrants;
import org.millrace.engine.acl.User;
import org.millrace.engine.acl.UserListener;

/** What becomes of the sessions of users who go or lose rights. Writer thread. */
final class UserSessions implements UserListener
{
    private final Clients clients;

    /** Reader threads have their connections, and must not answer anybody until these have come back. */
    private final List<ClientSession> calledBack = new ArrayList<>();

    /** Replicas among them. */
    private PeerLines peers;

    UserSessions(final Clients clients)
    {
        this.clients = clients;
    }

    void peers(final PeerLines newPeers)
    {
        peers = newPeers;
    }

    /** Some of them have not come back yet. */
    boolean isCallingBack()
    {
        return !calledBack.isEmpty();
    }

    /** Duty cycle. @return how many came back. */
    int doWork()
    {
        final int before = calledBack.size();
        if (before > 0)
        {
            calledBack.removeIf(this::isBack);
        }

        return before - calledBack.size();
    }

    /** Nobody waits for connections any more: the node ends. */
    void close()
    {
        calledBack.forEach(this::finish);
        calledBack.clear();
    }

    /** It was to end, and has not ended otherwise meanwhile. */
    private void finish(final ClientSession session)
    {
        if (session.isDead() && session == clients.find(session.id()))
        {
            clients.finishClose(session);
        }
    }

    private boolean isBack(final ClientSession session)
    {
        if (session.connection().isOpen() && !session.connection().claim())
        {
            return false;
        }

        finish(session);
        return true;
    }

    @Override
    public void onDeleted(final User user)
    {
        peers.kill(user);
        for (final ClientSession session : clients.snapshot())
        {
            if (user == session.rights)
            {
                // It keeps its rights for what it is in the midst of: the default user's may be others.
                session.isAuthenticated = false;
                end(session);
            }
        }
    }

    private void end(final ClientSession session)
    {
        if (session.isRunning() || session.connection().claim())
        {
            session.kill();
        }
        else
        {
            // What it sends until it comes back is read by nobody.
            session.markDead();
            calledBack.add(session);
        }
    }

    @Override
    public void onChanged(final User user)
    {
        if (user.isUnlimited())
        {
            return;
        }

        for (final ClientSession session : clients.snapshot())
        {
            if (user == session.rights && !session.isRunning() && !session.connection().claim())
            {
                calledBack.add(session);
            }
        }
    }

    @Override
    public void onChannelsLost(final User user)
    {
        for (final ClientSession session : clients.snapshot())
        {
            if (user == session.rights && session.isSubscribed() && !mayListenOn(session, user))
            {
                session.kill();
            }
        }
    }

    private static boolean mayListenOn(final ClientSession session, final User user)
    {
        return mayListen(session, PubSub.CHANNEL, user) && mayListen(session, PubSub.PATTERN, user) &&
            mayListen(session, PubSub.SHARD, user);
    }

    private static boolean mayListen(final ClientSession session, final int kind, final User user)
    {
        return session.names(kind).stream().allMatch((name) -> ChannelGrants.mayListen(
            user, new String(name.bytes(), StandardCharsets.ISO_8859_1), PubSub.PATTERN == kind));
    }
}
