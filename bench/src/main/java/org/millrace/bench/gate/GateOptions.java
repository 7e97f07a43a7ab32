package org.millrace.bench.gate;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.millrace.bench.cli.CommandLine;
import org.millrace.bench.cli.UsageException;

/**
 * What the gate is asked to do. Immutable.
 */
final class GateOptions
{
    private static final Set<String> FLAGS = Set.of("gate", "quick", "counters", "renew-baseline", "prove",
        "keep-going");
    private static final Set<String> VALUES = Set.of("control", "against", "baseline", "report", "cases", "rounds",
        "detect", "plant", "runs");
    private static final int PERCENT_MAX = 1_000;

    private final CommandLine line;

    private GateOptions(final CommandLine line)
    {
        this.line = line;
    }

    /**
     * Reads the command line.
     *
     * @throws UsageException if it is wrong.
     */
    static GateOptions parse(final String... arguments)
    {
        final CommandLine line = new CommandLine(arguments, VALUES, FLAGS);
        if (!line.words().isEmpty())
        {
            throw new UsageException("the gate does not know " + line.words().get(0));
        }

        final GateOptions options = new GateOptions(line);
        options.check();
        return options;
    }

    /** What there is to choose. */
    static String usage()
    {
        return """
            usage: millrace bench --gate [options]
              compares this build with the committed counters, then its speed with another build or server
              --control DIR        speed: the tree of another build, such as a worktree of the base commit
              --against PEER       speed: a peer, by its committed ratio (default redis-server, without --control)
              --counters           only counters, no speed
              --quick              fewer kinds of work and rounds: about a minute and a half
              --cases A,B          kinds of work: set, get, feed, sync, apply
              --rounds N           sets of fresh processes
              --detect PERCENT     slowdown that must not go unseen (default 10)
              --keep-going         measure speed even if a counter has failed
              --baseline DIR       committed numbers (default perf-reports/baseline)
              --renew-baseline     measure and write them anew
              --report DIR         write a report (html, text, json)
              --plant PERCENT      make the candidate slower on purpose; control is this build unless said otherwise
              --prove              show that it stays quiet without a change and catches a planted one
              --runs N             how often it must stay quiet (default 20)
            exit code: 0 passed, 1 regression, 2 could not measure
            """;
    }

    boolean wantsHelp()
    {
        return line.wantsHelp();
    }

    boolean has(final String name)
    {
        return line.has(name);
    }

    /** Tree of the other build, null if none is given. */
    Path control()
    {
        return has("control") ? Path.of(line.text("control", "")) : null;
    }

    /** Name of the peer. */
    String peer()
    {
        return line.text("against", "redis-server");
    }

    /** Where committed numbers are. */
    Path baseline(final Path home)
    {
        return has("baseline")
            ? Path.of(line.text("baseline", ""))
            : home.resolve("perf-reports").resolve("baseline");
    }

    /** Where the report goes, null for none. */
    Path report()
    {
        return has("report") ? Path.of(line.text("report", "")) : null;
    }

    /** How much to measure. */
    GateSizes sizes()
    {
        GateSizes sizes = has("quick") ? GateSizes.quick() : GateSizes.full();
        sizes = has("cases") ? sizes.with(List.of(line.text("cases", "").split(","))) : sizes;
        return has("rounds") ? sizes.with((int)number("rounds", 0, 1, 100)) : sizes;
    }

    /** Slowdown in percent that must not go unseen. */
    double detectPercent()
    {
        return number("detect", 10, 1, PERCENT_MAX);
    }

    /** How much slower the candidate is made, in percent; 0 for not at all. */
    double plantPercent()
    {
        return number("plant", has("prove") ? 10 : 0, 0, PERCENT_MAX);
    }

    /** How often it must stay quiet. */
    int runCount()
    {
        return (int)number("runs", 20, 1, PERCENT_MAX);
    }

    private void check()
    {
        final List<String> known = GateSizes.full().cases();
        for (final String each : sizes().cases())
        {
            if (!known.contains(each))
            {
                throw new UsageException("no such kind of work: " + each);
            }
        }

        detectPercent();
        plantPercent();
        runCount();
        if (has("control") && has("against"))
        {
            throw new UsageException("--control and --against are two different runs");
        }
    }

    private double number(final String name, final double fallback, final double min, final double max)
    {
        if (!has(name))
        {
            return fallback;
        }

        try
        {
            final double number = Double.parseDouble(line.text(name, ""));
            if (number >= min && number <= max)
            {
                return number;
            }
        }
        catch (final NumberFormatException ignored)
        {
            throw new UsageException("option --" + name + " needs a number, not " + line.text(name, ""));
        }

        throw new UsageException("option --" + name + " must be from " + min + " to " + max);
    }
}
