package org.millrace.jmh;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Node;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRuns;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A large hash that was filled in no order is copied out as it goes into a snapshot, again and again; an operation is
 * one KiB.
 * <p>
 * Question: how fast is a snapshot of values that lie in trees?
 */
@State(Scope.Thread)
public class TreeWalkBenchmark extends EngineBenchmark
{
    private static final int KILOBYTES = 64;
    private static final int TARGET_LENGTH = 64 * 1024;

    @Param("1000000")
    public int entries;

    private final long target = Memory.reserve(2 * TARGET_LENGTH);
    private TreeStage stage;
    private TreeRuns runs;
    private long ahead;

    @Setup
    public void fill()
    {
        stage = new TreeStage();
        runs = new TreeRuns(stage.memory);
        stage.fill(new HashTree(stage.trees, Node.TWO_STRINGS), 0, entries);
    }

    @Benchmark
    @OperationsPerInvocation(KILOBYTES)
    public long copyOut()
    {
        ahead -= KILOBYTES * 1024;
        while (ahead < 0)
        {
            if (!runs.next())
            {
                runs.begin(TreeHead.root(stage.heads), stage.count());
                continue;
            }

            Memory.copyDisjoint(runs.address(), target + (ahead & TARGET_LENGTH - 1), runs.length());
            ahead += runs.length();
        }

        return ahead;
    }

    @TearDown
    public void release()
    {
        stage.close();
        Memory.release(target);
    }
}
