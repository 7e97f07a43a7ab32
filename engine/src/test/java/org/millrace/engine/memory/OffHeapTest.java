package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.guard.MemoryGuard;

class OffHeapTest
{
    private record Block(int ref, long length, MemoryTag tag, long mark)
    {
    }

    private static void assertInside(final long start, final long length, final long outer, final long outerLength)
    {
        assertTrue(outer <= start && start + length <= outer + outerLength);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldRoundLengthsUpByAnEighthAtMost(final int granuleShift)
    {
        final SizeClasses classes = new SizeClasses(granuleShift);
        for (int length = 1; length <= classes.lengthMax(); length++)
        {
            final int sizeClass = classes.classOf(length);
            final int slotLength = classes.slotLength(sizeClass);
            assertTrue(slotLength >= length, "length " + length);
            assertEquals(0, slotLength & (1 << granuleShift) - 1);
            assertTrue(length < 2048 || 0 == (slotLength & 63));
            if (sizeClass > 0)
            {
                final int below = classes.slotLength(sizeClass - 1);
                assertTrue(below < length, "length " + length);
                final double allowed = length <= 256 ? 8 : length <= 32768 ? below * 0.15 : below * 0.26;
                assertTrue(slotLength - below <= allowed, "class " + below + " to " + slotLength);
            }
        }

        assertEquals(32768, classes.slotLength(classes.classOf(32768)));
        assertEquals(88, classes.slotLength(classes.classOf(88)));
        assertEquals(4352, classes.slotLength(classes.classOf(4352)));
    }

    @Test
    void shouldReleaseWhatGoesAndAllInTheEnd()
    {
        final List<Long> released = new ArrayList<>();
        final OffHeap memory = new OffHeap(0, (reserved) ->
        {
            released.add(reserved);
            Memory.release(reserved);
        });
        memory.allocate(8 << 20, MemoryTag.CHUNK);
        memory.allocate(12 << 20, MemoryTag.CHUNK);
        final int huge = memory.allocate(40 << 20, MemoryTag.CHUNK);
        assertEquals(List.of(), released);

        memory.free(huge, MemoryTag.CHUNK);
        assertEquals(1, released.size());

        memory.close();
        assertEquals(3, released.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldKeepBlocksApart(final long seed)
    {
        final Random random = new Random(seed);
        try (OffHeap memory = new OffHeap(0, 2 + (int)(seed & 1)))
        {
            final List<Block> blocks = new ArrayList<>();
            final long[] used = new long[MemoryTag.values().length];
            for (int i = 0; i < 40_000; i++)
            {
                final boolean isGrowing = 0 == (i / 8000 & 1);
                if (random.nextInt(100) < (isGrowing ? 70 : 30) || blocks.isEmpty())
                {
                    blocks.add(allocate(memory, random, used));
                }
                else
                {
                    final int index = random.nextInt(blocks.size());
                    free(memory, blocks.get(index), used, "seed " + seed);
                    blocks.set(index, blocks.get(blocks.size() - 1));
                    blocks.remove(blocks.size() - 1);
                }
            }

            for (final MemoryTag tag : MemoryTag.values())
            {
                assertEquals(used[tag.ordinal()], memory.usedBytes(tag), "seed " + seed);
            }

            for (final Block block : blocks)
            {
                free(memory, block, used, "seed " + seed);
            }

            assertEquals(0, memory.usedBytes());
        }
    }

    private static Block allocate(final OffHeap memory, final Random random, final long[] used)
    {
        final int kind = random.nextInt(1000);
        final long length = kind == 0
            ? (15L << 20) + random.nextInt(4 << 20)
            : kind < 5
                ? random.nextInt(1 << 20)
                : kind < 50 ? random.nextInt(1 << 16) : random.nextInt(kind < 500 ? 300 : 5000);
        final MemoryTag tag = MemoryTag.values()[random.nextInt(4)];
        final int ref = memory.allocate(length, tag);
        assertNotEquals(OffHeap.NULL_REF, ref);
        assertTrue(memory.capacity(ref) >= length);
        used[tag.ordinal()] += memory.capacity(ref);
        final long mark = random.nextLong();
        final long capacity = memory.capacity(ref);
        memory.extend(ref, capacity);
        assertTrue(length < 2048 || 0 == (memory.address(ref) & 63));
        Memory.putLong(memory.address(ref), mark);
        Memory.putLong(memory.address(ref) + capacity - 8, mark);
        return new Block(ref, length, tag, mark);
    }

    private static void free(final OffHeap memory, final Block block, final long[] used, final String context)
    {
        final long capacity = memory.capacity(block.ref);
        assertEquals(block.mark, Memory.getLong(memory.address(block.ref) + capacity - 8), context);
        if (capacity >= 16)
        {
            assertEquals(block.mark, Memory.getLong(memory.address(block.ref)), context);
        }

        used[block.tag.ordinal()] -= capacity;
        memory.free(block.ref, block.tag);
    }

    @Test
    void shouldUseMemoryOfOneClassForAnother()
    {
        try (OffHeap memory = new OffHeap(16 << 20))
        {
            for (int length = 64; length < 100_000; length = length * 3 / 2)
            {
                final List<Integer> refs = new ArrayList<>();
                int ref = memory.allocate(length, MemoryTag.ENTRY);
                while (OffHeap.NULL_REF != ref)
                {
                    refs.add(ref);
                    ref = memory.allocate(length, MemoryTag.ENTRY);
                }

                assertTrue((long)refs.size() * length > 0.6 * (16 << 20), "length " + length + " " + refs.size());
                assertEquals(16 << 20, memory.reservedBytes());
                for (final int each : refs)
                {
                    memory.free(each, MemoryTag.ENTRY);
                }

                assertEquals(0, memory.usedBytes());
            }
        }
    }

    @Test
    void shouldGiveHugeBlocksBack()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int small = memory.allocate(10, MemoryTag.ENTRY);
            final long reserved = memory.reservedBytes();
            for (int i = 0; i < 3; i++)
            {
                final long length = 200L << 20;
                final int ref = memory.allocate(length, MemoryTag.ENTRY);
                assertEquals(length, memory.capacity(ref));
                Memory.putLong(memory.address(ref) + length - 8, 42);
                assertEquals(reserved + length, memory.reservedBytes());
                memory.free(ref, MemoryTag.ENTRY);
                assertEquals(reserved, memory.reservedBytes());
            }

            memory.free(small, MemoryTag.ENTRY);
        }
    }

    @Test
    void shouldAnswerNullRefAtLimit()
    {
        try (OffHeap memory = new OffHeap((16 << 20) + (1 << 20)))
        {
            assertEquals(OffHeap.NULL_REF, memory.allocate(20 << 20, MemoryTag.ENTRY));
            long sum = 0;
            while (OffHeap.NULL_REF != memory.allocate(300_000, MemoryTag.ENTRY))
            {
                sum += 300_000;
            }

            assertTrue(sum > 15_000_000 && sum < 17 << 20, "bytes " + sum);
            assertTrue(memory.reservedBytes() <= memory.maxBytes());
        }
    }

    @Test
    void shouldNoticeBlockFreedTwice()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int ref = memory.allocate(100, MemoryTag.ENTRY);
            memory.free(ref, MemoryTag.ENTRY);
            assertThrows(InvariantError.class, () -> memory.free(ref, MemoryTag.ENTRY));
            MemoryGuard.takeViolation();
        }
    }

    /** Blocks of many lengths come and go at random: memory stops growing soon. */
    @Test
    void shouldTakeNoMoreThanItIsLimitedToForNow()
    {
        try (OffHeap memory = new OffHeap(64L << 20))
        {
            memory.limit(20L << 20);
            int blocks = 0;
            while (OffHeap.NULL_REF != memory.allocate(1 << 20, MemoryTag.ENTRY))
            {
                blocks++;
            }

            assertTrue(blocks >= 15 && memory.reservedBytes() <= 20L << 20, "blocks: " + blocks);
            memory.limit(Long.MAX_VALUE);
            while (OffHeap.NULL_REF != memory.allocate(1 << 20, MemoryTag.ENTRY))
            {
                blocks++;
            }

            assertTrue(blocks >= 55 && memory.reservedBytes() <= 64L << 20, "blocks: " + blocks);
        }
    }

    @Test
    void shouldNotGrowUnderChurn()
    {
        final Random random = new Random(5);
        try (OffHeap memory = new OffHeap(0))
        {
            final int[] refs = new int[60_000];
            long afterFirstRounds = 0;
            for (int round = 0; round < 40; round++)
            {
                for (int i = 0; i < refs.length; i++)
                {
                    final int index = random.nextInt(refs.length);
                    if (OffHeap.NULL_REF != refs[index])
                    {
                        memory.free(refs[index], MemoryTag.ENTRY);
                    }

                    final int length = random.nextInt(8) == 0 ? random.nextInt(20_000) : random.nextInt(400);
                    refs[index] = memory.allocate(length, MemoryTag.ENTRY);
                }

                if (4 == round)
                {
                    afterFirstRounds = memory.reservedBytes();
                }
            }

            assertTrue(memory.reservedBytes() <= afterFirstRounds + (16 << 20),
                "from " + afterFirstRounds + " to " + memory.reservedBytes());
            assertTrue(memory.reservedBytes() < 1.2 * memory.usedBytes() + (16 << 20),
                "reserved " + memory.reservedBytes() + " used " + memory.usedBytes());
        }
    }
}
