package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Trees in the order of score, then member: sorted sets. Scores are no NaN; -0 equals 0. Writer thread; one for all
 * trees.
 *
 * <p>An element is told by its address, which holds until something changes, and by its number, its place in the order.
 *
 * <p>A separator holds a score and the first bytes of a member. Where many members of one score begin alike, separators
 * are equal, and the first elements below them decide.
 */
public final class ScoreTree implements AutoCloseable
{
    /** What is sought among elements of one score: what comes before them all, behind them all, or a member's place. */
    private static final int BEFORE_ALL = -1;
    private static final int MEMBER = 0;
    private static final int BEHIND_ALL = 1;

    private final Trees trees;
    private final OffHeap memory;
    private final Path path;
    private final ElementWriter writer;
    private final TextOrder texts;
    private final Order order;

    // What is sought.
    private int bound;
    private long key;
    private long prefix;
    private long text;
    private long textLength;

    // What was found: the first element that is not before it.
    private int index;
    private long at;
    private long touched;

    public ScoreTree(final Trees trees)
    {
        this.trees = trees;
        memory = trees.memory();
        path = trees.path();
        writer = trees.writer();
        texts = new TextOrder(new TreeRuns(memory));
        order = new ByScore(texts);
    }

    /** Order of scores as that of signed numbers. */
    static long key(final long scoreBits)
    {
        final long bits = Long.MIN_VALUE == scoreBits ? 0 : scoreBits;
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    /** Score of an element. */
    public static double score(final long element)
    {
        return Double.longBitsToDouble(Memory.getLong(Element.score(element)));
    }

    /** Put a member that is not there with this score. @return false if memory ran out: nothing has changed. */
    public boolean insert(final long head, final double score, final Member member)
    {
        seek(head, score, member);
        writer.begin();
        if (!writer.member(member))
        {
            writer.abort();
            return false;
        }

        writer.score(score);
        if (!trees.leaves().insert(order, head, path, index, at, writer, Node.SCORED, (byte)0))
        {
            writer.abort();
            return false;
        }

        return true;
    }

    /** {@link HashTree#REMOVED}, {@link HashTree#NOTHING} if it was not there, or {@link HashTree#NO_MEMORY}. */
    public int remove(final long head, final double score, final Member member)
    {
        seek(head, score, member);
        if (!isFound())
        {
            return HashTree.NOTHING;
        }

        return trees.leaves().remove(order, head, path, index, at) ? HashTree.REMOVED : HashTree.NO_MEMORY;
    }

    /**
     * Give a member that has one score another.
     *
     * @return false if memory ran out: nothing has changed.
     */
    boolean move(final long head, final double from, final double to, final Member member)
    {
        seek(head, from, member);
        Check.that(isFound(), "a member has no element of its score: number, count", number(), TreeHead.count(head));
        if (staysInPlace(to))
        {
            writer.begin();
            writer.keep(at);
            writer.score(to);
            return trees.leaves().replace(order, head, path, index, at, writer, (byte)0);
        }

        if (!insert(head, to, member))
        {
            return false;
        }

        if (HashTree.REMOVED == remove(head, from, member))
        {
            return true;
        }

        // The leaf has just been changed, so it may be changed in place.
        final boolean isUndone = HashTree.REMOVED == remove(head, to, member);
        Check.that(isUndone, "a member has two scores: count, 0", TreeHead.count(head), 0);
        return false;
    }

    /** True if the element found may have another score where it stands: its neighbours in the leaf say so. */
    private boolean staysInPlace(final double to)
    {
        final long newKey = key(Double.doubleToRawLongBits(to));
        if (newKey == key)
        {
            return true;
        }

        final long leaf = path.leaf();
        final int oneLength = Node.oneLength(leaf);
        final long next = Element.score(at) + Element.SCORE_LENGTH;
        if (0 == oneLength || 0 == index || next >= Leaf.end(leaf))
        {
            return false;
        }

        return key(Memory.getLong(Element.score(at - oneLength))) < newKey &&
            newKey < key(Memory.getLong(Element.score(next)));
    }

    /** See to it that {@link #remove} of this one succeeds. @return false if memory ran out: nothing has changed. */
    public boolean own(final long head, final double score, final Member member)
    {
        seek(head, score, member);
        return trees.leaves().own(order, head, path);
    }

    /** Elements before this one, be it there or not. */
    public long rank(final long head, final double score, final Member member)
    {
        seek(head, score, member);
        return number();
    }

    /** Elements of a lower score. */
    public long countBelow(final long head, final double score)
    {
        seekBound(head, score, BEFORE_ALL);
        return number();
    }

    /** Elements of this score or a lower one. */
    public long countTo(final long head, final double score)
    {
        seekBound(head, score, BEHIND_ALL);
        return number();
    }

    /** The element of a number from 0 to below the head's count. */
    public long at(final long head, final long number)
    {
        index = (int)path.seek(TreeHead.root(head), number);
        final long leaf = path.leaf();
        touch(leaf);
        at = Leaf.element(leaf, index);
        return at;
    }

    /** Remove the element of a number. @return false if memory ran out: nothing has changed. */
    public boolean removeAt(final long head, final long number)
    {
        final long element = at(head, number);
        return trees.leaves().remove(order, head, path, index, element);
    }

    /** Take out the elements of some numbers. @return false if memory ran out: nothing has changed. */
    public boolean removeRange(final long head, final long from, final long to)
    {
        return trees.ranges().remove(order, head, from, to);
    }

    /** See to it that {@link #removeRange} succeeds. @return false if memory ran out: nothing has changed. */
    public boolean ownRange(final long head, final long from, final long to)
    {
        return trees.ranges().own(order, head, from, to);
    }

    /**
     * Put a member in the place of that of a number, which must stand between the same two, with the same score.
     *
     * @return false if memory ran out: nothing has changed.
     */
    public boolean replaceAt(final long head, final long number, final Member member)
    {
        final long element = at(head, number);
        final double score = score(element);
        writer.begin();
        final boolean isWritten = writer.member(member);
        writer.score(score);
        if (isWritten && trees.leaves().replace(order, head, path, index, element, writer, (byte)0))
        {
            return true;
        }

        writer.abort();
        return false;
    }

    /** What loads places of elements of such trees. */
    ScoreBatch batch()
    {
        return new ScoreBatch(memory, texts);
    }

    Order order()
    {
        return order;
    }

    /** An element before, at or behind a member with this score: negative, 0 or positive. */
    int compare(final long element, final double score, final Member member)
    {
        text = member.text();
        textLength = member.textLength();
        key = key(Double.doubleToRawLongBits(score));
        bound = MEMBER;
        return compare(element);
    }

    private long number()
    {
        return path.position() + index;
    }

    private boolean isFound()
    {
        return 0 != path.leaf() && index < Node.count(path.leaf()) && 0 == compare(at);
    }

    private void seek(final long head, final double score, final Member member)
    {
        text = member.text();
        textLength = member.textLength();
        prefix = TextOrder.prefix(text, textLength);
        key = key(Double.doubleToRawLongBits(score));
        bound = MEMBER;
        seek(TreeHead.root(head));
    }

    private void seekBound(final long head, final double score, final int side)
    {
        prefix = side < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        key = key(Double.doubleToRawLongBits(score));
        bound = side;
        seek(TreeHead.root(head));
    }

    private void seek(final int root)
    {
        path.enter(root);
        for (int level = path.top(); level > 0; level--)
        {
            final long node = path.node(level);
            final int slot = InnerNode.find(node, key, prefix);
            final boolean isTie = slot > 0 && InnerNode.first(node, slot) == key &&
                InnerNode.second(node, slot) == prefix;
            path.descend(level, isTie ? untie(node, level, slot) : slot);
        }

        if (0 == path.leaf())
        {
            index = 0;
            at = 0;
        }
        else
        {
            seekInLeaf(path.leaf());
        }
    }

    private void seekInLeaf(final long leaf)
    {
        // Halving goes from miss to miss as well.
        touch(leaf);
        if (0 != Node.oneLength(leaf))
        {
            halve(leaf);
        }
        else
        {
            hop(leaf);
        }
    }

    /** The last of the children with equal separators whose first element is not behind what is sought. */
    private int untie(final long node, final int level, final int last)
    {
        int low = Long.MIN_VALUE == prefix
            ? InnerNode.find(node, key - 1, Long.MAX_VALUE)
            : InnerNode.find(node, key, prefix - 1);
        int high = last;
        while (low < high)
        {
            final int middle = low + high + 1 >>> 1;
            if (compare(firstElement(InnerNode.ref(node, middle), level - 1)) <= 0)
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

    private long firstElement(final int ref, final int refLevel)
    {
        long node = memory.address(ref);
        for (int level = refLevel; level > 0; level--)
        {
            node = memory.address(InnerNode.ref(node, 0));
        }

        return Leaf.content(node);
    }

    /** The first element that is not before what is sought, of elements of one length. */
    private void halve(final long leaf)
    {
        final int oneLength = Node.oneLength(leaf);
        final long content = Leaf.content(leaf);
        int low = 0;
        int high = Node.count(leaf);
        while (low < high)
        {
            final int middle = low + high >>> 1;
            if (compare(content + (long)middle * oneLength) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        index = low;
        at = content + (long)low * oneLength;
    }

    /** The same, of elements of any lengths. */
    private void hop(final long leaf)
    {
        final long end = Leaf.end(leaf);
        int number = 0;
        long element = Leaf.content(leaf);
        while (element < end && compare(element) < 0)
        {
            element = Element.score(element) + Element.SCORE_LENGTH;
            number++;
        }

        index = number;
        at = element;
    }

    /** The element before, at or behind what is sought: negative, 0 or positive. */
    private int compare(final long element)
    {
        final long other = key(Memory.getLong(Element.score(element)));
        if (other != key)
        {
            return other < key ? -1 : 1;
        }

        return MEMBER == bound ? texts.compare(element, text, textLength) : -bound;
    }

    private void touch(final long leaf)
    {
        touched += Leaf.touch(leaf);
    }

    @Override
    public void close()
    {
        texts.close();
    }

    private static final class ByScore extends Order
    {
        private final TextOrder texts;

        ByScore(final TextOrder texts)
        {
            super(2, false);
            this.texts = texts;
        }

        @Override
        long first(final long element)
        {
            return key(Memory.getLong(Element.score(element)));
        }

        @Override
        long second(final long element)
        {
            return texts.prefixOf(element);
        }
    }
}
