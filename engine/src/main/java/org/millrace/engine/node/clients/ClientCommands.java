package org.millrace.engine.node.clients;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.CLIENT_ONLY;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.TELLS_FIGURES;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.Replies;

/** CLIENT and its subcommands. Replicas and the link to a primary take part through {@link PeerLines}. */
final class ClientCommands
{
    private static final String INVALID_ID = "ERR Invalid client ID";

    static final String INVALID_NAME = "ERR Client names cannot contain spaces, newlines or special characters.";

    private final Clients clients;
    private final ExecutionState state;
    private final PeerLines peers;

    ClientCommands(final Clients clients, final ExecutionState state, final PeerLines peers)
    {
        this.clients = clients;
        this.state = state;
        this.peers = peers;
    }

    void register(final CommandTable table)
    {
        final int plain = CLIENT_ONLY | NOSCRIPT | LOADING | STALE;
        final int admin = plain | ADMIN;
        final CommandSpec spec = table.add("client", -2, MOVES_READ_GATE | TELLS_FIGURES, Category.NONE,
            HelpReplies::never);
        new TrackingCommands(clients.tracking(), clients).register(spec);
        spec.sub("id", 2, plain, Category.CONNECTION, (context) -> context.reply().integer(context.session().id()));
        spec.sub("info", 2, plain, Category.CONNECTION, this::info);
        spec.sub("getname", 2, plain, Category.CONNECTION, ClientCommands::getName);
        spec.sub("setname", 3, plain, Category.CONNECTION, ClientCommands::setName);
        spec.sub("setinfo", 4, plain, Category.CONNECTION, ClientCommands::setInfo);
        spec.sub("list", -2, admin, Category.CONNECTION, this::list);
        spec.sub("kill", -3, admin, Category.CONNECTION, this::kill);
        spec.sub("no-evict", 3, admin, Category.CONNECTION, (context) -> toggle(context, true));
        spec.sub("no-touch", 3, plain, Category.CONNECTION, (context) -> toggle(context, false));
        spec.sub("reply", 3, plain, Category.CONNECTION, ClientCommands::reply);
        spec.sub("pause", -3, admin, Category.CONNECTION, this::pause);
        spec.sub("unpause", 2, admin, Category.CONNECTION, this::unpause);
        spec.sub("unblock", -3, admin, Category.CONNECTION, this::unblock);
        spec.sub("help", 2, LOADING | STALE, Category.CONNECTION, ClientCommands::help);
    }

    static boolean isNameValid(final String name)
    {
        return name.chars().allMatch((c) -> c > ' ' && c <= '~');
    }

    private void info(final CommandContext context)
    {
        context.reply().verbatim(ClientLines.of(ClientSession.running(context), context.steadyMs()) + "\n");
    }

    private static void getName(final CommandContext context)
    {
        if (Client.of(context).name.isEmpty())
        {
            context.reply().nullBulk();
        }
        else
        {
            context.reply().bulk(Client.of(context).name);
        }
    }

    private static void setName(final CommandContext context)
    {
        final String name = context.argText(2);
        if (!isNameValid(name))
        {
            context.reply().error(INVALID_NAME);
            return;
        }

        Client.of(context).name = name;
        context.reply().ok();
    }

    private static void setInfo(final CommandContext context)
    {
        final String value = context.argText(3);
        final boolean isName = context.argIs(2, "LIB-NAME");
        if (!isName && !context.argIs(2, "LIB-VER"))
        {
            context.reply().error("ERR Unrecognized option '" + context.argText(2) + "'");
            return;
        }

        if (!isNameValid(value))
        {
            context.reply().error(
                "ERR " + context.argText(2) + " cannot contain spaces, newlines or special characters.");
            return;
        }

        if (isName)
        {
            Client.of(context).libName = value;
        }
        else
        {
            Client.of(context).libVersion = value;
        }

        context.reply().ok();
    }

    private void list(final CommandContext context)
    {
        String type = null;
        if (context.argCount() > 3 && context.argIs(2, "ID"))
        {
            listIds(context);
            return;
        }

        if (4 == context.argCount() && context.argIs(2, "TYPE"))
        {
            type = ClientFilter.type(context.argText(3));
            if (null == type)
            {
                context.reply().error("ERR Unknown client type '" + context.argText(3) + "'");
                return;
            }
        }
        else if (2 != context.argCount())
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final StringBuilder lines = new StringBuilder();
        for (final ClientSession session : clients.snapshot())
        {
            if (null == type || type.equals(ClientFilter.typeOf(session)))
            {
                lines.append(ClientLines.of(session, context.steadyMs())).append('\n');
            }
        }

        peers.append(lines, type);
        context.reply().verbatim(lines.toString());
    }

    /** In the order in which they are named, each as often as it is. */
    private void listIds(final CommandContext context)
    {
        final StringBuilder lines = new StringBuilder();
        for (int i = 3; i < context.argCount(); i++)
        {
            if (!context.readLong(i, INVALID_ID))
            {
                return;
            }

            final ClientSession session = clients.find(context.longValue());
            if (null == session)
            {
                peers.append(lines, context.longValue());
            }
            else
            {
                lines.append(ClientLines.of(session, context.steadyMs())).append('\n');
            }
        }

        context.reply().verbatim(lines.toString());
    }

    private void kill(final CommandContext context)
    {
        final ClientFilter filter = new ClientFilter(clients.users());
        final boolean isOldForm = 3 == context.argCount();
        if (isOldForm)
        {
            filter.address = context.argText(2);
            filter.isSelfSkipped = false;
        }
        else if (!filter.parse(context))
        {
            return;
        }

        int killed = peers.kill(filter);
        boolean isSelfKilled = false;
        for (final ClientSession session : clients.snapshot())
        {
            if (filter.matches(session, context.session()))
            {
                killed++;
                if (session == context.session())
                {
                    isSelfKilled = true;
                }
                else
                {
                    session.kill();
                }
            }
        }

        if (!isOldForm)
        {
            context.reply().integer(killed);
        }
        else if (0 == killed)
        {
            context.reply().error("ERR No such client");
        }
        else
        {
            context.reply().ok();
        }

        if (isSelfKilled)
        {
            Client.of(context).isClosing = true;
        }
    }

    private static void toggle(final CommandContext context, final boolean isEvict)
    {
        final boolean on = context.argIs(2, "ON");
        if (!on && !context.argIs(2, "OFF"))
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        if (isEvict)
        {
            Client.of(context).evictable(!on);
        }
        else
        {
            context.session().isNoTouch = on;
        }

        context.reply().ok();
    }

    private static void reply(final CommandContext context)
    {
        final ClientSession session = ClientSession.running(context);
        if (context.argIs(2, "ON"))
        {
            session.output().replyOn();
            context.reply().ok();
        }
        else if (context.argIs(2, "OFF"))
        {
            session.output().replyOff();
        }
        else if (context.argIs(2, "SKIP"))
        {
            session.output().replySkip();
        }
        else
        {
            context.reply().error(Replies.SYNTAX);
        }
    }

    private void pause(final CommandContext context)
    {
        final boolean isWriteOnly = 4 == context.argCount() && context.argIs(3, "WRITE");
        if (context.argCount() > 4)
        {
            HelpReplies.wrongForm(context, "CLIENT");
            return;
        }

        if (4 == context.argCount() && !isWriteOnly && !context.argIs(3, "ALL"))
        {
            context.reply().error("ERR CLIENT PAUSE mode must be WRITE or ALL");
            return;
        }

        if (!context.readLong(2, "ERR timeout is not an integer or out of range"))
        {
            return;
        }

        if (context.longValue() < 0)
        {
            context.reply().error("ERR timeout is negative");
            return;
        }

        if (context.longValue() > Long.MAX_VALUE - context.nowMs())
        {
            context.reply().error("ERR timeout is out of range");
            return;
        }

        final long untilMs = context.steadyMs() + Math.min(context.longValue(), Long.MAX_VALUE - context.steadyMs());
        if (isWriteOnly)
        {
            state.pauseWritesUntilMs = Math.max(state.pauseWritesUntilMs, untilMs);
        }
        else
        {
            state.pauseAllUntilMs = Math.max(state.pauseAllUntilMs, untilMs);
        }

        context.reply().ok();
    }

    private void unpause(final CommandContext context)
    {
        state.pauseAllUntilMs = 0;
        state.pauseWritesUntilMs = 0;
        context.reply().ok();
    }

    private void unblock(final CommandContext context)
    {
        final boolean isError = 4 == context.argCount() && context.argIs(3, "ERROR");
        if (context.argCount() > 4)
        {
            HelpReplies.wrongForm(context, "CLIENT");
            return;
        }

        if (4 == context.argCount() && !isError && !context.argIs(3, "TIMEOUT"))
        {
            context.reply().error(
                "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
            return;
        }

        if (!context.readLong(2))
        {
            return;
        }

        final ClientSession session = clients.find(context.longValue());
        if (null == session || null == session.blocked())
        {
            context.reply().integer(0);
            return;
        }

        if (isError)
        {
            session.blocked().fail("UNBLOCKED client unblocked via CLIENT UNBLOCK");
        }
        else if (!session.blocked().unblock())
        {
            // SHUTDOWN does not time out.
            context.reply().integer(0);
            return;
        }

        context.reply().integer(1);
    }

    private static void help(final CommandContext context)
    {
        HelpReplies.reply(context,
            "CACHING (YES|NO)", "Whether keys of the next command are tracked, after TRACKING with OPTIN or OPTOUT.",
            "GETREDIR", "Number of the connection that messages of TRACKING go to.",
            "GETNAME", "Name of this connection.",
            "ID", "Number of this connection.",
            "INFO", "The line CLIENT LIST shows of this connection.",
            "KILL <ip:port>", "Close the connection from this address.",
            "KILL <option> <value> [<option> <value> [...]]", "Close those that match: ADDR, LADDR, TYPE, USER, " +
                "SKIPME, ID.",
            "LIST [options ...]", "A line for each client; TYPE or ID choose.",
            "NO-EVICT (ON|OFF)", "Protect this connection from eviction of clients.",
            "NO-TOUCH (ON|OFF)", "Reads of this connection do not change idle time or frequency of keys.",
            "PAUSE <timeout> [WRITE|ALL]", "Hold clients back for so many milliseconds.",
            "REPLY (ON|OFF|SKIP)", "Whether this connection gets replies.",
            "SETINFO <option> <value>", "Tell about the client library: LIB-NAME, LIB-VER.",
            "SETNAME <name>", "Give this connection a name.",
            "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]", "Whether this connection is told of " +
                "changes of keys it has read, or of those with a prefix; also [OPTIN] [OPTOUT] [NOLOOP].",
            "TRACKINGINFO", "How this connection tracks keys.",
            "UNBLOCK <clientid> [TIMEOUT|ERROR]", "Release a client that waits in a blocking command.",
            "UNPAUSE", "End a pause.");
    }
}
