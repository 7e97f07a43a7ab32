package org.millrace.io.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.millrace.io.file.HostFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory the control groups of this process leave it: the least limit of its own group and of those around it,
 * in either version. The groups' files are found as the kernel says where they are, since a process that is not in a
 * namespace of its own does not see its limit at the root.
 *
 * <p>The JDK knows this too (but for the groups around in most versions), and asking it costs a tenth of a second of
 * each start.
 */
final class CgroupMemory
{
    private static final int MOUNT_ROOT = 3;
    private static final int MOUNT_POINT = 4;
    private static final String[][] KINDS = {{"cgroup2", "", "memory.max"},
        {"cgroup", "memory", "memory.limit_in_bytes"}};

    private final Path process;

    /** @param process {@code /proc/self} but in tests. */
    CgroupMemory(final Path process)
    {
        this.process = process;
    }

    /** Bytes; {@link Long#MAX_VALUE} if there is no limit, or no such thing here. */
    long limit()
    {
        long limit = Long.MAX_VALUE;
        for (final String[] kind : KINDS)
        {
            try
            {
                limit = Math.min(limit, limit(kind[0], kind[1], kind[2]));
            }
            catch (final IOException e)
            {
                // No Linux, or no right to look: as if there were no limit.
                continue;
            }
        }

        return limit;
    }

    private long limit(final String type, final String controller, final String file) throws IOException
    {
        final String group = group(controller);
        if (null == group)
        {
            return Long.MAX_VALUE;
        }

        for (final String line : lines("mountinfo"))
        {
            final String[] halves = line.split(" - ", 2);
            final String[] left = halves[0].split(" ");
            final String[] right = halves.length < 2 ? new String[0] : halves[1].split(" ");
            if (right.length > 2 && type.equals(right[0]) && (controller.isEmpty() || has(right[2], controller)) &&
                group.startsWith(left[MOUNT_ROOT]))
            {
                final Path mount = HostFiles.path(left[MOUNT_POINT]);
                return least(mount, mount.resolve(HostFiles.path(relative(group, left[MOUNT_ROOT]))).normalize(), file);
            }
        }

        return Long.MAX_VALUE;
    }

    /** The group of this process, from the root of the hierarchy, or null. Lines are {@code number:controllers:/path}. */
    private String group(final String controller) throws IOException
    {
        for (final String line : lines("cgroup"))
        {
            final String[] fields = line.split(":", 3);
            if (3 == fields.length && has(fields[1], controller))
            {
                return fields[2];
            }
        }

        return null;
    }

    /** Other mounts and groups may have names of any bytes. */
    private List<String> lines(final String name) throws IOException
    {
        return Files.readAllLines(process.resolve(name), StandardCharsets.ISO_8859_1);
    }

    private static boolean has(final String controllers, final String controller)
    {
        return controller.isEmpty()
            ? controllers.isEmpty()
            : ("," + controllers + ",").contains("," + controller + ",");
    }

    private static String relative(final String group, final String mountRoot)
    {
        final String path = "/".equals(mountRoot) ? group : group.substring(mountRoot.length());
        return path.startsWith("/") ? path.substring(1) : path;
    }

    /** Of the group and all around it, up to the root. */
    private static long least(final Path mount, final Path group, final String file)
    {
        long least = Long.MAX_VALUE;
        for (Path at = group; null != at && at.startsWith(mount); at = at.getParent())
        {
            try
            {
                // Says "max" where there is none; version 1 has a number that no machine reaches.
                least = Math.min(least, Long.parseLong(Files.readString(at.resolve(file)).strip()));
            }
            catch (final IOException | NumberFormatException e)
            {
                // The root has no such file.
                continue;
            }
        }

        return least;
    }
}
