package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * The text of an element's string, which is no number, in one piece: where it lies, or copied together if it lies in
 * several. One per thread, for which the tree stays as it is.
 */
public final class WholeString implements AutoCloseable
{
    /** A copy longer than this is given back once another is made. */
    private static final long COPY_KEPT = 1L << 20;

    private final OffHeap memory;
    private final TreeRuns runs;
    private long copy;
    private long copyLength;
    private long address;
    private long length;

    public WholeString(final OffHeap memory)
    {
        this.memory = memory;
        runs = new TreeRuns(memory);
    }

    /** @param at where the string stands. @return where its text begins, until the next call or change. */
    public long set(final long at)
    {
        length = ElementString.textLength(at);
        if (!ElementString.isReference(at))
        {
            address = ElementString.textAddress(at);
        }
        else
        {
            final int root = ElementString.root(at);
            final long node = memory.address(root);
            address = Node.isLeaf(node) ? Leaf.content(node) : copy(root);
        }

        return address;
    }

    /** Where the text of a string that is no number begins; at least its first 32 KiB are there in one piece. */
    public static long start(final OffHeap memory, final long at)
    {
        if (!ElementString.isReference(at))
        {
            return ElementString.textAddress(at);
        }

        long node = memory.address(ElementString.root(at));
        while (!Node.isLeaf(node))
        {
            node = memory.address(InnerNode.ref(node, 0));
        }

        return Leaf.content(node);
    }

    private long copy(final int root)
    {
        if (length > copyLength || copyLength > COPY_KEPT)
        {
            close();
            copy = Memory.reserve(length);
            copyLength = length;
        }

        long end = copy;
        runs.begin(root, length);
        while (runs.next())
        {
            Memory.copy(runs.address(), end, runs.length());
            end += runs.length();
        }

        return copy;
    }

    public long address()
    {
        return address;
    }

    public long length()
    {
        return length;
    }

    @Override
    public void close()
    {
        if (0 != copy)
        {
            Memory.release(copy);
            copy = 0;
            copyLength = 0;
        }
    }
}
