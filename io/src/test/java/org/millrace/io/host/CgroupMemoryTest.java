package org.millrace.io.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.file.HostFiles;

class CgroupMemoryTest
{
    private static final String NO_LIMIT_V1 = "9223372036854771712";

    @TempDir
    private Path root;

    @Test
    void shouldTakeTheLeastOfTheGroupsAroundInVersion2() throws IOException
    {
        process("0::/system.slice/app.service", mount("/", "fs", "cgroup2", "rw"));
        write("fs/system.slice/memory.max", "400000000");
        write("fs/system.slice/app.service/memory.max", "max");

        assertEquals(400_000_000, limit());

        write("fs/system.slice/app.service/memory.max", "300000000");
        assertEquals(300_000_000, limit());
    }

    @Test
    void shouldTakeTheLimitOfVersion1BesideAnEmptyVersion2() throws IOException
    {
        process(
            "5:cpu,cpuacct:/other\n4:memory:/group/own\n1:name=systemd:/\n0::/",
            mount("/", "cpu", "cgroup", "rw,cpu,cpuacct"),
            mount("/", "mem", "cgroup", "rw,memory"),
            mount("/", "unified", "cgroup2", "rw"));
        write("mem/memory.limit_in_bytes", NO_LIMIT_V1);
        write("mem/group/memory.limit_in_bytes", NO_LIMIT_V1);
        write("mem/group/own/memory.limit_in_bytes", "419430400");
        write("cpu/other/memory.limit_in_bytes", "1");

        assertEquals(419_430_400, limit());
    }

    /** A container that has the host's names: only its own part of the hierarchy is mounted. */
    @Test
    void shouldFindAGroupWhosePartOfTheTreeIsMounted() throws IOException
    {
        process("4:memory:/docker/0123/sub", mount("/docker/0123", "mem", "cgroup", "rw,memory"));
        write("mem/memory.limit_in_bytes", "500000000");
        write("mem/sub/memory.limit_in_bytes", NO_LIMIT_V1);

        assertEquals(500_000_000, limit());
    }

    /** A namespace of its own: the group is the root, and its limit stands there. */
    @Test
    void shouldFindTheLimitAtTheRootOfANamespace() throws IOException
    {
        process("0::/", mount("/", "fs", "cgroup2", "rw"));
        write("fs/memory.max", "600000000");

        assertEquals(600_000_000, limit());
    }

    @Test
    void shouldSeeNoLimitWhereThereIsNone() throws IOException
    {
        assertEquals(Long.MAX_VALUE, limit());
        process("0::/", mount("/", "fs", "cgroup2", "rw"));
        assertEquals(Long.MAX_VALUE, limit());
        process("garbage", "more garbage");
        assertEquals(Long.MAX_VALUE, limit());
    }

    /** A volume with an accent in its name must not hide the limit; nor must one in the group's. */
    @Test
    void shouldReadNamesOfAnyBytes() throws IOException
    {
        write("mountinfo", "1 2 0:3 / /media/jos\u00FF rw - ext4 /dev/sda rw\n" + mount("/", "fs", "cgroup2", "rw"));
        write("cgroup", "0::/jos\u00E9");
        write("fs/jos\u00E9/memory.max", "700000000");

        assertEquals(700_000_000, limit());
    }

    /** In whatever group the tests run: never more than the JDK says, which looks at the own group. */
    @Test
    void shouldAgreeWithTheJdk()
    {
        final long jdk = ((OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();

        assertTrue(ProcessFigures.machineBytes() > 0 && ProcessFigures.machineBytes() <= jdk,
            ProcessFigures.machineBytes() + " of " + jdk);
    }

    private long limit()
    {
        return new CgroupMemory(root).limit();
    }

    private void process(final String groups, final String... mounts) throws IOException
    {
        write("cgroup", groups);
        write("mountinfo", String.join("\n", mounts));
    }

    private String mount(final String mountRoot, final String point, final String type, final String options)
    {
        return "35 31 0:32 " + mountRoot + " " + root.resolve(point) + " rw,relatime shared:9 - " + type + " " + type +
            " " + options;
    }

    private void write(final String name, final String text) throws IOException
    {
        final Path file = root.resolve(HostFiles.path(name));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n", StandardCharsets.ISO_8859_1);
    }
}
