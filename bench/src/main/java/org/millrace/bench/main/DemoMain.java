package org.millrace.bench.main;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.Set;

import org.millrace.bench.cli.CommandLine;
import org.millrace.bench.cli.Tool;
import org.millrace.bench.cli.UsageException;
import org.millrace.kit.server.PeerFinder;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerSpec;

/**
 * {@code millrace demo}: starts a replication group on this machine, breaks it in several ways under load, and shows
 * that it comes back with equal data. Needs nothing but what it starts itself.
 */
public final class DemoMain
{
    private static final String USAGE = """
        usage: millrace demo [options]
          --rate N               writes a second (default 5000)
          --seconds N            length of each quiet phase (default 3)
          --server-command CMD   start this instead of Millrace, for instance redis-server
          --no-redis             leave the real redis-server out even if it is installed
          --plain                lines instead of a table that redraws itself
        exit code: 0 all data sets are equal at the end, 1 something differs or did not come back, 2 could not start
        """;
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int RATE_MAX = 10_000_000;
    private static final int SECONDS_MAX = 86_400;

    private final PrintStream out;
    private final PrintStream err;

    DemoMain(final PrintStream out, final PrintStream err)
    {
        this.out = out;
        this.err = err;
    }

    /**
     * Entry point; ends the JVM with the exit code.
     */
    public static void main(final String[] arguments)
    {
        Tool.forgetLocale();
        System.exit(new DemoMain(System.out, System.err).run(arguments));
    }

    int run(final String[] arguments)
    {
        return Tool.run("millrace demo", err, () ->
        {
            final CommandLine line = new CommandLine(
                arguments,
                Set.of("rate", "seconds", "server-command"),
                Set.of("plain", "no-redis"));
            if (line.wantsHelp())
            {
                out.print(USAGE);
                return OK;
            }

            if (!line.words().isEmpty())
            {
                throw new UsageException("the demo takes no argument such as " + line.words().get(0));
            }

            final int ratePerSecond = (int)line.number("rate", 5_000, 2, RATE_MAX);
            final long quietMs = line.number("seconds", 3, 1, SECONDS_MAX) * 1_000;
            final ServerSpec spec = spec(line);
            final Optional<ServerSpec> peer = line.has("no-redis")
                ? Optional.empty()
                : PeerFinder.peer("redis-server");
            final boolean isTerminal = !line.has("plain") && DemoTable.isTerminal();
            try (ServerGroup group = ServerGroup.open())
            {
                return show(new Demo(group, spec, peer, out, isTerminal), ratePerSecond, quietMs);
            }
        });
    }

    private int show(final Demo demo, final int ratePerSecond, final long quietMs) throws IOException
    {
        try
        {
            return demo.run(ratePerSecond, quietMs) ? OK : FAILED;
        }
        catch (final DemoFailure ex)
        {
            err.println("FAILED: " + ex.getMessage());
            return FAILED;
        }
    }

    private static ServerSpec spec(final CommandLine line) throws IOException
    {
        if (line.has("server-command"))
        {
            return PeerFinder.command(null, line.text("server-command", ""));
        }

        return PeerFinder.millrace()
            .orElseThrow(() -> new IOException("the launcher script 'millrace' was not found above this directory"));
    }
}
