package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StreamGiven;
import org.millrace.engine.datatype.StreamGroups;
import org.millrace.engine.datatype.StreamIds;
import org.millrace.engine.datatype.StreamValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.resp.ReplyWriter;

/** XPENDING. Writer thread. */
public final class StreamPendingCommand
{
    private static final int KEY = 1;
    private static final int GROUP = 2;
    private static final int OPTIONS = 3;

    private final StreamId start = new StreamId();
    private final StreamId end = new StreamId();
    private final StreamConsumerNames names = new StreamConsumerNames();
    private long minIdleMs;
    private long count;
    private int consumerIndex;

    private StreamPendingCommand()
    {
    }

    public static void register(final CommandTable table)
    {
        table.add("xpending", -3, READONLY, Category.STREAM, CommandKeys.one(KeyFlags.READ),
            new StreamPendingCommand()::xpending);
    }

    void xpending(final CommandContext context)
    {
        final boolean isSummary = OPTIONS == context.argCount();
        if (!isSummary && !parse(context))
        {
            return;
        }

        final long entry = context.lookupRead(KEY);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        final StreamValue stream = context.values().streams().read(entry);
        if (NO_ENTRY == entry || !stream.groups().find(context.argAddress(GROUP), context.argLength(GROUP)))
        {
            StreamKeys.replyNoKeyOrGroup(context, KEY, GROUP);
        }
        else if (isSummary)
        {
            replySummary(context, stream.groups());
        }
        else
        {
            replyRange(context, stream.groups());
        }
    }

    private boolean parse(final CommandContext context)
    {
        final int args = context.argCount();
        minIdleMs = 0;
        int index = OPTIONS;
        if (args < 6 || args > 9)
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        if (context.argIs(OPTIONS, "IDLE"))
        {
            if (!context.readLong(OPTIONS + 1))
            {
                return false;
            }

            minIdleMs = context.longValue();
            if (args < 8)
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }

            index += 2;
        }

        if (!context.readLong(index + 2))
        {
            return false;
        }

        count = Math.max(0, context.longValue());
        consumerIndex = index + 3 < args ? index + 3 : 0;
        return start.parseStart(context, index) && end.parseEnd(context, index + 1);
    }

    private static void replySummary(final CommandContext context, final StreamGroups groups)
    {
        final ReplyWriter reply = context.reply();
        final StreamGiven given = groups.given();
        final long pending = given.count(groups.number());
        reply.array(4);
        reply.integer(pending);
        if (0 == pending)
        {
            reply.nullBulk();
            reply.nullBulk();
            reply.nullArray();
            return;
        }

        final long first = given.place(groups.number(), 0, 0);
        given.load(first, groups.number());
        StreamId.reply(context, given.ms(), given.seq());
        given.load(first + pending - 1, groups.number());
        StreamId.reply(context, given.ms(), given.seq());
        final int mark = reply.beginCounted();
        long consumers = 0;
        for (long i = 0, all = groups.consumerCount(); i < all; i++)
        {
            groups.loadConsumer(i);
            final long own = groups.given().count(groups.consumerNumber());
            if (own > 0)
            {
                reply.array(2);
                groups.showConsumerName();
                reply.bulk(groups.nameAddress(), groups.nameLength());
                reply.bulkNumber(own);
                consumers++;
            }
        }

        reply.endCountedArray(mark, consumers);
    }

    private void replyRange(final CommandContext context, final StreamGroups groups)
    {
        long owner = groups.number();
        if (consumerIndex > 0)
        {
            if (!groups.findConsumer(context.argAddress(consumerIndex), context.argLength(consumerIndex)))
            {
                context.reply().array(0);
                return;
            }

            owner = groups.consumerNumber();
        }

        names.begin(groups);
        final StreamGiven given = groups.given();
        final int mark = context.reply().beginCounted();
        long replied = 0;
        long place = given.place(owner, start.ms(), start.seq());
        while (replied < count && given.load(place, owner) &&
            StreamIds.compare(given.ms(), given.seq(), end.ms(), end.seq()) <= 0)
        {
            given.find(groups.number(), given.ms(), given.seq());
            if (0 == minIdleMs || context.nowMs() - given.timeMs() >= minIdleMs)
            {
                reply(context, groups, given);
                replied++;
            }

            place++;
        }

        context.reply().endCountedArray(mark, replied);
    }

    private void reply(final CommandContext context, final StreamGroups groups, final StreamGiven given)
    {
        final ReplyWriter reply = context.reply();
        reply.array(4);
        StreamId.reply(context, given.ms(), given.seq());
        names.reply(reply, groups, given.consumer());
        reply.integer(Math.max(0, context.nowMs() - given.timeMs()));
        reply.integer(given.deliveries());
    }
}
