package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Trees of bytes, each a {@link ByteTree}, for strings that are too long to stand in a leaf among others. Such a tree
 * never changes.
 */
final class LongStrings
{
    private final NodeStore nodes;
    private final TreeBuilder builder;

    LongStrings(final NodeStore nodes, final TreeRelease release)
    {
        this.nodes = nodes;
        builder = new TreeBuilder(nodes, release);
    }

    /** @return root of a tree of these bytes, of which there is at least one; or {@link OffHeap#NULL_REF}. */
    int create(final long text, final long length)
    {
        return create(text, length, 0);
    }

    /** As above; one that lies in one piece gets a block for so many bytes at least, in which it may grow. */
    int create(final long text, final long length, final int room)
    {
        builder.begin(0);
        for (long done = 0; done < length; done += ByteTree.LEAF_BYTES)
        {
            final int step = (int)Math.min(ByteTree.LEAF_BYTES, length - done);
            final int ref = nodes.allocateLeaf(
                Node.HEADER_LENGTH + (step == length ? Math.max(step, room) : step), Node.BYTES, Node.HEADER_LENGTH);
            if (OffHeap.NULL_REF == ref)
            {
                builder.abort();
                return OffHeap.NULL_REF;
            }

            final long leaf = nodes.address(ref);
            Memory.copy(text + done, Leaf.content(leaf), step);
            Node.end(leaf, Node.HEADER_LENGTH + step);
            if (!builder.add(ref, step, 0, 0))
            {
                nodes.free(ref);
                builder.abort();
                return OffHeap.NULL_REF;
            }
        }

        return builder.finish();
    }

    /** True if a tree of as many bytes has the same ones. */
    boolean isEqual(final int root, final long text, final long length, final TreeRuns runs)
    {
        runs.begin(root, length);
        long at = text;
        while (runs.next())
        {
            if (!Memory.equal(runs.address(), at, runs.length()))
            {
                return false;
            }

            at += runs.length();
        }

        return true;
    }
}
