package org.millrace.jmh;

import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Node;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One large hash, fields of 13 bytes and values of 32, fields chosen at random.
 * <p>
 * Question: what does a field of a large hash cost to find, alone and with those of a pipeline; what to miss, to change
 * in place, to draw by its number?
 */
@State(Scope.Thread)
public class TreeHashBenchmark extends EngineBenchmark
{
    private static final int BATCH = 16;

    @Param("1000000")
    public int entries;

    private final long[] hashes = new long[BATCH];
    private final int[] numbers = new int[BATCH];
    private TreeStage stage;
    private HashTree hash;
    private long found;

    @Setup
    public void fill()
    {
        stage = new TreeStage();
        hash = new HashTree(stage.trees, Node.TWO_STRINGS);
        stage.fill(hash, 0, entries);
    }

    @Benchmark
    public long get()
    {
        stage.member(stage.random.nextInt(entries));
        return element();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long getBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            numbers[i] = stage.random.nextInt(entries);
            stage.member(numbers[i]);
            hashes[i] = stage.member.hash();
        }

        hash.prefetch(stage.heads, hashes, BATCH);
        long sum = 0;
        for (int i = 0; i < BATCH; i++)
        {
            stage.member(numbers[i]);
            sum += element();
        }

        return sum;
    }

    @Benchmark
    public long miss()
    {
        stage.member(entries + stage.random.nextInt(entries));
        final long element = hash.find(stage.heads, stage.member);
        check(HashTree.NONE == element, "element of a member that is not there", element, HashTree.NONE);
        return element;
    }

    @Benchmark
    public int overwrite()
    {
        stage.member(stage.random.nextInt(entries));
        return hash.put(stage.heads, stage.member, stage.value, TreeStage.VALUE_LENGTH);
    }

    @Benchmark
    public long draw()
    {
        return hash.at(stage.heads, stage.random.nextInt(entries));
    }

    /** Where the value is: its bytes are a miss of their own, as for a reply. */
    private long element()
    {
        final long element = hash.find(stage.heads, stage.member);
        found += Element.secondString(element);
        return found;
    }

    @TearDown
    public void release()
    {
        check(entries == stage.count(), "elements", stage.count(), entries);
        stage.close();
    }
}
