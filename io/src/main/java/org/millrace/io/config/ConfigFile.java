package org.millrace.io.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.millrace.engine.acl.UserLines;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigLine;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.ConfigStore;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.TextFiles;

/**
 * The configuration file the server was started with, if any: loaded once on the starting thread, rewritten by the
 * writer thread on CONFIG REWRITE.
 */
public final class ConfigFile implements ConfigStore
{
    /** Files that include each other would never end. */
    private static final int INCLUDE_DEPTH_MAX = 32;

    private final Path file;

    private ConfigFile(final Path file)
    {
        this.file = file;
    }

    /**
     * Fills {@code config} from file, standard input and options in that order, later lines winning, and concludes
     * it.
     */
    public static ConfigFile load(final CommandLine commandLine, final Config config, final InputStream standardInput)
        throws ConfigFileException
    {
        final StringBuilder text = new StringBuilder();
        if (null != commandLine.file())
        {
            text.append(read(commandLine.file()));
        }

        if (commandLine.isStandardInputRead())
        {
            try
            {
                text.append(new String(standardInput.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
            catch (final IOException ex)
            {
                throw ConfigFileException.unreadable("-", HostFiles.reason(ex));
            }
        }

        // The empty line is Redis's: without a file, the first option is line 2 of an error message.
        text.append('\n').append(commandLine.options());
        final OptionLines given = new OptionLines();
        loadText(text.toString(), config, given, 0);
        conclude(config, given);
        return new ConfigFile(commandLine.file());
    }

    private static void conclude(final Config config, final OptionLines given) throws ConfigFileException
    {
        try
        {
            config.conclude();
        }
        catch (final ConfigException ex)
        {
            throw given.blame(ex);
        }

        final String logFile = config.text(ConfigOption.LOGFILE);
        if (!logFile.isEmpty())
        {
            try
            {
                Files.newOutputStream(
                    HostFiles.path(config.path(logFile)),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND).close();
            }
            catch (final IOException ex)
            {
                throw ConfigFileException.inGeneral("Can't open the log file: " + HostFiles.reason(ex));
            }
        }
    }

    private static void loadText(final String text, final Config config, final OptionLines given, final int depth)
        throws ConfigFileException
    {
        final String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++)
        {
            final String line = lines[i].strip();
            if (line.isEmpty() || '#' == line.charAt(0))
            {
                continue;
            }

            try
            {
                given.next(i + 1, line);
                loadLine(line, config, given, depth);
            }
            catch (final ConfigException ex)
            {
                throw ConfigFileException.atLine(i + 1, line, ex.getMessage());
            }
        }
    }

    private static void loadLine(
        final String line, final Config config, final OptionLines given, final int depth)
        throws ConfigException, ConfigFileException
    {
        final List<String> words = ConfigLine.split(line);
        if (null == words)
        {
            throw new ConfigException("Unbalanced quotes in configuration line");
        }

        if (words.isEmpty())
        {
            return;
        }

        final ConfigOption option = ConfigOption.byName(words.get(0));
        final List<String> values = words.subList(1, words.size());
        if (null == option)
        {
            throw new ConfigException("Bad directive or wrong number of arguments");
        }

        given.take(option);
        if (ConfigOption.USER == option)
        {
            refuse(UserLines.refusal(values, config.users()));
        }

        if (ConfigOption.INCLUDE == option && 1 == values.size())
        {
            include(config, given, values.get(0), depth + 1);
        }
        else if (option.isMultiple() && 1 == values.size() && !values.get(0).isEmpty())
        {
            // save "60 1" is one argument of two words.
            final List<String> inner = ConfigLine.split(values.get(0));
            config.load(option, null == inner ? List.of() : inner);
        }
        else
        {
            config.load(option, values);
        }
    }

    private static void refuse(final String reason) throws ConfigException
    {
        if (null != reason)
        {
            throw new ConfigException(reason);
        }
    }

    private static void include(
        final Config config, final OptionLines given, final String name, final int depth)
        throws ConfigException, ConfigFileException
    {
        if (depth > INCLUDE_DEPTH_MAX)
        {
            throw new ConfigException("Too many levels of include");
        }

        final Path path = hostPath(config.path(name));
        final StringBuilder text = new StringBuilder();
        for (final Path each : ShellPattern.isPattern(name) ? matches(path) : List.of(path))
        {
            text.append(read(each));
        }

        loadText(text.toString(), config, given, depth);
    }

    private static Path hostPath(final String text) throws ConfigException
    {
        try
        {
            return HostFiles.path(text);
        }
        catch (final InvalidPathException ex)
        {
            throw new ConfigException(ex.getMessage());
        }
    }

    /** Files that match a pattern, sorted; patterns in the directory part are matched level by level. */
    private static List<Path> matches(final Path pattern)
    {
        List<Path> found = List.of(pattern.getRoot());
        for (final Path name : pattern)
        {
            final List<Path> next = new ArrayList<>();
            for (final Path parent : found)
            {
                addMatches(parent, HostFiles.text(name), next);
            }

            Collections.sort(next);
            found = next;
        }

        return found;
    }

    private static void addMatches(final Path parent, final String name, final List<Path> next)
    {
        if (!ShellPattern.isPattern(name))
        {
            final Path child = parent.resolve(HostFiles.path(name));
            if (Files.exists(child))
            {
                next.add(child);
            }

            return;
        }

        final ShellPattern pattern = new ShellPattern(name);
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent))
        {
            for (final Path each : stream)
            {
                if (pattern.matches(HostFiles.text(each.getFileName())))
                {
                    next.add(each);
                }
            }
        }
        catch (final IOException ignore)
        {
            // A directory that cannot be read matches nothing, as in the shell.
        }
    }

    private static String read(final Path path) throws ConfigFileException
    {
        try
        {
            return TextFiles.read(path);
        }
        catch (final IOException ex)
        {
            throw ConfigFileException.unreadable(HostFiles.text(path), HostFiles.reason(ex));
        }
    }

    /** Absolute path of the file, or null if the server was started without one. */
    public Path path()
    {
        return file;
    }

    @Override
    public String rewrite(final Config config, final boolean isComplete)
    {
        if (null == file)
        {
            return "ERR The server is running without a config file";
        }

        try
        {
            TextFiles.replace(file, ConfigRewriter.rewrite(readOrEmpty(), config, isComplete), "conf");
            return null;
        }
        catch (final IOException ex)
        {
            return "ERR Rewriting config file: " + HostFiles.reason(ex);
        }
    }

    private String readOrEmpty() throws IOException
    {
        try
        {
            return TextFiles.read(file);
        }
        catch (final NoSuchFileException ignore)
        {
            return "";
        }
    }
}
