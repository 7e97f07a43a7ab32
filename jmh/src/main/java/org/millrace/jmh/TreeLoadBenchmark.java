package org.millrace.jmh;

import org.millrace.engine.tree.HashLoader;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.ListTree;
import org.millrace.engine.tree.Node;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.BenchmarkMode;
import java.util.concurrent.TimeUnit;

/**
 * A whole value is made of elements in no order, or half of a list goes at once. An operation is the whole of it.
 * <p>
 * Question: what does it cost to load a large hash by inserts, and by sorted runs; and to trim a long list?
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TreeLoadBenchmark extends EngineBenchmark
{
    @Benchmark
    public long insert(final EmptyHash target)
    {
        target.stage.fill(target.hash, 0, target.entries);
        return target.stage.count();
    }

    @Benchmark
    public long load(final EmptyHash target)
    {
        final TreeStage stage = target.stage;
        final HashLoader loader = target.loader;
        loader.begin(target.hash, stage.heads);
        for (int number = 0; number < target.entries; number++)
        {
            stage.member(number);
            final int result = loader.addField(stage.member, stage.value, TreeStage.VALUE_LENGTH);
            check(HashTree.ADDED == result, "result of a load", result, HashTree.ADDED);
        }

        final int result = loader.finish();
        check(HashTree.ADDED == result, "result of a load", result, HashTree.ADDED);
        return stage.count();
    }

    @Benchmark
    public boolean trimHalf(final FullList target)
    {
        return target.list.removeRange(target.stage.heads, target.entries / 4, target.entries / 4 * 3);
    }

    /** A hash of nothing whenever a call begins. */
    @State(Scope.Thread)
    public static class EmptyHash
    {
        @Param({"30000", "1000000"})
        public int entries;

        TreeStage stage;
        HashTree hash;
        HashLoader loader;

        @Setup
        public void make()
        {
            stage = new TreeStage();
            hash = new HashTree(stage.trees, Node.TWO_STRINGS);
            loader = new HashLoader(stage.trees);
        }

        @TearDown(Level.Invocation)
        public void empty()
        {
            check(entries == stage.count(), "elements", stage.count(), entries);
            stage.releaseTrees();
        }

        @TearDown
        public void release()
        {
            loader.close();
            stage.close();
        }
    }

    /** A list of as many as its parameter says whenever a call begins. */
    @State(Scope.Thread)
    public static class FullList
    {
        @Param({"30000", "1000000"})
        public int entries;

        TreeStage stage;
        ListTree list;

        @Setup
        public void make()
        {
            stage = new TreeStage();
            list = new ListTree(stage.trees);
        }

        @Setup(Level.Invocation)
        public void fill()
        {
            while (stage.count() < entries)
            {
                list.pushLast(stage.heads, stage.value, TreeStage.VALUE_LENGTH);
            }
        }

        @TearDown(Level.Invocation)
        public void giveBack()
        {
            stage.release.finish();
        }

        @TearDown
        public void release()
        {
            stage.close();
        }
    }
}
