package org.millrace.engine.node.clients;

import java.util.Locale;
import org.millrace.engine.acl.Users;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Session;

/** The options of CLIENT KILL. */
public final class ClientFilter
{
    String address;
    String localAddress;
    String type;
    String user;
    long id;
    boolean isSelfSkipped = true;

    private final Users users;

    ClientFilter(final Users users)
    {
        this.users = users;
    }

    /** True if all options are understood; else the error has been replied. */
    boolean parse(final CommandContext context)
    {
        for (int i = 2; i < context.argCount(); i += 2)
        {
            if (i + 1 >= context.argCount() || !parseOption(context, i))
            {
                if (i + 1 >= context.argCount())
                {
                    context.reply().error(Replies.SYNTAX);
                }

                return false;
            }
        }

        return true;
    }

    private boolean parseOption(final CommandContext context, final int i)
    {
        final String value = context.argText(i + 1);
        if (context.argIs(i, "ID"))
        {
            if (!context.readLong(i + 1, "ERR client-id should be greater than 0"))
            {
                return false;
            }

            id = context.longValue();
            if (id < 1)
            {
                context.reply().error("ERR client-id should be greater than 0");
                return false;
            }
        }
        else if (context.argIs(i, "TYPE"))
        {
            type = type(value);
            if (null == type)
            {
                context.reply().error("ERR Unknown client type '" + value + "'");
                return false;
            }
        }
        else if (context.argIs(i, "ADDR"))
        {
            address = value;
        }
        else if (context.argIs(i, "LADDR"))
        {
            localAddress = value;
        }
        else if (context.argIs(i, "USER"))
        {
            user = value;
            if (null == users.find(user))
            {
                context.reply().error("ERR No such user '" + user + "'");
                return false;
            }
        }
        else if (context.argIs(i, "SKIPME") && (context.argIs(i + 1, "YES") || context.argIs(i + 1, "NO")))
        {
            isSelfSkipped = context.argIs(i + 1, "YES");
        }
        else
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        return true;
    }

    boolean matches(final ClientSession session, final Session self)
    {
        return matches(
            session.id(),
            session.address(),
            session.connection().localAddress(),
            typeOf(session),
            session.rights.name()) && !(isSelfSkipped && session == self);
    }

    /** The part that replicas and links answer too. */
    public boolean matches(
        final long otherId,
        final String otherAddress,
        final String otherLocalAddress,
        final String otherType,
        final String otherUser)
    {
        return (0 == id || id == otherId) && (null == address || address.equals(otherAddress)) &&
            (null == localAddress || localAddress.equals(otherLocalAddress)) &&
            (null == type || type.equals(otherType)) && (null == user || user.equals(otherUser));
    }

    /** The type that this word names, or null. */
    static String type(final String word)
    {
        return switch (word.toLowerCase(Locale.ROOT))
        {
            case "normal" -> "normal";
            case "replica", "slave" -> "replica";
            case "master", "primary" -> "master";
            case "pubsub" -> "pubsub";
            default -> null;
        };
    }

    static String typeOf(final ClientSession session)
    {
        return session.isSubscribed() ? "pubsub" : "normal";
    }
}
