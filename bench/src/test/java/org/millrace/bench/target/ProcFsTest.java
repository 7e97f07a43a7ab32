package org.millrace.bench.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        Files.writeString(
            process.resolve("limits"),
            "Limit                     Soft Limit           Hard Limit           Units     \n" +
                "Max processes             10                   20                   processes \n" +
                "Max open files            1024                 4096                 files     \n");
        Files.write(process.resolve("cmdline"), new byte[]{'a', 0, '-', 'b', 0});
        final Path net = Files.createDirectory(root.resolve("net"));
        Files.writeString(
            net.resolve("tcp"),
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n" +
                "   0: 0100007F:18EB 00000000:0000 0A 00000000:00000007 00:00000000 00000000     0\n" +
                "   1: 0100007F:18EB 0100007F:9C40 01 00000100:00000020 00:00000000 00000000     0\n" +
                "   2: 0100007F:9C40 0100007F:18EB 01 00005000:00000001 00:00000000 00000000     0\n");
        Files.writeString(
            net.resolve("tcp6"),
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n" +
                "   0: 0000000000000000FFFF00000100007F:18EB 0000000000000000FFFF00000100007F:9C42 01 " +
                "00000003:00000000 00:00000000 00000000     0\n");
        Files.writeString(net.resolve("sockstat"), "sockets: used 70\nTCP: inuse 26 orphan 0 tw 720 alloc 51 mem 94\n");
        Files.writeString(root.resolve("meminfo"), "MemTotal:  10 kB\nMemAvailable:  7 kB\n");
        Files.writeString(root.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\n");
        procFs = new ProcFs(root, 100);
    }

    @Test
    void shouldReadTheTimeOfTheMachine() throws IOException
    {
        assertNull(procFs.machineUs());
        // user nice system idle iowait irq softirq steal guest guest_nice
        Files.writeString(root.resolve("stat"), "cpu  10 2 30 400 5 6 7 8 9 0\ncpu0 1 1 1 1\n");

        assertArrayEquals(new long[]{4_680_000, 420_000, 80_000}, procFs.machineUs());
    }

    @Test
    void shouldSayWhatOthersUsed()
    {
        // Of 100 s of two CPUs 30 s were in processes, 24 s of them ours, and 1 s was stolen.
        final MachineUse use = MachineUse.of(100_000_000, 30_000_000, 1_000_000, 24_000_000);
        assertEquals(0.06, use.othersShare(), 1e-9);
        assertEquals(0.01, use.stealShare(), 1e-9);
        assertTrue(use.isBusy());
        // Ticks of ours and of all are not read at one moment.
        assertEquals(0, MachineUse.of(100, 10, 0, 12).othersShare());
        assertFalse(MachineUse.of(100, 10, 5, 10).isBusy());
        assertNull(MachineUse.of(0, 0, 0, 0));
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
        assertEquals(
            new MemorySample(512 * 1024, 9 * 1024, 0x100 + 0x20 + 3),
            MemorySample.ofServer(procFs, PID, 0x18EB));
        assertEquals(new MemorySample(90 * 1024, 0, 0), MemorySample.ofChild(procFs, PID));
        assertEquals(7 * 1024, procFs.availableBytes());
    }

    @Test
    void shouldCountSocketMemoryOfOneEndOnly()
    {
        assertEquals(0x100 + 0x20 + 3, procFs.socketBytes(0x18EB));
        assertEquals(0x5000 + 1, procFs.socketBytes(0x9C40));
        assertEquals(0, procFs.socketBytes(1));
        assertEquals(94 * 4096, procFs.tcpBytes());
    }

    @Test
    void shouldReadLimitsAndTheCommandLine()
    {
        assertEquals(4096, procFs.descriptorLimit(PID));
        assertEquals(ProcFs.ABSENT, procFs.descriptorLimit(78));
        assertEquals(List.of("a", "-b"), procFs.commandLine(PID));
        assertEquals(List.of(), procFs.commandLine(78));
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
