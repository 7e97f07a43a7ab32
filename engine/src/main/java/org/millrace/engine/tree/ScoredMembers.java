package org.millrace.engine.tree;

import org.millrace.engine.base.Check;

/**
 * A sorted set: two trees of the same elements, member and score, one in the order of hashes, which leads from a member
 * to its score, one in the order of scores. Their heads lie one behind the other. A change is made in both, or, if
 * memory runs out, in none. Writer thread; one for all sorted sets.
 */
public final class ScoredMembers implements AutoCloseable
{
    /** Bytes of both heads. */
    public static final int HEADS_LENGTH = 2 * TreeHead.LENGTH;

    /** Members that are looked for together when many go. */
    private static final int BATCH = 16;

    private final Trees trees;
    private final HashTree members;
    private final ScoreTree scores;
    private final Member member;
    private final ElementCursor cursor;
    private final ElementCursor ahead;
    private final ScoreBatch places;
    private final long[] hashes = new long[BATCH];

    public ScoredMembers(final Trees trees)
    {
        this.trees = trees;
        members = new HashTree(trees, Node.SCORED);
        scores = new ScoreTree(trees);
        member = new Member(trees);
        cursor = new ElementCursor(trees.memory());
        ahead = new ElementCursor(trees.memory());
        places = scores.batch();
    }

    public static void init(final long heads, final long generation)
    {
        TreeHead.init(byMember(heads), generation);
        TreeHead.init(byScore(heads), generation);
    }

    /** Head of the tree in the order of hashes. */
    public static long byMember(final long heads)
    {
        return heads;
    }

    /** Head of the tree in the order of scores. */
    public static long byScore(final long heads)
    {
        return heads + TreeHead.LENGTH;
    }

    /** @return the element of a member, or {@link HashTree#NONE}; {@link ScoreTree#score} is its score. */
    public long find(final long heads, final Member member)
    {
        return members.find(byMember(heads), member);
    }

    /**
     * Give a member a score.
     *
     * @return {@link HashTree#ADDED}, {@link HashTree#REPLACED}, {@link HashTree#NOTHING} if it has this score, bit by
     *         bit, or {@link HashTree#NO_MEMORY}.
     */
    public int put(final long heads, final Member member, final double score)
    {
        return put(heads, member, find(heads, member), score);
    }

    /** As {@link #put(long, Member, double)}, with the element that {@link #find} has just returned for the member. */
    public int put(final long heads, final Member member, final long element, final double score)
    {
        if (HashTree.NONE == element)
        {
            return add(heads, member, score);
        }

        final double before = ScoreTree.score(element);
        return Double.doubleToRawLongBits(before) == Double.doubleToRawLongBits(score)
            ? HashTree.NOTHING
            : change(heads, member, element, score);
    }

    private int add(final long heads, final Member member, final double score)
    {
        if (!members.addScored(byMember(heads), member, score))
        {
            return HashTree.NO_MEMORY;
        }

        if (scores.insert(byScore(heads), score, member))
        {
            return HashTree.ADDED;
        }

        whole(HashTree.REMOVED == members.remove(byMember(heads), member));
        return HashTree.NO_MEMORY;
    }

    private int change(final long heads, final Member member, final long found, final double score)
    {
        final long element = members.own(byMember(heads), member, found);
        if (HashTree.NONE == element || !scores.move(byScore(heads), ScoreTree.score(element), score, member))
        {
            return HashTree.NO_MEMORY;
        }

        // The other tree has changed: this element stands where it was.
        HashTree.score(byMember(heads), element, score);
        return HashTree.REPLACED;
    }

    /** {@link HashTree#REMOVED}, {@link HashTree#NOTHING} if it was not there, or {@link HashTree#NO_MEMORY}. */
    public int remove(final long heads, final Member member)
    {
        final long element = find(heads, member);
        if (HashTree.NONE == element)
        {
            return HashTree.NOTHING;
        }

        final double score = ScoreTree.score(element);
        if (!isSeen())
        {
            whole(members.removeFound(byMember(heads), element));
        }
        else if (!scores.own(byScore(heads), score, member) ||
            HashTree.NO_MEMORY == members.remove(byMember(heads), member))
        {
            return HashTree.NO_MEMORY;
        }

        final int result = scores.remove(byScore(heads), score, member);
        whole(HashTree.REMOVED == result);
        return result;
    }

    /** Remove the member of a number in the order of scores. @return false if memory ran out: nothing has changed. */
    public boolean removeAt(final long heads, final long number)
    {
        member.setString(scores.at(byScore(heads), number));
        if (isSeen())
        {
            return HashTree.REMOVED == remove(heads, member);
        }

        final long element = find(heads, member);
        whole(HashTree.NONE != element && members.removeFound(byMember(heads), element) &&
            scores.removeAt(byScore(heads), number));
        return true;
    }

    /** True if a pin may know nodes of the trees; else nothing takes memory to be taken out. */
    private boolean isSeen()
    {
        return 0 != trees.nodes().pins().youngest();
    }

    /**
     * Take out the elements of some numbers, in the order of scores: there in one piece, in the order of hashes one by
     * one.
     *
     * @param from number of the first that goes.
     * @param to number of the first behind it that stays, at most the count of both heads.
     * @return false if memory ran out: nothing has changed.
     */
    public boolean removeRange(final long heads, final long from, final long to)
    {
        if (0 == from && to == TreeHead.count(heads))
        {
            trees.ranges().removeAll(byMember(heads));
            trees.ranges().removeAll(byScore(heads));
            return true;
        }

        if (from < to && isSeen() && !ownRange(heads, from, to))
        {
            return false;
        }

        for (long number = from; number < to; number += BATCH)
        {
            forget(heads, number, (int)Math.min(BATCH, to - number));
        }

        whole(scores.removeRange(byScore(heads), from, to));
        return true;
    }

    /** Where no pin knows the leaves that elements are taken from, that needs no memory. */
    private boolean ownRange(final long heads, final long from, final long to)
    {
        if (!scores.ownRange(byScore(heads), from, to))
        {
            return false;
        }

        cursor.begin(TreeHead.root(byScore(heads)), from);
        for (long number = from; number < to; number++)
        {
            member.setString(cursor.next());
            if (HashTree.NONE == members.own(byMember(heads), member, find(heads, member)))
            {
                return false;
            }
        }

        return true;
    }

    private void forget(final long heads, final long from, final int count)
    {
        final int root = TreeHead.root(byScore(heads));
        ahead.begin(root, from);
        for (int i = 0; i < count; i++)
        {
            hashes[i] = trees.hashing().ofString(ahead.next());
        }

        members.prefetch(byMember(heads), hashes, count);
        cursor.begin(root, from);
        for (int i = 0; i < count; i++)
        {
            member.setString(cursor.next());
            whole(HashTree.REMOVED == members.remove(byMember(heads), member));
        }
    }

    /**
     * As {@link HashTree#prefetch} of the tree in the order of hashes, and then what it takes to find those that are there
     * in the order of scores.
     */
    public void prefetch(final long heads, final long[] hashesOf, final int count)
    {
        members.prefetch(byMember(heads), hashesOf, count);
        for (int i = 0, found = members.prefetched(); i < found; i++)
        {
            final long element = members.likely(i);
            if (HashTree.NONE != element)
            {
                places.add(element);
            }
        }

        places.load(TreeHead.root(byScore(heads)));
    }

    /** Elements before that of a member in the order of scores; -1 if there is no such member. */
    public long rank(final long heads, final Member member)
    {
        final long element = find(heads, member);
        return HashTree.NONE == element ? -1 : scores.rank(byScore(heads), ScoreTree.score(element), member);
    }

    /** The tree in the order of scores. */
    public ScoreTree scores()
    {
        return scores;
    }

    /** The tree in the order of hashes. */
    public HashTree members()
    {
        return members;
    }

    /** What is done in the second tree, or undone in the first, finds a leaf that may be changed in place. */
    private static void whole(final boolean isDone)
    {
        Check.that(isDone, "a change of a sorted set was half made: 0, 0", 0, 0);
    }

    @Override
    public void close()
    {
        scores.close();
        member.close();
    }
}
