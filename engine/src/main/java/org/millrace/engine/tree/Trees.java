package org.millrace.engine.tree;

import org.millrace.engine.memory.OffHeap;

/**
 * What all trees of elements of one data set are changed with. Writer thread; one change at a time, so its parts are
 * shared by the trees of all orders.
 */
public final class Trees implements AutoCloseable
{
    private final NodeStore nodes;
    private final TreeRelease release;
    private final MemberHash hashing;
    private final LongStrings longStrings;
    private final LeafEditor leaves;
    private final RangeRemoval ranges;
    private final ElementWriter writer;
    private final Path path;
    private final TreeRuns runs;

    /** @param hashSeed of the hashes of members; the keyspace's. */
    public Trees(final NodeStore nodes, final TreeRelease release, final long hashSeed)
    {
        this(nodes, release, new MemberHash(hashSeed, -1L));
    }

    Trees(final NodeStore nodes, final TreeRelease release, final MemberHash hashing)
    {
        this.nodes = nodes;
        this.release = release;
        this.hashing = hashing;
        longStrings = new LongStrings(nodes, release);
        leaves = new LeafEditor(nodes, release);
        ranges = new RangeRemoval(nodes, release, leaves);
        writer = new ElementWriter(longStrings, release);
        path = new Path(nodes.memory());
        runs = new TreeRuns(nodes.memory());
    }

    NodeStore nodes()
    {
        return nodes;
    }

    OffHeap memory()
    {
        return nodes.memory();
    }

    TreeRelease release()
    {
        return release;
    }

    MemberHash hashing()
    {
        return hashing;
    }

    LongStrings longStrings()
    {
        return longStrings;
    }

    LeafEditor leaves()
    {
        return leaves;
    }

    /** Takes out many elements at once. */
    RangeRemoval ranges()
    {
        return ranges;
    }

    /** The element that is to be put somewhere. */
    ElementWriter writer()
    {
        return writer;
    }

    Path path()
    {
        return path;
    }

    TreeRuns runs()
    {
        return runs;
    }

    @Override
    public void close()
    {
        leaves.close();
        writer.close();
    }
}
