package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;

/**
 * Builds a tree of elements that come in its order, with full leaves. Nobody sees it before it is done. Whoever says that
 * something could not be added asks {@link #hasDuplicate} why. Writer thread; one tree at a time.
 */
public final class ElementBuilder implements AutoCloseable
{
    private final NodeStore nodes;
    private final TreeRelease release;
    private final ElementWriter writer;
    private final LongStrings longStrings;
    private final TreeBuilder builder;
    private final LeafContent content = new LeafContent();
    private final LeafRow row = new LeafRow();
    private Order order;

    /** Elements come from the last to the first. */
    private boolean isDescending;
    private long bytes;
    private boolean mayRefer;

    /** Words of the first element of the leaf that is being filled, and of the last element. */
    private long first;
    private long second;
    private long last;
    private long lastSecond;

    /** In hash order: where in the leaf the elements of the last one's hash begin. */
    private int lastStart;

    /** Where in the leaf the last element begins, as long as there is no other. */
    private int lastAt;
    private boolean hasDuplicate;

    public ElementBuilder(final Trees trees)
    {
        nodes = trees.nodes();
        release = trees.release();
        writer = trees.writer();
        longStrings = trees.longStrings();
        builder = new TreeBuilder(nodes, release);
    }

    /** A list. */
    public void begin(final ListTree tree)
    {
        begin(tree.order(), 0);
    }

    /** A set, a hash or what leads to scores; elements come in the signed order of {@link Member#hash}. */
    public void begin(final HashTree tree)
    {
        begin(tree.order(), tree.kind());
    }

    /** Elements come in the order of score, then member. */
    public void begin(final ScoreTree tree)
    {
        begin(tree.order(), Node.SCORED);
    }

    /** Elements come in the order of their ids. */
    public void begin(final IdTree tree)
    {
        begin(tree.order(), Node.TWO_STRINGS);
    }

    private void begin(final Order treeOrder, final int kind)
    {
        order = treeOrder;
        builder.begin(order.words());
        content.clear(kind);
        bytes = 0;
        mayRefer = false;
        last = Long.MIN_VALUE;
        lastSecond = Long.MIN_VALUE;
        lastStart = 0;
        isDescending = false;
        hasDuplicate = false;
    }

    /** Of a tree that is not in the order of hashes, and has one element: the others come from the last to the first. */
    void descend()
    {
        Check.that(!order.isHashed() && 0 == builder.count() && 1 == content.count(),
            "order of elements turned round too late: leaves, elements", builder.count(), content.count());
        isDescending = true;
    }

    /** The element that was added last. */
    long lastElement()
    {
        return content.address() + lastAt;
    }

    /** Bytes that what was added sends out. */
    public long bytes()
    {
        return bytes;
    }

    /** True if what could not be added is there already. */
    public boolean hasDuplicate()
    {
        return hasDuplicate;
    }

    /** The next string of a list. @return false if memory ran out: then {@link #abort}. */
    public boolean addText(final long text, final long length)
    {
        writer.begin();
        return add(writer.string(text, length, 0));
    }

    /** The next member of a set. @return false if memory ran out or it is there already: then {@link #abort}. */
    public boolean addMember(final Member member)
    {
        writer.begin();
        return isNew(member) && add(writer.member(member));
    }

    /** The next field of a hash. @return false if memory ran out or it is there already: then {@link #abort}. */
    public boolean addField(final Member field, final long value, final long length)
    {
        writer.begin();
        return isNew(field) && add(writer.member(field) && writer.string(value, length, 0));
    }

    /**
     * The next member with its score.
     *
     * @return false if memory ran out or, in the order of hashes, it is there already: then {@link #abort}.
     */
    public boolean addScored(final Member member, final double score)
    {
        writer.begin();
        if (order.isHashed() && !isNew(member))
        {
            return false;
        }

        final boolean isWritten = writer.member(member);
        writer.score(score);
        return add(isWritten);
    }

    /**
     * The next id and what belongs to it.
     *
     * @return false if memory ran out or there is an id as high already: then {@link #abort}.
     */
    public boolean addId(final long idFirst, final long idSecond, final long value, final long length)
    {
        final long word = idFirst ^ Long.MIN_VALUE;
        final long secondWord = idSecond ^ Long.MIN_VALUE;
        hasDuplicate = !isEmpty() && (word < last || word == last && secondWord <= lastSecond);
        if (hasDuplicate)
        {
            return false;
        }

        lastSecond = secondWord;
        writer.begin();
        writer.id(idFirst, idSecond);
        return add(writer.string(value, length, 0));
    }

    /**
     * The next element in the order of hashes; who gives it knows that it is new.
     *
     * @param at where it stands.
     * @param mayRefer whether one of its strings may lie elsewhere.
     * @return false if memory ran out: it is still the caller's; then {@link #abort}.
     */
    boolean addHashed(final long hash, final long at, final int length, final boolean mayRefer)
    {
        final long outside = mayRefer ? Element.outsideBytes(at, content.kind()) : 0;
        return append(hash, at, length, length + outside, 0 == outside ? 0 : Node.HAS_REFERENCES);
    }

    private boolean isEmpty()
    {
        return 0 == content.count() && 0 == builder.count();
    }

    /** Equal members have equal hashes, and what has equal hashes stands in one leaf. */
    private boolean isNew(final Member member)
    {
        if (content.count() > 0 && member.hash() == last)
        {
            long at = content.address() + lastStart;
            for (final long end = content.address() + content.length(); at < end && !hasDuplicate;)
            {
                hasDuplicate = member.equals(at, longStrings);
                at += Element.length(at, content.kind());
            }
        }

        return !hasDuplicate;
    }

    private boolean add(final boolean isWritten)
    {
        if (!isWritten || !append(order.first(writer.address()), writer.address(), writer.length(), writer.bytes(),
            writer.kindBits()))
        {
            writer.abort();
            return false;
        }

        return true;
    }

    private boolean append(
        final long word, final long at, final int length, final long bytesOut, final int kindBits)
    {
        final int leafLength = content.leafLength() + length + (order.isHashed() ? 1 : 0);
        // Equal hashes stay together, however long the leaf gets.
        final boolean isFull = leafLength > LeafCutter.LEAF_MAX && content.count() > 0 &&
            !(order.isHashed() && word == last);
        if (isFull && !endLeaf())
        {
            return false;
        }

        if (0 == content.count())
        {
            first = word;
            second = order.second(at);
        }

        if (word != last)
        {
            lastStart = content.length();
        }

        last = word;
        lastAt = content.length();
        bytes += bytesOut;
        mayRefer |= 0 != (kindBits & Node.HAS_REFERENCES);
        content.append(at, length, kindBits, order.isHashed() ? Fingerprints.of(word) : 0);
        return true;
    }

    /** Put the tree into a head that has none. @return false if memory ran out: then {@link #abort}. */
    public boolean finish(final long head)
    {
        if (content.count() > 0 && !endLeaf() || !row.moveTo(builder))
        {
            return false;
        }

        if (mayRefer)
        {
            TreeHead.setMayRefer(head);
        }

        TreeHead.count(head, builder.count());
        TreeHead.bytes(head, bytes);
        TreeHead.root(head, builder.finish());
        return true;
    }

    /** Nobody wants the tree, nor what its elements refer to. */
    public void abort()
    {
        builder.abort();
        row.discard(release);
        content.discardReferences(release);
        content.clear(0);
    }

    private boolean endLeaf()
    {
        final int ref = LeafCutter.allocate(nodes, content.kind(), content.count(), content.length());
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        if (isDescending)
        {
            addReversed(ref);
        }
        else
        {
            LeafCutter.fill(nodes.address(ref), content);
            if (!builder.add(ref, content.count(), first, second))
            {
                nodes.free(ref);
                return false;
            }
        }

        content.clear(content.kind() & ~Node.HAS_REFERENCES);
        lastStart = 0;
        return true;
    }

    private void addReversed(final int ref)
    {
        final long leaf = nodes.address(ref);
        LeafCutter.fillReversed(leaf, content);
        row.add(ref, content.count(), order.first(Leaf.content(leaf)), order.second(Leaf.content(leaf)));
    }

    @Override
    public void close()
    {
        content.close();
        row.close();
    }
}
