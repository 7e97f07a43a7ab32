package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StreamCursor;
import org.millrace.engine.datatype.StreamGiven;
import org.millrace.engine.datatype.StreamGroups;
import org.millrace.engine.datatype.StreamIds;
import org.millrace.engine.datatype.StreamRadixTree;
import org.millrace.engine.datatype.StreamValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamName;

/** XINFO and its subcommands. Writer thread. */
public final class StreamInfoCommands
{
    private static final int KEY = 2;
    private static final long COUNT_DEFAULT = 10;

    private static final String[] HELP = {
        "CONSUMERS <key> <groupname>",
        "What is known of the consumers of a group.",
        "GROUPS <key>",
        "What is known of the groups of a stream.",
        "STREAM <key> [FULL [COUNT <count>]",
        "What is known of a stream; all of it, with entries and groups, if FULL.",
    };

    private final StreamConsumerNames names = new StreamConsumerNames();

    private StreamInfoCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final StreamInfoCommands group = new StreamInfoCommands();
        final CommandKeys key = CommandKeys.of(KeySpec.at(KEY, KeyFlags.READ));
        table.add("xinfo", -2, 0, Category.NONE, HelpReplies::never)
            .sub("consumers", 4, READONLY, Category.STREAM, key, StreamInfoCommands::consumers)
            .sub("groups", 3, READONLY, Category.STREAM, key, StreamInfoCommands::groups)
            .sub("help", 2, LOADING | STALE, Category.STREAM, StreamInfoCommands::help)
            .sub("stream", -3, READONLY, Category.STREAM, key, group::stream);
    }

    static void help(final CommandContext context)
    {
        HelpReplies.reply(context, HELP);
    }

    /** The stream of the key, or null with the error replied. */
    private static StreamValue open(final CommandContext context)
    {
        final long entry = context.lookupRead(KEY);
        if (NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return null;
        }

        return context.isOfTypeOrAbsent(entry, ValueType.STREAM) ? context.values().streams().read(entry) : null;
    }

    static void consumers(final CommandContext context)
    {
        final StreamValue stream = open(context);
        if (null == stream)
        {
            return;
        }

        final StreamGroups groups = stream.groups();
        if (!groups.find(context.argAddress(KEY + 1), context.argLength(KEY + 1)))
        {
            StreamKeys.replyNoGroup(context, KEY, KEY + 1);
            return;
        }

        final ReplyWriter reply = context.reply();
        final long count = groups.consumerCount();
        reply.array(count);
        for (long i = 0; i < count; i++)
        {
            groups.loadConsumer(i);
            reply.map(4);
            reply.bulk("name");
            groups.showConsumerName();
            reply.bulk(groups.nameAddress(), groups.nameLength());
            reply.bulk("pending");
            reply.integer(groups.given().count(groups.consumerNumber()));
            reply.bulk("idle");
            reply.integer(Math.max(0, context.nowMs() - groups.seenMs()));
            reply.bulk("inactive");
            reply.integer(StreamName.NEVER == groups.activeMs()
                ? StreamName.NEVER
                : Math.max(0, context.nowMs() - groups.activeMs()));
        }
    }

    static void groups(final CommandContext context)
    {
        final StreamValue stream = open(context);
        if (null == stream)
        {
            return;
        }

        final ReplyWriter reply = context.reply();
        final StreamGroups groups = stream.groups();
        final int count = groups.count();
        reply.array(count);
        for (int i = 0; i < count; i++)
        {
            groups.load(i);
            reply.map(6);
            reply.bulk("name");
            groups.showName();
            reply.bulk(groups.nameAddress(), groups.nameLength());
            reply.bulk("consumers");
            reply.integer(groups.consumerCount());
            reply.bulk("pending");
            reply.integer(groups.given().count(groups.number()));
            reply.bulk("last-delivered-id");
            StreamId.reply(context, groups.lastMs(), groups.lastSeq());
            replyProgress(reply, groups);
        }
    }

    private static void replyProgress(final ReplyWriter reply, final StreamGroups groups)
    {
        reply.bulk("entries-read");
        replyKnown(reply, groups.entriesRead(), StreamLayout.UNKNOWN);
        reply.bulk("lag");
        replyKnown(reply, groups.lag(), StreamGroups.UNKNOWN_LAG);
    }

    private static void replyKnown(final ReplyWriter reply, final long number, final long unknown)
    {
        if (unknown == number)
        {
            reply.nullBulk();
        }
        else
        {
            reply.integer(number);
        }
    }

    void stream(final CommandContext context)
    {
        final StreamValue stream = open(context);
        if (null == stream)
        {
            return;
        }

        final int args = context.argCount();
        final boolean isFull = args > KEY + 1;
        if (isFull && (!context.argIs(KEY + 1, "FULL") || args != KEY + 2 && args != KEY + 4 ||
            args == KEY + 4 && !context.argIs(KEY + 2, "COUNT")))
        {
            HelpReplies.wrongForm(context, "XINFO");
            return;
        }

        long count = COUNT_DEFAULT;
        if (args == KEY + 4)
        {
            if (!context.readLong(KEY + 3))
            {
                return;
            }

            count = context.longValue() < 0 ? COUNT_DEFAULT : context.longValue();
        }

        context.reply().map(isFull ? 9 : 10);
        replyHead(context, stream);
        if (isFull)
        {
            replyFull(context, stream, count);
        }
        else
        {
            replyEnds(context, stream);
        }
    }

    private static void replyHead(final CommandContext context, final StreamValue stream)
    {
        final ReplyWriter reply = context.reply();
        final long value = stream.value();
        reply.bulk("length");
        reply.integer(stream.length());
        reply.bulk("radix-tree-keys");
        reply.integer(stream.pageCount());
        reply.bulk("radix-tree-nodes");
        reply.integer(StreamRadixTree.nodes(stream));
        reply.bulk("last-generated-id");
        StreamId.reply(context, stream.lastMs(), stream.lastSeq());
        reply.bulk("max-deleted-entry-id");
        StreamId.reply(context, StreamLayout.deletedMs(value), StreamLayout.deletedSeq(value));
        reply.bulk("entries-added");
        reply.integer(StreamLayout.added(value));
        reply.bulk("recorded-first-entry-id");
        StreamId.reply(context, StreamLayout.firstMs(value), StreamLayout.firstSeq(value));
    }

    private static void replyEnds(final CommandContext context, final StreamValue stream)
    {
        final ReplyWriter reply = context.reply();
        reply.bulk("groups");
        reply.integer(stream.groups().count());
        reply.bulk("first-entry");
        replyEnd(context, stream, false);
        reply.bulk("last-entry");
        replyEnd(context, stream, true);
    }

    private static void replyEnd(final CommandContext context, final StreamValue stream, final boolean isLast)
    {
        final StreamCursor cursor = stream.cursor();
        cursor.begin(stream.value(), 0, 0, StreamIds.MAX, StreamIds.MAX, isLast);
        if (cursor.next())
        {
            StreamReplies.entry(context, cursor);
        }
        else
        {
            context.reply().nullBulk();
        }
    }

    private void replyFull(final CommandContext context, final StreamValue stream, final long count)
    {
        final ReplyWriter reply = context.reply();
        reply.bulk("entries");
        stream.cursor().begin(stream.value(), 0, 0, StreamIds.MAX, StreamIds.MAX, false);
        StreamReplies.entries(context, stream.cursor(), count);
        reply.bulk("groups");
        final StreamGroups groups = stream.groups();
        final int groupCount = groups.count();
        reply.array(groupCount);
        for (int i = 0; i < groupCount; i++)
        {
            groups.load(i);
            replyGroup(context, groups, count);
        }
    }

    private void replyGroup(final CommandContext context, final StreamGroups groups, final long count)
    {
        final ReplyWriter reply = context.reply();
        reply.map(7);
        reply.bulk("name");
        groups.showName();
        reply.bulk(groups.nameAddress(), groups.nameLength());
        reply.bulk("last-delivered-id");
        StreamId.reply(context, groups.lastMs(), groups.lastSeq());
        replyProgress(reply, groups);
        final StreamGiven given = groups.given();
        final long pending = given.count(groups.number());
        reply.bulk("pel-count");
        reply.integer(pending);
        reply.bulk("pending");
        names.begin(groups);
        final long shown = 0 == count ? pending : Math.min(count, pending);
        final long first = given.place(groups.number(), 0, 0);
        reply.array(shown);
        for (long i = 0; i < shown; i++)
        {
            given.loadOfGroup(first + i, groups.number());
            reply.array(4);
            StreamId.reply(context, given.ms(), given.seq());
            names.reply(reply, groups, given.consumer());
            reply.integer(given.timeMs());
            reply.integer(given.deliveries());
        }

        reply.bulk("consumers");
        final long consumers = groups.consumerCount();
        reply.array(consumers);
        for (long i = 0; i < consumers; i++)
        {
            groups.loadConsumer(i);
            replyConsumer(context, groups, count);
        }
    }

    private static void replyConsumer(final CommandContext context, final StreamGroups groups, final long count)
    {
        final ReplyWriter reply = context.reply();
        final StreamGiven given = groups.given();
        final long consumer = groups.consumerNumber();
        final long pending = given.count(consumer);
        reply.map(5);
        reply.bulk("name");
        groups.showConsumerName();
        reply.bulk(groups.nameAddress(), groups.nameLength());
        reply.bulk("seen-time");
        reply.integer(groups.seenMs());
        reply.bulk("active-time");
        reply.integer(groups.activeMs());
        reply.bulk("pel-count");
        reply.integer(pending);
        reply.bulk("pending");
        final long shown = 0 == count ? pending : Math.min(count, pending);
        final long first = given.place(consumer, 0, 0);
        reply.array(shown);
        for (long i = 0; i < shown; i++)
        {
            given.load(first + i, consumer);
            given.find(groups.number(), given.ms(), given.seq());
            reply.array(3);
            StreamId.reply(context, given.ms(), given.seq());
            reply.integer(given.timeMs());
            reply.integer(given.deliveries());
        }
    }
}
