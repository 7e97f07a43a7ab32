package org.millrace.engine.tree;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Reads of single elements by a thread that is not the writer, while the writer changes the tree in place. One per
 * reading thread, which holds a slot of {@link Epochs} and is within an epoch during each call; the head must be that of
 * an entry found in this epoch.
 *
 * <p>The reader goes by the head's sequence: it looks for the element and copies out, and if the writer has begun to
 * change the tree meanwhile it does so again. It never waits for long: after some tries, or if it was expelled, or if
 * the head has been handed over, it returns {@link #RETRY}, and the caller enters another epoch and finds the entry
 * again.
 */
public final class TreeReader implements AutoCloseable
{
    /** No such element. */
    public static final long ABSENT = -1;

    /** Nothing was found out: find the entry again. */
    public static final long RETRY = -2;

    /** A change takes some hundred nanoseconds, so most are over within a few turns. */
    private static final int TRIES_MAX = 64;

    private final ReadMoment moment;
    private final StringReader strings;
    private final BoundedNode node;
    private final RankReader ranks;
    private final CompactReader compact;
    private double score;
    private long deadlineMs;

    /** @param slot of the reading thread. */
    public TreeReader(final OffHeap memory, final long slot)
    {
        moment = new ReadMoment(slot);
        strings = new StringReader(memory, moment);
        node = new BoundedNode(memory);
        ranks = new RankReader(memory, moment, strings);
        compact = new CompactReader(memory, moment, strings);
    }

    /** For elements that stand in no tree. */
    public CompactReader compact()
    {
        return compact;
    }

    /** The thread is within this epoch from now on, as {@link Epochs#enter} has told it. */
    public void entered(final long epoch)
    {
        moment.entered(epoch);
    }

    /** Elements of the tree, or {@link #RETRY}. */
    public long count(final long head)
    {
        for (int i = 0; mayTry(i); i++)
        {
            if (moment.begin(head))
            {
                final long count = TreeHead.count(head);
                if (moment.isStill())
                {
                    return count;
                }
            }
        }

        return RETRY;
    }

    /** In the order of hashes: 0 if the member is there, {@link #ABSENT} or {@link #RETRY}. */
    public long find(final long head, final Member member)
    {
        for (int i = 0; mayTry(i); i++)
        {
            final long element = seek(head, member);
            if (RETRY != element && moment.isStill())
            {
                return ABSENT == element ? ABSENT : 0;
            }
        }

        return RETRY;
    }

    /**
     * In the order of hashes, where elements are two strings: the second one of the member's element.
     *
     * @param target where it is copied to if {@code capacity} is enough.
     * @return its length in bytes, {@link #ABSENT} or {@link #RETRY}.
     */
    public long value(final long head, final Member member, final long target, final long capacity)
    {
        for (int i = 0; mayTry(i); i++)
        {
            final long element = seek(head, member);
            if (ABSENT == element && moment.isStill())
            {
                return ABSENT;
            }

            if (element > 0)
            {
                final long behind = element + node.stringLength(element);
                final long second = behind + node.deadlineLength(behind, Node.kind(node.address()));
                final long length = strings.copy(node, second, target, capacity);
                if (RETRY != length)
                {
                    return length;
                }
            }
        }

        return RETRY;
    }

    /** Of a hash: 0 and {@link #lastDeadlineMs} is the field's, {@link #ABSENT} or {@link #RETRY}. */
    public long deadline(final long head, final Member member)
    {
        for (int i = 0; mayTry(i); i++)
        {
            final long element = seek(head, member);
            deadlineMs = element > 0 ? node.deadlineMs(element + node.stringLength(element)) : Element.NO_DEADLINE;
            if (RETRY != element && moment.isStill())
            {
                return ABSENT == element ? ABSENT : 0;
            }
        }

        return RETRY;
    }

    /** What {@link #deadline} has found, or {@link Element#NO_DEADLINE}. */
    public long lastDeadlineMs()
    {
        return deadlineMs;
    }

    /** In the order of hashes, with scores: 0 and {@link #lastScore} is the member's, {@link #ABSENT} or {@link #RETRY}. */
    public long score(final long head, final Member member)
    {
        for (int i = 0; mayTry(i); i++)
        {
            final long element = seek(head, member);
            final long at = element > 0 ? element + node.stringLength(element) : 0;
            if (node.isReadable(at, Element.SCORE_LENGTH))
            {
                score = Double.longBitsToDouble(Memory.getLong(at));
            }

            if (RETRY != element && moment.isStill())
            {
                return ABSENT == element ? ABSENT : 0;
            }
        }

        return RETRY;
    }

    /** What {@link #score} has found. */
    public double lastScore()
    {
        return score;
    }

    /**
     * Elements before that of a member in the order of scores, at a moment when it had the score that it is found by.
     *
     * @param memberHead of the tree in the order of hashes.
     * @param scoreHead of that in the order of scores.
     * @return them, {@link #ABSENT} or {@link #RETRY}.
     */
    public long rank(final long memberHead, final long scoreHead, final Member member)
    {
        for (int i = 0; mayTry(i); i++)
        {
            final int scoreSequence = TreeHead.sequenceAcquire(scoreHead);
            final long found = score(memberHead, member);
            if (0 != found)
            {
                return found;
            }

            // The two trees are changed one after the other: where one has more elements it is not a moment to look.
            final int memberSequence = moment.sequence();
            final boolean isAtRest = TreeHead.count(memberHead) == TreeHead.count(scoreHead);
            final long rank = ranks.find(scoreHead, score, member);
            if (rank >= 0 && isAtRest && TreeHead.isUnchanged(memberHead, memberSequence) &&
                TreeHead.isUnchanged(scoreHead, scoreSequence) && moment.isProtected())
            {
                return rank;
            }
        }

        return RETRY;
    }

    /**
     * The first string of the element at a position; -1 is the last one's.
     *
     * @param target where it is copied to if {@code capacity} is enough.
     * @return its length in bytes, {@link #ABSENT} if there are not so many elements, or {@link #RETRY}.
     */
    public long at(final long head, final long position, final long target, final long capacity)
    {
        for (int i = 0; mayTry(i); i++)
        {
            final long element = seek(head, position);
            if (ABSENT == element && moment.isStill())
            {
                return ABSENT;
            }

            if (element > 0)
            {
                final long length = strings.copy(node, element, target, capacity);
                if (RETRY != length)
                {
                    return length;
                }
            }
        }

        return RETRY;
    }

    private boolean mayTry(final int number)
    {
        if (0 == number)
        {
            return true;
        }

        Thread.onSpinWait();
        return number < TRIES_MAX && moment.isProtected();
    }

    /** Address of the member's element as it seems, {@link #ABSENT} as it seems, or {@link #RETRY}. */
    private long seek(final long head, final Member member)
    {
        if (!moment.begin(head))
        {
            return RETRY;
        }

        final int root = TreeHead.root(head);
        if (OffHeap.NULL_REF == root)
        {
            return ABSENT;
        }

        if (!moment.isStill())
        {
            return RETRY;
        }

        node.wrap(root);
        for (int i = 0; i < Node.LEVELS_MAX && !node.isLeaf(); i++)
        {
            if (!descend(node.childOfHash(member.hash())))
            {
                return RETRY;
            }
        }

        return seekInLeaf(node.address(), member);
    }

    private long seekInLeaf(final long leaf, final Member member)
    {
        final int count = Node.count(leaf);
        final int kind = Node.kind(leaf);
        final int oneLength = Node.oneLength(leaf);
        long at = Leaf.content(leaf);
        if (count > Fingerprints.room(leaf) || !node.isReadable(at, 0))
        {
            return RETRY;
        }

        final byte print = Fingerprints.of(member.hash());
        int reached = 0;
        for (int i = Fingerprints.find(leaf, print, 0, count); i < count; i = Fingerprints.find(
            leaf, print, i + 1, count))
        {
            at = 0 != oneLength ? at + (long)(i - reached) * oneLength : hop(at, i - reached, kind);
            reached = i;
            if (RETRY == at)
            {
                return RETRY;
            }

            if (strings.isEqual(node, at, member))
            {
                return at;
            }
        }

        return ABSENT;
    }

    /** Address of the position's element as it seems, {@link #ABSENT} as it seems, or {@link #RETRY}. */
    private long seek(final long head, final long position)
    {
        if (!moment.begin(head))
        {
            return RETRY;
        }

        final int root = TreeHead.root(head);
        final long count = TreeHead.count(head);
        final long number = position < 0 ? count + position : position;
        if (OffHeap.NULL_REF == root || number < 0 || number >= count)
        {
            return ABSENT;
        }

        if (!moment.isStill())
        {
            return RETRY;
        }

        node.wrap(root);
        long rest = number;
        for (int i = 0; i < Node.LEVELS_MAX && !node.isLeaf(); i++)
        {
            final int child = node.childOfPosition(rest);
            rest = node.rest();
            if (!descend(child))
            {
                return RETRY;
            }
        }

        final long leaf = node.address();
        if (rest >= Node.count(leaf))
        {
            return RETRY;
        }

        final int oneLength = Node.oneLength(leaf);
        final long content = Leaf.content(leaf);
        return 0 != oneLength ? content + rest * oneLength : hop(content, (int)rest, Node.kind(leaf));
    }

    /** Go to a child; false if the moment is over, so that nobody knows what the reference just loaded is. */
    private boolean descend(final int child)
    {
        final int ref = node.childRef(child);
        if (!moment.isStill() || OffHeap.NULL_REF == ref)
        {
            return false;
        }

        node.wrap(ref);
        return true;
    }

    /** The element so many further on, or {@link #RETRY} if that is beyond what may be read. */
    private long hop(final long from, final int elements, final int kind)
    {
        final boolean isPair = 0 != (kind & Node.TWO_STRINGS);
        final int behind = 0 != (kind & Node.SCORED) ? Element.SCORE_LENGTH : 0;
        final long end = node.end();
        long at = from;
        for (int i = 0; i < elements && at < end; i++)
        {
            at += node.stringLength(at);
            if (isPair)
            {
                at += node.deadlineLength(at, kind);
                at += node.stringLength(at);
            }

            at += behind;
        }

        return at < end ? at : RETRY;
    }

    @Override
    public void close()
    {
        strings.close();
        ranks.close();
    }
}
