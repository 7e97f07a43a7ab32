package org.millrace.engine.node.clients;

import static org.millrace.engine.command.CommandFlags.CLIENT_ONLY;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.tracking.Prefix;

/** CLIENT TRACKING and what else there is of CLIENT about it. */
final class TrackingCommands
{
    /** What a client that does not track has in place of the id that messages go to. */
    private static final long NOBODY = -1;

    private final Tracking tracking;
    private final Clients clients;

    TrackingCommands(final Tracking tracking, final Clients clients)
    {
        this.tracking = tracking;
        this.clients = clients;
    }

    void register(final CommandSpec client)
    {
        tracking.cachingRow(client);
        final int flags = CLIENT_ONLY | NOSCRIPT | LOADING | STALE;
        client.sub("caching", 3, flags, Category.CONNECTION, TrackingCommands::caching);
        client.sub("getredir", 2, flags, Category.CONNECTION, TrackingCommands::getRedir);
        client.sub("tracking", -3, flags, Category.CONNECTION, this::tracking);
        client.sub("trackinginfo", 2, flags, Category.CONNECTION, TrackingCommands::info);
    }

    private void tracking(final CommandContext context)
    {
        final ClientSession session = ClientSession.running(context);
        final TrackingWish wish = new TrackingWish();
        if (!wish.parse(context, clients))
        {
            return;
        }

        if (context.argIs(2, "OFF"))
        {
            tracking.disable(session);
            context.reply().ok();
        }
        else if (!context.argIs(2, "ON"))
        {
            context.reply().error(Replies.SYNTAX);
        }
        else if (wish.check(context, session.tracking()))
        {
            tracking.enable(session, wish, context.args());
            context.reply().ok();
        }
    }

    private static void caching(final CommandContext context)
    {
        final ClientTracking state = ClientSession.running(context).tracking();
        if (null == state || !state.isOn)
        {
            context.reply().error(
                "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode " +
                    "enabled");
            return;
        }

        final boolean isYes = context.argIs(2, "YES");
        if (!isYes && !context.argIs(2, "NO"))
        {
            context.reply().error(Replies.SYNTAX);
        }
        else if (isYes ? !state.isOptIn : !state.isOptOut)
        {
            context.reply().error("ERR CLIENT CACHING " + (isYes ? "YES" : "NO") +
                " is only valid when tracking is enabled in " + (isYes ? "OPTIN" : "OPTOUT") + " mode.");
        }
        else
        {
            state.isCachingGiven = true;
            context.reply().ok();
        }
    }

    private static void getRedir(final CommandContext context)
    {
        context.reply().integer(redirect(ClientSession.running(context).tracking()));
    }

    /** Id of the client that messages go to as people see it: 0 for none, negative for a client that does not track. */
    static long redirect(final ClientTracking state)
    {
        return null == state || !state.isOn ? NOBODY : state.redirect;
    }

    private static void info(final CommandContext context)
    {
        final ClientTracking present = ClientSession.running(context).tracking();
        final ClientTracking state = null == present ? new ClientTracking(0) : present;
        final ReplyWriter reply = context.reply();
        reply.map(3);
        reply.bulk("flags");
        flags(reply, state);
        reply.bulk("redirect");
        reply.integer(redirect(state));
        reply.bulk("prefixes");
        reply.array(state.prefixes.size());
        for (final Prefix prefix : state.prefixes)
        {
            reply.bulk(prefix.address(), prefix.length());
        }
    }

    private static void flags(final ReplyWriter reply, final ClientTracking state)
    {
        final String[] words = {
            state.isOn ? "on" : "off",
            state.isBroadcast ? "bcast" : null,
            state.isOptIn ? "optin" : null,
            state.isOptIn && state.isCachingGiven ? "caching-yes" : null,
            state.isOptOut ? "optout" : null,
            state.isOptOut && state.isCachingGiven ? "caching-no" : null,
            state.isNoLoop ? "noloop" : null,
            state.isRedirectBroken ? "broken_redirect" : null};
        int count = 0;
        for (final String word : words)
        {
            count += null == word ? 0 : 1;
        }

        reply.set(count);
        for (final String word : words)
        {
            if (null != word)
            {
                reply.bulk(word);
            }
        }
    }
}
