package org.millrace.bench.workload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.resp.CommandBuffer;

class WorkloadTest
{
    private static final Values VALUES = new Values(3, 256);

    @ParameterizedTest
    @ValueSource(longs = {1, 42, -9})
    void shouldRepeatExactlyForOneSeedAndDifferForAnother(final long seed)
    {
        assertRepeats((each) -> Workloads.set(1_000, VALUES, 64, each), seed);
        assertRepeats((each) -> Workloads.get(1_000, each), seed);
        assertRepeats((each) -> new MixedWorkload(1_000, each), seed);
        assertRepeats((each) -> new CollectionWorkload(100, each), seed);
    }

    @Test
    void shouldKeepTheSequenceAcrossVersions()
    {
        final SplitMix random = new SplitMix(1234567);

        // The reference sequence of the algorithm for this seed.
        assertEquals(6457827717110365317L, random.next());
        assertEquals(3203168211198807973L, random.next());
    }

    @Test
    void shouldFillEachKeyOnceInOrder()
    {
        final Workload fill = Workloads.fill(5, VALUES, 3, 0);
        final CommandBuffer buffer = new CommandBuffer();
        fill.append(buffer);
        fill.append(buffer);

        final String text = text(buffer);
        assertTrue(text.startsWith("*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000005\r\n$3\r\n"), text);
        assertTrue(text.contains("key:000000000006"), text);
    }

    @Test
    void shouldGiveEveryFilledKeyTheExpiry()
    {
        final CommandBuffer buffer = new CommandBuffer();

        Workloads.fill(0, VALUES, 3, 1_900_000_000_000L).append(buffer);

        assertTrue(text(buffer).endsWith("$4\r\nPXAT\r\n$13\r\n1900000000000\r\n"), text(buffer));
    }

    @Test
    void shouldCloseEveryTransaction()
    {
        final MixedWorkload workload = new MixedWorkload(100, 5);
        final CommandBuffer buffer = new CommandBuffer();
        int multiCount = 0;
        for (int i = 0; i < 20_000 || workload.isInTransaction(); i++)
        {
            buffer.clear();
            workload.append(buffer);
            assertEquals(1, buffer.commandCount());
            multiCount += text(buffer).contains("MULTI") ? 1 : 0;
            multiCount -= text(buffer).contains("EXEC") ? 1 : 0;
            assertTrue(0 == multiCount || 1 == multiCount, "nested at command " + i);
        }

        assertEquals(0, multiCount);
        assertFalse(workload.isInTransaction());
    }

    private static void assertRepeats(final LongFunction<Workload> factory, final long seed)
    {
        final byte[] first = bytes(factory.apply(seed));

        assertArrayEquals(first, bytes(factory.apply(seed)), "seed=" + seed);
        assertFalse(Arrays.equals(first, bytes(factory.apply(seed + 1))), "seed=" + seed);
    }

    private static byte[] bytes(final Workload workload)
    {
        final CommandBuffer buffer = new CommandBuffer();
        for (int i = 0; i < 500; i++)
        {
            workload.append(buffer);
        }

        return Arrays.copyOf(buffer.array(), buffer.length());
    }

    private static String text(final CommandBuffer buffer)
    {
        return new String(buffer.array(), 0, buffer.length(), StandardCharsets.ISO_8859_1);
    }
}
