package org.millrace.engine.node.clients;

import java.nio.charset.StandardCharsets;
import org.agrona.collections.IntArrayList;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tracking.Prefix;

/** The options of one CLIENT TRACKING. Each reading method replies the error that it finds, and then returns false. */
final class TrackingWish
{
    private static final int FIRST_OPTION = 3;

    boolean isBroadcast;
    boolean isOptIn;
    boolean isOptOut;
    boolean isNoLoop;

    /** Id of a client; 0 for none. */
    long redirect;

    /** Indices of the arguments that are prefixes. */
    final IntArrayList prefixes = new IntArrayList();

    boolean parse(final CommandContext context, final Clients clients)
    {
        for (int i = FIRST_OPTION; i < context.argCount(); i++)
        {
            final boolean hasMore = i + 1 < context.argCount();
            if (hasMore && context.argIs(i, "REDIRECT"))
            {
                i++;
                if (!parseRedirect(context, clients, i))
                {
                    return false;
                }
            }
            else if (hasMore && context.argIs(i, "PREFIX"))
            {
                i++;
                prefixes.addInt(i);
            }
            else if (!parseWord(context, i))
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }
        }

        return true;
    }

    private boolean parseRedirect(final CommandContext context, final Clients clients, final int index)
    {
        if (0 != redirect)
        {
            context.reply().error("ERR A client can only redirect to a single other client");
            return false;
        }

        if (!context.readLong(index))
        {
            return false;
        }

        redirect = context.longValue();
        if (null == clients.find(redirect))
        {
            context.reply().error("ERR The client ID you want redirect to does not exist");
            return false;
        }

        return true;
    }

    private boolean parseWord(final CommandContext context, final int index)
    {
        if (context.argIs(index, "BCAST"))
        {
            isBroadcast = true;
        }
        else if (context.argIs(index, "OPTIN"))
        {
            isOptIn = true;
        }
        else if (context.argIs(index, "OPTOUT"))
        {
            isOptOut = true;
        }
        else if (context.argIs(index, "NOLOOP"))
        {
            isNoLoop = true;
        }
        else
        {
            return false;
        }

        return true;
    }

    /** Whether the options go together, and with how the client tracks now. @param present null if it never has. */
    boolean check(final CommandContext context, final ClientTracking present)
    {
        final String error = contradiction(null == present ? new ClientTracking(0) : present);
        if (null != error)
        {
            context.reply().error(error);
            return false;
        }

        return !isBroadcast || checkPrefixes(context, present);
    }

    private String contradiction(final ClientTracking present)
    {
        if (!isBroadcast && !prefixes.isEmpty())
        {
            return "ERR PREFIX option requires BCAST mode to be enabled";
        }

        if (present.isOn && present.isBroadcast != isBroadcast)
        {
            return "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then " +
                "re-enabling it with a different mode.";
        }

        if (isBroadcast && (isOptIn || isOptOut))
        {
            return "ERR OPTIN and OPTOUT are not compatible with BCAST";
        }

        if (isOptIn && isOptOut)
        {
            return "ERR You can't specify both OPTIN mode and OPTOUT mode";
        }

        if (isOptIn && present.isOptOut || isOptOut && present.isOptIn)
        {
            return "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then " +
                "re-enabling it with a different mode.";
        }

        return null;
    }

    /** A key is not to be told of twice. */
    private boolean checkPrefixes(final CommandContext context, final ClientTracking present)
    {
        final ArgVector args = context.args();
        for (int i = 0; i < prefixes.size(); i++)
        {
            final int index = prefixes.getInt(i);
            final Prefix existing = null == present ? null : overlapping(present, args, index);
            if (null != existing)
            {
                final byte[] bytes = new byte[existing.length()];
                Memory.copy(existing.address(), bytes, 0, bytes.length);
                context.reply().error(overlap(args.text(index), "an existing", text(bytes)));
                return false;
            }

            for (int j = i + 1; j < prefixes.size(); j++)
            {
                final int other = prefixes.getInt(j);
                final int length = Math.min(args.length(index), args.length(other));
                if (Memory.equal(args.address(index), args.address(other), length))
                {
                    context.reply().error(overlap(args.text(index), "another provided", args.text(other)));
                    return false;
                }
            }
        }

        return true;
    }

    private static Prefix overlapping(final ClientTracking present, final ArgVector args, final int index)
    {
        for (final Prefix prefix : present.prefixes)
        {
            if (prefix.overlaps(args.address(index), args.length(index)))
            {
                return prefix;
            }
        }

        return null;
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String overlap(final String prefix, final String kind, final String other)
    {
        return "ERR Prefix '" + prefix + "' overlaps with " + kind + " prefix '" + other +
            "'. Prefixes for a single client must not overlap.";
    }
}
