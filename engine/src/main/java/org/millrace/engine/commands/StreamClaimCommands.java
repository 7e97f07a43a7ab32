package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StreamCursor;
import org.millrace.engine.datatype.StreamGiven;
import org.millrace.engine.datatype.StreamGroups;
import org.millrace.engine.datatype.StreamIds;
import org.millrace.engine.datatype.StreamValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;

/** Pending entries get another consumer: XCLAIM, XAUTOCLAIM. Writer thread. */
public final class StreamClaimCommands
{
    private static final int KEY = 1;
    private static final int GROUP = 2;
    private static final int CONSUMER = 3;
    private static final int MIN_IDLE = 4;
    private static final int FIRST_ID = 5;
    private static final long UNSET = -1;
    private static final int GONE_LENGTH = 2 * Long.BYTES;

    private static final long COUNT_DEFAULT = 100;
    private static final long ATTEMPTS_FACTOR = 10;
    private static final long COUNT_MAX = Long.MAX_VALUE / 16;
    private static final long COUNT_OF_MEMORY = 1L << 31;

    private final StreamPropagation propagation = new StreamPropagation();
    private final StreamId id = new StreamId();
    private final StreamId lastId = new StreamId();

    /** Ids of those that XAUTOCLAIM has found to be in the stream no more: two words each. */
    private final ScratchBuffer gone = new ScratchBuffer();

    // Options of the command that runs.
    private long minIdleMs;
    private long timeMs;
    private long deliveries;
    private boolean isForced;
    private boolean isJustId;
    private long count;

    // What it works on.
    private CommandContext context;
    private StreamValue stream;
    private StreamGroups groups;
    private StreamGiven given;
    private boolean hasClaimed;
    private long claims;

    private StreamClaimCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final StreamClaimCommands group = new StreamClaimCommands();
        table.onClose(group.gone::close);
        table.add("xclaim", -6, WRITE | FAST, Category.STREAM, CommandKeys.one(KeyFlags.EDIT), group::xclaim);
        table.add("xautoclaim", -6, WRITE | FAST, Category.STREAM, CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE),
            group::xautoclaim);
    }

    /** The stream and its group are there; else false with the error replied. */
    private boolean open(final CommandContext commandContext, final long entry)
    {
        if (!commandContext.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return false;
        }

        context = commandContext;
        stream = StreamKeys.open(context, KEY, entry);
        groups = stream.groups();
        if (NO_ENTRY == entry || !groups.find(context.argAddress(GROUP), context.argLength(GROUP)))
        {
            StreamKeys.replyNoKeyOrGroup(context, KEY, GROUP);
            return false;
        }

        hasClaimed = false;
        claims = 0;
        propagation.begin(context.argAddress(KEY), context.argLength(KEY), context.argAddress(GROUP),
            context.argLength(GROUP));
        return true;
    }

    private boolean readMinIdle(final CommandContext commandContext, final String command)
    {
        if (!commandContext.readLong(MIN_IDLE, "ERR Invalid min-idle-time argument for " + command))
        {
            return false;
        }

        minIdleMs = Math.max(0, commandContext.longValue());
        return true;
    }

    void xclaim(final CommandContext commandContext)
    {
        if (!open(commandContext, commandContext.lookupRead(KEY)) || !readMinIdle(commandContext, "XCLAIM"))
        {
            return;
        }

        int options = FIRST_ID;
        while (options < context.argCount() && id.tryParse(context, options))
        {
            options++;
        }

        if (!parseClaimOptions(options) || !begin())
        {
            return;
        }

        final boolean isMoved = lastId.compare(groups.lastMs(), groups.lastSeq()) > 0;
        if (isMoved && !groups.moveTo(lastId.ms(), lastId.seq(), groups.entriesRead()))
        {
            context.replyOutOfMemory();
            return;
        }

        final int mark = context.reply().beginCounted();
        boolean hasMemory = true;
        for (int i = FIRST_ID; i < options && hasMemory; i++)
        {
            id.tryParse(context, i);
            hasMemory = claimOne();
        }

        context.reply().endCountedArray(mark, claims);
        if (isMoved && !context.hasPropagated())
        {
            propagation.setId(context, groups);
            context.dirty(1);
        }

        replyIfShort(hasMemory, mark);
        settle();
    }

    /** What was claimed before memory ran out goes to whoever has it now; a replica must have it all. */
    private void replyIfShort(final boolean hasMemory, final int mark)
    {
        if (!hasMemory && (!context.hasPropagated() || context.session().isPrimaryLink))
        {
            context.reply().buffer().truncate(mark);
            context.replyOutOfMemory();
        }
    }

    private boolean parseClaimOptions(final int from)
    {
        timeMs = UNSET;
        deliveries = UNSET;
        isForced = false;
        isJustId = false;
        lastId.set(0, 0);
        int index = from;
        while (index > 0 && index < context.argCount())
        {
            index = parseClaimOption(index);
        }

        timeMs = UNSET == timeMs || timeMs < 0 || timeMs > context.nowMs() ? context.nowMs() : timeMs;
        return index > 0;
    }

    /** @return index of the next option; 0 with the error replied. */
    private int parseClaimOption(final int index)
    {
        if (context.argIs(index, "FORCE"))
        {
            isForced = true;
            return index + 1;
        }

        if (context.argIs(index, "JUSTID"))
        {
            isJustId = true;
            return index + 1;
        }

        final boolean hasMore = index + 1 < context.argCount();
        if (hasMore && context.argIs(index, "IDLE") && context.readLong(index + 1, invalid("IDLE")))
        {
            timeMs = context.nowMs() - context.longValue();
            return index + 2;
        }

        if (hasMore && context.argIs(index, "TIME") && context.readLong(index + 1, invalid("TIME")))
        {
            timeMs = context.longValue();
            return index + 2;
        }

        if (hasMore && context.argIs(index, "RETRYCOUNT") && context.readLong(index + 1, invalid("RETRYCOUNT")))
        {
            deliveries = context.longValue();
            return index + 2;
        }

        if (hasMore && context.argIs(index, "LASTID") && lastId.parse(context, index + 1))
        {
            return index + 2;
        }

        if (!hasMore || !isValued(index))
        {
            context.reply().error("ERR Unrecognized XCLAIM option '" + context.argText(index) + "'");
        }

        return 0;
    }

    private boolean isValued(final int index)
    {
        return context.argIs(index, "IDLE") || context.argIs(index, "TIME") || context.argIs(index, "RETRYCOUNT") ||
            context.argIs(index, "LASTID");
    }

    private static String invalid(final String option)
    {
        return "ERR Invalid " + option + " option argument for XCLAIM";
    }

    /** The stream may be changed, and the consumer is there, made if need be. False: no memory, replied. */
    private boolean begin()
    {
        final long name = context.argAddress(CONSUMER);
        final int length = context.argLength(CONSUMER);
        if (!stream.own())
        {
            context.replyOutOfMemory();
            return false;
        }

        given = groups.given();
        // Its name is changed here, so that it changes where it lies from now on.
        final boolean isOwned = groups.moveTo(groups.lastMs(), groups.lastSeq(), groups.entriesRead());
        final boolean isThere = groups.findConsumer(name, length);
        if (!isOwned || (isThere
            ? !groups.setTimes(context.nowMs(), groups.activeMs())
            : !groups.createConsumer(name, length, context.nowMs())))
        {
            context.replyOutOfMemory();
            return false;
        }

        if (!isThere)
        {
            context.dirty(1);
            StreamKeys.notify(context, KEY, "xgroup-createconsumer");
        }

        return true;
    }

    private boolean claimOne()
    {
        final long ms = id.ms();
        final long seq = id.seq();
        final boolean isPending = given.find(groups.number(), ms, seq);
        if (!stream.contains(ms, seq))
        {
            return !isPending || drop();
        }

        if (!isPending)
        {
            return !isForced || giveNew(ms, seq);
        }

        if (minIdleMs > 0 && context.nowMs() - given.timeMs() < minIdleMs)
        {
            return true;
        }

        return take(deliveries >= 0 ? deliveries : given.deliveries() + (isJustId ? 0 : 1));
    }

    private boolean giveNew(final long ms, final long seq)
    {
        final long times = deliveries >= 0 ? deliveries : isJustId ? 1 : 2;
        if (!given.give(groups.number(), groups.consumerNumber(), ms, seq, timeMs, times))
        {
            return false;
        }

        given.find(groups.number(), ms, seq);
        claimed();
        return true;
    }

    private boolean take(final long times)
    {
        if (!given.change(groups.consumerNumber(), timeMs, times))
        {
            return false;
        }

        claimed();
        return true;
    }

    /** The entry found is with the consumer now. */
    private void claimed()
    {
        hasClaimed = true;
        claims++;
        context.dirty(1);
        propagate();
        if (isJustId)
        {
            StreamId.reply(context, given.ms(), given.seq());
            return;
        }

        final StreamCursor cursor = stream.cursor();
        cursor.begin(stream.value(), given.ms(), given.seq(), given.ms(), given.seq(), false);
        cursor.next();
        StreamReplies.entry(context, cursor);
    }

    /** The entry found is in the stream no more, so it is not pending either. */
    private boolean drop()
    {
        if (!given.take())
        {
            return false;
        }

        context.dirty(1);
        propagate();
        return true;
    }

    private void propagate()
    {
        propagation.claim(context, groups, given);
    }

    private void settle()
    {
        if (hasClaimed)
        {
            groups.setTimes(context.nowMs(), context.nowMs());
        }

        context = null;
    }

    void xautoclaim(final CommandContext commandContext)
    {
        // As in Redis the look counts whatever else is wrong.
        final long entry = commandContext.lookupRead(KEY);
        if (!readMinIdle(commandContext, "XAUTOCLAIM") || !id.parseStart(commandContext, FIRST_ID) ||
            !parseAutoOptions(commandContext) || !open(commandContext, entry))
        {
            return;
        }

        if (count > COUNT_OF_MEMORY)
        {
            context.reply().error(
                "ERR Insufficient memory, failed allocating transient memory, COUNT too high.");
            return;
        }

        timeMs = context.nowMs();
        if (begin())
        {
            claimFrom(id.ms(), id.seq());
        }
    }

    private boolean parseAutoOptions(final CommandContext commandContext)
    {
        count = COUNT_DEFAULT;
        isJustId = false;
        for (int i = FIRST_ID + 1, args = commandContext.argCount(); i < args; i++)
        {
            if (i + 1 < args && commandContext.argIs(i, "COUNT"))
            {
                i++;
                if (!commandContext.readLong(i, "ERR COUNT must be > 0"))
                {
                    return false;
                }

                count = commandContext.longValue();
                if (count < 1 || count > COUNT_MAX)
                {
                    commandContext.reply().error("ERR COUNT must be > 0");
                    return false;
                }
            }
            else if (commandContext.argIs(i, "JUSTID"))
            {
                isJustId = true;
            }
            else
            {
                commandContext.reply().error(Replies.SYNTAX);
                return false;
            }
        }

        return true;
    }

    private void claimFrom(final long startMs, final long startSeq)
    {
        gone.clear();
        final int mark = context.reply().beginCounted();
        context.reply().array(3);
        final int cursorMark = context.reply().beginCounted();
        long attempts = count * ATTEMPTS_FACTOR;
        long place = given.place(groups.number(), startMs, startSeq);
        boolean hasMemory = true;
        while (attempts > 0 && count > 0 && hasMemory && given.loadOfGroup(place, groups.number()))
        {
            attempts--;
            final boolean isGone = !stream.contains(given.ms(), given.seq());
            final boolean isDue = isGone || 0 == minIdleMs || context.nowMs() - given.timeMs() >= minIdleMs;
            hasMemory = !isDue || (isGone ? drop() : take(given.deliveries() + (isJustId ? 0 : 1)));
            if (isGone && hasMemory)
            {
                final long at = gone.claim(GONE_LENGTH);
                Memory.putLong(at, given.ms());
                Memory.putLong(at + Long.BYTES, given.seq());
            }

            count -= isDue ? 1 : 0;
            place = hasMemory ? nextPlace() : place;
        }

        context.reply().endCountedArray(cursorMark, claims);
        final boolean hasNext = given.load(place, groups.number());
        StreamReplies.insertId(context, cursorMark, hasNext ? given.ms() : 0, hasNext ? given.seq() : 0);
        context.reply().array(gone.length() / GONE_LENGTH);
        for (long at = gone.address(), end = at + gone.length(); at < end; at += GONE_LENGTH)
        {
            StreamId.reply(context, Memory.getLong(at), Memory.getLong(at + Long.BYTES));
        }

        replyIfShort(hasMemory, mark);
        settle();
    }

    /** Place of the group's entry behind the one that was found, which may be there no more. */
    private long nextPlace()
    {
        final long ms = given.ms();
        final long seq = given.seq();
        return given.place(groups.number(), StreamIds.nextMs(ms, seq), StreamIds.nextSeq(seq));
    }
}
