package org.millrace.engine.tree;

import org.millrace.engine.memory.Epochs;

/**
 * A moment at which a tree was whole, as a thread that is not the writer sees it. What such a thread has loaded is true
 * only if nothing has begun to change between that moment and the load ({@link #isStill}): found in the middle of a
 * change, or behind a node's last child, a number may be one that stands there from former times. So a reference is
 * followed, and a result given out, only after this has been asked; until then {@link BoundedNode} keeps every length
 * within the node, whatever it says.
 *
 * <p>The thread is within an epoch: what was referred to at that moment stays a node while it looks. It may be expelled
 * from it, and memory be used again; this is asked as well. Whose moment it is, is for {@link TreeHead#handOver} to end.
 */
final class ReadMoment
{
    private static final long NO_HEAD = 0;

    private final long slot;
    private long entered;
    private long head;
    private int sequence;

    /** @param slot of the thread, see {@link Epochs}. */
    ReadMoment(final long slot)
    {
        this.slot = slot;
    }

    /** @param epoch as {@link Epochs#enter} has told it. */
    void entered(final long epoch)
    {
        entered = epoch;
    }

    /** Take the present moment. @return false if the tree is just being changed, or no longer by this head. */
    boolean begin(final long head)
    {
        this.head = head;
        sequence = TreeHead.sequenceAcquire(head);
        return 0 == (sequence & 1);
    }

    /** That of the head at the present moment. */
    int sequence()
    {
        return sequence;
    }

    /** As {@link #begin}, of what never changes while it stays: all moments are one. */
    void beginConstant()
    {
        head = NO_HEAD;
    }

    /** True if all that was loaded since {@link #begin} stood so at that moment. */
    boolean isStill()
    {
        return (NO_HEAD == head || TreeHead.isUnchanged(head, sequence)) && isProtected();
    }

    /** True if what was referred to at that moment has not been used again; enough for what never changes. */
    boolean isProtected()
    {
        return Epochs.isValid(slot, entered);
    }
}
