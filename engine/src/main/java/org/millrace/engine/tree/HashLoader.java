package org.millrace.engine.tree;

import org.millrace.engine.base.Check;

/**
 * Fills a tree in the order of hashes with members that come in any order, each at most once: they are gathered in parts
 * ({@link HashParts}), and in the end part after part is put in order ({@link HashRun}) and becomes full leaves. Nobody
 * sees the tree before it is done. Writer thread; one at a time.
 */
public final class HashLoader implements AutoCloseable
{
    private final TreeRelease release;
    private final ElementBuilder builder;
    private final ElementWriter writer;
    private final HashParts parts;
    private final HashRun run;
    private HashTree tree;
    private long head;

    /** An element that came refers to a string elsewhere. */
    private boolean mayRefer;

    public HashLoader(final Trees trees)
    {
        release = trees.release();
        builder = new ElementBuilder(trees);
        writer = trees.writer();
        parts = new HashParts(trees.nodes());
        run = new HashRun(trees);
    }

    /** @param treeHead of a tree that is empty and that nobody else sees. */
    public void begin(final HashTree hashTree, final long treeHead)
    {
        Check.that(0 == TreeHead.count(treeHead), "load into a tree that has elements: count, 0",
            TreeHead.count(treeHead), 0);
        tree = hashTree;
        head = treeHead;
        mayRefer = false;
        parts.begin(hashTree.kind());
    }

    /** The next member of a set. {@link HashTree#ADDED} or {@link HashTree#NO_MEMORY}: then {@link #abort}. */
    public int addMember(final Member newMember)
    {
        writer.begin();
        return add(writer.member(newMember), newMember.hash());
    }

    /** The next field of a hash. As {@link #addMember}. */
    public int addField(final Member field, final long value, final long valueLength)
    {
        writer.begin();
        return add(writer.member(field) && writer.string(value, valueLength, 0), field.hash());
    }

    /** The next member with its score. As {@link #addMember}. */
    public int addScored(final Member newMember, final double score)
    {
        writer.begin();
        final boolean isWritten = writer.member(newMember);
        writer.score(score);
        return add(isWritten, newMember.hash());
    }

    private int add(final boolean isWritten, final long hash)
    {
        if (!isWritten || !parts.add(hash, writer.address(), writer.length()))
        {
            writer.abort();
            return HashTree.NO_MEMORY;
        }

        mayRefer |= 0 != (writer.kindBits() & Node.HAS_REFERENCES);
        return HashTree.ADDED;
    }

    /**
     * All that came goes into the tree.
     *
     * @return {@link HashTree#ADDED}; {@link HashTree#NOTHING} if a member came twice or {@link HashTree#NO_MEMORY}: then
     *         {@link #abort}.
     */
    public int finish()
    {
        builder.begin(tree);
        int result = HashTree.ADDED;
        for (int part = 0; part < parts.size() && HashTree.ADDED == result; part++)
        {
            result = build(part);
        }

        if (HashTree.ADDED == result && builder.finish(head))
        {
            return HashTree.ADDED;
        }

        builder.abort();
        return HashTree.ADDED == result ? HashTree.NO_MEMORY : result;
    }

    /** Nobody wants what came; the head is that of an empty tree. */
    public void abort()
    {
        for (int part = 0; part < parts.size(); part++)
        {
            if (mayRefer)
            {
                parts.read(part, run);
                run.discardUnsorted(release, tree.kind());
            }

            parts.freePart(part);
        }

        release.discard(TreeHead.root(head));
        TreeHead.init(head, TreeHead.generation(head));
    }

    /** Put the elements of a part into leaves. What cannot be done leaves it to {@link #abort}, or has let go of it. */
    private int build(final int part)
    {
        parts.read(part, run);
        if (!run.sort(parts.bits()))
        {
            return HashTree.NOTHING;
        }

        final int kind = tree.kind();
        for (int rank = 0; rank < run.size(); rank++)
        {
            final long element = run.element(rank);
            if (!builder.addHashed(run.hash(rank), element, Element.length(element, kind), mayRefer))
            {
                run.discardFrom(rank, release, kind);
                parts.freePart(part);
                return HashTree.NO_MEMORY;
            }
        }

        parts.freePart(part);
        return HashTree.ADDED;
    }

    @Override
    public void close()
    {
        builder.close();
        run.close();
    }
}
