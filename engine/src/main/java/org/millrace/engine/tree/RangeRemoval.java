package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Takes the elements between two positions out of a tree in one piece. What goes whole is only unlinked, and given back
 * in steps, {@link TreeRelease}; but for counting its bytes nobody looks at it.
 * <pre>
 *   node above both           [ a  b  L | x  x | R  c ]         from L to R: what is left of the two takes their place
 *                                     |          |
 *   ways to the ends          [ d  l | x ]    [ x  x | r  e ]   one node of both if they have room in it
 *                                  |                   |
 *   leaves                     [ 1  2 | 3 ]      [ 4 | 5  6 ]   x, 3 and 4 go
 * </pre>
 * Nodes that no pin knows are cut where they stand, if that is worth it; others are copied. Either all of it is done or,
 * if memory runs out, nothing; where no pin knows the leaves of the two ends no memory is needed. Writer thread. Not in
 * the order of hashes.
 */
final class RangeRemoval
{
    /** A leaf that uses less than so many eighths of its block gets a shorter one. */
    private static final int SPARSE_EIGHTHS = 6;

    private final NodeStore nodes;
    private final TreeRelease release;
    private final LeafEditor leaves;
    private final Reshape reshape;
    private final CutSide left;
    private final CutSide right;
    private final Children gathered = new Children(2 * InnerNode.CHILDREN_MAX);

    // The range at hand: its first leaf is cut at an address, and so is its last one.
    private long head;
    private boolean isFromStart;
    private boolean isToEnd;
    private int leftCount;
    private long leftEnd;
    private int rightCount;
    private long rightStart;

    /** Lowest level of which one node is above both ends. */
    private int meeting;

    /** Where the separator of what is kept at the right end stands: a node, and the slot of one of its children. */
    private long separatorNode;
    private int separatorSlot;

    RangeRemoval(final NodeStore nodes, final TreeRelease release, final LeafEditor leaves)
    {
        this.nodes = nodes;
        this.release = release;
        this.leaves = leaves;
        reshape = new Reshape(nodes);
        left = new CutSide(nodes.memory());
        right = new CutSide(nodes.memory());
    }

    /**
     * @param from position of the first element that goes.
     * @param to position of the first one behind it that stays; at most the head's count.
     * @return false if memory ran out: nothing has changed.
     */
    boolean remove(final Order order, final long treeHead, final long from, final long to)
    {
        final long count = TreeHead.count(treeHead);
        if (from >= to)
        {
            return true;
        }

        if (0 == from && to == count)
        {
            removeAll(treeHead);
            return true;
        }

        head = treeHead;
        isFromStart = 0 == from;
        isToEnd = to == count;
        final int root = TreeHead.root(head);
        final int first = (int)left.path().seek(root, from);
        final int last = (int)right.path().seek(root, to - 1);
        if (left.path().leafRef() == right.path().leafRef())
        {
            final long leaf = left.path().leaf();
            return leaves.remove(order, head, left.path(), first, Leaf.element(leaf, first), (int)(to - from));
        }

        cutAt(first, last);
        reshape.begin(left.path(), order.words());
        if (!prepare())
        {
            reshape.abort();
            return false;
        }

        change(from - to, 2 * (to - from) > count ? keptBytes() - TreeHead.bytes(head) : -goneBytes());
        return true;
    }

    /** All elements go, which takes no memory. */
    void removeAll(final long treeHead)
    {
        final int root = TreeHead.root(treeHead);
        TreeHead.beginChange(treeHead);
        TreeHead.root(treeHead, OffHeap.NULL_REF);
        TreeHead.count(treeHead, 0);
        TreeHead.bytes(treeHead, 0);
        TreeHead.endChange(treeHead);
        release.retire(root);
    }

    /**
     * Make the two leaves in which a range ends ones that may be changed in place, so that to {@link #remove} it needs no
     * memory.
     *
     * @return false if memory ran out: nothing has changed.
     */
    boolean own(final Order order, final long treeHead, final long from, final long to)
    {
        left.path().seek(TreeHead.root(treeHead), from);
        if (!leaves.own(order, treeHead, left.path()))
        {
            return false;
        }

        right.path().seek(TreeHead.root(treeHead), to - 1);
        return leaves.own(order, treeHead, right.path());
    }

    private void cutAt(final int first, final int last)
    {
        final long firstLeaf = left.path().leaf();
        final long lastLeaf = right.path().leaf();
        leftCount = first;
        leftEnd = Leaf.element(firstLeaf, first);
        rightCount = Node.count(lastLeaf) - last - 1;
        rightStart = Leaf.element(lastLeaf, last + 1);
        meeting = left.path().top();
        while (left.path().ref(meeting - 1) == right.path().ref(meeting - 1))
        {
            meeting--;
        }
    }

    /** Make all nodes that are needed. @return false if memory ran out. */
    private boolean prepare()
    {
        if (!prepareLeaves())
        {
            return false;
        }

        findSeparator();
        for (int level = 1; level < meeting; level++)
        {
            if (!prepareInner(level))
            {
                return false;
            }
        }

        final int below = meeting - 1;
        final int slot = left.path().slot(meeting);
        final int lastSlot = right.path().slot(meeting);
        gathered.clear();
        addKept(left, below, left.path().node(meeting), slot);
        addKept(right, below, separatorNode, separatorSlot);
        for (int i = 0; i < gathered.size(); i++)
        {
            reshape.add(gathered.ref(i), gathered.count(i), gathered.first(i), gathered.second(i));
        }

        return reshape.prepare(meeting, slot, lastSlot - slot + 1);
    }

    private boolean prepareLeaves()
    {
        final long firstLeaf = left.path().leaf();
        final long lastLeaf = right.path().leaf();
        final int leftLength = (int)(leftEnd - Leaf.content(firstLeaf));
        final int rightLength = (int)(Leaf.end(lastLeaf) - rightStart);
        if (leftLength > 0 && rightLength > 0 && leftLength + rightLength <= LeafEditor.JOIN_MAX &&
            joinLeaves(leftLength, rightLength))
        {
            return true;
        }

        return keepPart(left, Leaf.content(firstLeaf), leftLength, leftCount, isToEnd && 0 == rightLength) &&
            keepPart(right, rightStart, rightLength, rightCount, isFromStart && 0 == leftLength);
    }

    private boolean joinLeaves(final int leftLength, final int rightLength)
    {
        final long firstLeaf = left.path().leaf();
        final long lastLeaf = right.path().leaf();
        final int count = leftCount + rightCount;
        final int length = leftLength + rightLength;
        final int ref = newLeaf(Node.kind(firstLeaf) | Node.kind(lastLeaf), count, length);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long leaf = nodes.address(ref);
        Memory.copyDisjoint(Leaf.content(firstLeaf), Leaf.content(leaf), leftLength);
        Memory.copyDisjoint(rightStart, Leaf.content(leaf) + leftLength, rightLength);
        final int oneLength = Node.oneLength(firstLeaf);
        LeafCutter.finish(leaf, count, length, oneLength == Node.oneLength(lastLeaf) ? oneLength : 0);
        left.keep(0, ref, count);
        right.drop(0);
        return true;
    }

    /** @param isEnd nothing of the tree is behind the part or, of the right one, before it. */
    private boolean keepPart(
        final CutSide side, final long from, final int length, final int count, final boolean isEnd)
    {
        if (0 == count)
        {
            side.drop(0);
            return true;
        }

        final int old = side.path().leafRef();
        final boolean mayChange = nodes.mayChange(old);
        // At the ends there will be more soon, or nothing.
        final int capacity = nodes.capacity(old);
        final boolean isSparse = !isEnd && capacity > LeafCutter.LEAF_MIN && length * 8 < capacity * SPARSE_EIGHTHS;
        if (!mayChange || isSparse)
        {
            final long oldLeaf = side.path().leaf();
            final int ref = newLeaf(Node.kind(oldLeaf), count, length);
            if (OffHeap.NULL_REF != ref)
            {
                final long leaf = nodes.address(ref);
                Memory.copyDisjoint(from, Leaf.content(leaf), length);
                LeafCutter.finish(leaf, count, length, Node.oneLength(oldLeaf));
                side.keep(0, ref, count);
                return true;
            }
        }

        side.keep(0, old, count);
        return mayChange;
    }

    private int newLeaf(final int kind, final int count, final int length)
    {
        return reshape.noteFresh(LeafCutter.allocate(nodes, kind, count, length));
    }

    private boolean prepareInner(final int level)
    {
        final long leftNode = left.path().node(level);
        final long rightNode = right.path().node(level);
        final int keptLeft = left.path().slot(level) + (left.isKept(level - 1) ? 1 : 0);
        final int keptRight = Node.count(rightNode) - right.path().slot(level) - 1 + (right.isKept(level - 1) ? 1 : 0);
        if (keptLeft > 0 && keptRight > 0 && keptLeft + keptRight <= InnerNode.JOIN_MAX && joinInner(level))
        {
            return true;
        }

        gathered.clear();
        gatherLeft(level);
        if (!keepChildren(left, level, leftNode))
        {
            return false;
        }

        gathered.clear();
        gatherRight(level);
        raiseSeparator(level);
        return keepChildren(right, level, rightNode);
    }

    private boolean joinInner(final int level)
    {
        gathered.clear();
        gatherLeft(level);
        gatherRight(level);
        final int ref = newInner(level);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        left.keep(level, ref, gathered.sum(0, gathered.size()));
        right.drop(level);
        return true;
    }

    private void gatherLeft(final int level)
    {
        final long node = left.path().node(level);
        final int slot = left.path().slot(level);
        gathered.addFrom(node, 0, slot);
        addKept(left, level - 1, node, slot);
    }

    private void gatherRight(final int level)
    {
        final long node = right.path().node(level);
        final int slot = right.path().slot(level);
        addKept(right, level - 1, separatorNode, separatorSlot);
        gathered.addFrom(node, slot + 1, Node.count(node));
    }

    private void addKept(final CutSide side, final int level, final long node, final int slot)
    {
        if (side.isKept(level))
        {
            gathered.add(side.ref(level), side.count(level), 0, 0);
            gathered.separatorOf(gathered.size() - 1, node, slot);
        }
    }

    /** Of the leaf at the right end; that of the first child of a node is the node's own. */
    private void findSeparator()
    {
        int level = 1;
        while (0 == right.path().slot(level))
        {
            level++;
        }

        separatorNode = right.path().node(level);
        separatorSlot = right.path().slot(level);
    }

    /** What was kept below a node may have gone to the left: then its next child is the first, and says where it begins. */
    private void raiseSeparator(final int level)
    {
        if (!right.isKept(level - 1))
        {
            separatorNode = right.path().node(level);
            separatorSlot = right.path().slot(level) + 1;
        }
    }

    /** What was gathered is what is left of a node. */
    private boolean keepChildren(final CutSide side, final int level, final long node)
    {
        if (0 == gathered.size())
        {
            side.drop(level);
            return true;
        }

        final int ref = nodes.pins().mayChangeNode(node) ? side.path().ref(level) : newInner(level);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        side.keep(level, ref, gathered.sum(0, gathered.size()));
        return true;
    }

    private int newInner(final int level)
    {
        final int size = gathered.size();
        final int ref = reshape.allocateInner(level, InnerNode.roomFor(size));
        if (OffHeap.NULL_REF != ref)
        {
            final long node = nodes.address(ref);
            gathered.write(node, 0, 0, size);
            Node.count(node, size);
        }

        return ref;
    }

    private void change(final long countDelta, final long bytesDelta)
    {
        retireWhole();
        retireReferences(left.path().leaf(), leftEnd, Leaf.end(left.path().leaf()), leftCount);
        retireReferences(right.path().leaf(), Leaf.content(right.path().leaf()), rightStart, rightCount);
        TreeHead.beginChange(head);
        for (int level = 0; level < meeting; level++)
        {
            cutInPlace(level);
        }

        reshape.change(head, countDelta, bytesDelta);
        TreeHead.endChange(head);
        reshape.retireReplaced();
        for (int level = 0; level < meeting; level++)
        {
            retireNode(left, level, leftCount);
            retireNode(right, level, rightCount);
        }
    }

    private void cutInPlace(final int level)
    {
        if (left.isInPlace(level))
        {
            final long node = left.path().node(level);
            if (0 == level)
            {
                Node.end(node, (int)(leftEnd - node));
                Node.count(node, leftCount);
            }
            else
            {
                final int slot = left.path().slot(level);
                Node.count(node, slot + (left.isKept(level - 1) ? 1 : 0));
                putKept(left, level, node, slot);
            }
        }

        if (right.isInPlace(level))
        {
            final long node = right.path().node(level);
            if (0 == level)
            {
                Node.start(node, (int)(rightStart - node));
                Node.count(node, rightCount);
            }
            else
            {
                final int first = right.path().slot(level) + (right.isKept(level - 1) ? 0 : 1);
                final int count = Node.count(node) - first;
                InnerNode.move(node, first, 0, count);
                Node.count(node, count);
                putKept(right, level, node, 0);
            }
        }
    }

    private static void putKept(final CutSide side, final int level, final long node, final int slot)
    {
        if (side.isKept(level - 1))
        {
            InnerNode.ref(node, slot, side.ref(level - 1));
            InnerNode.count(node, slot, side.count(level - 1));
        }
    }

    /** What lies between the two ways. */
    private void retireWhole()
    {
        for (int level = 1; level < meeting; level++)
        {
            final long leftNode = left.path().node(level);
            retireChildren(leftNode, left.path().slot(level) + 1, Node.count(leftNode));
            retireChildren(right.path().node(level), 0, right.path().slot(level));
        }

        retireChildren(left.path().node(meeting), left.path().slot(meeting) + 1, right.path().slot(meeting));
    }

    private void retireChildren(final long node, final int from, final int to)
    {
        for (int slot = from; slot < to; slot++)
        {
            release.retire(InnerNode.ref(node, slot));
        }
    }

    /** Trees that elements of a leaf refer to that go; with those of a leaf that goes whole the leaf is asked for them. */
    private void retireReferences(final long leaf, final long from, final long end, final int kept)
    {
        if (0 == kept || !Leaf.hasReferences(leaf))
        {
            return;
        }

        final int kind = Node.kind(leaf);
        for (long at = Leaf.findReference(from, end, kind); at < end; at = Leaf.findReference(
            Leaf.behindReference(at, kind), end, kind))
        {
            release.retire(ElementString.root(at));
        }
    }

    private void retireNode(final CutSide side, final int level, final int keptOfLeaf)
    {
        if (0 == level && 0 == keptOfLeaf)
        {
            release.retire(side.path().leafRef());
        }
        else if (!side.isInPlace(level))
        {
            nodes.retire(side.path().ref(level));
        }
    }

    private long goneBytes()
    {
        long sum = 0;
        for (int level = 1; level < meeting; level++)
        {
            final long leftNode = left.path().node(level);
            sum += childrenBytes(leftNode, left.path().slot(level) + 1, Node.count(leftNode)) +
                childrenBytes(right.path().node(level), 0, right.path().slot(level));
        }

        final long firstLeaf = left.path().leaf();
        final long lastLeaf = right.path().leaf();
        return sum +
            childrenBytes(left.path().node(meeting), left.path().slot(meeting) + 1, right.path().slot(meeting)) +
            Leaf.bytes(firstLeaf, leftEnd, Leaf.end(firstLeaf)) +
            Leaf.bytes(lastLeaf, Leaf.content(lastLeaf), rightStart);
    }

    private long keptBytes()
    {
        long sum = 0;
        for (int level = 1; level <= left.path().top(); level++)
        {
            final long rightNode = right.path().node(level);
            sum += childrenBytes(left.path().node(level), 0, left.path().slot(level)) +
                childrenBytes(rightNode, right.path().slot(level) + 1, Node.count(rightNode));
        }

        final long firstLeaf = left.path().leaf();
        final long lastLeaf = right.path().leaf();
        return sum + Leaf.bytes(firstLeaf, Leaf.content(firstLeaf), leftEnd) +
            Leaf.bytes(lastLeaf, rightStart, Leaf.end(lastLeaf));
    }

    private long childrenBytes(final long node, final int from, final int to)
    {
        long sum = 0;
        for (int slot = from; slot < to; slot++)
        {
            sum += TreeMeasure.bytes(nodes.memory(), InnerNode.ref(node, slot));
        }

        return sum;
    }
}
