package org.millrace.engine.acl;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Denial;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.Secrets;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/** ACL and its subcommands: users are made, shown and forgotten. Nothing of it goes into the stream. */
public final class AclCommands
{
    private static final String NO_FILE = "ERR This Redis instance is not configured to use an ACL file. You may want to " +
        "specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis " +
        "configuration file set) in order to store users in the Redis configuration.";
    private static final int GENPASS_BITS = 256;
    private static final int GENPASS_BITS_MAX = 4096;
    private static final int BITS_PER_DIGIT = 4;
    private static final int LOG_COUNT = 10;
    private static final int NAME_SHOWN_MAX = 128;

    private final CommandTable table;
    private final Users users;
    private final AclFile file;
    private final AclLog log;
    private final LongSupplier random;
    private final ArgVector inner = new ArgVector();

    /** @param random 64 bits that nobody can guess. */
    public AclCommands(
        final CommandTable table, final Users users, final AclFile file, final AclLog log, final LongSupplier random)
    {
        this.table = table;
        this.users = users;
        this.file = file;
        this.log = log;
        this.random = random;
    }

    public void register(final CommandTable target)
    {
        final int open = NOSCRIPT | LOADING | STALE;
        final int admin = ADMIN | open;
        final int none = Category.NONE;
        final CommandSpec acl = target.add("acl", -2, MOVES_READ_GATE, none, HelpReplies::never);
        acl.sub("cat", -2, open, none, this::categories);
        acl.sub("deluser", -3, admin, none, this::deleteUsers, Secrets::isOfSubcommand);
        acl.sub("dryrun", -4, admin, none, this::dryRun);
        acl.sub("genpass", -2, open, none, this::makePassword);
        acl.sub("getuser", 3, admin, none, this::showUser, Secrets::isOfSubcommand);
        acl.sub("list", 2, admin, none, this::list);
        acl.sub("load", 2, admin, none, this::load);
        acl.sub("log", -2, admin, none, this::showLog);
        acl.sub("save", 2, admin, none, this::save);
        acl.sub("setuser", -3, admin, none, this::setUser, Secrets::isOfSubcommand);
        acl.sub("users", 2, admin, none, this::names);
        acl.sub("whoami", 2, open, none, AclCommands::whoAmI);
        acl.sub("help", 2, LOADING | STALE, none, AclCommands::help);
    }

    private void categories(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        if (context.argCount() > 3)
        {
            HelpReplies.wrongForm(context, "ACL");
            return;
        }

        if (2 == context.argCount())
        {
            final List<String> names = Category.all();
            reply.array(names.size());
            names.forEach(reply::bulk);
            return;
        }

        final String name = context.argText(2);
        final int category = Category.of(name.toLowerCase(Locale.ROOT));
        if (Category.NONE == category)
        {
            reply.error("ERR Unknown category '" + shorten(name) + "'");
            return;
        }

        final List<String> names = namesOf(category);
        reply.array(names.size());
        names.forEach(reply::bulk);
    }

    private static String shorten(final String text)
    {
        return text.substring(0, Math.min(NAME_SHOWN_MAX, text.length()));
    }

    private List<String> namesOf(final int category)
    {
        final List<String> names = new ArrayList<>();
        for (final CommandSpec spec : table.all())
        {
            if (0 != (spec.categories() & category))
            {
                names.add(spec.fullName());
            }

            for (final CommandSpec sub : spec.subcommands().values())
            {
                if (0 != (sub.categories() & category))
                {
                    names.add(sub.fullName());
                }
            }
        }

        return names;
    }

    private void setUser(final CommandContext context)
    {
        final String name = context.argText(2);
        if (AclRules.hasBlanks(name))
        {
            context.reply().error("ERR Usernames can't contain spaces or null characters");
            return;
        }

        final List<String> rules = new ArrayList<>();
        for (int i = 3; i < context.argCount(); i++)
        {
            rules.add(context.argText(i));
        }

        replyOk(context, users.set(name, rules));
    }

    private static void replyOk(final CommandContext context, final String error)
    {
        if (null == error)
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error("ERR " + error);
        }
    }

    private void deleteUsers(final CommandContext context)
    {
        for (int i = 2; i < context.argCount(); i++)
        {
            if (Users.DEFAULT.equals(context.argText(i)))
            {
                context.reply().error("ERR The 'default' user cannot be removed");
                return;
            }
        }

        int deleted = 0;
        for (int i = 2; i < context.argCount(); i++)
        {
            deleted += users.delete(context.argText(i)) ? 1 : 0;
        }

        context.reply().integer(deleted);
    }

    private void showUser(final CommandContext context)
    {
        final User user = users.find(context.argText(2));
        if (null == user)
        {
            context.reply().nullBulk();
        }
        else
        {
            UserReplies.write(user, context.reply());
        }
    }

    private void list(final CommandContext context)
    {
        final List<String> lines = users.lines();
        context.reply().array(lines.size());
        lines.forEach(context.reply()::bulk);
    }

    private void names(final CommandContext context)
    {
        context.reply().array(users.all().size());
        users.all().forEach((user) -> context.reply().bulk(user.name()));
    }

    private static void whoAmI(final CommandContext context)
    {
        final String name = context.session().rights.name();
        if (null == name)
        {
            context.reply().nullBulk();
        }
        else
        {
            context.reply().bulk(name);
        }
    }

    private void makePassword(final CommandContext context)
    {
        long bits = GENPASS_BITS;
        if (context.argCount() > 3)
        {
            HelpReplies.wrongForm(context, "ACL");
            return;
        }

        if (3 == context.argCount())
        {
            if (!context.readLong(2))
            {
                return;
            }

            bits = context.longValue();
        }

        if (bits <= 0 || bits > GENPASS_BITS_MAX)
        {
            context.reply().error("ERR ACL GENPASS argument must be the number of bits for the output password, a " +
                "positive number up to " + GENPASS_BITS_MAX);
            return;
        }

        final StringBuilder password = new StringBuilder();
        while (password.length() < (bits + BITS_PER_DIGIT - 1) / BITS_PER_DIGIT)
        {
            password.append(Character.forDigit((int)random.getAsLong() & 0xF, 16));
        }

        context.reply().bulk(password.toString());
    }

    private void showLog(final CommandContext context)
    {
        if (context.argCount() > 3)
        {
            HelpReplies.wrongForm(context, "ACL");
            return;
        }

        long count = LOG_COUNT;
        if (3 == context.argCount())
        {
            if (context.argIs(2, "RESET"))
            {
                log.reset();
                context.reply().ok();
                return;
            }

            if (!context.readLong(2))
            {
                return;
            }

            count = Math.max(0, context.longValue());
        }

        UserReplies.write(log, count, context.nowMs(), context.reply());
    }

    private void dryRun(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        final User user = users.find(context.argText(2));
        if (null == user)
        {
            reply.error("ERR User '" + context.argText(2) + "' not found");
            return;
        }

        inner.clear();
        for (int i = 3; i < context.argCount(); i++)
        {
            inner.add(context.argAddress(i), context.argLength(i));
        }

        final CommandSpec row = table.resolveForClient(inner);
        if (null == row)
        {
            reply.error("ERR Command '" + context.argText(3) + "' not found");
        }
        else if (!row.isArityRight(inner.count()))
        {
            reply.error("ERR wrong number of arguments for '" + row.fullName() + "' command");
        }
        else
        {
            final int denial = user.denial(row, inner);
            if (Denial.NONE == denial)
            {
                reply.ok();
            }
            else
            {
                reply.bulk(Denial.fullText(denial, user, row, inner));
            }
        }

        inner.trim();
    }

    private void load(final CommandContext context)
    {
        if (file.isConfigured())
        {
            replyOk(context, file.load());
        }
        else
        {
            context.reply().error(NO_FILE);
        }
    }

    private void save(final CommandContext context)
    {
        if (file.isConfigured())
        {
            replyOk(context, file.save());
        }
        else
        {
            context.reply().error(NO_FILE);
        }
    }

    private static void help(final CommandContext context)
    {
        HelpReplies.reply(context,
            "CAT [<category>]", "All categories, or the commands of one.",
            "DELUSER <username> [<username> ...]", "Forget users, and close their connections.",
            "DRYRUN <username> <command> [<arg> ...]", "Whether the user may run the command, which is not run.",
            "GENPASS [<bits>]", "A password that nobody can guess, of 256 bits if nothing else is said.",
            "GETUSER <username>", "What a user may do.",
            "LIST", "All users, each as a line of a configuration file.",
            "LOAD", "Read the ACL file, whole or not at all.",
            "LOG [<count> | RESET]", "What was denied last, or forget that.",
            "SAVE", "Write all users to the ACL file.",
            "SETUSER <username> [<rule> ...]", "Make a user, or change what it may do.",
            "USERS", "The names of all users.",
            "WHOAMI", "The user of this connection.");
    }
}
