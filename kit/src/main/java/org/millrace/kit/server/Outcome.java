package org.millrace.kit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a program ended that was run to its end.
 *
 * @param code   its exit code; 128 and the signal's number if one ended it.
 * @param output all that it printed, errors too; a byte is a character.
 */
public record Outcome(int code, String output)
{
    /** Runs a program, which has nothing to read. */
    public static Outcome of(final String... words)
    {
        return of(new ProcessBuilder(words));
    }

    /** Runs a program, which has nothing to read. */
    public static Outcome of(final List<String> words)
    {
        return of(new ProcessBuilder(words));
    }

    /** Runs what is prepared here. */
    public static Outcome of(final ProcessBuilder builder)
    {
        try
        {
            final Process process = builder.redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return new Outcome(process.waitFor(), output);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", ex);
        }
    }
}
