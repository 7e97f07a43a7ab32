package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StreamValue;

/** Options of XADD and XTRIM as parsed from one command, and what they do to a stream. Reused; writer thread. */
final class StreamTrim
{
    /** What {@link #parse} returns for an error that it has replied. */
    static final int FAILED = -1;

    private static final int NONE = 0;
    private static final int MAXLEN = 1;
    private static final int MINID = 2;
    private static final long DEFAULT_LIMIT_PAGES = 100;
    private static final long DEFAULT_LIMIT = 10_000;
    private static final long DEFAULT_LIMIT_MAX = 1_000_000;

    private final StreamId minId = new StreamId();
    private final StreamId id = new StreamId();
    private int strategy;
    private boolean isApproximate;
    private boolean hasLimit;
    private boolean isMakingNone;
    private boolean hasId;
    private long maxLength;
    private long limit;
    private int signIndex;
    private int boundIndex;

    /**
     * Parse the words behind the key.
     *
     * @return index of the id, or the count of arguments if there is none; {@link #FAILED} with the error replied.
     */
    int parse(final CommandContext context, final boolean isAdd)
    {
        strategy = NONE;
        isApproximate = false;
        hasLimit = false;
        isMakingNone = false;
        hasId = false;
        limit = 0;
        int index = 2;
        while (index < context.argCount() && !(isAdd && context.argIs(index, "*")))
        {
            final int next = parseWord(context, index, isAdd);
            if (next <= 0)
            {
                return FAILED;
            }

            if (hasId)
            {
                break;
            }

            index = next;
        }

        return isConsistent(context, isAdd) ? index : FAILED;
    }

    /** @return index of the next word, or {@link #FAILED}. */
    private int parseWord(final CommandContext context, final int index, final boolean isAdd)
    {
        final boolean hasMore = index < context.argCount() - 1;
        if (hasMore && context.argIs(index, "MAXLEN"))
        {
            return parseBound(context, index, MAXLEN);
        }

        if (hasMore && context.argIs(index, "MINID"))
        {
            return parseBound(context, index, MINID);
        }

        if (hasMore && context.argIs(index, "LIMIT"))
        {
            return parseLimit(context, index + 1);
        }

        if (isAdd && context.argIs(index, "NOMKSTREAM"))
        {
            isMakingNone = true;
            return index + 1;
        }

        if (!isAdd)
        {
            context.reply().error(Replies.SYNTAX);
            return FAILED;
        }

        hasId = id.parseForAdd(context, index);
        return hasId ? index : FAILED;
    }

    private int parseBound(final CommandContext context, final int index, final int wanted)
    {
        if (NONE != strategy)
        {
            context.reply().error("ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
            return FAILED;
        }

        strategy = wanted;
        signIndex = index + 1;
        final boolean maySign = index + 2 < context.argCount();
        isApproximate = maySign && context.argIs(signIndex, "~");
        boundIndex = isApproximate || maySign && context.argIs(signIndex, "=") ? index + 2 : index + 1;
        if (MINID == wanted)
        {
            return minId.parse(context, boundIndex) ? boundIndex + 1 : FAILED;
        }

        if (!context.readLong(boundIndex))
        {
            return FAILED;
        }

        maxLength = context.longValue();
        if (maxLength < 0)
        {
            context.reply().error("ERR The MAXLEN argument must be >= 0.");
            return FAILED;
        }

        return boundIndex + 1;
    }

    private int parseLimit(final CommandContext context, final int index)
    {
        if (!context.readLong(index))
        {
            return FAILED;
        }

        limit = context.longValue();
        hasLimit = true;
        if (limit < 0)
        {
            context.reply().error("ERR The LIMIT argument must be >= 0.");
            return FAILED;
        }

        return index + 1;
    }

    private boolean isConsistent(final CommandContext context, final boolean isAdd)
    {
        if (0 != limit && NONE == strategy)
        {
            context.reply().error("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
            return false;
        }

        if (!isAdd && NONE == strategy)
        {
            context.reply().error("ERR syntax error, XTRIM must be called with a trimming strategy");
            return false;
        }

        if (context.session().isPrimaryLink)
        {
            // It has counted what is to go.
            limit = 0;
        }
        else if (hasLimit && !isApproximate)
        {
            context.reply().error("ERR syntax error, LIMIT cannot be used without the special ~ option");
            return false;
        }
        else if (!hasLimit && isApproximate)
        {
            limit = defaultLimit(DEFAULT_LIMIT_PAGES * context.settings().thresholds.streamNodeEntries);
        }

        return true;
    }

    private static long defaultLimit(final long wanted)
    {
        return wanted <= 0 ? DEFAULT_LIMIT : Math.min(wanted, DEFAULT_LIMIT_MAX);
    }

    /** True for NOMKSTREAM. */
    boolean isMakingNone()
    {
        return isMakingNone;
    }

    /** True if the id is given, wholly or with {@code *} as its second half: {@link #id}. */
    boolean hasId()
    {
        return hasId;
    }

    StreamId id()
    {
        return id;
    }

    /** True if something is to be trimmed. */
    boolean isTrimming()
    {
        return NONE != strategy;
    }

    /** @return entries that were deleted, or {@link StreamValue#NO_MEMORY}: then nothing has changed. */
    long apply(final StreamValue stream)
    {
        return MAXLEN == strategy
            ? stream.trim(maxLength, 0, 0, isApproximate, limit)
            : stream.trim(StreamValue.NO_LIMIT, minId.ms(), minId.seq(), isApproximate, limit);
    }

    /**
     * Put the command into the stream of replicas, which must delete just what was deleted here.
     *
     * @param idIndex of the id, for which the given one stands; 0 for none.
     */
    void propagate(final CommandContext context, final StreamValue stream, final int idIndex)
    {
        final boolean hasGivenId = 0 == idIndex || hasId && id.hasSeq();
        if (hasGivenId && !isApproximate)
        {
            context.propagate();
            return;
        }

        context.rewrite(context.argCount());
        for (int i = 0, count = context.argCount(); i < count; i++)
        {
            if (i == idIndex && 0 != idIndex && !hasGivenId)
            {
                StreamId.rewriteArg(context, stream.lastMs(), stream.lastSeq());
            }
            else if (isApproximate && i == signIndex)
            {
                context.rewriteArg("=");
            }
            else if (isApproximate && i == boundIndex)
            {
                rewriteBound(context, stream);
            }
            else
            {
                context.rewriteArg(i);
            }
        }
    }

    private void rewriteBound(final CommandContext context, final StreamValue stream)
    {
        if (MAXLEN == strategy)
        {
            context.rewriteArg(stream.length());
        }
        else
        {
            stream.findEdge();
            StreamId.rewriteArg(context, stream.foundMs(), stream.foundSeq());
        }
    }
}
