package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Trees in the order of a keyed hash of the first string: sets (the member), hashes (field and value), and of sorted
 * sets what leads from a member to its score. The order is that of signed numbers; within a leaf there is none.
 * Writer thread; one for all trees of a kind.
 *
 * <p>An element is told by its address, which holds until something changes. Its number is its place in the tree's
 * order from left to right, which changes with the tree, too.
 */
public final class HashTree
{
    /** What {@link #put} and the like have done. */
    public static final int NO_MEMORY = -1;
    public static final int NOTHING = 0;
    public static final int ADDED = 1;
    public static final int REPLACED = 2;
    public static final int REMOVED = 3;

    /** Members that {@link #prefetch} takes at once. */
    public static final int PREFETCH_MAX = 64;

    /** No such element. */
    public static final long NONE = 0;

    private final Trees trees;
    private final OffHeap memory;
    private final Path path;
    private final ElementWriter writer;
    private final Order order;
    private final int kind;
    private final HashBatch batch;
    private int index;
    private long touched;

    /** @param kind of an element: {@link Node#TWO_STRINGS} and {@link Node#EXPIRING}, {@link Node#SCORED} or 0. */
    public HashTree(final Trees trees, final int kind)
    {
        this.trees = trees;
        this.kind = kind | Node.HASHED;
        memory = trees.memory();
        path = trees.path();
        writer = trees.writer();
        order = new ByHash(trees.hashing());
        batch = new HashBatch(trees.nodes());
    }

    /** @return the element of this member, or {@link #NONE}. */
    public long find(final long head, final Member member)
    {
        final int root = TreeHead.root(head);
        if (OffHeap.NULL_REF == root)
        {
            index = 0;
            path.enter(root);
            return NONE;
        }

        if (!batch.find(head, member.hash(), path))
        {
            seek(root, member.hash());
        }

        return findInLeaf(member);
    }

    /** Put a member alone: a set. {@link #ADDED}, {@link #NOTHING} if it was there, or {@link #NO_MEMORY}. */
    public int add(final long head, final Member member)
    {
        if (NONE != find(head, member))
        {
            return NOTHING;
        }

        writer.begin();
        return writer.member(member) && insert(head, member) ? ADDED : noMemory();
    }

    /** Put a field and its value: a hash. {@link #ADDED}, {@link #REPLACED} or {@link #NO_MEMORY}. */
    public int put(final long head, final Member field, final long value, final long valueLength)
    {
        return put(head, field, value, valueLength, Element.NO_DEADLINE);
    }

    /** As above, with a deadline, or {@link Element#NO_DEADLINE}: a tree of {@link Node#EXPIRING}. */
    int put(final long head, final Member field, final long value, final long valueLength, final long deadlineMs)
    {
        final long element = find(head, field);
        writer.begin();
        final boolean hasField = writeMember(field, element);
        writer.deadline(deadlineMs);
        if (!hasField || !writer.string(value, valueLength, 0))
        {
            return noMemory();
        }

        return put(head, field, element);
    }

    /** Give the element of a field that is there a deadline, or none. {@link #REPLACED} or {@link #NO_MEMORY}. */
    int deadline(final long head, final Member field, final long deadlineMs)
    {
        final long element = find(head, field);
        writer.begin();
        writer.keep(element);
        writer.deadline(deadlineMs);
        writer.keep(Element.secondString(element));
        return put(head, field, element);
    }

    /** Put a member and its score. {@link #ADDED}, {@link #REPLACED} or {@link #NO_MEMORY}. */
    public int put(final long head, final Member member, final double score)
    {
        final long element = find(head, member);
        writer.begin();
        if (!writeMember(member, element))
        {
            return noMemory();
        }

        writer.score(score);
        return put(head, member, element);
    }

    private int put(final long head, final Member member, final long element)
    {
        if (NONE == element)
        {
            return insert(head, member) ? ADDED : noMemory();
        }

        return trees.leaves().replace(order, head, path, index, element, writer, Fingerprints.of(member.hash()))
            ? REPLACED
            : noMemory();
    }

    private boolean writeMember(final Member member, final long element)
    {
        if (NONE == element)
        {
            return writer.member(member);
        }

        writer.keep(element);
        return true;
    }

    /** Put a member, which {@link #find} has just not found, with its score. @return false if memory ran out. */
    boolean addScored(final long head, final Member member, final double score)
    {
        writer.begin();
        if (!writer.member(member))
        {
            writer.abort();
            return false;
        }

        writer.score(score);
        return ADDED == put(head, member, NONE);
    }

    /**
     * Make the leaf of the element that {@link #find} has just found one that may be changed in place.
     *
     * @return the element, or {@link #NONE} if memory ran out: nothing has changed.
     */
    public long own(final long head, final Member member, final long element)
    {
        if (trees.nodes().pins().mayChangeNode(path.leaf()))
        {
            return element;
        }

        return trees.leaves().own(order, head, path) ? find(head, member) : NONE;
    }

    /** Give an element another score where it stands, in a leaf that is the writer's {@link #own}. */
    static void score(final long head, final long element, final double score)
    {
        TreeHead.beginChange(head);
        Memory.putLong(Element.score(element), Double.doubleToRawLongBits(score));
        TreeHead.endChange(head);
    }

    /** {@link #REMOVED}, {@link #NOTHING} if it was not there, or {@link #NO_MEMORY}. */
    public int remove(final long head, final Member member)
    {
        final long element = find(head, member);
        if (NONE == element)
        {
            return NOTHING;
        }

        return removeFound(head, element) ? REMOVED : NO_MEMORY;
    }

    /** Remove the element that {@link #find} has just returned. @return false if memory ran out: nothing has changed. */
    boolean removeFound(final long head, final long element)
    {
        return trees.leaves().remove(order, head, path, index, element);
    }

    /** The element of this number, of those from 0 to below the head's count: each as likely as its number. */
    public long at(final long head, final long number)
    {
        index = (int)path.seek(TreeHead.root(head), number);
        touch(path.leaf());
        return Leaf.element(path.leaf(), index);
    }

    /** Remove the element of this number. {@link #REMOVED} or {@link #NO_MEMORY}. */
    public int removeAt(final long head, final long number)
    {
        final long element = at(head, number);
        return trees.leaves().remove(order, head, path, index, element) ? REMOVED : NO_MEMORY;
    }

    int kind()
    {
        return kind;
    }

    Order order()
    {
        return order;
    }

    /**
     * Load what it takes to find some members, side by side: to be called before they are looked for one by one, in this
     * order. The first {@link #find} of each then need not go down to its leaf again, unless nodes have changed.
     *
     * @param hashes of at most {@link #PREFETCH_MAX} members.
     */
    public void prefetch(final long head, final long[] hashes, final int count)
    {
        batch.descend(head, hashes, count);
        final int size = batch.size();
        long sum = 0;
        for (int i = 0; i < size; i++)
        {
            sum += Node.count(batch.leaf(i));
        }

        for (int i = 0; i < size; i++)
        {
            sum += touch(batch.leaf(i), batch.hash(i));
        }

        touched += sum;
    }

    /** Ways that {@link #prefetch} has gone. */
    int prefetched()
    {
        return batch.size();
    }

    /** After {@link #prefetch}: the element that its member of a number is most likely, or {@link #NONE}. */
    long likely(final int number)
    {
        final long leaf = batch.leaf(number);
        final int count = Node.count(leaf);
        final int found = Fingerprints.find(leaf, Fingerprints.of(batch.hash(number)), 0, count);
        return found == count ? NONE : Leaf.element(leaf, found);
    }

    /** Load the lines of the element of a leaf that may be the one of this hash, or of all where it takes all. */
    private static long touch(final long leaf, final long hash)
    {
        final int count = Node.count(leaf);
        final int found = Fingerprints.find(leaf, Fingerprints.of(hash), 0, count);
        if (found == count)
        {
            return 0;
        }

        final int oneLength = Node.oneLength(leaf);
        if (0 == oneLength)
        {
            return Leaf.touch(leaf);
        }

        final long element = Leaf.content(leaf) + (long)found * oneLength;
        return Memory.touch(element) + Memory.touch(element + oneLength - 1);
    }

    private void seek(final int root, final long hash)
    {
        path.enter(root);
        for (int level = path.top(); level > 0; level--)
        {
            path.descend(level, InnerNode.find(path.node(level), hash));
        }
    }

    private long findInLeaf(final Member member)
    {
        final long leaf = path.leaf();
        final int count = Node.count(leaf);
        final byte print = Fingerprints.of(member.hash());
        int i = Fingerprints.find(leaf, print, 0, count);
        if (i == count)
        {
            index = count;
            return NONE;
        }

        final int oneLength = Node.oneLength(leaf);
        if (0 == oneLength)
        {
            touch(leaf);
        }

        long at = Leaf.content(leaf);
        int reached = 0;
        while (i < count)
        {
            at = 0 != oneLength ? at + (long)(i - reached) * oneLength : hop(at, i - reached);
            reached = i;
            if (member.equals(at, trees.longStrings()))
            {
                index = i;
                return at;
            }

            i = Fingerprints.find(leaf, print, i + 1, count);
        }

        index = count;
        return NONE;
    }

    private long hop(final long from, final int elements)
    {
        long at = from;
        for (int i = 0; i < elements; i++)
        {
            at += Element.length(at, kind);
        }

        return at;
    }

    private void touch(final long leaf)
    {
        touched += Leaf.touch(leaf);
    }

    /** Behind all others of the leaf that the path has found. */
    private boolean insert(final long head, final Member member)
    {
        final long leaf = path.leaf();
        return trees.leaves().insert(order, head, path, index, 0 == leaf ? 0 : Leaf.end(leaf), writer, kind,
            Fingerprints.of(member.hash()));
    }

    private int noMemory()
    {
        writer.abort();
        return NO_MEMORY;
    }

    private static final class ByHash extends Order
    {
        private final MemberHash hashing;

        ByHash(final MemberHash hashing)
        {
            super(1, true);
            this.hashing = hashing;
        }

        @Override
        long first(final long element)
        {
            return hashing.ofString(element);
        }

        @Override
        long second(final long element)
        {
            return 0;
        }
    }
}
