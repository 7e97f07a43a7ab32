package org.millrace.engine.tree;

import java.util.Arrays;
import org.millrace.engine.memory.Memory;

/**
 * Fills a tree in the order of hashes with members that come in any order, each at most once. What comes first is
 * gathered, sorted, and becomes a tree with full leaves; what comes then is put into it some side by side, since sorted
 * runs of it would meet each leaf once as well. Nobody sees the tree before it is done. Writer thread; one at a time.
 */
public final class HashLoader implements AutoCloseable
{
    /** Elements of the first run at most, and bytes of them: they wait in memory besides the tree. */
    static final int RUN_MAX = 1 << 15;
    private static final int BUFFER_LENGTH = 1 << 21;

    private static final int BATCH = 16;

    /** Elements are sorted by the upper bits of their hashes, with their numbers below. */
    private static final long NUMBER_MASK = RUN_MAX - 1;

    private final Trees trees;
    private final ElementBuilder builder;
    private final ElementWriter writer;
    private final Member member;
    private final long buffer = Memory.reserve(BUFFER_LENGTH);
    private final long[] ranked = new long[RUN_MAX];
    private final long[] hashes = new long[RUN_MAX];
    private final int[] offsets = new int[RUN_MAX];
    private final long[] batch = new long[BATCH];
    private HashTree tree;
    private long head;
    private int count;
    private int length;
    private int runMax;

    /** Elements of the run that are in the tree; what the others refer to is the run's. */
    private int placed;

    public HashLoader(final Trees trees)
    {
        this.trees = trees;
        builder = new ElementBuilder(trees);
        writer = trees.writer();
        member = new Member(trees);
    }

    /** @param treeHead of a tree that is empty and that nobody else sees. */
    public void begin(final HashTree hashTree, final long treeHead)
    {
        tree = hashTree;
        head = treeHead;
        runMax = RUN_MAX;
        clear();
    }

    /** The next member of a set. As {@link #finish}. */
    public int addMember(final Member newMember)
    {
        final int result = makeRoom();
        if (HashTree.ADDED != result)
        {
            return result;
        }

        writer.begin();
        return add(writer.member(newMember), newMember.hash());
    }

    /** The next field of a hash. As {@link #finish}. */
    public int addField(final Member field, final long value, final long valueLength)
    {
        final int result = makeRoom();
        if (HashTree.ADDED != result)
        {
            return result;
        }

        writer.begin();
        return add(writer.member(field) && writer.string(value, valueLength, 0), field.hash());
    }

    /** The next member with its score. As {@link #finish}. */
    public int addScored(final Member newMember, final double score)
    {
        final int result = makeRoom();
        if (HashTree.ADDED != result)
        {
            return result;
        }

        writer.begin();
        final boolean isWritten = writer.member(newMember);
        writer.score(score);
        return add(isWritten, newMember.hash());
    }

    /**
     * All that came is in the tree.
     *
     * @return {@link HashTree#ADDED}; {@link HashTree#NOTHING} if a member came twice or {@link HashTree#NO_MEMORY}: then
     *         {@link #abort}.
     */
    public int finish()
    {
        return place();
    }

    /** Nobody wants what came; the head is that of an empty tree. */
    public void abort()
    {
        for (int i = placed; i < count; i++)
        {
            discard(ranked[i]);
        }

        trees.release().discard(TreeHead.root(head));
        TreeHead.init(head, TreeHead.generation(head));
        clear();
    }

    private void clear()
    {
        count = 0;
        length = 0;
        placed = 0;
    }

    /** Before the next element is written: what places the run writes elements, too. */
    private int makeRoom()
    {
        return runMax == count || length + Element.LENGTH_MAX > BUFFER_LENGTH ? place() : HashTree.ADDED;
    }

    private int add(final boolean isWritten, final long hash)
    {
        if (!isWritten)
        {
            writer.abort();
            return HashTree.NO_MEMORY;
        }

        offsets[count] = length;
        hashes[count] = hash;
        ranked[count] = hash & ~NUMBER_MASK | count;
        Memory.copyDisjoint(writer.address(), buffer + length, writer.length());
        length += writer.length();
        count++;
        return HashTree.ADDED;
    }

    private int place()
    {
        sort();
        placed = 0;
        final int result = 0 == TreeHead.count(head) ? build() : insert();
        if (HashTree.ADDED == result)
        {
            clear();
            runMax = BATCH;
        }

        return result;
    }

    private void sort()
    {
        Arrays.sort(ranked, 0, count);
        // By the lower bits, too: few agree in all the upper ones.
        for (int i = 1; i < count; i++)
        {
            final long rank = ranked[i];
            final long hash = hashOf(rank);
            int to = i;
            while (to > 0 && hashOf(ranked[to - 1]) > hash)
            {
                ranked[to] = ranked[to - 1];
                to--;
            }

            ranked[to] = rank;
        }
    }

    private int build()
    {
        builder.begin(tree);
        for (; placed < count; placed++)
        {
            final boolean isTwice = isTwice(placed);
            if (isTwice || !builder.addElement(elementOf(ranked[placed]), tree.kind()))
            {
                builder.abort();
                return isTwice ? HashTree.NOTHING : HashTree.NO_MEMORY;
            }
        }

        if (builder.finish(head))
        {
            return HashTree.ADDED;
        }

        builder.abort();
        return HashTree.NO_MEMORY;
    }

    /** True if a member of those ranked before is the same. */
    private boolean isTwice(final int rank)
    {
        final long hash = hashOf(ranked[rank]);
        boolean isTwice = false;
        for (int other = rank - 1; other >= 0 && hashOf(ranked[other]) == hash && !isTwice; other--)
        {
            member.setString(elementOf(ranked[other]));
            isTwice = member.equals(elementOf(ranked[rank]), trees.longStrings());
        }

        return isTwice;
    }

    private int insert()
    {
        while (placed < count)
        {
            final int end = Math.min(count, placed + BATCH);
            for (int i = placed; i < end; i++)
            {
                batch[i - placed] = hashOf(ranked[i]);
            }

            tree.prefetch(head, batch, end - placed);
            for (; placed < end; placed++)
            {
                final int result = tree.addElement(head, member, elementOf(ranked[placed]));
                if (HashTree.ADDED != result)
                {
                    return result;
                }
            }
        }

        return HashTree.ADDED;
    }

    private long hashOf(final long rank)
    {
        return hashes[(int)(rank & NUMBER_MASK)];
    }

    private long elementOf(final long rank)
    {
        return buffer + offsets[(int)(rank & NUMBER_MASK)];
    }

    /** The trees that an element of the run refers to go. */
    private void discard(final long rank)
    {
        final int kind = tree.kind();
        final long at = elementOf(rank);
        final long end = at + Element.length(at, kind);
        for (long string = Leaf.findReference(at, end, kind); string < end; string = Leaf.findReference(
            Leaf.behindReference(string, kind), end, kind))
        {
            trees.release().discard(ElementString.root(string));
        }
    }

    @Override
    public void close()
    {
        builder.close();
        member.close();
        Memory.release(buffer);
    }
}
