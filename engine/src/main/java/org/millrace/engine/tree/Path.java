package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * A way from the root to a leaf: at each level the node, and at which child it goes on. Used by one thread, over a tree
 * that does not change meanwhile but through {@link Reshape}, after which it must be sought again.
 */
public final class Path
{
    private final OffHeap memory;
    private final int[] refs = new int[Node.LEVELS_MAX];
    private final long[] addresses = new long[Node.LEVELS_MAX];
    private final int[] slots = new int[Node.LEVELS_MAX];
    private int top;

    public Path(final OffHeap memory)
    {
        this.memory = memory;
    }

    /** Begin at the root, which may be 0. */
    void enter(final int root)
    {
        top = OffHeap.NULL_REF == root ? 0 : Node.level(memory.address(root));
        set(top, root);
    }

    /** Be the same way as another. */
    void copy(final Path other)
    {
        top = other.top;
        System.arraycopy(other.refs, 0, refs, 0, top + 1);
        System.arraycopy(other.addresses, 0, addresses, 0, top + 1);
        System.arraycopy(other.slots, 0, slots, 0, top + 1);
    }

    /** Be a way that somebody else has gone: of each level the node, its reference, and the child it goes on at. */
    void take(final int rootLevel, final long[][] nodes, final int[][] nodeRefs, final int[][] children,
        final int index)
    {
        top = rootLevel;
        for (int level = rootLevel; level >= 0; level--)
        {
            addresses[level] = nodes[level][index];
            refs[level] = nodeRefs[level][index];
            slots[level] = children[level][index];
        }
    }

    /** Go on from a level to a child. */
    void descend(final int level, final int slot)
    {
        slots[level] = slot;
        set(level - 1, InnerNode.ref(addresses[level], slot));
    }

    /** The node at a level has another reference. */
    void replace(final int level, final int ref)
    {
        set(level, ref);
    }

    private void set(final int level, final int ref)
    {
        refs[level] = ref;
        addresses[level] = OffHeap.NULL_REF == ref ? 0 : memory.address(ref);
    }

    /**
     * Go to the leaf in which the element, or byte, of this number is. One that is behind the last is in the last leaf.
     *
     * @return how many elements or bytes of the leaf come before it.
     */
    public long seek(final int root, final long position)
    {
        enter(root);
        long rest = position;
        for (int level = top; level > 0; level--)
        {
            final long node = addresses[level];
            final int last = Node.count(node) - 1;
            long counts = InnerNode.countAddress(node, 0);
            int slot = 0;
            while (slot < last)
            {
                final long count = Memory.getInt(counts) & 0xFFFF_FFFFL;
                if (rest < count)
                {
                    break;
                }

                rest -= count;
                counts += Integer.BYTES;
                slot++;
            }

            descend(level, slot);
        }

        return rest;
    }

    /** Elements or bytes before the leaf. */
    public long position()
    {
        long sum = 0;
        for (int level = top; level > 0; level--)
        {
            final long counts = InnerNode.countAddress(addresses[level], 0);
            for (int slot = 0, count = slots[level]; slot < count; slot++)
            {
                sum += Memory.getInt(counts + (long)slot * Integer.BYTES) & 0xFFFF_FFFFL;
            }
        }

        return sum;
    }

    /** Go to the first leaf. */
    public void seekFirst(final int root)
    {
        enter(root);
        for (int level = top; level > 0; level--)
        {
            descend(level, 0);
        }
    }

    /** Go to the last leaf. */
    public void seekLast(final int root)
    {
        enter(root);
        for (int level = top; level > 0; level--)
        {
            descend(level, Node.count(addresses[level]) - 1);
        }
    }

    /** Go to the next leaf; false, and nothing is done, if this is the last. */
    public boolean nextLeaf()
    {
        int level = 1;
        while (level <= top && slots[level] == Node.count(addresses[level]) - 1)
        {
            level++;
        }

        if (level > top)
        {
            return false;
        }

        descend(level, slots[level] + 1);
        while (--level > 0)
        {
            descend(level, 0);
        }

        return true;
    }

    /** Go to the leaf before; false, and nothing is done, if this is the first. */
    public boolean previousLeaf()
    {
        int level = 1;
        while (level <= top && 0 == slots[level])
        {
            level++;
        }

        if (level > top)
        {
            return false;
        }

        descend(level, slots[level] - 1);
        while (--level > 0)
        {
            descend(level, Node.count(addresses[level]) - 1);
        }

        return true;
    }

    /** Level of the root. */
    public int top()
    {
        return top;
    }

    public int leafRef()
    {
        return refs[0];
    }

    /** Address of the leaf, 0 if its reference is 0. */
    public long leaf()
    {
        return addresses[0];
    }

    /** Which child of its parent the leaf is; 0 if it is the root. */
    public int leafSlot()
    {
        return slot(1);
    }

    /** Elements or bytes of the leaf as its parent says. Not for a leaf that is the root. */
    public long leafCount()
    {
        return InnerNode.count(addresses[1], slots[1]);
    }

    public int ref(final int level)
    {
        return refs[level];
    }

    public long node(final int level)
    {
        return addresses[level];
    }

    /** Which child of the node at this level the way goes to; 0 above the root. */
    public int slot(final int level)
    {
        return level <= top ? slots[level] : 0;
    }

    /** True if nothing is left of the node at this level. */
    public boolean isFirst(final int level)
    {
        for (int above = level + 1; above <= top; above++)
        {
            if (0 != slots[above])
            {
                return false;
            }
        }

        return true;
    }

    /** True if nothing is right of the node at this level. */
    public boolean isLast(final int level)
    {
        for (int above = level + 1; above <= top; above++)
        {
            if (Node.count(addresses[above]) - 1 != slots[above])
            {
                return false;
            }
        }

        return true;
    }

    /** The leaf, changed in place, holds so many more: tell those above from a level on. */
    public void addCount(final int fromLevel, final long delta)
    {
        for (int level = fromLevel; level <= top; level++)
        {
            final long node = addresses[level];
            final int slot = slots[level];
            InnerNode.count(node, slot, InnerNode.count(node, slot) + delta);
        }
    }
}
