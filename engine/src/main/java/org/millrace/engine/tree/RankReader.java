package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Finds the place of an element in the order of scores for a thread that is not the writer, as {@link ScoreTree} does for
 * that. Part of a {@link TreeReader}.
 */
final class RankReader implements AutoCloseable
{
    private static final long TEXT_CAPACITY_MIN = ElementString.INLINE_MAX;

    private final ReadMoment moment;
    private final StringReader strings;
    private final BoundedNode node;

    /** On the way to the first element of a child. */
    private final BoundedNode probe;
    private long textCapacity = TEXT_CAPACITY_MIN;
    private long text = Memory.reserve(textCapacity);

    // What is sought.
    private long key;
    private long prefix;
    private Member member;

    /** The moment is over: what was compared last means nothing. */
    private boolean isOver;

    RankReader(final OffHeap memory, final ReadMoment moment, final StringReader strings)
    {
        this.moment = moment;
        this.strings = strings;
        node = new BoundedNode(memory);
        probe = new BoundedNode(memory);
    }

    /**
     * Elements before that of a member that has this score.
     *
     * @return it, {@link TreeReader#ABSENT} if there was no such element or {@link TreeReader#RETRY}.
     */
    long find(final long head, final double score, final Member soughtMember)
    {
        member = soughtMember;
        key = ScoreTree.key(Double.doubleToRawLongBits(score));
        prefix = TextOrder.prefix(member.text(), member.textLength());
        isOver = false;
        if (!moment.begin(head))
        {
            return TreeReader.RETRY;
        }

        final int root = TreeHead.root(head);
        if (OffHeap.NULL_REF == root)
        {
            return moment.isStill() ? TreeReader.ABSENT : TreeReader.RETRY;
        }

        if (!moment.isStill())
        {
            return TreeReader.RETRY;
        }

        node.wrap(root);
        long before = 0;
        for (int i = 0; i < Node.LEVELS_MAX && !node.isLeaf(); i++)
        {
            final int child = child();
            before += node.countBefore(child);
            if (isOver || !descend(node, child))
            {
                return TreeReader.RETRY;
            }
        }

        final long index = indexInLeaf();
        return index < 0 ? index : before + index;
    }

    private int child()
    {
        final int child = node.childOfWords(key, prefix);
        if (0 == child || !node.isSeparator(child, key, prefix))
        {
            return child;
        }

        // Where separators are equal the first elements below them decide.
        int low = Long.MIN_VALUE == prefix
            ? node.childOfWords(key - 1, Long.MAX_VALUE)
            : node.childOfWords(key, prefix - 1);
        int high = child;
        while (low < high && !isOver)
        {
            final int middle = low + high + 1 >>> 1;
            if (compareFirst(middle) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /** The first element below a child before, at or behind what is sought: negative, 0 or positive. */
    private int compareFirst(final int child)
    {
        if (!enter(probe, node.childRef(child)))
        {
            return 0;
        }

        for (int i = 0; i < Node.LEVELS_MAX && !probe.isLeaf(); i++)
        {
            if (!descend(probe, 0))
            {
                return 0;
            }
        }

        final long at = Leaf.content(probe.address());
        final long score = at + probe.stringLength(at);
        final long other = probe.isReadable(score, Element.SCORE_LENGTH) ? ScoreTree.key(Memory.getLong(score)) : 0;
        return other != key ? Long.compare(other, key) : compareText(at);
    }

    private int compareText(final long at)
    {
        long length = strings.copy(probe, at, text, textCapacity);
        if (length > textCapacity)
        {
            Memory.release(text);
            text = Memory.reserve(length);
            textCapacity = length;
            length = strings.copy(probe, at, text, textCapacity);
        }

        isOver |= length < 0 || length > textCapacity;
        return isOver ? 0 : TextOrder.compare(text, length, member.text(), member.textLength());
    }

    private boolean descend(final BoundedNode way, final int child)
    {
        return enter(way, way.childRef(child));
    }

    private boolean enter(final BoundedNode way, final int ref)
    {
        if (OffHeap.NULL_REF == ref || !moment.isStill())
        {
            isOver = true;
            return false;
        }

        way.wrap(ref);
        return true;
    }

    /** Index of the element in the leaf, {@link TreeReader#ABSENT} or {@link TreeReader#RETRY}. */
    private long indexInLeaf()
    {
        final int count = Node.count(node.address());
        final long end = node.end();
        long at = Leaf.content(node.address());
        for (int i = 0; i < count && at < end; i++)
        {
            final long score = at + node.stringLength(at);
            if (!node.isReadable(score, Element.SCORE_LENGTH))
            {
                return TreeReader.RETRY;
            }

            if (ScoreTree.key(Memory.getLong(score)) == key && strings.isEqual(node, at, member))
            {
                return moment.isStill() ? i : TreeReader.RETRY;
            }

            at = score + Element.SCORE_LENGTH;
        }

        return moment.isStill() ? TreeReader.ABSENT : TreeReader.RETRY;
    }

    @Override
    public void close()
    {
        Memory.release(text);
    }
}
