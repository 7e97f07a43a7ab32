package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.resp.ReplyWriter;

/** How members and scores are replied. Stateless; writer thread. */
final class SortedSetReplies
{
    /** Members alone; members and scores one after the other; an array of both for each. */
    enum Shape
    {
        MEMBERS,
        FLAT,
        PAIRS
    }

    private SortedSetReplies()
    {
    }

    /** Shape of members, with their scores if that is wanted: flat in RESP2, pairs in RESP3. */
    static Shape shape(final ReplyWriter reply, final boolean isScored)
    {
        if (!isScored)
        {
            return Shape.MEMBERS;
        }

        return 3 == reply.version() ? Shape.PAIRS : Shape.FLAT;
    }

    /** Begin the reply of so many members. */
    static void begin(final ReplyWriter reply, final long count, final Shape shape)
    {
        reply.array(Shape.FLAT == shape ? 2 * count : count);
    }

    /** One of them. @param at its element. */
    static void member(final CommandContext context, final long at, final Shape shape)
    {
        final ReplyWriter reply = context.reply();
        if (Shape.PAIRS == shape)
        {
            reply.array(2);
        }

        ElementReplies.bulk(context, at);
        if (Shape.MEMBERS != shape)
        {
            reply.number(SortedSetValue.score(at));
        }
    }

    /**
     * The elements of a sorted set from a number to below another, backwards if that is wanted.
     *
     * @param entry that has them; none if there are none.
     */
    static void members(
        final CommandContext context,
        final long entry,
        final long from,
        final long to,
        final boolean isReverse,
        final Shape shape)
    {
        if (from == to)
        {
            return;
        }

        final ElementWalk walk = context.values().walk();
        walk.begin(entry, isReverse ? to : from);
        for (long rest = to - from; rest > 0; rest--)
        {
            member(context, isReverse ? walk.previous() : walk.next(), shape);
        }
    }
}
