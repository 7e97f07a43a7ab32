package org.millrace.jmh;

import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.ListTree;
import org.millrace.engine.tree.Node;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Fifty thousand elements are put into a large hash or list, or taken out again; an operation is one element.
 * <p>
 * Question: what do growing and shrinking cost, leaves split and joined included, in no order and at the ends?
 */
public class TreeFillBenchmark extends EngineBenchmark
{
    private static final int STEPS = 50_000;

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void insert(final SmallHash target)
    {
        target.stage.fill(target.hash, target.entries, target.entries + STEPS);
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void delete(final LargeHash target)
    {
        target.delete(STEPS);
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void pushFirst(final SmallList target)
    {
        for (int i = 0; i < STEPS; i++)
        {
            target.list.pushFirst(target.stage.heads, target.stage.value, TreeStage.VALUE_LENGTH);
        }
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void pushLast(final SmallList target)
    {
        target.push(STEPS);
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void popFirst(final LargeList target)
    {
        for (int i = 0; i < STEPS; i++)
        {
            target.list.removeFirst(target.stage.heads);
        }
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void popLast(final LargeList target)
    {
        for (int i = 0; i < STEPS; i++)
        {
            target.list.removeLast(target.stage.heads);
        }
    }

    @Benchmark
    public long position(final SmallList target)
    {
        return target.list.at(target.stage.heads, target.stage.random.nextInt(target.entries));
    }

    /** A hash of the numbers below its parameter whenever a call begins. */
    @State(Scope.Thread)
    public static class SmallHash
    {
        @Param("1000000")
        public int entries;

        TreeStage stage;
        HashTree hash;

        @Setup
        public void fill()
        {
            stage = new TreeStage();
            hash = new HashTree(stage.trees, Node.TWO_STRINGS);
            stage.fill(hash, 0, entries);
        }

        @Setup(Level.Invocation)
        public void trim()
        {
            delete((int)(stage.count() - entries));
        }

        /** Those of the highest numbers. */
        void delete(final int count)
        {
            for (int i = 0; i < count; i++)
            {
                stage.member((int)stage.count() - 1);
                final int result = hash.remove(stage.heads, stage.member);
                check(HashTree.REMOVED == result, "result of a removal", result, HashTree.REMOVED);
            }
        }

        @TearDown
        public void release()
        {
            stage.close();
        }
    }

    /** As above, with so many more as a call takes out. */
    @State(Scope.Thread)
    public static class LargeHash extends SmallHash
    {
        @Override
        @Setup(Level.Invocation)
        public void trim()
        {
            stage.fill(hash, (int)stage.count(), entries + STEPS);
        }
    }

    /** A list of as many as its parameter says whenever a call begins. */
    @State(Scope.Thread)
    public static class SmallList
    {
        @Param("1000000")
        public int entries;

        TreeStage stage;
        ListTree list;

        @Setup
        public void fill()
        {
            stage = new TreeStage();
            list = new ListTree(stage.trees);
            push(entries);
        }

        @Setup(Level.Invocation)
        public void trim()
        {
            while (stage.count() > entries)
            {
                list.removeLast(stage.heads);
            }
        }

        void push(final int count)
        {
            for (int i = 0; i < count; i++)
            {
                list.pushLast(stage.heads, stage.value, TreeStage.VALUE_LENGTH);
            }
        }

        @TearDown
        public void release()
        {
            stage.close();
        }
    }

    /** As above, with so many more as a call takes out. */
    @State(Scope.Thread)
    public static class LargeList extends SmallList
    {
        @Override
        @Setup(Level.Invocation)
        public void trim()
        {
            push((int)(entries + STEPS - stage.count()));
        }
    }
}
