package org.millrace.io.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.millrace.io.file.HostFiles;

/** {@code millrace backup DIR}: a copy of a running server's data, taken over its port. */
public final class BackupMain
{
    /** Exit code: the copy is there, whole and on the disk. */
    public static final int DONE = 0;
    /** Exit code: there is no copy. */
    public static final int FAILED = 1;
    /** Exit code: wrong arguments. */
    public static final int MISUSED = 2;

    private static final String USAGE = """
        usage: millrace backup DIR [options]
          DIR            where dump.rdb is to be; made if it is not there
          --host H       of the server, a Millrace, Redis or Valkey (default 127.0.0.1) ...
          --port N       ... and its port (default 6379)
          --user U       log in with this name ...
          --password P   ... and password (default: $REDISCLI_AUTH)
          --name FILE    another name than dump.rdb
          --replace      a file of this name may be there, and is replaced
          --timeout S    seconds in which a server must say something (default 60)
        The copy is all of the data at one moment. A server that is started with DIR as its dir has them.
        exit code: 0 the copy is there, 1 it is not, 2 wrong arguments
        """;
    private static final String PASSWORD_VARIABLE = "REDISCLI_AUTH";
    private static final Set<String> VALUED = Set.of(
        "--host", "--port", "--user", "--password", "--name", "--timeout");
    private static final String REPLACE = "--replace";
    private static final int MS_PER_SECOND = 1000;
    private static final int PORT_MAX = 65_535;

    private BackupMain()
    {
    }

    public static void main(final String[] arguments)
    {
        Locale.setDefault(Locale.ROOT);
        HostFiles.nameWorkingDirectory();
        System.exit(run(HostFiles.arguments(arguments), System.out, System.err, System.getenv(PASSWORD_VARIABLE)));
    }

    static int run(
        final String[] arguments, final PrintStream out, final PrintStream err, final String usualPassword)
    {
        final Map<String, String> options = new HashMap<>(Map.of("--host", "127.0.0.1", "--port", "6379"));
        options.put("--name", "dump.rdb");
        options.put("--timeout", "60");
        options.put("--password", usualPassword);
        String directory = null;
        for (int i = 0; i < arguments.length; i++)
        {
            final String word = arguments[i];
            if ("--help".equals(word))
            {
                out.print(USAGE);
                return DONE;
            }

            if (REPLACE.equals(word))
            {
                options.put(REPLACE, word);
            }
            else if (VALUED.contains(word) && i + 1 < arguments.length)
            {
                options.put(word, arguments[++i]);
            }
            else if (null == directory && !word.startsWith("--"))
            {
                directory = word;
            }
            else
            {
                err.print(USAGE);
                return MISUSED;
            }
        }

        if (null == directory || number(options, "--port", PORT_MAX) < 1 || number(options, "--timeout", 100_000) < 1 ||
            options.get("--name").contains("/"))
        {
            err.print(USAGE);
            return MISUSED;
        }

        return take(HostFiles.path(directory), options, out, err);
    }

    private static int number(final Map<String, String> options, final String name, final int max)
    {
        final String text = options.get(name);
        final int number = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
        return number > max ? -1 : number;
    }

    private static int take(
        final Path directory, final Map<String, String> options, final PrintStream out, final PrintStream err)
    {
        final Path target = directory.resolve(HostFiles.path(options.get("--name")));
        final boolean mayReplace = options.containsKey(REPLACE);
        try (SyncStream stream = new SyncStream())
        {
            if (!mayReplace && Files.exists(target, LinkOption.NOFOLLOW_LINKS))
            {
                throw new IOException("File exists (--replace replaces it)");
            }

            Files.createDirectories(directory);
            stream.connect(
                options.get("--host"), number(options, "--port", PORT_MAX),
                MS_PER_SECOND * number(options, "--timeout", 100_000));
            final Backup backup = new Backup(stream, out);
            backup.login(options.get("--user"), options.get("--password"));
            backup.begin();
            backup.writeTo(target, mayReplace);
            return DONE;
        }
        catch (final IOException e)
        {
            err.println("millrace backup: " + HostFiles.text(target) + ": " + HostFiles.reason(e));
            return FAILED;
        }
    }
}
