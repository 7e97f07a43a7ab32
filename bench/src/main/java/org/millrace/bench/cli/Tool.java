package org.millrace.bench.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * The frame around a program: its help, and how it ends if it cannot do what it was asked for.
 */
public final class Tool
{
    /** Exit code: done, and nothing is wrong. */
    public static final int OK = 0;

    /** Exit code: wrong arguments, or it could not be done. */
    public static final int NOT_DONE = 2;

    /** What the program does. */
    @FunctionalInterface
    public interface Body
    {
        /**
         * Runs it.
         *
         * @return exit code.
         * @throws IOException    if it cannot be done, with a text for the user.
         * @throws UsageException if it was asked for the wrong way.
         */
        int run() throws IOException;
    }

    private Tool()
    {
    }

    /** For main methods: numbers look the same everywhere, and commands in upper case are commands in Turkey too. */
    public static void forgetLocale()
    {
        Locale.setDefault(Locale.ROOT);
    }

    /**
     * Runs a program.
     *
     * @param name as the user calls it, such as "millrace bench".
     * @param err  for the line that says what is wrong.
     * @return exit code.
     */
    public static int run(final String name, final PrintStream err, final Body body)
    {
        try
        {
            return body.run();
        }
        catch (final UsageException ex)
        {
            err.println(name + ": " + ex.getMessage() + " (" + name + " --help)");
            return NOT_DONE;
        }
        catch (final IOException | UncheckedIOException ex)
        {
            err.println(name + ": " + text(ex));
            return NOT_DONE;
        }
    }

    /** What went wrong, for the user: errors of the file system say only which file. */
    public static String text(final Exception ex)
    {
        final String message = ex.getMessage();
        return ex instanceof java.nio.file.AccessDeniedException
            ? "may not be written to: " + message
            : ex instanceof java.nio.file.NoSuchFileException
                ? "no such file: " + message
                : ex instanceof java.nio.file.FileAlreadyExistsException
                    ? "is in the way: " + message
                    : null == message ? ex.toString() : message;
    }
}
