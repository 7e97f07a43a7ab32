package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/** A data set with heap-array access for tests. Closing it checks that no byte is left. */
public final class DataSetFixture implements AutoCloseable
{
    public static final int KEY_CAPACITY = 1 << 20;

    public final OffHeap memory;
    public final DataSet data;
    public final StringEditor editor;

    private final long keyBuffer = Memory.reserve(KEY_CAPACITY);
    private long valueBuffer = Memory.reserve(1 << 20);
    private long valueCapacity = 1 << 20;

    public DataSetFixture(final long maxBytes, final int databases, final long seed)
    {
        this(new OffHeap(maxBytes), databases, seed);
    }

    public DataSetFixture(final OffHeap memory, final int databases, final long seed)
    {
        this(memory, new DataSet(memory, databases, seed));
    }

    public DataSetFixture(final OffHeap memory, final DataSet data)
    {
        this.memory = memory;
        this.data = data;
        editor = new StringEditor(data);
    }

    public static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public long keyAddress(final byte[] key)
    {
        Memory.copy(key, 0, keyBuffer, key.length);
        return keyBuffer;
    }

    public long valueAddress(final byte[] value)
    {
        if (value.length > valueCapacity)
        {
            Memory.release(valueBuffer);
            valueCapacity = value.length;
            valueBuffer = Memory.reserve(valueCapacity);
        }

        Memory.copy(value, 0, valueBuffer, value.length);
        return valueBuffer;
    }

    public boolean set(final int database, final byte[] key, final byte[] value, final long deadlineMs)
    {
        return editor.set(data.keyspace(database), keyAddress(key), key.length, valueAddress(value), value.length,
            deadlineMs);
    }

    public boolean set(final int database, final byte[] key, final byte[] value)
    {
        return set(database, key, value, Entry.NO_DEADLINE);
    }

    public boolean set(final String key, final String value)
    {
        return set(0, bytes(key), bytes(value));
    }

    /** Give a key's entry another type byte, so that it holds what only looks like a string; 0 makes it one again. */
    public void plantType(final int database, final byte[] key, final int type)
    {
        Memory.putByte(Entry.typeAddress(find(database, key)), (byte)type);
    }

    public boolean remove(final int database, final byte[] key)
    {
        return data.keyspace(database).remove(keyAddress(key), key.length);
    }

    public long find(final int database, final byte[] key)
    {
        return data.keyspace(database).find(keyAddress(key), key.length);
    }

    /** The value, or null. */
    public byte[] get(final int database, final byte[] key)
    {
        final long entry = find(database, key);
        return Entry.NO_ENTRY == entry ? null : value(entry);
    }

    public String get(final String key)
    {
        final byte[] value = get(0, bytes(key));
        return null == value ? null : new String(value, StandardCharsets.UTF_8);
    }

    public byte[] value(final long entry)
    {
        final int length = (int)StringValue.length(entry);
        final byte[] value = new byte[length];
        for (int offset = 0; offset < length;)
        {
            final int run = (int)StringValue.runLength(memory, entry, offset);
            final long address = StringValue.runAddress(memory, entry, offset);
            if (0 != address)
            {
                Memory.copy(address, value, offset, run);
            }

            offset += run;
        }

        return value;
    }

    public static byte[] key(final long entry)
    {
        final byte[] key = new byte[Entry.keyLength(entry)];
        Memory.copy(Entry.keyAddress(entry), key, 0, key.length);
        return key;
    }

    /** Enter an epoch as a reader would: entries found from now on stay. @return for {@link #unpin}. */
    public long pin()
    {
        final long slot = data.epochs().open();
        data.epochs().enter(slot);
        return slot;
    }

    public void unpin(final long slot)
    {
        Epochs.exit(slot);
        Epochs.close(slot);
    }

    /** Free what is detached and retired. */
    public void settle()
    {
        while (data.doWork() > 0)
        {
            Thread.onSpinWait();
        }
    }

    /** As {@link #settle()}, with what was free in pieces gathered. */
    public void compact()
    {
        do
        {
            settle();
        }
        while (data.compact(0) > 0);
    }

    @Override
    public void close()
    {
        data.close();
        for (final MemoryTag tag : MemoryTag.values())
        {
            assertEquals(0, memory.usedBytes(tag), "bytes left with tag " + tag);
        }

        memory.close();
        Memory.release(keyBuffer);
        Memory.release(valueBuffer);
    }
}
