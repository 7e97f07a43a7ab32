package org.millrace.io.main;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.Set;
import org.millrace.engine.acl.AclException;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.DirectoryRules;
import org.millrace.io.config.CommandLine;
import org.millrace.io.config.ConfigFile;
import org.millrace.io.config.ConfigFileException;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.Leftovers;
import org.millrace.io.host.OpenFiles;
import org.millrace.io.host.Signals;
import org.millrace.io.host.Supervision;
import org.millrace.io.log.ServerLog;
import org.millrace.io.log.StartText;
import org.millrace.io.runtime.NodeRuntime;

/** {@code ./millrace server}: redis-server's arguments, log and signals around one node. */
public final class ServerMain
{
    /** Set by the launcher: the path that INFO shows as executable. */
    private static final String EXECUTABLE = "millrace.executable";

    private ServerMain()
    {
    }

    public static void main(final String[] args)
    {
        final Path directory = HostFiles.workingDirectory();
        final CommandLine commandLine = CommandLine.parse(HostFiles.arguments(args), directory);
        switch (commandLine.action())
        {
            case VERSION -> System.out.println(StartText.version());
            case USAGE -> System.out.println(CommandLine.usage());
            case REFUSED -> {
                System.err.println(CommandLine.usage());
                System.exit(1);
            }
            case RUN -> {
                // The terminal has gone, the server stays.
                Signals.ignore("HUP");
                followNames();
                HostFiles.nameWorkingDirectory();
                System.exit(run(commandLine, directory));
            }
            default -> throw new IllegalStateException("unknown action: " + commandLine.action());
        }
    }

    /** Else the JVM goes on connecting to where a name has pointed half a minute ago. Before the first is looked up. */
    private static void followNames()
    {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static int run(final CommandLine commandLine, final Path directory)
    {
        final ServerLog log = ServerLog.ofProcess(System::currentTimeMillis);
        final DirectoryRules rules = HostFiles::directory;
        final Config config = new Config(rules, HostFiles.text(directory));
        final ConfigFile file;
        try
        {
            file = ConfigFile.load(commandLine, config, System.in);
        }
        catch (final ConfigFileException e)
        {
            if (e.isLogLine())
            {
                log.warning(e.getMessage());
            }
            else
            {
                printError(e.getMessage());
            }

            return 1;
        }

        configure(log, config);
        final Supervision supervision = Supervision.begin(
            config.print(ConfigOption.SUPERVISED), System.getenv(), log);
        final StartText text = new StartText(log, ProcessHandle.current().pid());
        text.starting(!commandLine.isEmpty());
        if (null != file.path())
        {
            Leftovers.remove(Set.of(file.path().getParent()), log);
        }

        // Where even what comes next has no room, the limit would be looked at too late.
        return OpenFiles.ofProcess().hasRoom(config, log) ? serve(log, config, file, text, supervision) : 1;
    }

    /** Text whose characters are bytes, as they are. */
    private static void printError(final String text)
    {
        final byte[] bytes = (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
        System.err.write(bytes, 0, bytes.length);
        System.err.flush();
    }

    private static void configure(final ServerLog log, final Config config)
    {
        final String logfile = config.text(ConfigOption.LOGFILE);
        log.file(logfile.isEmpty() ? null : HostFiles.path(config.path(logfile)));
        log.level(config.choice(ConfigOption.LOGLEVEL));
        log.role(null == config.primaryHost() ? ServerLog.PRIMARY : ServerLog.REPLICA);
        config.listen(ConfigOption.LOGLEVEL, (c, option) ->
        {
            log.level(c.choice(ConfigOption.LOGLEVEL));
            return null;
        });
    }

    private static int serve(final ServerLog log, final Config config, final ConfigFile file, final StartText text,
        final Supervision supervision)
    {
        final NodeRuntime runtime;
        try
        {
            runtime = new NodeRuntime(
                config,
                file,
                log,
                System.getProperty(EXECUTABLE, ProcessHandle.current().info().command().orElse("")),
                null == file.path() ? "" : HostFiles.text(file.path()));
        }
        catch (final AclException e)
        {
            log.warning(e.getMessage());
            return 1;
        }

        return serve(runtime, log, config, text, supervision);
    }

    private static int serve(final NodeRuntime runtime, final ServerLog log, final Config config, final StartText text,
        final Supervision supervision)
    {
        new ServerSignals(runtime, log).install();
        runtime.onRoleChange((isReplica) -> log.role(isReplica ? ServerLog.REPLICA : ServerLog.PRIMARY));
        if (!runtime.listen())
        {
            runtime.abandon();
            return 1;
        }

        if (!runtime.isListening())
        {
            log.warning("Configured to not listen anywhere, exiting.");
            runtime.abandon();
            return 1;
        }

        runtime.writePidFile();
        text.initialized(config);
        try
        {
            runtime.supervised(supervision);
            return runtime.run(() ->
            {
                text.ready();
                supervision.ready(null != config.primaryHost());
            });
        }
        catch (final RuntimeException | Error e)
        {
            log.warning("Guru meditation: the node has failed: " + e + NodeRuntime.stackOf(e));
            return 1;
        }
    }
}
