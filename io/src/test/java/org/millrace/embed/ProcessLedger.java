package org.millrace.embed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.millrace.engine.memory.Memory;

/** What this process holds of all that a node takes: to be the same when a node has been opened and closed. */
final class ProcessLedger
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String BUFFERS = " buffers";
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MAPS = Path.of("/proc/self/maps");

    private final Path directory;

    /** @param directory of the nodes: no file in it may stay open or mapped. */
    ProcessLedger(final Path directory)
    {
        this.directory = directory;
    }

    /**
     * What there is more of than then, once things that end a little later have had time to; empty if nothing is left.
     *
     * @param nodes that were opened since: direct memory counts as left if each has left a buffer or so, as the JDK
     *            keeps some for itself.
     */
    Map<String, String> leftSince(final Map<String, Long> before, final int nodes)
    {
        final long endNs = System.nanoTime() + LIMIT_NS;
        Map<String, String> left;
        while (!(left = left(before, take(), nodes)).isEmpty() && System.nanoTime() - endNs < 0)
        {
            LockSupport.parkNanos(PAUSE_NS);
        }

        return left;
    }

    /** Amounts by name. Direct memory is what is left of it after a collection. */
    Map<String, Long> take()
    {
        System.gc();
        final Map<String, Long> figures = new TreeMap<>();
        figures.put("off-heap blocks", Memory.liveBlocks());
        for (final BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
        {
            figures.put(pool.getName() + BUFFERS, pool.getCount());
        }

        for (final Thread thread : Thread.getAllStackTraces().keySet())
        {
            if (thread.getName().startsWith("millrace"))
            {
                figures.merge("thread " + thread.getName(), 1L, Long::sum);
            }
        }

        try (Stream<Path> links = Files.list(DESCRIPTORS))
        {
            links.forEach((link) -> figures.merge(kind(link), 1L, Long::sum));
            try (Stream<String> maps = Files.lines(MAPS))
            {
                maps.filter((line) -> line.contains(directory.toString()))
                    .forEach((line) -> figures.merge("mapped files", 1L, Long::sum));
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }

        return figures;
    }

    /** Sockets and pipes have numbers, which differ from one to the next. */
    private static String kind(final Path link)
    {
        try
        {
            final String target = Files.readSymbolicLink(link).toString();
            return "descriptors of " + (target.startsWith("/proc/") ? "/proc" : target.replaceAll(":\\[\\d+]$", ""));
        }
        catch (final IOException e)
        {
            // That of the listing itself, closed meanwhile.
            return "descriptors of /proc";
        }
    }

    private static Map<String, String> left(
        final Map<String, Long> before, final Map<String, Long> after, final int nodes)
    {
        final Map<String, String> left = new TreeMap<>();
        after.forEach((name, value) ->
        {
            final long former = before.getOrDefault(name, 0L);
            if (value >= former + (name.endsWith(BUFFERS) ? Math.max(1, nodes / 2) : 1))
            {
                left.put(name, former + " -> " + value);
            }
        });
        return left;
    }
}
