package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.Node;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.TextOrder;

/**
 * Elements of a sorted set in their compact forms, back to back, while they come: in the order of scores, then members,
 * in whichever order they come. Redis writes the highest score first. Writer thread.
 */
final class ScoredForms
{
    private final TextOrder texts;

    /** Where the last element begins, from the first on. */
    private int last;

    ScoredForms(final Values values)
    {
        texts = values.own(new TextOrder(values.trees()));
    }

    /** There are none so far. */
    void begin()
    {
        last = 0;
    }

    /**
     * An element stands behind those before it: bring it to its place among them.
     *
     * @param first address of the first.
     * @param length bytes of those before it.
     * @param text its member.
     * @param formLength its bytes.
     * @param spare room for as many.
     */
    void place(
        final long first, final int length, final long text, final long textLength, final int formLength,
        final long spare)
    {
        final long added = first + length;
        final double score = ScoreTree.score(added);
        if (0 == length || !isBehind(first + last, score, text, textLength))
        {
            last = length;
            return;
        }

        final long at = find(first, added, score, text, textLength);
        Memory.copyDisjoint(added, spare, formLength);
        Memory.copy(at, at + formLength, added - at);
        Memory.copyDisjoint(spare, at, formLength);
        last += formLength;
    }

    /** The first of the elements up to an end that is not before the member with this score; the end if there is none. */
    long find(final long first, final long end, final double score, final long text, final long textLength)
    {
        long at = first;
        while (at < end && isBefore(at, score, text, textLength))
        {
            at += Element.length(at, Node.SCORED);
        }

        return at;
    }

    private boolean isBefore(final long at, final double score, final long text, final long textLength)
    {
        final double other = ScoreTree.score(at);
        return other < score || other == score && compare(at, text, textLength) < 0;
    }

    /** Member of an element before, at or behind a text: negative, 0 or positive. */
    int compare(final long at, final long text, final long textLength)
    {
        return texts.compare(at, text, textLength);
    }

    /** True if the element that stands there belongs behind the member with this score. */
    private boolean isBehind(final long at, final double score, final long text, final long textLength)
    {
        final double other = ScoreTree.score(at);
        return other > score || other == score && texts.compare(at, text, textLength) > 0;
    }
}
