package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.Trees;
import org.millrace.engine.value.StreamPending;

/**
 * What the groups of one stream have given to consumers: each entry stands there twice, under its group and under its
 * consumer, by their numbers. Where a method says whether it has done something, false is for want of memory: then nothing
 * has changed. Writer thread; one entry at a time.
 */
public final class StreamGiven implements AutoCloseable
{
    private final ScoreTree tree;
    private final Member member;
    private final long text = Memory.reserve(StreamPending.LENGTH);
    private long head;

    // The entry that was found last.
    private long rank;
    private long group;
    private long ms;
    private long seq;
    private long timeMs;
    private long deliveries;
    private long consumer;

    StreamGiven(final Trees trees)
    {
        tree = new ScoreTree(trees);
        member = new Member(trees);
    }

    /** @param treeHead of the entries that are asked about from now on. */
    void open(final long treeHead)
    {
        head = treeHead;
    }

    /** Entries that stand under a number. */
    public long count(final long number)
    {
        return tree.countTo(head, number) - tree.countBelow(head, number);
    }

    /** Place of the first entry under this number with this id or a higher one. */
    public long place(final long number, final long idMs, final long idSeq)
    {
        setId(idMs, idSeq);
        return tree.rank(head, number, member);
    }

    /** Find the entry that has a place; false if what stands there is not under this number. */
    public boolean load(final long place, final long number)
    {
        if (place >= TreeHead.count(head))
        {
            return false;
        }

        final long element = tree.at(head, place);
        if (number != StreamPending.number(element))
        {
            return false;
        }

        final long at = StreamPending.text(element);
        rank = place;
        group = number;
        ms = StreamPending.ms(at);
        seq = StreamPending.seq(at);
        return true;
    }

    /** As {@link #load}, of a group's entry, with all that is known of it. */
    public boolean loadOfGroup(final long place, final long number)
    {
        if (!load(place, number))
        {
            return false;
        }

        final long at = StreamPending.text(tree.at(head, place));
        timeMs = StreamPending.timeMs(at);
        deliveries = StreamPending.deliveries(at);
        consumer = StreamPending.consumer(at);
        return true;
    }

    /** Find the entry of a group that has this id. */
    public boolean find(final long number, final long idMs, final long idSeq)
    {
        return loadOfGroup(place(number, idMs, idSeq), number) && ms == idMs && seq == idSeq;
    }

    public long ms()
    {
        return ms;
    }

    public long seq()
    {
        return seq;
    }

    /** When it was given last, epoch ms. */
    public long timeMs()
    {
        return timeMs;
    }

    /** How often it was given. */
    public long deliveries()
    {
        return deliveries;
    }

    /** Number of the consumer that has it. */
    public long consumer()
    {
        return consumer;
    }

    /** Give a consumer of a group an entry that nobody has. */
    public boolean give(
        final long groupNumber,
        final long consumerNumber,
        final long idMs,
        final long idSeq,
        final long givenMs,
        final long times)
    {
        setAll(idMs, idSeq, givenMs, times, consumerNumber);
        if (!tree.insert(head, groupNumber, member))
        {
            return false;
        }

        if (insertId(consumerNumber, idMs, idSeq))
        {
            return true;
        }

        setAll(idMs, idSeq, givenMs, times, consumerNumber);
        mustRemove(groupNumber);
        return false;
    }

    /** The entry that was found is now, since then, so often, with this consumer of the group. */
    public boolean change(final long consumerNumber, final long givenMs, final long times)
    {
        final boolean isMoved = consumer != consumerNumber;
        setId(ms, seq);
        if (isMoved && (!tree.own(head, consumer, member) || !insertId(consumerNumber, ms, seq)))
        {
            return false;
        }

        // Another's element may stand before it by now.
        rank = place(group, ms, seq);
        setAll(ms, seq, givenMs, times, consumerNumber);
        if (!tree.replaceAt(head, rank, member))
        {
            setId(ms, seq);
            if (isMoved)
            {
                mustRemove(consumerNumber);
            }

            return false;
        }

        setId(ms, seq);
        if (isMoved)
        {
            mustRemove(consumer);
        }

        consumer = consumerNumber;
        timeMs = givenMs;
        deliveries = times;
        return true;
    }

    /** The entry that was found is no longer with anybody. */
    public boolean take()
    {
        setAll(ms, seq, timeMs, deliveries, consumer);
        if (!tree.own(head, group, member))
        {
            return false;
        }

        setId(ms, seq);
        if (HashTree.REMOVED != tree.remove(head, consumer, member))
        {
            return false;
        }

        setAll(ms, seq, timeMs, deliveries, consumer);
        mustRemove(group);
        return true;
    }

    /** See to it that {@link #take} of the entry that was found succeeds. @return false if memory ran out. */
    public boolean claim()
    {
        setAll(ms, seq, timeMs, deliveries, consumer);
        if (!tree.own(head, group, member))
        {
            return false;
        }

        setId(ms, seq);
        return tree.own(head, consumer, member);
    }

    /** See to it that {@link #removeAll} of this number succeeds. */
    boolean claimAll(final long number)
    {
        final long from = tree.countBelow(head, number);
        final long to = tree.countTo(head, number);
        return from == to || tree.ownRange(head, from, to);
    }

    /** All that stands under a number goes; what stands under others for it is the caller's business. */
    void removeAll(final long number)
    {
        final long from = tree.countBelow(head, number);
        final long to = tree.countTo(head, number);
        final boolean isRemoved = from == to || tree.removeRange(head, from, to);
        Check.that(isRemoved, "pending entries have no memory to go: number, pending", number, TreeHead.count(head));
    }

    private void mustRemove(final long number)
    {
        final int result = tree.remove(head, number, member);
        Check.that(HashTree.REMOVED == result, "pending entry is not there: result, pending", result,
            TreeHead.count(head));
    }

    private boolean insertId(final long number, final long idMs, final long idSeq)
    {
        setId(idMs, idSeq);
        return tree.insert(head, number, member);
    }

    private void setId(final long idMs, final long idSeq)
    {
        StreamPending.id(text, idMs, idSeq);
        member.set(text, StreamPending.ID_LENGTH);
    }

    private void setAll(
        final long idMs, final long idSeq, final long givenMs, final long times, final long consumerNumber)
    {
        StreamPending.id(text, idMs, idSeq);
        StreamPending.delivery(text, givenMs, times, consumerNumber);
        member.set(text, StreamPending.LENGTH);
    }

    @Override
    public void close()
    {
        tree.close();
        member.close();
        Memory.release(text);
    }
}
