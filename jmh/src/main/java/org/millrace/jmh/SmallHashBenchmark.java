package org.millrace.jmh;

import java.util.SplittableRandom;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.HashTree;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Hashes of ten fields of 8 bytes and values of 16, which lie in their entries; keys and fields chosen at random.
 * <p>
 * Question: what does a field of a small hash cost to find with its key, to change in place, to add and take out again?
 */
@State(Scope.Thread)
public class SmallHashBenchmark extends EngineBenchmark
{
    private static final int FIELDS = 10;
    private static final int KEY_LENGTH = 11;
    private static final int FIELD_LENGTH = 8;
    private static final int VALUE_LENGTH = 16;

    @Param("100000")
    public int entries;

    private final SplittableRandom random = new SplittableRandom(1);
    private OffHeap memory;
    private DataSet data;
    private Keyspace keyspace;
    private HashValue hash;
    private long key;
    private long field;
    private long value;

    @Setup
    public void fill()
    {
        memory = new OffHeap(0);
        data = new DataSet(memory, 1, 1);
        keyspace = data.keyspace(0);
        hash = Values.of(data).hashes();
        key = Memory.reserve(KEY_LENGTH + FIELD_LENGTH + VALUE_LENGTH);
        field = key + KEY_LENGTH;
        value = field + FIELD_LENGTH;
        for (int number = 0; number < entries; number++)
        {
            for (int i = 0; i < FIELDS; i++)
            {
                open(number, i);
                put();
            }
        }
    }

    @Benchmark
    public long get()
    {
        open(random.nextInt(entries), random.nextInt(FIELDS));
        final long element = hash.find(field, FIELD_LENGTH);
        check(HashTree.NONE != element, "no element of a field that is there", element, HashTree.NONE);
        return element;
    }

    @Benchmark
    public int overwrite()
    {
        open(random.nextInt(entries), random.nextInt(FIELDS));
        return put();
    }

    @Benchmark
    public int addAndRemove()
    {
        open(random.nextInt(entries), FIELDS);
        put();
        return hash.remove(field, FIELD_LENGTH);
    }

    private void open(final int number, final int fieldNumber)
    {
        text(key, KEY_LENGTH, number);
        text(field, FIELD_LENGTH, fieldNumber);
        hash.open(keyspace, key, KEY_LENGTH, keyspace.find(key, KEY_LENGTH));
    }

    private int put()
    {
        text(value, VALUE_LENGTH, random.nextInt());
        return hash.put(field, FIELD_LENGTH, value, VALUE_LENGTH);
    }

    private static void text(final long target, final int length, final int number)
    {
        int rest = number;
        for (int i = length - 1; i >= 0; i--)
        {
            Memory.putByte(target + i, (byte)('a' + (rest & 0xF)));
            rest >>>= 4;
        }
    }

    @TearDown
    public void close()
    {
        data.close();
        memory.close();
        Memory.release(key);
    }
}
