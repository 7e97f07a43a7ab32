package org.millrace.io.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.millrace.kit.server.Outcome;

/**
 * Commands for {@code /bin/sh}, made of ASCII only, so that the locale of the tests' own JVM does not matter: other
 * bytes stand in them as octal numbers.
 */
public final class Shell
{
    private static final int ASCII_MAX = 0x7E;

    /** A shell has SIGINT ignored in what it starts in its background, and who inherits that cannot take it back. */
    private static final List<String> DEFAULT_INT = List.of("env", "--default-signal=INT");
    private static final List<String> DEFAULT_SIGNALS = defaultSignals();

    private Shell()
    {
    }

    /** One word of a command. @param word each character is a byte; it does not end with a line feed. */
    public static String quote(final String word)
    {
        if (word.chars().allMatch((c) -> c >= ' ' && c <= ASCII_MAX))
        {
            return "'" + word.replace("'", "'\\''") + "'";
        }

        final StringBuilder octal = new StringBuilder("\"$(printf '%b' '");
        for (final byte b : word.getBytes(ISO_8859_1))
        {
            final int c = b & 0xFF;
            octal.append("\\0").append((char)('0' + (c >> 6))).append((char)('0' + (c >> 3 & 7)))
                .append((char)('0' + (c & 7)));
        }

        return octal.append("')\"").toString();
    }

    /** Words of a command. */
    public static String quote(final List<String> words)
    {
        final StringBuilder text = new StringBuilder();
        words.forEach((word) -> text.append(text.isEmpty() ? "" : " ").append(quote(word)));
        return text.toString();
    }

    /** The command that runs this script. */
    static List<String> command(final String script)
    {
        return List.of("/bin/sh", "-c", script);
    }

    /** The same where a signal is for the script's program, though the tests run in the background of a shell. */
    static List<String> attended(final String script)
    {
        final List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
        command.addAll(command(script));
        return command;
    }

    private static List<String> defaultSignals()
    {
        final boolean isHeld = 0 == run(String.join(" ", DEFAULT_INT) + " true", new StringBuilder());
        return isHeld ? DEFAULT_INT : List.of();
    }

    /** Runs a script to its end. @return what it printed, a character a byte. @throws AssertionError if it fails. */
    public static String run(final String script)
    {
        final StringBuilder output = new StringBuilder();
        final int code = run(script, output);
        if (0 != code)
        {
            throw new AssertionError(script + " ended with " + code + ": " + output);
        }

        return output.toString();
    }

    /** @return the exit code. */
    static int run(final String script, final StringBuilder output)
    {
        final Outcome outcome = Outcome.of(command(script));
        output.append(outcome.output());
        return outcome.code();
    }

    /** The names in a directory, sorted by their bytes; a character a byte. */
    public static List<String> list(final String directory)
    {
        final List<String> names = new ArrayList<>();
        for (final String name : run("LC_ALL=C ls -A " + quote(directory)).split("\n"))
        {
            if (!name.isEmpty())
            {
                names.add(name);
            }
        }

        return names;
    }
}
