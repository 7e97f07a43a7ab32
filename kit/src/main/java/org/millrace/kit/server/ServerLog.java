package org.millrace.kit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that a server's output goes to, in all its lives. A byte is a character. May be read while it grows.
 */
public final class ServerLog
{
    private final Path file;

    ServerLog(final Path file)
    {
        this.file = file;
    }

    /** Where it is. */
    public Path file()
    {
        return file;
    }

    /** All of it, empty before the first start. */
    public String text()
    {
        try
        {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** How often this stands in it. */
    public int count(final String text)
    {
        final String log = text();
        int found = 0;
        for (int at = log.indexOf(text); at >= 0; at = log.indexOf(text, at + text.length()))
        {
            found++;
        }

        return found;
    }

    /** Its last lines. */
    public List<String> tail(final int lines)
    {
        final List<String> all = text().lines().toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }
}
