package org.millrace.io.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;

/**
 * How many clients the process's limit of open files leaves room for. Part of it is kept for the node itself: what is
 * open when it starts, and as much again as Redis keeps, for saves, spools, the ring, and links.
 */
public final class OpenFiles
{
    /** CONFIG_MIN_RESERVED_FDS. */
    private static final int RESERVED = 32;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final String LIMIT_NAME = "Max open files";

    private final long limit;
    private final long reserved;

    OpenFiles(final long limit, final long open)
    {
        this.limit = limit;
        this.reserved = open + RESERVED;
    }

    /** Of this process, now. */
    public static OpenFiles ofProcess()
    {
        return new OpenFiles(limitOfProcess(), openInProcess());
    }

    /** The soft limit, which the JVM has raised to the hard one; without bound if nobody says. */
    private static long limitOfProcess()
    {
        try
        {
            for (final String line : Files.readAllLines(LIMITS))
            {
                if (line.startsWith(LIMIT_NAME))
                {
                    return Long.parseLong(line.substring(LIMIT_NAME.length()).strip().split("\\s+")[0]);
                }
            }
        }
        catch (final IOException | NumberFormatException e)
        {
            // Not Linux, or "unlimited".
            return Long.MAX_VALUE;
        }

        return Long.MAX_VALUE;
    }

    private static long openInProcess()
    {
        long count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN))
        {
            for (final Path ignore : open)
            {
                count++;
            }
        }
        catch (final IOException e)
        {
            return 0;
        }

        return count;
    }

    /** As many clients as there is room for; 0 or less if there is none. */
    long clientsMax()
    {
        return limit - reserved;
    }

    /**
     * At start: lower {@code maxclients} to what there is room for, and say so.
     *
     * @return false if there is no room for a single client; the log says it.
     */
    public boolean adjust(final Config config, final EventLog log)
    {
        final long asked = config.number(ConfigOption.MAXCLIENTS);
        final long needed = asked + reserved;
        if (needed <= limit)
        {
            return true;
        }

        if (!hasRoom(config, log))
        {
            return false;
        }

        config.maxClients(clientsMax());
        log.warning(
            "You requested maxclients of " + asked + " requiring at least " + needed + " max file descriptors.");
        log.warning("Server can't set maximum open files to " + needed +
            " because of OS error: Operation not permitted.");
        log.warning("Current maximum open files is " + limit + ". maxclients has been reduced to " + clientsMax() +
            " to compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'.");
        return true;
    }

    /** Whether there is room for a single client; if not, the log says it. */
    public boolean hasRoom(final Config config, final EventLog log)
    {
        if (clientsMax() > 0)
        {
            return true;
        }

        log.warning("Your current 'ulimit -n' of " + limit + " is not enough for the server to start. Please " +
            "increase your open file limit to at least " + (config.number(ConfigOption.MAXCLIENTS) + reserved) +
            ". Exiting.");
        return false;
    }

    /** CONFIG SET maxclients: the reason why not, or null. */
    public String refusal(final Config config)
    {
        return config.number(ConfigOption.MAXCLIENTS) <= clientsMax()
            ? null
            : "The operating system is not able to handle the specified number of clients, try with " + clientsMax();
    }
}
