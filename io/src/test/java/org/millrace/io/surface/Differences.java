package org.millrace.io.surface;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What differs in one area, and the checked list of what may. The list, {@code differences.txt}, has a heading in
 * brackets for each area; a line with a hash gives the reason of the patterns below it, up to the next reason. A pattern
 * covers a whole difference, {@code case => Redis's | ours}; a star stands for any text.
 * <p>
 * All differences of a run are in {@code target/surface/AREA.txt}, those that are listed, too.
 */
final class Differences
{
    private static final String RESOURCE = "differences.txt";
    private static final int SHOWN = 40;
    private static final int LENGTH_SHOWN = 300;

    private final String area;
    private final Set<String> found = new LinkedHashSet<>();

    Differences(final String area)
    {
        this.area = area;
    }

    /** Nothing if the two are the same. */
    void compare(final String what, final String redis, final String ours)
    {
        if (!redis.equals(ours))
        {
            found.add(Reply.escaped(what) + " => " + redis + " | " + ours);
        }
    }

    /** @return an empty text if each difference is listed and each line of the list still occurs; else what is not so. */
    String verdict()
    {
        write();
        final List<String> patterns = patterns();
        final List<Pattern> compiled = patterns.stream().map(Differences::compile).toList();
        final boolean[] isUsed = new boolean[patterns.size()];
        final List<String> unlisted = new ArrayList<>();
        for (final String difference : found)
        {
            boolean isListed = false;
            for (int i = 0; i < compiled.size(); i++)
            {
                if (compiled.get(i).matcher(difference).matches())
                {
                    isUsed[i] = true;
                    isListed = true;
                }
            }

            if (!isListed)
            {
                unlisted.add(difference);
            }
        }

        final StringBuilder text = new StringBuilder();
        if (!unlisted.isEmpty())
        {
            text.append(unlisted.size()).append(" differences of [").append(area).append("] are not listed:\n");
            unlisted.stream().limit(SHOWN).forEach((line) -> text.append("  ")
                .append(line, 0, Math.min(LENGTH_SHOWN, line.length())).append('\n'));
        }

        for (int i = 0; i < isUsed.length; i++)
        {
            if (!isUsed[i])
            {
                text.append("listed in [").append(area).append("], but there is no such difference: ")
                    .append(patterns.get(i)).append('\n');
            }
        }

        return text.toString();
    }

    private static Pattern compile(final String pattern)
    {
        final StringBuilder regex = new StringBuilder();
        for (final String part : pattern.split("\\*", -1))
        {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }

        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private List<String> patterns()
    {
        final List<String> patterns = new ArrayList<>();
        try (InputStream stream = Differences.class.getResourceAsStream(RESOURCE);
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII)))
        {
            boolean isOurs = false;
            boolean hasReason = false;
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                if (line.startsWith("["))
                {
                    isOurs = line.equals("[" + area + "]");
                    hasReason = false;
                }
                else if (line.startsWith("#"))
                {
                    hasReason = true;
                }
                else if (isOurs && !line.isBlank())
                {
                    if (!hasReason)
                    {
                        throw new IllegalStateException(RESOURCE + ": no reason above: " + line);
                    }

                    patterns.add(line);
                }
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(RESOURCE, e);
        }

        return patterns;
    }

    private void write()
    {
        try
        {
            final Path file = Path.of("target", "surface", area + ".txt");
            Files.createDirectories(file.getParent());
            Files.write(file, found, StandardCharsets.US_ASCII);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
