package org.millrace.engine.node.clients;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.ALLOW_BUSY;
import static org.millrace.engine.command.CommandFlags.CLIENT_ONLY;
import static org.millrace.engine.command.CommandFlags.ENDS_MULTI;
import static org.millrace.engine.command.CommandFlags.FAILS_WITH_DISK;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.NOT_QUEUED;
import static org.millrace.engine.command.CommandFlags.NO_AUTH;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.WHILE_SUBSCRIBED;

import org.millrace.engine.acl.User;
import org.millrace.engine.acl.Users;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Secrets;
import org.millrace.engine.resp.ReplyWriter;

/** Commands about the connection itself: PING, ECHO, HELLO, AUTH, SELECT, QUIT, RESET, MONITOR. */
final class ConnectionCommands
{
    private static final String WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";

    private final Clients clients;
    private final Users users;
    private final String serverVersion;
    private final String mode;

    ConnectionCommands(final Clients clients, final String serverVersion, final String mode)
    {
        this.clients = clients;
        this.serverVersion = serverVersion;
        this.mode = mode;
        users = clients.users();
    }

    void register(final CommandTable table)
    {
        table.add("ping", -1, FAST | WHILE_SUBSCRIBED | FAILS_WITH_DISK, Category.CONNECTION, ConnectionCommands::ping)
            .foreignRead(ForeignRead.PING)
            .replicationWord(ReplicationWord.PING);
        table.add("echo", 2, LOADING | STALE | FAST, Category.CONNECTION, ConnectionCommands::echo)
            .foreignRead(ForeignRead.ECHO);
        table.add(
            "hello", -1, CLIENT_ONLY | NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY, Category.CONNECTION,
            this::hello)
            .secrets(Secrets::isCredential);
        table
            .add("auth", -2, CLIENT_ONLY | NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY,
                Category.CONNECTION, this::auth)
            .secrets(Secrets::isArgument);
        table.add("select", 2, LOADING | STALE | FAST, Category.CONNECTION, ConnectionCommands::select)
            .replicationWord(ReplicationWord.SELECT);
        table.add(
            "quit", -1,
            CLIENT_ONLY | NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY | NOT_QUEUED | ENDS_MULTI |
                WHILE_SUBSCRIBED,
            Category.CONNECTION,
            ConnectionCommands::quit);
        table.add("reset", 1,
            CLIENT_ONLY | NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY | NOT_QUEUED | ENDS_MULTI |
                WHILE_SUBSCRIBED | MOVES_READ_GATE,
            Category.CONNECTION,
            this::reset);
        table.add("monitor", 1, CLIENT_ONLY | ADMIN | NOSCRIPT | LOADING | STALE | MOVES_READ_GATE, Category.NONE,
            this::monitor);
    }

    private static void ping(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        if (context.argCount() > 2)
        {
            reply.error("ERR wrong number of arguments for 'ping' command");
        }
        else if (2 == context.session().protocol && context.session().isSubscribed())
        {
            reply.array(2);
            reply.bulk("pong");
            if (2 == context.argCount())
            {
                reply.bulk(context.argAddress(1), context.argLength(1));
            }
            else
            {
                reply.emptyBulk();
            }
        }
        else if (2 == context.argCount())
        {
            reply.bulk(context.argAddress(1), context.argLength(1));
        }
        else
        {
            reply.simple("PONG");
        }
    }

    private static void echo(final CommandContext context)
    {
        context.reply().bulk(context.argAddress(1), context.argLength(1));
    }

    private static void select(final CommandContext context)
    {
        if (!context.readLong(1, Replies.NOT_AN_INTEGER))
        {
            return;
        }

        final long db = context.longValue();
        if (db != (int)db)
        {
            context.reply().error(Replies.NOT_AN_INT);
            return;
        }

        if (db < 0 || db >= context.data().databases())
        {
            context.reply().error(Replies.DB_OUT_OF_RANGE);
            return;
        }

        context.session().db = (int)db;
        context.reply().ok();
    }

    private static void quit(final CommandContext context)
    {
        context.reply().ok();
        Client.of(context).isClosing = true;
    }

    private void auth(final CommandContext context)
    {
        if (context.argCount() > 3)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        if (2 == context.argCount() && users.defaultUser().hasNoPassword())
        {
            context.reply().error(
                "ERR AUTH <password> called without any password configured for the default user. " +
                    "Are you sure your configuration is correct?");
            return;
        }

        final String user = 3 == context.argCount() ? context.argText(1) : Users.DEFAULT;
        if (authenticate(context, user, context.args().bytes(context.argCount() - 1)))
        {
            context.reply().ok();
        }
    }

    /** True if the pair is right; else the error has been replied. */
    private boolean authenticate(final CommandContext context, final String user, final byte[] password)
    {
        final User admitted = users.admit(user, password);
        if (null == admitted)
        {
            clients.accessLog().onWrongPassword(context.session(), user, context.argText(0));
            context.reply().error(WRONG_PASSWORD);
            return false;
        }

        context.session().rights = admitted;
        context.session().isAuthenticated = true;
        return true;
    }

    private void hello(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        int version = context.session().protocol;
        int next = 1;
        if (context.argCount() > 1)
        {
            if (!context.readLong(1, "ERR Protocol version is not an integer or out of range"))
            {
                return;
            }

            if (context.longValue() < 2 || context.longValue() > 3)
            {
                reply.error("NOPROTO unsupported protocol version");
                return;
            }

            version = (int)context.longValue();
            next = 2;
        }

        // Nothing is done before all of it has been read: a line that is wrong at its end must not let anybody in.
        String name = null;
        int credentials = 0;
        while (next < context.argCount())
        {
            final int left = context.argCount() - next - 1;
            if (context.argIs(next, "AUTH") && left >= 2)
            {
                credentials = next + 1;
                next += 3;
            }
            else if (context.argIs(next, "SETNAME") && left >= 1)
            {
                name = context.argText(next + 1);
                if (!ClientCommands.isNameValid(name))
                {
                    reply.error(ClientCommands.INVALID_NAME);
                    return;
                }

                next += 2;
            }
            else
            {
                reply.error("ERR Syntax error in HELLO option '" + context.argText(next) + "'");
                return;
            }
        }

        if (isLetIn(context, credentials))
        {
            if (null != name)
            {
                Client.of(context).name = name;
            }

            greet(context, version);
        }
    }

    /** @param credentials argument that names the user, the password behind it; 0 if the line has none. */
    private boolean isLetIn(final CommandContext context, final int credentials)
    {
        if (0 != credentials &&
            !authenticate(context, context.argText(credentials), context.args().bytes(credentials + 1)))
        {
            return false;
        }

        if (!context.session().isLetIn())
        {
            context.reply().error(
                "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> " +
                    "AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol " +
                    "version at the same time");
            return false;
        }

        return true;
    }

    private void greet(final CommandContext context, final int version)
    {
        final ReplyWriter reply = context.reply();
        context.session().protocol = version;
        reply.version(version);
        reply.map(7);
        reply.bulk("server");
        reply.bulk("redis");
        reply.bulk("version");
        reply.bulk(serverVersion);
        reply.bulk("proto");
        reply.integer(version);
        reply.bulk("id");
        reply.integer(context.session().id());
        reply.bulk("mode");
        reply.bulk(mode);
        reply.bulk("role");
        reply.bulk(context.isReplica() ? "replica" : "master");
        reply.bulk("modules");
        reply.array(0);
    }

    private void reset(final CommandContext context)
    {
        final ClientSession session = ClientSession.running(context);
        session.discardTransaction();
        clients.pubSub().removeAll(session);
        clients.tracking().disable(session);
        clients.monitors().remove(session);
        session.isMonitor = false;
        session.db = 0;
        session.name = "";
        session.output().replyOn();
        session.isNoTouch = false;
        session.evictable(true);
        session.protocol = 2;
        clients.setDefaultUser(session);
        context.reply().version(2);
        context.reply().simple("RESET");
    }

    private void monitor(final CommandContext context)
    {
        final ClientSession session = ClientSession.running(context);
        if (context.isNested())
        {
            context.reply().error("ERR MONITOR isn't allowed for DENY BLOCKING client");
            return;
        }

        if (!session.isMonitor)
        {
            session.isMonitor = true;
            clients.monitors().add(session);
        }

        context.reply().ok();
    }
}
