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

    private final HashTree members;
    private final ScoreTree scores;

    public ScoredMembers(final Trees trees)
    {
        members = new HashTree(trees, Node.SCORED);
        scores = new ScoreTree(trees);
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
        final long element = find(heads, member);
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
        if (!scores.own(byScore(heads), score, member) ||
            HashTree.NO_MEMORY == members.remove(byMember(heads), member))
        {
            return HashTree.NO_MEMORY;
        }

        final int result = scores.remove(byScore(heads), score, member);
        whole(HashTree.REMOVED == result);
        return result;
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
    }
}
