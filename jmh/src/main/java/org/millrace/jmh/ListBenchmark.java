package org.millrace.jmh;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.millrace.engine.datatype.ListValue;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementString;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A list as a queue: an item of 64 bytes is pushed at one end and another popped at the other, whose bytes are copied out.
 * <p>
 * Question: what does a push and a pop cost where items lie off-heap back to back; and beside it a deque of arrays that
 * readers and a writer can share?
 */
@State(Scope.Thread)
public class ListBenchmark extends EngineBenchmark
{
    private static final int NAME_LENGTH = 4;

    @Param({Stores.MILLRACE, Stores.DEQUE})
    public String store;

    @Param("1000000")
    public int entries;

    private final byte[] item = new byte[Store.VALUE_LENGTH];
    private final byte[] taken = new byte[Store.VALUE_LENGTH];
    private Deque<byte[]> deque;
    private OffHeap memory;
    private DataSet data;
    private Keyspace keyspace;
    private ListValue list;
    private long name;
    private long text;
    private long target;

    @Setup
    public void fill()
    {
        if (Stores.DEQUE.equals(store))
        {
            deque = new ConcurrentLinkedDeque<>();
        }
        else
        {
            memory = new OffHeap(0);
            data = new DataSet(memory, 1, Store.SEED);
            keyspace = data.keyspace(0);
            list = Values.of(data).lists();
            name = Memory.reserve(NAME_LENGTH);
            text = Memory.reserve(Store.VALUE_LENGTH);
            target = Memory.reserve(Store.VALUE_LENGTH);
            Memory.set(name, NAME_LENGTH, (byte)'l');
            Memory.set(text, Store.VALUE_LENGTH, (byte)'v');
        }

        for (int i = 0; i < entries; i++)
        {
            push();
        }
    }

    @Benchmark
    public void pushAndPop()
    {
        push();
        pop();
    }

    private void push()
    {
        if (null != deque)
        {
            deque.addLast(item.clone());
        }
        else
        {
            check(open().push(false, text, Store.VALUE_LENGTH), "no room: items", entries, entries);
        }
    }

    private void pop()
    {
        if (null != deque)
        {
            System.arraycopy(deque.removeFirst(), 0, taken, 0, taken.length);
        }
        else
        {
            final long at = open().end(true);
            Memory.copyDisjoint(ElementString.textAddress(at), target, Store.VALUE_LENGTH);
            check(list.removeEnd(true, 1), "not removed: items", entries, entries);
        }
    }

    private ListValue open()
    {
        return list.open(keyspace, name, NAME_LENGTH, keyspace.find(name, NAME_LENGTH));
    }

    @TearDown
    public void release()
    {
        final long size = null == deque ? open().count() : deque.size();
        check(entries == size, "items", size, entries);
        if (null == deque)
        {
            data.discard();
            memory.close();
            Memory.release(name);
            Memory.release(text);
            Memory.release(target);
        }
    }
}
