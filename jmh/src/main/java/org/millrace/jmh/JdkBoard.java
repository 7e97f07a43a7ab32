package org.millrace.jmh;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the JDK has for it: a map from members to boxed scores, and a set in the order of scores. A rank is counted. */
final class JdkBoard extends Board
{
    private final Map<HeapKey, Double> scores;
    private final NavigableSet<Scored> sorted;

    private JdkBoard(final int entries, final Map<HeapKey, Double> scores, final NavigableSet<Scored> sorted)
    {
        super(entries);
        this.scores = scores;
        this.sorted = sorted;
    }

    /** A member with its score, in the order of a sorted set. */
    private record Scored(double score, HeapKey member) implements Comparable<Scored>
    {
        @Override
        public int compareTo(final Scored other)
        {
            final int order = Double.compare(score, other.score);
            final int second = 0 == order ? Long.compareUnsigned(member.high(), other.member.high()) : order;
            return 0 == second ? Long.compareUnsigned(member.low(), other.member.low()) : second;
        }
    }

    /** That readers and a writer can share, though they may see one changed and not yet the other. */
    static JdkBoard concurrent(final int entries)
    {
        return new JdkBoard(entries, new ConcurrentHashMap<>(2 * entries), new ConcurrentSkipListSet<>());
    }

    /** That one thread can have alone: a set is a TreeMap. */
    static JdkBoard plain(final int entries)
    {
        return new JdkBoard(entries, new HashMap<>(2 * entries), new TreeSet<>());
    }

    @Override
    void put(final double score)
    {
        final HeapKey member = HeapKey.of(members);
        final Double before = scores.put(member, score);
        if (null != before)
        {
            sorted.remove(new Scored(before, member));
        }

        sorted.add(new Scored(score, member));
    }

    @Override
    double score()
    {
        return scores.get(HeapKey.of(members));
    }

    @Override
    long rank()
    {
        final HeapKey member = HeapKey.of(members);
        return sorted.headSet(new Scored(scores.get(member), member), false).size();
    }

    @Override
    double top()
    {
        double sum = 0;
        final Iterator<Scored> descending = sorted.descendingIterator();
        for (int i = 0; i < TOP; i++)
        {
            sum += descending.next().score();
        }

        return sum;
    }

    @Override
    long size()
    {
        return sorted.size();
    }

    @Override
    public void close()
    {
        sorted.clear();
        scores.clear();
    }
}
