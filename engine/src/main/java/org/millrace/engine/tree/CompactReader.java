package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Reads of single elements that stand in one piece, in an entry, by a thread that is not the writer. Nobody changes them
 * where they stand while a reader is open; but the reader may be expelled, and then they may be anything. Part of a
 * {@link TreeReader}, whose results it has; used between two of its {@link TreeReader#entered}.
 */
public final class CompactReader
{
    private final ReadMoment moment;
    private final StringReader strings;
    private final BoundedNode node;
    private long count;
    private long first;
    private int kind;
    private double score;
    private long deadlineMs;

    CompactReader(final OffHeap memory, final ReadMoment moment, final StringReader strings)
    {
        this.moment = moment;
        this.strings = strings;
        node = new BoundedNode(memory);
    }

    /**
     * The elements that are asked for from now on.
     *
     * @param address of the first one.
     * @param end nothing from there on is looked at, whatever the elements say.
     * @param elementCount how many there are.
     * @param elementKind {@link Node}'s bits.
     */
    public void begin(final long address, final long end, final long elementCount, final int elementKind)
    {
        moment.beginConstant();
        node.wrap(address, end);
        first = address;
        count = elementCount;
        kind = elementKind;
    }

    /** Elements before that of a member: its rank, if they are in the order of scores; or ABSENT or RETRY. */
    public long find(final Member member)
    {
        long at = first;
        for (long i = 0; i < count && node.isReadable(at, 1); i++)
        {
            // Of another length it may be longer than what is left of the entry.
            if (node.stringLength(at) == member.formLength() && strings.isEqual(node, at, member))
            {
                return result(i);
            }

            at = next(at);
        }

        return result(TreeReader.ABSENT);
    }

    /** As {@link TreeReader#value}. */
    public long value(final Member member, final long target, final long capacity)
    {
        final long index = find(member);
        if (index < 0)
        {
            return index;
        }

        return strings.copy(node, second(element(index)), target, capacity);
    }

    /** As {@link TreeReader#deadline}. */
    public long deadline(final Member member)
    {
        final long index = find(member);
        if (index < 0)
        {
            return index;
        }

        deadlineMs = node.deadlineMs(behindFirst(element(index)));
        return result(0);
    }

    /** What {@link #deadline} has found. */
    public long lastDeadlineMs()
    {
        return deadlineMs;
    }

    private long behindFirst(final long at)
    {
        return at + node.stringLength(at);
    }

    private long second(final long at)
    {
        final long behind = behindFirst(at);
        return behind + node.deadlineLength(behind, kind);
    }

    /** As {@link TreeReader#score}. */
    public long score(final Member member)
    {
        final long index = find(member);
        if (index < 0)
        {
            return index;
        }

        final long at = element(index);
        final long scoreAt = at + node.stringLength(at);
        if (node.isReadable(scoreAt, Element.SCORE_LENGTH))
        {
            score = Double.longBitsToDouble(Memory.getLong(scoreAt));
        }

        return result(0);
    }

    /** What {@link #score} has found. */
    public double lastScore()
    {
        return score;
    }

    /** As {@link TreeReader#at}. */
    public long at(final long position, final long target, final long capacity)
    {
        return position < count ? strings.copy(node, element(position), target, capacity) : result(TreeReader.ABSENT);
    }

    private long element(final long index)
    {
        long at = first;
        for (long i = 0; i < index && node.isReadable(at, 1); i++)
        {
            at = next(at);
        }

        return at;
    }

    private long next(final long at)
    {
        long next = at + node.stringLength(at);
        if (0 != (kind & Node.TWO_STRINGS))
        {
            next += node.deadlineLength(next, kind);
            next += node.stringLength(next);
        }

        return next + (0 != (kind & Node.SCORED) ? Element.SCORE_LENGTH : 0);
    }

    private long result(final long value)
    {
        return moment.isProtected() ? value : TreeReader.RETRY;
    }
}
