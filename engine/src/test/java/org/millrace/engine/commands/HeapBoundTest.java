package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.OffHeap;

/** What a command has found of a large value is not kept on the heap: it takes as much of that as for a small one. */
class HeapBoundTest extends CommandsTest
{
    private static final int ELEMENTS = 15_000;

    /** More than are chosen by their numbers. */
    private static final int MANY = RandomPicks.CHOSEN_MAX + 500;
    private static final int PLACES = 68_000;
    private static final int BATCH = 1000;
    private static final long HEAP_MAX = 64 * 1024;

    private void fill(final String command, final String pair)
    {
        fill(command, pair, ELEMENTS);
    }

    private void fill(final String command, final String pair, final int elements)
    {
        harness.settings.notifyEvents = 0;
        harness.isRecording = false;
        for (int i = 0; i < elements; i += BATCH)
        {
            final StringBuilder line = new StringBuilder(command);
            for (int j = i; j < i + BATCH; j++)
            {
                final double longitude = j % 300 / 100.0 + 9;
                final double latitude = j / 300 / 100.0 + 39;
                line.append(' ').append(String.format(Locale.ROOT, pair, j, longitude, latitude));
            }

            harness.line(line.toString());
            harness.drain();
        }
    }

    /** Heap bytes of a line that is run for the second time. */
    private void check(final String line)
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final var prepared = harness.prepare(line.split(" "));
        prepared.run();
        final long before = threads.getCurrentThreadAllocatedBytes();
        prepared.run();
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < HEAP_MAX, line + " took " + bytes);
    }

    private void checkDistinct(final String line, final int count, final int step)
    {
        final String[] lines = harness.line(line).split("\r\n");
        final Set<String> seen = new HashSet<>();
        for (int i = 2; i < lines.length; i += 2 * step)
        {
            seen.add(lines[i]);
        }

        assertEquals("*" + count * step, lines[0]);
        assertEquals(count, seen.size(), line);
    }

    @Test
    void shouldNotKeepFieldsOfAHash()
    {
        fill("HSET h", "field:%1$d value:%1$d");
        check("HSCAN h 0 COUNT 1000000");
        final String[] scanned = harness.line("HSCAN h 0 COUNT 1000000").split("\r\n", 5);
        assertEquals("[*2, $1, 0, *30000]", Arrays.toString(Arrays.copyOf(scanned, 4)));
    }

    @Test
    void shouldNotKeepMembersOfASortedSet()
    {
        fill("ZADD z", "%1$d member:%1$d");
        check("ZSCAN z 0 COUNT 1000000");
    }

    @Test
    void shouldNotKeepMembersOfASet()
    {
        fill("SADD s", "member:%1$d");
        check("SSCAN s 0 COUNT 1000000");
    }

    @Test
    void shouldNotKeepPlaces()
    {
        fill("GEOADD g", "%2$s %3$s place:%1$d");
        check("GEOSEARCH g FROMLONLAT 10 40 BYBOX 20000 20000 km");
        check("GEOSEARCH g FROMLONLAT 10 40 BYBOX 20000 20000 km ASC");
        check("GEOSEARCH g FROMLONLAT 10 40 BYBOX 20000 20000 km COUNT 1000");
        checkDistinct("GEOSEARCH g FROMLONLAT 10 40 BYBOX 20000 20000 km DESC", ELEMENTS, 1);
    }

    /** Neither search nor its store ends a node that has no memory for what was found. */
    @Test
    void shouldRefuseToFindMoreThanThereIsMemoryFor()
    {
        fill("GEOADD g", "%2$s %3$s place:%1$d", PLACES);
        check("ZRANDMEMBER g " + MANY);
        checkDistinct("ZRANDMEMBER g " + MANY + " WITHSCORES", MANY, 2);
        final OffHeap memory = harness.data.memory();
        final TakenMemory taken = new TakenMemory(memory);
        memory.limit(memory.reservedBytes());
        taken.takeAll();
        final String area = " FROMLONLAT 10 40 BYBOX 20000 20000 km";
        assertTrue(harness.line("GEOSEARCH g" + area).startsWith("-OOM"));
        assertTrue(harness.line("GEOSEARCHSTORE to g" + area).startsWith("-OOM"));
        assertEquals("", harness.streamed());
        assertEquals("*3", harness.line("GEOSEARCH g" + area + " COUNT 3 ANY").split("\r")[0]);
        taken.giveAll();
        assertEquals("*" + PLACES, harness.line("GEOSEARCH g" + area).split("\r")[0]);
    }

    /** A cursor above the positive numbers stands in front of what was found as any other does. */
    @Test
    void shouldGoOnWhereAStepHasEnded()
    {
        fill("HSET h", "field:%1$d value:%1$d");
        final Set<String> seen = new HashSet<>();
        String cursor = "0";
        do
        {
            final String[] lines = harness.line("HSCAN h " + cursor + " COUNT 700").split("\r\n");
            cursor = lines[2];
            for (int i = 5; i < lines.length; i += 4)
            {
                seen.add(lines[i]);
            }
        }
        while (!"0".equals(cursor));

        assertEquals(ELEMENTS, seen.size());
    }

    @Test
    void shouldTakeSourcesInTheOrderOfTheirSizes()
    {
        final StringBuilder keys = new StringBuilder();
        final StringBuilder weights = new StringBuilder(" WEIGHTS");
        final int sources = 700;
        long expected = 0;
        for (int i = 0; i < sources; i++)
        {
            final int size = 1 + i * 37 % 50;
            harness.line("ZADD z" + i + " " + i + " common" + " 1 x".repeat(size).replaceAll("x", "x" + i));
            for (int j = 1; j < size; j++)
            {
                harness.line("ZADD z" + i + " 1 other" + i + "-" + j);
            }

            harness.drain();
            keys.append(" z").append(i);
            weights.append(' ').append(i % 9);
            expected += (long)i * (i % 9);
        }

        assertEquals(":1\r\n", harness.line("ZINTERSTORE to " + sources + keys + weights));
        assertEquals("$" + Long.toString(expected).length() + "\r\n" + expected + "\r\n",
            harness.line("ZSCORE to common"));
    }
}
