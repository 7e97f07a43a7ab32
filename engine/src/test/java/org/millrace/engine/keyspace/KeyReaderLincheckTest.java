package org.millrace.engine.keyspace;

import java.util.Arrays;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Lincheck;
import org.millrace.engine.memory.KeepsMemory;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Single keys of one database are linearizable: a writer that puts and removes them, and moves them about by crowding
 * their bucket until pages split and merge, beside lock-free readers, one a thread.
 */
@KeepsMemory
class KeyReaderLincheckTest
{
    private static final int THREADS = 3;

    @BeforeEach
    void open()
    {
        Index.open();
    }

    @AfterEach
    void giveMemoryBack()
    {
        Index.close();
    }

    @Test
    void shouldBeLinearizableUnderStress()
    {
        Lincheck.stress(THREADS, KeyTable.class).check(Index.class);
    }

    /** The index under test: one for all runs of a test, emptied before each, since there is no end of a run to free it at. */
    @Param(name = "key", gen = IntGen.class, conf = "0:2")
    @Param(name = "value", gen = IntGen.class, conf = "1:5")
    public static class Index
    {
        private static final int HOME = 10;
        private static final int OWN_KEYS = 3;
        private static final int CROWD = 2 * Bucket.SLOTS + Page.STASH_SLOTS;
        private static final int VALUE_LENGTH = 48;
        private static final KeyReader[] READERS = new KeyReader[THREADS + 3];
        private static final long[] KEY_ADDRESSES = new long[READERS.length];
        private static final long[] TARGETS = new long[READERS.length];
        private static DataSetFixture fixture;
        private static byte[][] keys;

        static void open()
        {
            final OffHeap memory = new OffHeap(0);
            fixture = new DataSetFixture(memory, new DataSet(memory, 1, 7, 4096));
            keys = keys();
            for (int i = 0; i < READERS.length; i++)
            {
                READERS[i] = fixture.data.openReader();
                KEY_ADDRESSES[i] = Memory.reserve(keys[0].length + 8L);
                TARGETS[i] = Memory.reserve(VALUE_LENGTH);
            }
        }

        static void close()
        {
            for (int i = 0; i < READERS.length; i++)
            {
                READERS[i].close();
                Memory.release(KEY_ADDRESSES[i]);
                Memory.release(TARGETS[i]);
            }

            fixture.close();
        }

        public Index()
        {
            fixture.data.flush(0);
            fixture.settle();
        }

        @Operation(nonParallelGroup = "writer")
        public void put(@Param(name = "key") final int key, @Param(name = "value") final int value)
        {
            final byte[] bytes = new byte[VALUE_LENGTH];
            Arrays.fill(bytes, (byte)value);
            fixture.set(0, keys[key], bytes);
        }

        @Operation(nonParallelGroup = "writer")
        public boolean remove(@Param(name = "key") final int key)
        {
            return fixture.remove(0, keys[key]);
        }

        /** Other keys of the same home: guests, stash, a split. */
        @Operation(nonParallelGroup = "writer")
        public void crowd()
        {
            for (int i = OWN_KEYS; i < keys.length; i++)
            {
                fixture.set(0, keys[i], keys[i]);
            }

            fixture.data.doWork();
        }

        /** They go again: guests go home, pages merge. */
        @Operation(nonParallelGroup = "writer")
        public void thin()
        {
            for (int i = OWN_KEYS; i < keys.length; i++)
            {
                fixture.remove(0, keys[i]);
            }

            fixture.data.doWork();
        }

        @Operation
        public int get(
            @Param(gen = ThreadIdGen.class) final int thread, @Param(name = "key") final int key)
        {
            final byte[] name = keys[key];
            Memory.copy(name, 0, KEY_ADDRESSES[thread], name.length);
            final long target = TARGETS[thread];
            final long length = READERS[thread].get(
                0, KEY_ADDRESSES[thread], name.length, 0, target, VALUE_LENGTH);
            if (KeyReader.ABSENT == length)
            {
                return 0;
            }

            final int value = Memory.getByte(target);
            for (int i = 0; i < VALUE_LENGTH; i++)
            {
                if (VALUE_LENGTH != length || value != Memory.getByte(target + i))
                {
                    return -1;
                }
            }

            return value;
        }

        private static byte[][] keys()
        {
            final byte[][] keys = new byte[OWN_KEYS + CROWD][];
            int found = 0;
            for (int i = 0; found < keys.length; i++)
            {
                final byte[] key = DataSetFixture.bytes(String.format("k%06d", i));
                final long hash = fixture.data.keyspace(0).hash(fixture.keyAddress(key), key.length);
                if (HOME == HashOrder.bucket(HashOrder.position(hash), 0))
                {
                    keys[found++] = key;
                }
            }

            return keys;
        }
    }

    /** What the index is to be like. */
    public static class KeyTable
    {
        private final int[] values = new int[Index.OWN_KEYS];

        public void put(final int key, final int value)
        {
            values[key] = value;
        }

        public boolean remove(final int key)
        {
            final boolean wasThere = 0 != values[key];
            values[key] = 0;
            return wasThere;
        }

        public void crowd()
        {
        }

        public void thin()
        {
        }

        public int get(final int thread, final int key)
        {
            return values[key];
        }
    }
}
