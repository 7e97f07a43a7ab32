package org.millrace.jmh.alternatives;

import org.millrace.jmh.EngineBenchmark;
import org.millrace.jmh.KeySequence;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A key is looked up in tables of several layouts, keys chosen at random, all of them there.
 * <p>
 * Question: is the smallest table also the fastest? At 0.69 full, twelve references a cache line are 7.7 bytes a key,
 * seven are 13.2, slots of eight bytes 11.6.
 */
@State(Scope.Thread)
public class IndexLayoutBenchmark extends EngineBenchmark
{
    @Param({"linesOf12", "linesOf7", "slots"})
    public String layout;

    @Param({"1000", "4000000"})
    public int entries;

    private KeySequence keys;
    private IndexTable table;

    @Setup
    public void fill()
    {
        keys = new KeySequence(entries, Database.SEED);
        table = switch (layout)
        {
            case "linesOf12" -> new TableOf12(entries);
            case "linesOf7" -> new TableOf7(entries);
            case "slots" -> new TableOfSlots(entries);
            default -> throw new IllegalArgumentException("no such layout: " + layout);
        };
        table.fill(keys, entries);
    }

    @Benchmark
    public long get()
    {
        keys.next();
        final long stamp = table.get(keys);
        check(keys.stamp() == stamp, "value of another key", stamp, keys.stamp());
        return stamp;
    }

    @TearDown
    public void release()
    {
        table.close();
    }
}
