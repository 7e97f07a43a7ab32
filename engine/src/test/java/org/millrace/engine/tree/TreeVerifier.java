package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.millrace.engine.memory.OffHeap;

/** Looks at each node of a tree, and fails unless all of it is as it must be. */
final class TreeVerifier
{
    private final NodeStore nodes;
    private long bytes;
    private long held;

    private TreeVerifier(final NodeStore nodes)
    {
        this.nodes = nodes;
    }

    /** @return bytes of the blocks of all nodes. */
    static long verify(final NodeStore nodes, final long head)
    {
        final TreeVerifier verifier = new TreeVerifier(nodes);
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

        assertEquals(count, verifier.node(root, Node.level(node), true, count), "count of the head");
        assertEquals(TreeHead.bytes(head), verifier.bytes, "bytes of the head");
        assertEquals(TreeMeasure.heldBytes(nodes.memory(), root), verifier.held, "held");
        return verifier.held;
    }

    /** @return elements or bytes below the node. */
    private long node(final int ref, final int level, final boolean mayParentChange, final long count)
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
        return 0 == level ? leaf(node) : inner(node, level, nodes.mayChange(ref));
    }

    private long inner(final long node, final int level, final boolean mayChange)
    {
        final int children = Node.count(node);
        assertTrue(children > 0 && children <= InnerNode.room(node), "children");
        assertTrue(InnerNode.room(node) <= InnerNode.CHILDREN_MAX, "room");
        long sum = 0;
        for (int slot = 0; slot < children; slot++)
        {
            final long count = InnerNode.count(node, slot);
            assertNotEquals(0, count, "empty child");
            assertEquals(count, node(InnerNode.ref(node, slot), level - 1, mayChange, count), "count of a child");
            sum += count;
        }

        return sum;
    }

    private long leaf(final long leaf)
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

    /** What lies elsewhere is a tree of bytes of that length. */
    private void string(final long at, final int kind)
    {
        if (ElementString.isReference(at))
        {
            assertNotEquals(0, kind & Node.HAS_REFERENCES, "a reference in a leaf that has none");
            final TreeVerifier outside = new TreeVerifier(nodes);
            final int root = ElementString.root(at);
            final long length = ElementString.textLength(at);
            assertEquals(length, outside.node(root, Node.level(nodes.address(root)), true, length), "length outside");
            held += outside.held;
        }
    }
}
