package org.millrace.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.millrace.bench.target.MachineUse;

class MachineLogTest
{
    private static final MachineUse QUIET = new MachineUse(0.01, 0.02);
    private static final MachineUse BUSY = new MachineUse(0, 0.3);

    private final MachineLog log = new MachineLog();

    @Test
    void shouldTellBlocksOfOneServerSinceTheMark()
    {
        log.add("a", BUSY);
        log.mark();
        log.add("a", QUIET);
        log.add("b", QUIET);
        log.add("b", BUSY);
        log.add("b", (MachineUse)null);

        assertEquals("quiet", log.condition("a"));
        assertEquals("busy in 1 of 2", log.condition("b"));
    }

    @Test
    void shouldSummariseAllBlocks()
    {
        log.add("a", BUSY);
        log.mark();
        log.add("a", QUIET);

        assertEquals(List.of(new MachineLog.Summary("a", 2, 1, 0.01, 0.3)), log.summaries());
    }

    @Test
    void shouldSayHowTheMachineWasWhereTheSystemTells()
    {
        assumeTrue(Files.exists(Path.of("/proc/stat")));
        final long endNs = System.nanoTime() + 50_000_000;
        while (System.nanoTime() < endNs)
        {
            Thread.onSpinWait();
        }

        log.add("a", BUSY);
        assertTrue(log.doubt().contains("1 of 1 blocks were disturbed"), log.doubt());
        assertTrue(log.condition("unknown").matches("quiet|busy"), log.condition("unknown"));
    }
}
