package org.millrace.io.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The comparison, area by area; the order matters as the areas leave statistics behind. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SurfaceTest
{
    private static final int TTL_KEYS = 20_000;

    private static Pair pair;

    @BeforeAll
    static void start(@TempDir final Path directory)
    {
        pair = new Pair(directory);
    }

    @AfterAll
    static void end()
    {
        pair.close();
    }

    /** What monitoring asks first; a ratio of 1.5 is a common alarm. */
    @Test
    @Order(0)
    void shouldNotAlarmWhoWatchesAnEmptyServer()
    {
        final double ratio = Double.parseDouble(InfoArea.field(pair.millrace, "mem_fragmentation_ratio"));
        assertTrue(ratio >= 0.9 && ratio <= 1.1, "mem_fragmentation_ratio " + ratio);
        final long allocated = figure("allocator_allocated");
        final long active = figure("allocator_active");
        final long resident = figure("allocator_resident");
        assertTrue(
            0 < allocated && allocated <= active && active <= resident && resident <= figure("used_memory_rss"),
            "allocated " + allocated + ", active " + active + ", resident " + resident);
        assertEquals(resident - allocated, figure("mem_fragmentation_bytes"));
    }

    @Test
    @Order(0)
    void shouldKnowHowLongKeysHaveToLive()
    {
        final List<List<String>> commands = new ArrayList<>();
        for (int i = 0; i < TTL_KEYS; i++)
        {
            commands.add(List.of("SET", "ttl" + i, "v", "EX", i % 2 == 0 ? "1000" : "3000"));
        }

        pair.millrace.pipeline(commands);
        pair.millrace.call("SET", "forever", "v");
        final String[] words = InfoArea.field(pair.millrace, "db0").split("[=,]");
        assertEquals("keys " + (TTL_KEYS + 1) + " expires " + TTL_KEYS + " avg_ttl",
            String.join(" ", List.of(words).subList(0, 5)));
        final long average = Long.parseLong(words[5]);
        assertTrue(average > 1_900_000 && average <= 2_000_000, "avg_ttl " + average);
        pair.millrace.call("FLUSHALL");
        assertNull(InfoArea.field(pair.millrace, "db0"));
    }

    private static long figure(final String name)
    {
        return Long.parseLong(InfoArea.field(pair.millrace, name));
    }

    @Test
    @Order(1)
    void shouldShowTheSameFieldsInInfo()
    {
        run("info", (servers, differences) -> new InfoArea(servers, differences).run());
    }

    @Test
    @Order(2)
    void shouldDescribeTheSameCommands()
    {
        run("rows", (servers, differences) -> new RowsArea(servers, differences).run());
    }

    @Test
    @Order(3)
    void shouldFindTheSameKeysInCommands()
    {
        run("keys", (servers, differences) -> new KeysArea(servers, differences).run());
    }

    @Test
    @Order(4)
    void shouldAnswerTheSameInContainers()
    {
        run("containers", (servers, differences) -> new ContainersArea(servers, differences).run());
    }

    @Test
    @Order(5)
    void shouldAnswerTheSameToEveryCall()
    {
        run("calls", (servers, differences) -> new CallsArea(servers, differences).run());
    }

    @Test
    @Order(6)
    void shouldRefuseTheSameInEachState()
    {
        run("states", (servers, differences) -> new StatesArea(servers, differences).run());
    }

    @Test
    @Order(7)
    void shouldTreatOptionsTheSame()
    {
        run("config", (servers, differences) -> new ConfigArea(servers, differences).run());
    }

    private static void run(final String area, final BiConsumer<Pair, Differences> comparison)
    {
        final Differences differences = new Differences(area);
        comparison.accept(pair, differences);
        assertEquals("", differences.verdict());
    }
}
