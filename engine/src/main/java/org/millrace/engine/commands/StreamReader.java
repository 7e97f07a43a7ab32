package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.datatype.StreamCursor;
import org.millrace.engine.datatype.StreamGiven;
import org.millrace.engine.datatype.StreamGroups;
import org.millrace.engine.datatype.StreamIds;
import org.millrace.engine.datatype.StreamValue;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.StreamLayout;

/** Serves a {@link StreamReadRequest}. Reused; writer thread. */
final class StreamReader
{
    private final StreamPropagation propagation = new StreamPropagation();
    private StreamReadRequest request;
    private CommandContext context;
    private ReplyWriter reply;
    private StreamValue stream;
    private StreamGroups groups;
    private int index;
    private int served;

    // Where the group has read to, while it reads on.
    private long lastMs;
    private long lastSeq;
    private long entriesRead;

    /** Reply what there is. @return false if there is nothing: then nothing has been replied. */
    boolean serve(final CommandContext commandContext, final StreamReadRequest readRequest)
    {
        context = commandContext;
        request = readRequest;
        reply = commandContext.reply();
        final int mark = reply.beginCounted();
        final long errors = reply.errors();
        served = 0;
        for (index = 0; index < request.streams && errors == reply.errors(); index++)
        {
            served += serveStream() ? 1 : 0;
        }

        final boolean isServed = served > 0;
        if (isServed && 3 == reply.version())
        {
            reply.endCountedMap(mark, served);
        }
        else if (isServed)
        {
            reply.endCountedArray(mark, served);
        }

        context = null;
        return isServed || errors != reply.errors();
    }

    /** True if an entry comes behind this id. */
    private static boolean isBehind(final StreamValue stream, final long ms, final long seq)
    {
        return stream.length() > 0 && StreamIds.compare(stream.lastMs(), stream.lastSeq(), ms, seq) > 0 &&
            stream.findLast() && StreamIds.compare(stream.foundMs(), stream.foundSeq(), ms, seq) > 0;
    }

    private boolean serveStream()
    {
        final long key = request.keyAddresses[index];
        final int keyLength = request.keyLengths[index];
        final long entry = context.lookupRead(context.keyspace(), key, keyLength);
        if (NO_ENTRY == entry)
        {
            return false;
        }

        stream = context.values().streams().open(context.keyspace(), key, keyLength, entry);
        return request.isOfGroup ? serveGroup() : servePlain();
    }

    private boolean servePlain()
    {
        final long ms = request.ms[index];
        final long seq = request.seqs[index];
        if (!isBehind(stream, ms, seq))
        {
            return false;
        }

        beginStream();
        final StreamCursor cursor = beginBehind(ms, seq);
        StreamReplies.entries(context, cursor, request.count);
        return true;
    }

    private StreamCursor beginBehind(final long ms, final long seq)
    {
        final StreamCursor cursor = stream.cursor();
        cursor.begin(stream.value(), StreamIds.nextMs(ms, seq), StreamIds.nextSeq(seq), StreamIds.MAX, StreamIds.MAX,
            false);
        return cursor;
    }

    private void beginStream()
    {
        if (2 == reply.version())
        {
            reply.array(2);
        }

        reply.bulk(request.keyAddresses[index], request.keyLengths[index]);
    }

    private boolean serveGroup()
    {
        groups = stream.groups();
        final boolean isNew = request.isNew(index);
        propagation.begin(request.keyAddresses[index], request.keyLengths[index], request.groupAddress,
            request.groupLength);
        if (!stream.own() || !groups.find(request.groupAddress, request.groupLength) || !meetConsumer())
        {
            replyNoMemory();
            return false;
        }

        if (!isNew)
        {
            beginStream();
            replyHistory();
            return true;
        }

        if (!isBehind(stream, groups.lastMs(), groups.lastSeq()))
        {
            return false;
        }

        return give();
    }

    /** The consumer is here, made if need be. False: no memory. */
    private boolean meetConsumer()
    {
        if (groups.findConsumer(request.consumerAddress, request.consumerLength))
        {
            return groups.setTimes(context.nowMs(), groups.activeMs());
        }

        if (!groups.createConsumer(request.consumerAddress, request.consumerLength, context.nowMs()))
        {
            return false;
        }

        context.dirty(1);
        context.notify(KeyEvents.STREAM, "xgroup-createconsumer", context.session().db, request.keyAddresses[index],
            request.keyLengths[index]);
        if (request.isUnacknowledged)
        {
            propagation.createConsumer(context, request.consumerAddress, request.consumerLength);
        }

        return true;
    }

    /** What the consumer has got and not acknowledged. */
    private void replyHistory()
    {
        final StreamGiven given = groups.given();
        final long consumer = groups.consumerNumber();
        final long ms = request.ms[index];
        final long seq = request.seqs[index];
        final int mark = reply.beginCounted();
        long count = 0;
        long place = given.place(consumer, StreamIds.nextMs(ms, seq), StreamIds.nextSeq(seq));
        while ((0 == request.count || count < request.count) && given.load(place, consumer))
        {
            replyGiven(given);
            count++;
            place++;
        }

        reply.endCountedArray(mark, count);
    }

    private void replyGiven(final StreamGiven given)
    {
        final StreamCursor cursor = stream.cursor();
        final long ms = given.ms();
        final long seq = given.seq();
        cursor.begin(stream.value(), ms, seq, ms, seq, false);
        if (!cursor.next())
        {
            reply.array(2);
            StreamId.reply(context, ms, seq);
            reply.nullArray();
            return;
        }

        StreamReplies.entry(context, cursor);
        if (given.find(groups.number(), ms, seq))
        {
            // Where it stands there is room for it, if the node is the writer's; else it is as it was.
            given.change(groups.consumerNumber(), context.nowMs(), given.deliveries() + 1);
        }
    }

    /** Give the consumer what comes next. @return false if memory ran out before the first entry. */
    private boolean give()
    {
        final int begin = reply.beginCounted();
        beginStream();
        lastMs = groups.lastMs();
        lastSeq = groups.lastSeq();
        entriesRead = groups.entriesRead();
        final StreamCursor cursor = beginBehind(lastMs, lastSeq);
        final int mark = reply.beginCounted();
        long count = 0;
        boolean hasMemory = groups.moveTo(lastMs, lastSeq, entriesRead);
        while (hasMemory && (0 == request.count || count < request.count) && cursor.next())
        {
            hasMemory = request.isUnacknowledged || giveEntry(cursor.ms(), cursor.seq());
            if (hasMemory)
            {
                pass(cursor.ms(), cursor.seq());
                propagateGiven(cursor);
                StreamReplies.entry(context, cursor);
                count++;
            }
        }

        reply.endCountedArray(mark, count);
        if (count > 0)
        {
            settle();
            return true;
        }

        reply.buffer().truncate(begin);
        replyNoMemory();
        return false;
    }

    /** Of the first stream that something was asked of; else there is less than could be. */
    private void replyNoMemory()
    {
        if (0 == served)
        {
            context.replyOutOfMemory();
        }
    }

    /** The group has come to an entry. */
    private void pass(final long ms, final long seq)
    {
        if (StreamLayout.UNKNOWN != entriesRead && !stream.hasGapFrom(ms, seq))
        {
            entriesRead++;
        }
        else if (0 != StreamLayout.added(stream.value()))
        {
            entriesRead = stream.addedTo(ms, seq);
        }

        lastMs = ms;
        lastSeq = seq;
    }

    private boolean giveEntry(final long ms, final long seq)
    {
        final StreamGiven given = groups.given();
        return given.find(groups.number(), ms, seq)
            ? given.change(groups.consumerNumber(), context.nowMs(), 1)
            : given.give(groups.number(), groups.consumerNumber(), ms, seq, context.nowMs(), 1);
    }

    private void propagateGiven(final StreamCursor entry)
    {
        if (!request.isUnacknowledged)
        {
            propagation.claim(context, request.consumerAddress, request.consumerLength, entry.ms(), entry.seq(),
                context.nowMs(), 1, lastMs, lastSeq);
        }
    }

    private void settle()
    {
        // What was owned before changes where it lies.
        groups.moveTo(lastMs, lastSeq, entriesRead);
        context.dirty(1);
        if (request.isUnacknowledged)
        {
            propagation.setId(context, groups);
        }
        else
        {
            groups.setTimes(context.nowMs(), context.nowMs());
        }
    }
}
