package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.base.Check;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.datatype.StreamGiven;
import org.millrace.engine.datatype.StreamGroups;
import org.millrace.engine.datatype.StreamValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.value.StreamLayout;

/** Groups of streams: XGROUP and its subcommands, XACK. Writer thread. */
public final class StreamGroupCommands
{
    private static final int KEY = 2;
    private static final int GROUP = 3;
    private static final int ID = 4;
    private static final int CONSUMER = 4;
    private static final int OPTIONS = 5;

    private static final String NO_KEY = "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you " +
        "may want to use the MKSTREAM option to create an empty stream automatically.";

    private static final String[] HELP = {
        "CREATE <key> <groupname> <id|$> [option]",
        "Make a group that reads what comes behind an id, or from now on. Options:",
        "* MKSTREAM",
        "Make an empty stream if there is none.",
        "* ENTRIESREAD entries_read",
        "How many entries the group is to have read so far (for replicas).",
        "CREATECONSUMER <key> <groupname> <consumer>",
        "Make a consumer of a group.",
        "DELCONSUMER <key> <groupname> <consumer>",
        "Remove a consumer from a group, with what is pending of it.",
        "DESTROY <key> <groupname>",
        "Remove a group.",
        "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
        "Let a group go on behind another id.",
    };

    private final StreamId id = new StreamId();
    private boolean isMaking;
    private long entriesRead;

    private StreamGroupCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final StreamGroupCommands group = new StreamGroupCommands();
        table.add("xgroup", -2, 0, Category.NONE, HelpReplies::never)
            .sub("create", -5, WRITE | DENYOOM, Category.STREAM, key(KeyFlags.ADD), group::create)
            .sub("createconsumer", 5, WRITE | DENYOOM, Category.STREAM, key(KeyFlags.ADD),
                StreamGroupCommands::createConsumer)
            .sub("delconsumer", 5, WRITE, Category.STREAM, key(KeyFlags.RW | KeyFlags.DELETE),
                StreamGroupCommands::deleteConsumer)
            .sub("destroy", 4, WRITE, Category.STREAM, key(KeyFlags.RW | KeyFlags.DELETE),
                StreamGroupCommands::destroy)
            .sub("help", 2, LOADING | STALE, Category.STREAM, StreamGroupCommands::help)
            .sub("setid", -5, WRITE, Category.STREAM, key(KeyFlags.EDIT), group::setId);
        table.add("xack", -4, WRITE | FAST, Category.STREAM, CommandKeys.one(KeyFlags.EDIT), group::xack);
    }

    private static CommandKeys key(final int flags)
    {
        return CommandKeys.of(KeySpec.at(KEY, flags));
    }

    static void help(final CommandContext context)
    {
        HelpReplies.reply(context, HELP);
    }

    /** Read what comes behind the id; false with the error replied. */
    private boolean parseOptions(final CommandContext context, final boolean isCreate)
    {
        isMaking = false;
        entriesRead = StreamLayout.UNKNOWN;
        int index = OPTIONS;
        while (index < context.argCount())
        {
            if (isCreate && context.argIs(index, "MKSTREAM"))
            {
                isMaking = true;
                index++;
            }
            else if (index + 1 < context.argCount() && context.argIs(index, "ENTRIESREAD"))
            {
                if (!context.readLong(index + 1))
                {
                    return false;
                }

                entriesRead = context.longValue();
                if (entriesRead < StreamLayout.UNKNOWN)
                {
                    context.reply().error("ERR value for ENTRIESREAD must be positive or -1");
                    return false;
                }

                index += 2;
            }
            else
            {
                HelpReplies.wrongForm(context, "XGROUP");
                return false;
            }
        }

        return true;
    }

    /** The stream of the key; null with the error replied if there is none, or no such group where one must be. */
    private static StreamValue open(final CommandContext context, final boolean needsGroup)
    {
        final long entry = context.lookupWrite(KEY);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return null;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().error(NO_KEY);
            return null;
        }

        final StreamValue stream = StreamKeys.open(context, KEY, entry);
        if (!stream.groups().find(context.argAddress(GROUP), context.argLength(GROUP)) && needsGroup)
        {
            StreamKeys.replyNoGroup(context, KEY, GROUP);
            return null;
        }

        return stream;
    }

    void create(final CommandContext context)
    {
        if (!parseOptions(context, true))
        {
            return;
        }

        final long entry = context.lookupWrite(KEY);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        if (NO_ENTRY == entry && !isMaking)
        {
            context.reply().error(NO_KEY);
            return;
        }

        if (context.argCount() > OPTIONS + 3)
        {
            HelpReplies.wrongForm(context, "XGROUP");
            return;
        }

        final StreamValue stream = StreamKeys.open(context, KEY, entry);
        if (!parseId(context, stream, true))
        {
            return;
        }

        if (stream.exists() && stream.groups().find(context.argAddress(GROUP), context.argLength(GROUP)))
        {
            context.reply().error("BUSYGROUP Consumer Group name already exists");
            return;
        }

        if (!StreamKeys.makeOrOwn(context, stream, KEY, entry))
        {
            return;
        }

        if (!stream.groups().create(
            context.argAddress(GROUP), context.argLength(GROUP), id.ms(), id.seq(), entriesRead))
        {
            StreamKeys.unmake(context, KEY, entry);
            context.replyOutOfMemory();
            return;
        }

        StreamKeys.made(context, stream, KEY, entry);
        if (NO_ENTRY == entry)
        {
            context.keySignals().changed(context.session().db, context.argAddress(KEY), context.argLength(KEY));
        }

        done(context, "xgroup-create");
        context.reply().ok();
    }

    /** The id of the arguments, or {@code $} for the stream's last one. */
    private boolean parseId(final CommandContext context, final StreamValue stream, final boolean isStrict)
    {
        if (context.argIs(ID, "$"))
        {
            id.set(stream.exists() ? stream.lastMs() : 0, stream.exists() ? stream.lastSeq() : 0);
            return true;
        }

        return isStrict ? id.parse(context, ID) : id.parseAny(context, ID, 0);
    }

    /** Transactions of those who watch the stream go on. */
    private static void done(final CommandContext context, final String event)
    {
        context.changedUnwatched(KEY, KeyEvents.STREAM, event);
        context.propagate();
    }

    void setId(final CommandContext context)
    {
        if (!parseOptions(context, false))
        {
            return;
        }

        final StreamValue stream = open(context, true);
        if (null == stream)
        {
            return;
        }

        if (context.argCount() > OPTIONS + 2)
        {
            HelpReplies.wrongForm(context, "XGROUP");
            return;
        }

        if (!parseId(context, stream, false))
        {
            return;
        }

        if (!stream.own() || !stream.groups().moveTo(id.ms(), id.seq(), entriesRead))
        {
            context.replyOutOfMemory();
            return;
        }

        done(context, "xgroup-setid");
        context.reply().ok();
    }

    static void destroy(final CommandContext context)
    {
        final StreamValue stream = open(context, false);
        if (null == stream)
        {
            return;
        }

        if (0 == stream.groups().number())
        {
            context.reply().integer(0);
            return;
        }

        if (!stream.own() || !stream.groups().destroy())
        {
            context.replyOutOfMemory();
            return;
        }

        // Its consumers that wait hear that it is gone.
        context.keySignals().stirred(context.session().db, context.argAddress(KEY), context.argLength(KEY));
        done(context, "xgroup-destroy");
        context.reply().integer(1);
    }

    static void createConsumer(final CommandContext context)
    {
        final StreamValue stream = open(context, true);
        if (null == stream)
        {
            return;
        }

        final StreamGroups groups = stream.groups();
        final long name = context.argAddress(CONSUMER);
        final int length = context.argLength(CONSUMER);
        if (groups.findConsumer(name, length))
        {
            context.reply().integer(0);
            return;
        }

        if (!stream.own() || !groups.createConsumer(name, length, context.nowMs()))
        {
            context.replyOutOfMemory();
            return;
        }

        done(context, "xgroup-createconsumer");
        context.reply().integer(1);
    }

    static void deleteConsumer(final CommandContext context)
    {
        final StreamValue stream = open(context, true);
        if (null == stream)
        {
            return;
        }

        final StreamGroups groups = stream.groups();
        if (!groups.findConsumer(context.argAddress(CONSUMER), context.argLength(CONSUMER)))
        {
            context.reply().integer(0);
            return;
        }

        final long pending = groups.given().count(groups.consumerNumber());
        if (!stream.own() || !groups.removeConsumer())
        {
            context.replyOutOfMemory();
            return;
        }

        done(context, "xgroup-delconsumer");
        context.reply().integer(pending);
    }

    void xack(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        final StreamValue stream = StreamKeys.open(context, 1, entry);
        if (NO_ENTRY == entry || !stream.groups().find(context.argAddress(2), context.argLength(2)))
        {
            context.reply().integer(0);
            return;
        }

        for (int i = 3, count = context.argCount(); i < count; i++)
        {
            if (!id.parse(context, i))
            {
                return;
            }
        }

        acknowledge(context, stream);
    }

    private void acknowledge(final CommandContext context, final StreamValue stream)
    {
        if (!stream.own() || stream.isPinned() && !claim(context, stream.groups()))
        {
            context.replyOutOfMemory();
            return;
        }

        long acknowledged = 0;
        final StreamGroups groups = stream.groups();
        final StreamGiven given = groups.given();
        for (int i = 3, count = context.argCount(); i < count; i++)
        {
            id.tryParse(context, i);
            if (given.find(groups.number(), id.ms(), id.seq()))
            {
                final boolean isTaken = given.take();
                Check.that(isTaken, "claimed entry cannot be acknowledged: group, argument", groups.number(), i);
                acknowledged++;
            }
        }

        if (acknowledged > 0)
        {
            context.dirty(acknowledged);
            context.propagate();
        }

        context.reply().integer(acknowledged);
    }

    /** See to it that all that is to be acknowledged can be, without memory. */
    private boolean claim(final CommandContext context, final StreamGroups groups)
    {
        final StreamGiven given = groups.given();
        boolean isClaimed = true;
        for (int i = 3, count = context.argCount(); i < count && isClaimed; i++)
        {
            id.tryParse(context, i);
            isClaimed = !given.find(groups.number(), id.ms(), id.seq()) || given.claim();
        }

        return isClaimed;
    }
}
