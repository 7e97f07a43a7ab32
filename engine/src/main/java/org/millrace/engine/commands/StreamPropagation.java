package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.StreamGiven;
import org.millrace.engine.datatype.StreamGroups;

/**
 * How replicas are told what groups have given to consumers: by commands that say the outcome. Names are those of the
 * command that runs, or of one that has waited. Reused; writer thread.
 */
final class StreamPropagation
{
    private long keyAddress;
    private int keyLength;
    private long groupAddress;
    private int groupLength;

    void begin(final long key, final int keyBytes, final long group, final int groupBytes)
    {
        keyAddress = key;
        keyLength = keyBytes;
        groupAddress = group;
        groupLength = groupBytes;
    }

    /** An entry that was given, as it was found last; a replica forgets one that the stream does not have. */
    void claim(final CommandContext context, final StreamGroups groups, final StreamGiven given)
    {
        groups.showConsumerName(given.consumer());
        claim(context, groups.nameAddress(), groups.nameLength(), given.ms(), given.seq(), given.timeMs(),
            given.deliveries(), groups.lastMs(), groups.lastSeq());
    }

    /** An entry was given to a consumer. */
    void claim(
        final CommandContext context,
        final long consumer,
        final int consumerLength,
        final long ms,
        final long seq,
        final long timeMs,
        final long deliveries,
        final long lastMs,
        final long lastSeq)
    {
        context.rewrite("XCLAIM", 14);
        context.rewriteArg(keyAddress, keyLength);
        context.rewriteArg(groupAddress, groupLength);
        context.rewriteArg(consumer, consumerLength);
        context.rewriteArg("0");
        StreamId.rewriteArg(context, ms, seq);
        context.rewriteArg("TIME");
        context.rewriteArg(timeMs);
        context.rewriteArg("RETRYCOUNT");
        context.rewriteArg(deliveries);
        context.rewriteArg("FORCE");
        context.rewriteArg("JUSTID");
        context.rewriteArg("LASTID");
        StreamId.rewriteArg(context, lastMs, lastSeq);
    }

    /** Up to where the group has read. */
    void setId(final CommandContext context, final StreamGroups groups)
    {
        context.rewrite("XGROUP", 7);
        context.rewriteArg("SETID");
        context.rewriteArg(keyAddress, keyLength);
        context.rewriteArg(groupAddress, groupLength);
        StreamId.rewriteArg(context, groups.lastMs(), groups.lastSeq());
        context.rewriteArg("ENTRIESREAD");
        context.rewriteArg(groups.entriesRead());
    }

    void createConsumer(final CommandContext context, final long consumer, final int consumerLength)
    {
        context.rewrite("XGROUP", 5);
        context.rewriteArg("CREATECONSUMER");
        context.rewriteArg(keyAddress, keyLength);
        context.rewriteArg(groupAddress, groupLength);
        context.rewriteArg(consumer, consumerLength);
    }
}
