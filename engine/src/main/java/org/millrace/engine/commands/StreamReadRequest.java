package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StreamIds;
import org.millrace.engine.datatype.StreamValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.value.StreamLayout;

/** What XREAD or XREADGROUP asks for, as parsed from its arguments. Reused; writer thread. */
final class StreamReadRequest
{
    /** {@link #timeoutMs} of a command that does not wait. */
    static final long NO_WAIT = -1;

    private static final String INVALID_DOLLAR = "ERR The $ ID is meaningless in the context of XREADGROUP: you want to " +
        "read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID " +
        "would just return an empty result set.";
    private static final String INVALID_NEW = "ERR The > ID can be specified only when calling XREADGROUP using the GROUP " +
        "<group> <consumer> option.";

    private static final int STREAMS_MIN = 8;

    boolean isOfGroup;
    boolean isUnacknowledged;
    long count;
    long timeoutMs;
    long groupAddress;
    int groupLength;
    long consumerAddress;
    int consumerLength;
    int streams;

    /** Index of the first key among the arguments, and whether some id is {@code $}. */
    int firstKey;
    boolean hasDollar;

    long[] keyAddresses = new long[STREAMS_MIN];
    int[] keyLengths = new int[STREAMS_MIN];

    /** Ids that are to be read behind; of a group's new entries the highest one. */
    long[] ms = new long[STREAMS_MIN];
    long[] seqs = new long[STREAMS_MIN];

    private final StreamId id = new StreamId();

    /** True if new entries of the group are asked for. */
    boolean isNew(final int index)
    {
        return isOfGroup && StreamIds.isMax(ms[index], seqs[index]);
    }

    /** Parse the command, look its keys up; false with the error replied. */
    boolean parse(final CommandContext context, final boolean isForGroup)
    {
        isOfGroup = isForGroup;
        isUnacknowledged = false;
        count = 0;
        timeoutMs = NO_WAIT;
        groupAddress = 0;
        streams = 0;
        hasDollar = false;
        int index = 1;
        while (index > 0 && 0 == streams && index < context.argCount())
        {
            index = parseOption(context, index);
        }

        if (index <= 0)
        {
            return false;
        }

        if (0 == streams)
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        if (isOfGroup && 0 == groupAddress)
        {
            context.reply().error("ERR Missing GROUP option for XREADGROUP");
            return false;
        }

        return parseStreams(context, index);
    }

    /** @return index of the next option, or of the first key; 0 with the error replied. */
    private int parseOption(final CommandContext context, final int index)
    {
        final int more = context.argCount() - index - 1;
        if (more > 0 && context.argIs(index, "BLOCK"))
        {
            timeoutMs = Blocking.readMillis(context, index + 1);
            return timeoutMs < 0 ? 0 : index + 2;
        }

        if (more > 0 && context.argIs(index, "COUNT"))
        {
            if (!context.readLong(index + 1))
            {
                return 0;
            }

            count = Math.max(0, context.longValue());
            return index + 2;
        }

        if (more > 0 && context.argIs(index, "STREAMS"))
        {
            return beginStreams(context, index + 1);
        }

        return parseGroupOption(context, index, more);
    }

    private int parseGroupOption(final CommandContext context, final int index, final int more)
    {
        final boolean isGroup = more >= 2 && context.argIs(index, "GROUP");
        if (!isGroup && !context.argIs(index, "NOACK"))
        {
            context.reply().error(Replies.SYNTAX);
            return 0;
        }

        if (!isOfGroup)
        {
            context.reply().error("ERR The " + (isGroup ? "GROUP" : "NOACK") +
                " option is only supported by XREADGROUP. You called XREAD instead.");
            return 0;
        }

        if (!isGroup)
        {
            isUnacknowledged = true;
            return index + 1;
        }

        groupAddress = context.argAddress(index + 1);
        groupLength = context.argLength(index + 1);
        consumerAddress = context.argAddress(index + 2);
        consumerLength = context.argLength(index + 2);
        return index + 3;
    }

    private int beginStreams(final CommandContext context, final int index)
    {
        final int words = context.argCount() - index;
        if (0 != words % 2)
        {
            context.reply().error("ERR Unbalanced '" + context.spec().name() +
                "' list of streams: for each stream key an ID or '" + (isOfGroup ? '>' : '$') + "' must be specified.");
            return 0;
        }

        streams = words / 2;
        firstKey = index;
        reserve(streams);
        return index;
    }

    private void reserve(final int size)
    {
        if (size > ms.length)
        {
            keyAddresses = new long[size];
            keyLengths = new int[size];
            ms = new long[size];
            seqs = new long[size];
        }
    }

    private boolean parseStreams(final CommandContext context, final int first)
    {
        for (int i = 0; i < streams; i++)
        {
            keyAddresses[i] = context.argAddress(first + i);
            keyLengths[i] = context.argLength(first + i);
            final long entry = lookup(context, i);
            if (!isReadable(context, entry) || !parseId(context, first + streams + i, i, entry))
            {
                return false;
            }
        }

        return true;
    }

    long lookup(final CommandContext context, final int index)
    {
        return context.lookupRead(context.keyspace(), keyAddresses[index], keyLengths[index]);
    }

    /** True for no stream or, if a group is asked for, for one that has it; else replies the error. */
    boolean isReadable(final CommandContext context, final long entry)
    {
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return false;
        }

        if (!isOfGroup ||
            NO_ENTRY != entry && context.values().streams().read(entry).groups().find(groupAddress, groupLength))
        {
            return true;
        }

        replyNoGroup(context);
        return false;
    }

    private void replyNoGroup(final CommandContext context)
    {
        // Of the first key that has no such group.
        int index = 0;
        while (index < streams - 1 && hasGroup(context, index))
        {
            index++;
        }

        context.reply().error("NOGROUP No such key '" + text(keyAddresses[index], keyLengths[index]) +
            "' or consumer group '" + text(groupAddress, groupLength) + "' in XREADGROUP with GROUP option");
    }

    private boolean hasGroup(final CommandContext context, final int index)
    {
        final long entry = context.lookupQuiet(context.keyspace(), keyAddresses[index], keyLengths[index]);
        return NO_ENTRY != entry &&
            context.values().streams().read(entry).groups().find(groupAddress, groupLength);
    }

    static String text(final long address, final int length)
    {
        final StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            text.append((char)Memory.getUnsignedByte(address + i));
        }

        return text.toString();
    }

    private boolean parseId(final CommandContext context, final int argIndex, final int index, final long entry)
    {
        if (context.argIs(argIndex, "$"))
        {
            if (isOfGroup)
            {
                context.reply().error(INVALID_DOLLAR);
                return false;
            }

            hasDollar = true;
            final StreamValue stream = context.values().streams().read(entry);
            ms[index] = stream.exists() ? stream.lastMs() : 0;
            seqs[index] = stream.exists() ? stream.lastSeq() : 0;
            return true;
        }

        if (context.argIs(argIndex, ">"))
        {
            if (!isOfGroup)
            {
                context.reply().error(INVALID_NEW);
                return false;
            }

            ms[index] = StreamIds.MAX;
            seqs[index] = StreamIds.MAX;
            return true;
        }

        final boolean isParsed = id.parse(context, argIndex);
        ms[index] = id.ms();
        seqs[index] = id.seq();
        return isParsed;
    }

    /** Wait for entries behind those that are there now: what the command is to run with then. */
    void await(final CommandContext context)
    {
        // One that reads for a group is to be told of anything, so that it does not wait for a group that is gone.
        final long wanted = isOfGroup ? KeyInterest.ANY : KeyInterest.ofType(StreamLayout.TYPE);
        final long deadlineNs = Blocking.deadlineNs(context, timeoutMs);
        if (!hasDollar)
        {
            context.blockOnKeys(firstKey, streams, wanted, deadlineNs);
            return;
        }

        final long texts = Memory.reserve((long)streams * StreamId.TEXT_MAX);
        final ArgVector later = new ArgVector();
        for (int i = 0, count = context.argCount(); i < count; i++)
        {
            final int index = i - firstKey - streams;
            final long text = texts + (long)index * StreamId.TEXT_MAX;
            final boolean isId = index >= 0;
            later.add(isId ? text : context.argAddress(i),
                isId ? StreamId.format(text, ms[index], seqs[index]) : context.argLength(i));
        }

        context.blockOnKeys(later, firstKey, streams, wanted, deadlineNs);
        Memory.release(texts);
    }
}
