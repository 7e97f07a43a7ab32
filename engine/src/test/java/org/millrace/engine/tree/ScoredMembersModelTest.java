package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sorted sets against a HashMap and a TreeSet: few scores and many that begin alike, or many scores. */
class ScoredMembersModelTest extends ElementTreeModel
{
    private record Scored(double score, String member) implements Comparable<Scored>
    {
        @Override
        public int compareTo(final Scored other)
        {
            // -0 and 0 are one.
            final int order = Double.compare(score + 0.0, other.score + 0.0);
            return 0 != order ? order : member.compareTo(other.member);
        }
    }

    private final Map<String, Double> scores = new HashMap<>();
    private final TreeSet<Scored> sorted = new TreeSet<>();
    private final List<String> keys = new ArrayList<>();
    private ScoredMembers set;
    private Member member;
    private int scoreCount;

    @ParameterizedTest
    @CsvSource({"2,1", "3,3", "2,8", "3,100000"})
    void shouldEqualHashMapAndTreeSet(final int granuleShift, final int differentScores)
    {
        scoreCount = differentScores;
        run(granuleShift, 20_000, 4_000);
    }

    @Test
    void shouldStayAsItIsWhenMemoryRunsOutAnywhere()
    {
        scoreCount = 20;
        runOutOfMemory(2_000, 400);
    }

    @Override
    void start()
    {
        scores.clear();
        sorted.clear();
        keys.clear();
        set = new ScoredMembers(trees);
        member = new Member(trees);
    }

    @Override
    int heads()
    {
        return 2;
    }

    @Override
    void end()
    {
        set.close();
        member.close();
    }

    @Override
    Order order(final int head)
    {
        return 0 == head ? set.members().order() : set.scores().order();
    }

    @Override
    boolean operate()
    {
        final int choice = random.nextInt(100);
        final int growth = 0 == phase ? 60 : 1 == phase ? 20 : 40;
        if (keys.isEmpty() || choice < growth)
        {
            return put(randomName(), randomScore());
        }

        final int key = random.nextInt(keys.size());
        if (choice < 75)
        {
            final double near = scores.get(keys.get(key)) + random.nextInt(3) - 1;
            return put(keys.get(key), random.nextBoolean() ? near : randomScore());
        }

        return choice < 99 ? remove(key) : removeRange();
    }

    private boolean removeRange()
    {
        final int from = random.nextInt(3) > 0 ? random.nextInt(keys.size()) : 0;
        final int to = Math.min(keys.size(), from + random.nextInt(1 << random.nextInt(11)));
        if (!set.removeRange(fixture.head, from, to))
        {
            return false;
        }

        final List<Scored> gone = sorted.stream().skip(from).limit(to - from).toList();
        gone.forEach(sorted::remove);
        gone.forEach((scored) -> scores.remove(scored.member));
        keys.removeIf((name) -> !scores.containsKey(name));
        return true;
    }

    private boolean put(final String name, final double score)
    {
        set(name);
        final Double before = scores.get(name);
        final int result = set.put(fixture.head, member, score);
        if (HashTree.NO_MEMORY == result)
        {
            return false;
        }

        assertEquals(null == before ? HashTree.ADDED : before.equals(score) ? HashTree.NOTHING : HashTree.REPLACED,
            result, context());
        if (null == before)
        {
            keys.add(name);
        }
        else
        {
            sorted.remove(new Scored(before, name));
        }

        scores.put(name, score);
        sorted.add(new Scored(score, name));
        return true;
    }

    private boolean remove(final int key)
    {
        final String name = keys.get(key);
        set(name);
        final int result = set.remove(fixture.head, member);
        if (HashTree.NO_MEMORY == result)
        {
            return false;
        }

        assertEquals(HashTree.REMOVED, result, context());
        assertEquals(HashTree.NOTHING, set.remove(fixture.head, member), context());
        sorted.remove(new Scored(scores.remove(name), name));
        final String last = keys.remove(keys.size() - 1);
        if (key < keys.size())
        {
            keys.set(key, last);
        }

        return true;
    }

    private double randomScore()
    {
        final int choice = random.nextInt(50);
        return 0 == choice
            ? Double.NEGATIVE_INFINITY
            : 1 == choice
                ? Double.POSITIVE_INFINITY
                : 2 == choice
                    ? -0.0
                    : random.nextInt(scoreCount) - scoreCount / 2;
    }

    /** Many that begin alike. */
    private String randomName()
    {
        final int choice = random.nextInt(10);
        final String text = new String(randomText(), StandardCharsets.ISO_8859_1);
        return choice < 4 ? text : choice < 8 ? "member:" + random.nextInt(100_000) : "membermember" + text;
    }

    private void set(final String name)
    {
        member.set(fixture.stage(name.getBytes(StandardCharsets.ISO_8859_1)), name.length());
    }

    @Override
    void compare()
    {
        assertEquals(sorted.size(), TreeHead.count(fixture.head), context());
        final long byScore = ScoredMembers.byScore(fixture.head);
        assertEquals(sorted.size(), TreeHead.count(byScore), context());
        final ElementCursor cursor = new ElementCursor(fixture.memory);
        cursor.begin(TreeHead.root(byScore), 0);
        int rank = 0;
        for (final Scored expected : sorted)
        {
            same(expected, cursor.next());
            if (0 == random.nextInt(4))
            {
                set(expected.member);
                assertEquals(rank, set.rank(fixture.head, member), context());
                assertEquals(expected.score, ScoreTree.score(set.find(fixture.head, member)), context());
                same(expected, set.scores().at(byScore, rank));
            }

            rank++;
        }

        assertEquals(HashTree.NONE, cursor.next(), context());
        for (final Scored expected : sorted.descendingSet())
        {
            same(expected, cursor.previous());
        }

        assertEquals(HashTree.NONE, cursor.previous(), context());
        compareCounts(byScore);
    }

    private void compareCounts(final long byScore)
    {
        for (int i = 0; i < 20; i++)
        {
            final double score = randomScore() + (random.nextBoolean() ? 0 : 0.5);
            final long below = sorted.stream().filter((scored) -> scored.score < score).count();
            final long to = sorted.stream().filter((scored) -> scored.score <= score).count();
            assertEquals(below, set.scores().countBelow(byScore, score), context());
            assertEquals(to, set.scores().countTo(byScore, score), context());
        }
    }

    private void same(final Scored expected, final long element)
    {
        assertNotEquals(HashTree.NONE, element, context());
        assertEquals(expected.score, ScoreTree.score(element), context());
        assertArrayEquals(expected.member.getBytes(StandardCharsets.ISO_8859_1), text(element), context());
    }
}
