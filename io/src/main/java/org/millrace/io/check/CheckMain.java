package org.millrace.io.check;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.io.file.HostFiles;

/** {@code millrace check FILE...}: what is in files of data, and whether a server could load them. */
public final class CheckMain
{
    /** Exit code: all is right. */
    public static final int RIGHT = 0;
    /** Exit code: something is wrong, with what or how it is loaded. */
    public static final int WRONG = 1;
    /** Exit code: wrong arguments. */
    public static final int MISUSED = 2;

    private static final String USAGE = """
        usage: millrace check FILE... [--big N]
          FILE     a snapshot (RDB), an append-only file, the manifest of some, or a directory that has such
          --big N  how many of the biggest keys of a snapshot are named (default 5)
        Tells what is in them, and the first byte that a server could not load; changes nothing.
        exit code: 0 all is right, 1 something is wrong, 2 wrong arguments
        """;
    private static final Path ERROR_STREAM = Path.of("/proc/self/fd/2");
    private static final int BIGGEST = 5;
    private static final int BIGGEST_MAX = 100_000;

    private CheckMain()
    {
    }

    public static void main(final String[] arguments)
    {
        Locale.setDefault(Locale.ROOT);
        HostFiles.nameWorkingDirectory();
        System.exit(run(HostFiles.arguments(arguments), System.out, System.err, isTerminal()));
    }

    /** Whether what goes to the error stream is seen at once. A console of the JVM does not say it in all versions. */
    private static boolean isTerminal()
    {
        try
        {
            return Files.readSymbolicLink(ERROR_STREAM).toString().matches("/dev/(pts/.*|tty.*|console)");
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    /** @param isWatched whether the error stream is a terminal. */
    static int run(final String[] arguments, final PrintStream out, final PrintStream err, final boolean isWatched)
    {
        final List<Path> files = new ArrayList<>();
        int biggest = BIGGEST;
        for (int i = 0; i < arguments.length; i++)
        {
            if ("--help".equals(arguments[i]))
            {
                out.print(USAGE);
                return RIGHT;
            }

            if ("--big".equals(arguments[i]))
            {
                i++;
                biggest = i < arguments.length ? number(arguments[i]) : -1;
            }
            else
            {
                files.add(HostFiles.path(arguments[i]));
            }
        }

        if (files.isEmpty() || biggest < 0)
        {
            err.print(USAGE);
            return MISUSED;
        }

        final FileCheck check = new FileCheck(new Report(out), new ProgressLine(isWatched ? err : null), biggest);
        boolean isRight = true;
        for (final Path file : files)
        {
            isRight &= check.check(file);
        }

        return isRight ? RIGHT : WRONG;
    }

    /** -1 for what is none. */
    private static int number(final String text)
    {
        return text.matches("\\d{1,6}") ? Math.min(BIGGEST_MAX, Integer.parseInt(text)) : -1;
    }
}
