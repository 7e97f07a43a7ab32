package org.millrace.io.check;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What is said of a file: lines that begin with its name once, and are indented then. Names are bytes, as configuration text. */
final class Report
{
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
        .withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final double KILO = 1000;

    private final PrintStream out;

    Report(final PrintStream out)
    {
        this.out = out;
    }

    /** What the lines that follow are about. */
    void title(final String name, final String text)
    {
        line(name + ": " + text);
    }

    void detail(final String text)
    {
        line("  " + text);
    }

    /** Something is wrong. @return false. */
    boolean bad(final String name, final String reason)
    {
        line(name + ": BAD: " + reason);
        return false;
    }

    private void line(final String text)
    {
        final byte[] bytes = (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    static String count(final long number)
    {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** As {@code 12.3 MB}. */
    static String bytes(final long number)
    {
        double value = number;
        int unit = 0;
        while (value >= KILO && unit + 1 < UNITS.length)
        {
            value /= KILO;
            unit++;
        }

        return 0 == unit ? number + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    static String time(final long epochSeconds)
    {
        return TIME.format(Instant.ofEpochSecond(epochSeconds));
    }
}
