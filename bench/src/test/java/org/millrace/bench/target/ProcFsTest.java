package org.millrace.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFsTest
{
    private static final long PID = 77;

    @TempDir
    private Path root;
    private ProcFs procFs;

    @BeforeEach
    void writeFixture() throws IOException
    {
        final Path process = Files.createDirectory(root.resolve("77"));
        // The name holds what would confuse a careless reader.
        Files.writeString(
            process.resolve("stat"),
            "77 (a) b (c) S 1 77 77 0 -1 4194560 900 0 3 0 250 31 7 2 20 0 4 0 12345 99 88\n");
        Files.writeString(
            process.resolve("status"),
            "Name:\tredis-server\nVmHWM:\t   2048 kB\nVmRSS:\t    1024 kB\nRssAnon:\t     512 kB\nRssFile:\t     9 kB\n");
        Files.writeString(
            process.resolve("smaps_rollup"),
            "0-1 ---p 0 00:00 0 [rollup]\nPss:   300 kB\nPrivate_Clean:   5 kB\nPrivate_Dirty:   90 kB\n");
        Files.writeString(root.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\n");
        procFs = new ProcFs(root, 100);
    }

    @Test
    void shouldAddUserSystemAndChildrenTime()
    {
        assertEquals((250 + 31 + 7 + 2) * 10_000, procFs.cpuUs(PID));
    }

    @Test
    void shouldReadSizesInBytes()
    {
        assertEquals(1024 * 1024, procFs.statusBytes(PID, "VmRSS"));
        assertEquals(512 * 1024, procFs.statusBytes(PID, "RssAnon"));
        assertEquals(300 * 1024, procFs.rollupBytes(PID, "Pss"));
        assertEquals(new MemorySample(512 * 1024, 9 * 1024), MemorySample.ofServer(procFs, PID));
        assertEquals(new MemorySample(90 * 1024, 0), MemorySample.ofChild(procFs, PID));
    }

    @Test
    void shouldSayWhenANumberIsAbsent()
    {
        assertEquals(ProcFs.ABSENT, procFs.cpuUs(78));
        assertEquals(ProcFs.ABSENT, procFs.statusBytes(PID, "RssShmem"));
        assertEquals("Some CPU @ 3 GHz", procFs.machineText("cpuinfo", "model name"));
        assertEquals("unknown", procFs.machineText("cpuinfo", "flavour"));
    }

    @Test
    void shouldReadThisProcessWhereThereIsProc()
    {
        final ProcFs real = ProcFs.ofThisMachine();
        final long pid = ProcessHandle.current().pid();
        final boolean isLinux = Files.exists(Path.of("/proc/self/stat"));

        assertEquals(isLinux, real.cpuUs(pid) > 0);
        assertEquals(isLinux, real.statusBytes(pid, "VmRSS") > 1_000_000);
        assertTrue(real.statusBytes(pid, "NoSuchName") == ProcFs.ABSENT);
    }
}
