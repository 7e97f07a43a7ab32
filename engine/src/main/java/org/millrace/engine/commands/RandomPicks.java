package org.millrace.engine.commands;

import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;
import org.millrace.engine.command.CommandContext;

/** Numbers chosen at random, each as likely as any other. Keeps those of the running command; writer thread. */
final class RandomPicks
{
    /** More are not chosen by their numbers, which would have to be kept: {@link #beginWalk}. */
    static final int CHOSEN_MAX = 64 * 1024;

    /** One in so many or more are chosen by going over all. */
    private static final int DENSE = 3;

    /** Room that is kept from one command to the next. */
    private static final int KEPT_CAPACITY = 1024;

    private static final int DRAW_BITS = 32;
    private static final long DRAW_MASK = (1L << DRAW_BITS) - 1;

    private LongArrayList picked = new LongArrayList();
    private LongHashSet seen = new LongHashSet();
    private long elementsLeft;
    private long wantedLeft;

    /** Shortest element in a reply. */
    private static final long BULK_MIN = 6;

    /** Who asks for more repetitions than a reply can hold hears it at once, by an exception. */
    static void require(final CommandContext context, final long repetitions)
    {
        context.reply().buffer().require(Math.min(repetitions, Integer.MAX_VALUE) * BULK_MIN);
    }

    /** A number from 0 to below {@code count}, which is below 2^32. */
    static long one(final CommandContext context, final long count)
    {
        long product = (context.random() >>> DRAW_BITS) * count;
        if ((product & DRAW_MASK) < count)
        {
            // So many draws are too many for each number to have as many as any other: they are drawn again.
            final long surplus = (1L << DRAW_BITS) % count;
            while ((product & DRAW_MASK) < surplus)
            {
                product = (context.random() >>> DRAW_BITS) * count;
            }
        }

        return product >>> DRAW_BITS;
    }

    /** Choose of so many elements, while the caller goes over all of them: each choice is as likely as any other. */
    void beginWalk(final long count, final long toChoose)
    {
        elementsLeft = count;
        wantedLeft = toChoose;
    }

    /** True until as many as were wanted have been chosen. */
    boolean isGoingOn()
    {
        return wantedLeft > 0;
    }

    /** True if the element that comes next is chosen. */
    boolean takesNext(final CommandContext context)
    {
        final boolean isTaken = one(context, elementsLeft) < wantedLeft;
        elementsLeft--;
        wantedLeft -= isTaken ? 1 : 0;
        return isTaken;
    }

    /**
     * Choose so many different numbers from 0 to below {@code count}, in no order.
     *
     * @param wanted less than {@code count}, and at most {@link #CHOSEN_MAX}.
     */
    void choose(final CommandContext context, final long count, final long wanted)
    {
        clear();
        if (wanted * DENSE > count)
        {
            chooseDense(context, count, wanted);
            return;
        }

        // Floyd's way: each step adds one number, whatever the draw.
        for (long last = count - wanted; last < count; last++)
        {
            final long draw = one(context, last + 1);
            final long number = seen.add(draw) ? draw : last;
            seen.add(number);
            picked.addLong(number);
        }
    }

    private void chooseDense(final CommandContext context, final long count, final long wanted)
    {
        beginWalk(count, wanted);
        for (long number = 0; isGoingOn(); number++)
        {
            if (takesNext(context))
            {
                picked.addLong(number);
            }
        }
    }

    private void clear()
    {
        if (picked.size() > KEPT_CAPACITY)
        {
            picked = new LongArrayList();
            seen = new LongHashSet();
        }

        picked.clear();
        seen.clear();
    }

    int size()
    {
        return picked.size();
    }

    long number(final int index)
    {
        return picked.getLong(index);
    }
}
