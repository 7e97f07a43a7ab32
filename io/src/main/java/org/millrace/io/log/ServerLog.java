package org.millrace.io.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.millrace.engine.counters.EventLog;

/**
 * Writes {@code <pid>:<role> <dd Mon yyyy HH:MM:SS.mmm> <level> <message>} lines. Safe to use from any thread: a line
 * is one write. A file that cannot be written loses lines, never the server.
 */
public final class ServerLog implements EventLog
{
    public static final int DEBUG = 0;
    public static final int VERBOSE = 1;
    public static final int NOTICE = 2;
    public static final int WARNING = 3;
    public static final int NOTHING = 4;

    /** Roles as the second field shows them. */
    public static final char STARTING = 'C';
    public static final char PRIMARY = 'M';
    public static final char REPLICA = 'S';
    public static final char SENTINEL = 'X';

    private static final String LEVEL_CHARS = ".-*#";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final long pid;
    private final LongSupplier wallMs;
    private final ZoneId zone;
    private final OutputStream standardOutput;
    private volatile Path file;
    private volatile int level = NOTICE;
    private volatile char role = STARTING;

    ServerLog(final long pid, final LongSupplier wallMs, final ZoneId zone, final OutputStream standardOutput)
    {
        this.pid = pid;
        this.wallMs = wallMs;
        this.zone = zone;
        this.standardOutput = standardOutput;
    }

    /** The log of this process, on standard output until {@link #file} says otherwise. */
    public static ServerLog ofProcess(final LongSupplier wallMs)
    {
        return new ServerLog(
            ProcessHandle.current().pid(),
            wallMs,
            ZoneId.systemDefault(),
            new FileOutputStream(FileDescriptor.out));
    }

    /** Appends to {@code file} from now on, or writes to standard output if it is null. */
    public void file(final Path file)
    {
        this.file = file;
    }

    /** Least important level that is written, {@link #DEBUG} to {@link #WARNING}; with {@link #NOTHING} none is. */
    public void level(final int level)
    {
        this.level = level;
    }

    /** What the node is from now on: {@link #PRIMARY} or {@link #REPLICA}. */
    public void role(final char role)
    {
        this.role = role;
    }

    public boolean isEnabled(final int messageLevel)
    {
        return messageLevel >= level;
    }

    @Override
    public void debug(final String message)
    {
        log(DEBUG, message);
    }

    @Override
    public void verbose(final String message)
    {
        log(VERBOSE, message);
    }

    @Override
    public void notice(final String message)
    {
        log(NOTICE, message);
    }

    @Override
    public void warning(final String message)
    {
        log(WARNING, message);
    }

    private void log(final int messageLevel, final String message)
    {
        if (isEnabled(messageLevel))
        {
            final StringBuilder line = new StringBuilder(message.length() + 48);
            line.append(pid).append(':').append(role).append(' ');
            appendTime(line);
            line.append(' ').append(LEVEL_CHARS.charAt(messageLevel)).append(' ');
            appendMessage(line, message);
            write(line.append('\n').toString());
        }
    }

    /** Writes text of several lines as it stands, at level notice. */
    public void raw(final String text)
    {
        if (isEnabled(NOTICE))
        {
            write(text);
        }
    }

    /** By hand: a formatter would load a hundred classes before the first line of a starting server. */
    private void appendTime(final StringBuilder line)
    {
        final long nowMs = wallMs.getAsLong();
        final LocalDateTime now = LocalDateTime.ofInstant(Instant.ofEpochMilli(nowMs), zone);
        final int month = 3 * (now.getMonthValue() - 1);
        appendNumber(line, now.getDayOfMonth(), 2).append(' ').append(MONTHS, month, month + 3).append(' ');
        appendNumber(line, now.getYear(), 4).append(' ');
        appendNumber(line, now.getHour(), 2).append(':');
        appendNumber(line, now.getMinute(), 2).append(':');
        appendNumber(line, now.getSecond(), 2).append('.');
        appendNumber(line, now.getNano() / 1_000_000, 3);
    }

    private static StringBuilder appendNumber(final StringBuilder line, final int value, final int width)
    {
        for (int limit = 10, i = 1; i < width; i++, limit *= 10)
        {
            if (value < limit)
            {
                line.append('0');
            }
        }

        return line.append(value);
    }

    /** A peer's words must not look like a line of ours. */
    private static void appendMessage(final StringBuilder line, final String message)
    {
        final int start = line.length();
        line.append(message);
        for (int i = start; i < line.length(); i++)
        {
            if ('\n' == line.charAt(i) || '\r' == line.charAt(i))
            {
                line.setCharAt(i, ' ');
            }
        }
    }

    private synchronized void write(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final Path target = file;
        try
        {
            if (null == target)
            {
                standardOutput.write(bytes);
                standardOutput.flush();
                return;
            }

            // Opened for each line, so that a log that was moved away is not followed.
            try (OutputStream output = Files.newOutputStream(
                target, StandardOpenOption.CREATE, StandardOpenOption.APPEND))
            {
                output.write(bytes);
            }
        }
        catch (final IOException ignore)
        {
            // Nowhere is left to say it: a full disk must not stop the server.
        }
    }
}
