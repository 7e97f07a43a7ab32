package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Looks at each node of a tree, and fails unless all of it is as it must be. */
public final class TreeVerifier
{
    private final NodeStore nodes;

    /** Of which all separators and elements must be, null if it is of bytes. */
    private final Order order;
    private long bytes;
    private long held;
    private boolean hasReferences;

    /** The last element looked at. */
    private long lastFirst = Long.MIN_VALUE;
    private long lastSecond = Long.MIN_VALUE;

    private TreeVerifier(final NodeStore nodes, final Order order)
    {
        this.nodes = nodes;
        this.order = order;
    }

    /** Words of a separator that nothing is below, or nothing above. */
    private record Bound(long first, long second)
    {
        static final Bound LOWEST = new Bound(Long.MIN_VALUE, Long.MIN_VALUE);
        static final Bound NONE = new Bound(Long.MAX_VALUE, Long.MAX_VALUE);

        boolean isAbove(final long otherFirst, final long otherSecond)
        {
            return first > otherFirst || first == otherFirst && second > otherSecond;
        }
    }

    /** As below, of a tree of fields and values. */
    public static long verifyFields(final Trees trees, final long head)
    {
        return verify(trees.nodes(), head, new HashTree(trees, Node.TWO_STRINGS).order());
    }

    /** As below, of a tree of bytes. */
    static long verify(final NodeStore nodes, final long head)
    {
        return verify(nodes, head, null);
    }

    /** @return bytes of the blocks of all nodes. */
    static long verify(final NodeStore nodes, final long head, final Order order)
    {
        final TreeVerifier verifier = new TreeVerifier(nodes, order);
        final int root = TreeHead.root(head);
        final long count = TreeHead.count(head);
        assertEquals(0, TreeHead.sequenceAcquire(head) & 1, "sequence at rest");
        if (OffHeap.NULL_REF == root)
        {
            assertEquals(TreeHead.bytes(head), count, "all zeros, or nothing");
            return 0;
        }

        final long node = nodes.address(root);
        if (!Node.isLeaf(node))
        {
            assertTrue(Node.count(node) > 1, "root of one child");
        }

        assertEquals(count, verifier.node(root, Node.level(node), true, count, Bound.LOWEST, Bound.NONE),
            "count of the head");
        assertEquals(TreeHead.bytes(head), verifier.bytes, "bytes of the head");
        assertTrue(TreeHead.mayRefer(head) || !verifier.hasReferences, "references that the head does not know");
        assertEquals(TreeMeasure.heldBytes(nodes.memory(), root), verifier.held, "held");
        return verifier.held;
    }

    /** @return elements or bytes below the node. */
    private long node(final int ref, final int level, final boolean mayParentChange, final long count,
        final Bound low, final Bound high)
    {
        if (OffHeap.NULL_REF == ref)
        {
            bytes += count;
            return count;
        }

        final long node = nodes.address(ref);
        assertEquals(level, Node.level(node), "level");
        assertTrue(mayParentChange || !nodes.mayChange(ref), "a node that may change below one that may not");
        assertTrue(Node.usedLength(node) <= nodes.capacity(ref), "content beyond the block");
        held += nodes.capacity(ref);
        return 0 == level ? leaf(node, low, high) : inner(node, level, nodes.mayChange(ref), low, high);
    }

    private long inner(
        final long node, final int level, final boolean mayChange, final Bound low, final Bound high)
    {
        final int children = Node.count(node);
        assertTrue(children > 0 && children <= InnerNode.room(node), "children");
        assertTrue(InnerNode.room(node) <= InnerNode.CHILDREN_MAX, "room");
        long sum = 0;
        for (int slot = 0; slot < children; slot++)
        {
            final long count = InnerNode.count(node, slot);
            assertNotEquals(0, count, "empty child");
            final Bound from = 0 == slot ? low : bound(node, slot, low);
            final Bound to = slot + 1 == children ? high : bound(node, slot + 1, high);
            assertTrue(!from.isAbove(to.first, to.second), "separators out of order");
            assertEquals(count, node(InnerNode.ref(node, slot), level - 1, mayChange, count, from, to),
                "child's count");
            sum += count;
        }

        return sum;
    }

    private static Bound bound(final long node, final int slot, final Bound without)
    {
        final int words = Node.kind(node);
        return 0 == words
            ? without
            : new Bound(InnerNode.first(node, slot), words > 1 ? InnerNode.second(node, slot) : Long.MIN_VALUE);
    }

    private long leaf(final long leaf, final Bound low, final Bound high)
    {
        final int kind = Node.kind(leaf);
        assertTrue(Node.start(leaf) >= Node.HEADER_LENGTH && Node.end(leaf) >= Node.start(leaf), "start and end");
        if (0 != (kind & Node.BYTES))
        {
            bytes += Node.contentLength(leaf);
            assertEquals(0, Node.count(leaf), "count of bytes");
            return Node.contentLength(leaf);
        }

        long at = Leaf.content(leaf);
        final int oneLength = Node.oneLength(leaf);
        for (int i = 0; i < Node.count(leaf); i++)
        {
            final int length = Element.length(at, kind);
            assertTrue(0 == oneLength || oneLength == length, "not all of one length");
            assertEquals(at, Leaf.element(leaf, i), "place of an element");
            bytes += length + Element.outsideBytes(at, kind);
            order(leaf, at, i, low, high);
            string(at, kind);
            if (0 != (kind & Node.TWO_STRINGS))
            {
                string(Element.secondString(at), kind);
            }

            at += length;
        }

        assertEquals(Leaf.end(leaf), at, "end of the elements");
        return Node.count(leaf);
    }

    private void order(final long leaf, final long at, final int index, final Bound low, final Bound high)
    {
        if (null == order || 0 == order.words())
        {
            return;
        }

        final long first = order.first(at);
        final long second = 1 == order.words() ? Long.MIN_VALUE : order.second(at);
        assertTrue(!low.isAbove(first, second), "an element below its separator");
        if (order.isHashed())
        {
            assertTrue(high.isAbove(first, second), "an element above the next separator");
            assertEquals(Fingerprints.of(first), Memory.getByte(Fingerprints.address(leaf) + index), "fingerprint");
            return;
        }

        assertTrue(!new Bound(first, second).isAbove(high.first, high.second), "an element above the next separator");
        assertTrue(!new Bound(lastFirst, lastSecond).isAbove(first, second), "elements out of order");
        lastFirst = first;
        lastSecond = second;
    }

    /** What lies elsewhere is a tree of bytes of that length. */
    private void string(final long at, final int kind)
    {
        if (ElementString.isReference(at))
        {
            hasReferences = true;
            assertNotEquals(0, kind & Node.HAS_REFERENCES, "a reference in a leaf that has none");
            final TreeVerifier outside = new TreeVerifier(nodes, null);
            final int root = ElementString.root(at);
            final long length = ElementString.textLength(at);
            assertEquals(length, outside.node(root, Node.level(nodes.address(root)), true, length,
                Bound.LOWEST, Bound.NONE), "length outside");
            held += outside.held;
        }
    }
}
