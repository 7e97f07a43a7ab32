package org.millrace.io.surface;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a redis-server 7.2.5 answered: the version that Millrace follows, where the one beside it is older. */
final class Captured
{
    private Captured()
    {
    }

    /** Lines of a resource: the first word, and the rest. */
    static Map<String, String> lines(final String resource)
    {
        final Map<String, String> lines = new LinkedHashMap<>();
        try (InputStream stream = Captured.class.getResourceAsStream(resource);
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII)))
        {
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                if (!line.startsWith("#"))
                {
                    final int blank = line.indexOf(' ');
                    lines.put(
                        blank < 0 ? line : line.substring(0, blank), blank < 0 ? "" : line.substring(blank + 1));
                }
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(resource, e);
        }

        return lines;
    }
}
