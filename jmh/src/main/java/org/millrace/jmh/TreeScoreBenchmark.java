package org.millrace.jmh;

import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.tree.TreeHead;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One large sorted set, members of 13 bytes, chosen at random.
 * <p>
 * Question: what do score, rank, a range by rank, a new score, and taking the lowest cost; with as many scores as
 * members, and with eight?
 */
@State(Scope.Thread)
public class TreeScoreBenchmark extends EngineBenchmark
{
    private static final int RANGE = 10;

    @Param("1000000")
    public int entries;

    @Param({"8", "1000000000"})
    public int scores;

    private TreeStage stage;
    private ScoredMembers set;
    private ElementCursor cursor;

    @Setup
    public void fill()
    {
        stage = new TreeStage();
        set = new ScoredMembers(stage.trees);
        cursor = new ElementCursor(stage.memory);
        for (int i = 0; i < entries; i++)
        {
            stage.member(i);
            set.put(stage.heads, stage.member, stage.random.nextInt(scores));
        }
    }

    @Benchmark
    public double score()
    {
        stage.member(stage.random.nextInt(entries));
        return ScoreTree.score(set.find(stage.heads, stage.member));
    }

    @Benchmark
    public long rank()
    {
        stage.member(stage.random.nextInt(entries));
        return set.rank(stage.heads, stage.member);
    }

    @Benchmark
    public long rangeOfTen()
    {
        cursor.begin(TreeHead.root(ScoredMembers.byScore(stage.heads)), stage.random.nextInt(entries - RANGE));
        long sum = 0;
        for (int i = 0; i < RANGE; i++)
        {
            sum += cursor.next();
        }

        return sum;
    }

    @Benchmark
    public int newScore()
    {
        stage.member(stage.random.nextInt(entries));
        return set.put(stage.heads, stage.member, stage.random.nextInt(scores));
    }

    /** The lowest goes, and comes back with any score. */
    @Benchmark
    public int popLowestAndAdd()
    {
        final long element = set.scores().at(ScoredMembers.byScore(stage.heads), 0);
        stage.member.setString(element);
        set.remove(stage.heads, stage.member);
        return set.put(stage.heads, stage.member, stage.random.nextInt(scores));
    }

    @TearDown
    public void release()
    {
        check(entries == stage.count(), "elements", stage.count(), entries);
        set.close();
        stage.close();
    }
}
