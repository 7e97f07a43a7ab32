package org.millrace.io.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.Versions;

/**
 * What a server says while it starts, in the order and with the words that tools wait for: the process id, then
 * "Server initialized", then, once data are loaded, "Ready to accept connections". Called on the starting thread.
 */
public final class StartText
{
    private final ServerLog log;
    private final long pid;

    public StartText(final ServerLog log, final long pid)
    {
        this.log = log;
        this.pid = pid;
    }

    /** The line of {@code --version}, which tools search for v= and a number. */
    public static String version()
    {
        return "Redis server v=" + Versions.REDIS + " sha=00000000:0 malloc=millrace bits=64 build=0 (Millrace " +
            Versions.MILLRACE + ")";
    }

    /** First words: what starts, and from which configuration. */
    public void starting(final boolean hasArguments)
    {
        log.warning("oO0OoO0OoO0Oo Millrace is starting oO0OoO0OoO0Oo");
        log.warning("Millrace version=" + Versions.MILLRACE + ", Redis version=" + Versions.REDIS +
            ", bits=64, commit=00000000, modified=0, pid=" + pid + ", just started");
        if (hasArguments)
        {
            log.warning("Configuration loaded");
        }
        else
        {
            log.warning("Warning: no config file specified, using the default config. In order to specify a config " +
                "file use ./millrace server /path/to/redis.conf");
        }
    }

    /** Logo or its one-line form, the end of the initialisation, and a warning for each option without effect. */
    public void initialized(final Config config)
    {
        final boolean isTerminal = config.text(ConfigOption.LOGFILE).isEmpty() && isTerminal();
        if (isTerminal || config.is(ConfigOption.ALWAYS_SHOW_LOGO))
        {
            log.raw(logo(config));
        }
        else
        {
            log.notice("Running mode=standalone, port=" + config.anyPort() + ".");
        }

        log.warning("Server initialized");
        for (final ConfigOption option : config.withoutEffect())
        {
            log.warning("WARNING: '" + option.optionName() + "' is accepted, but has no effect in Millrace yet.");
        }
    }

    /** Last words: clients may come. */
    public void ready()
    {
        log.notice("Ready to accept connections");
    }

    private String logo(final Config config)
    {
        return String.format(Locale.ROOT, """

                  .-----.
                 /|\\ | /|\\        Millrace %s (Redis %s) 64 bit
                | |-\\|/-| |
              ~~|-|--o--|-|~~~    Running in standalone mode
            ~~~~| |-/|\\-| |~~~~   Port: %d
                 \\|/ | \\|/        PID: %d
            ~~~~~~'-----'~~~~~~
              ~~~~~~~~~~~~~~~     A replicating off-heap store

            """, Versions.MILLRACE, Versions.REDIS, config.anyPort(), pid);
    }

    /** Linux says what standard output is; elsewhere the one-line form will do. */
    private static boolean isTerminal()
    {
        try
        {
            final String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        }
        catch (final IOException | UnsupportedOperationException ignore)
        {
            return false;
        }
    }
}
