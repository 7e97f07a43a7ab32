package org.millrace.io.config;

import java.nio.file.Path;
import java.util.List;
import org.millrace.engine.config.ConfigLine;
import org.millrace.engine.config.ConfigOption;
import org.millrace.io.file.HostFiles;

/**
 * The arguments of the server, read as redis-server 7 reads them. Immutable.
 * <p>
 * An optional file comes first. Each word that starts with two dashes begins an option, unless the option before it
 * still lacks its value; everything up to the next one is its value. The options become lines of a configuration
 * file that is read last, so that they win. A single dash as first or last word means standard input.
 */
public final class CommandLine
{
    /** How the text of an option begins that redis-server does not have. */
    private static final String OWN = "Millrace: ";

    /** What the arguments ask for. */
    public enum Action
    {
        /** Start the server. */
        RUN,

        /** Print the version. */
        VERSION,

        /** Print how to use it. */
        USAGE,

        /** Something redis-server has and Millrace has not. */
        REFUSED
    }

    private final Action action;
    private final Path file;
    private final boolean isStandardInputRead;
    private final String options;
    private final boolean isEmpty;

    private CommandLine(
        final Action action,
        final Path file,
        final boolean isStandardInputRead,
        final String options,
        final boolean isEmpty)
    {
        this.action = action;
        this.file = file;
        this.isStandardInputRead = isStandardInputRead;
        this.options = options;
        this.isEmpty = isEmpty;
    }

    /**
     * Reads {@code args}; a relative file is one of {@code directory}.
     *
     * @param args as configuration text.
     */
    public static CommandLine parse(final String[] args, final Path directory)
    {
        final Action action = args.length > 0 ? action(args[0]) : Action.RUN;
        if (Action.RUN != action)
        {
            return new CommandLine(action, null, false, "", false);
        }

        final boolean hasFile = args.length > 0 && !args[0].startsWith("-");
        final Path file = hasFile ? directory.resolve(HostFiles.path(args[0])).normalize() : null;
        final StringBuilder options = new StringBuilder();
        boolean isStandardInputRead = false;
        boolean isValueMissing = false;
        for (int i = hasFile ? 1 : 0; i < args.length; i++)
        {
            final String word = args[i];
            if ("-".equals(word) && (0 == i || args.length - 1 == i))
            {
                isStandardInputRead = true;
            }
            else if (!isValueMissing && word.startsWith("--"))
            {
                isValueMissing = appendName(options, word, i + 1 < args.length ? args[i + 1] : null);
            }
            else
            {
                options.append(ConfigLine.quote(word)).append(' ');
                isValueMissing = false;
            }
        }

        return new CommandLine(action, file, isStandardInputRead, options.toString(), 0 == args.length);
    }

    private static Action action(final String first)
    {
        return switch (first)
        {
            case "-v", "--version" -> Action.VERSION;
            case "-h", "--help" -> Action.USAGE;
            case "--test-memory", "--check-system" -> Action.REFUSED;
            default -> Action.RUN;
        };
    }

    /** Begins a line; answers whether the next word is a value whatever it looks like. */
    private static boolean appendName(final StringBuilder options, final String word, final String next)
    {
        options.append(options.length() > 0 ? "\n" : "").append(word, 2, word.length()).append(' ');

        final List<String> words = ConfigLine.split(word);
        if (null == words || 1 != words.size())
        {
            // "--port 6380" in one argument.
            return false;
        }

        // Scripts write --save without a value where they mean --save "".
        final boolean isLast = null == next || next.startsWith("--");
        if (isLast && "--save".equalsIgnoreCase(word))
        {
            options.append("\"\"");
            return false;
        }

        return !(isLast && "--sentinel".equalsIgnoreCase(word));
    }

    public Action action()
    {
        return action;
    }

    /** No argument at all: the server says that it runs on defaults. */
    public boolean isEmpty()
    {
        return isEmpty;
    }

    /** Absolute path of the configuration file, or null. */
    Path file()
    {
        return file;
    }

    boolean isStandardInputRead()
    {
        return isStandardInputRead;
    }

    /** The options as lines of a configuration file. */
    String options()
    {
        return options;
    }

    /** What {@code --help} prints. */
    public static String usage()
    {
        final StringBuilder text = new StringBuilder("""
            Usage: ./millrace server [/path/to/redis.conf] [options] [-]
                   ./millrace server -            reads the configuration from standard input
                   ./millrace server -v           prints the version, as --version does
                   ./millrace server -h           prints this text, as --help does

            Options are the directives of redis.conf with two dashes before them:
                   ./millrace server --port 7777 --replicaof 127.0.0.1 8888
                   ./millrace server redis.conf --loglevel verbose --save ""
                   echo 'maxmemory 128mb' | ./millrace server -

            Options of Millrace's own:
            """);
        for (final ConfigOption option : ConfigOption.values())
        {
            if (option.isOwn())
            {
                final String[] words = option.words();
                text.append("  --").append(option.optionName()).append(' ')
                    .append(0 == words.length ? "<value>" : String.join("|", words)).append("\n      ")
                    .append(option.doc().substring(OWN.length())).append('\n');
            }
        }

        return text.toString();
    }
}
