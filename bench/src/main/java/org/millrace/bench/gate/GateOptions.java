package org.millrace.bench.gate;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the gate is asked to do. Immutable.
 */
final class GateOptions
{
    private static final Set<String> FLAGS = Set.of("gate", "help", "quick", "counters", "renew-baseline", "prove",
        "keep-going");
    private static final Set<String> VALUES = Set.of("control", "against", "baseline", "report", "cases", "rounds",
        "detect", "plant", "runs");
    private static final int PERCENT_MAX = 1_000;

    private final Map<String, String> values = new HashMap<>();

    private GateOptions()
    {
    }

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a text for the user.
     */
    static GateOptions parse(final String... arguments)
    {
        final GateOptions options = new GateOptions();
        for (int i = 0; i < arguments.length; i++)
        {
            final String argument = arguments[i];
            final int equals = argument.indexOf('=');
            final String name = argument.substring(0, equals < 0 ? argument.length() : equals).replaceFirst("^--", "");
            if (!argument.startsWith("--") || !FLAGS.contains(name) && !VALUES.contains(name))
            {
                throw new IllegalArgumentException("the gate does not know " + argument);
            }

            if (FLAGS.contains(name))
            {
                options.values.put(name, "yes");
            }
            else if (equals >= 0)
            {
                options.values.put(name, argument.substring(equals + 1));
            }
            else if (i + 1 < arguments.length)
            {
                options.values.put(name, arguments[++i]);
            }
            else
            {
                throw new IllegalArgumentException("option --" + name + " needs a value");
            }
        }

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

    boolean has(final String name)
    {
        return values.containsKey(name);
    }

    /** Tree of the other build, null if none is given. */
    Path control()
    {
        return has("control") ? Path.of(values.get("control")) : null;
    }

    /** Name of the peer. */
    String peer()
    {
        return values.getOrDefault("against", "redis-server");
    }

    /** Where committed numbers are. */
    Path baseline(final Path home)
    {
        return has("baseline")
            ? Path.of(values.get("baseline"))
            : home.resolve("perf-reports").resolve("baseline");
    }

    /** Where the report goes, null for none. */
    Path report()
    {
        return has("report") ? Path.of(values.get("report")) : null;
    }

    /** How much to measure. */
    GateSizes sizes()
    {
        GateSizes sizes = has("quick") ? GateSizes.quick() : GateSizes.full();
        sizes = has("cases") ? sizes.with(List.of(values.get("cases").split(","))) : sizes;
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
                throw new IllegalArgumentException("no such kind of work: " + each);
            }
        }

        detectPercent();
        plantPercent();
        runCount();
        if (has("control") && has("against"))
        {
            throw new IllegalArgumentException("--control and --against are two different runs");
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
            final double number = Double.parseDouble(values.get(name));
            if (number >= min && number <= max)
            {
                return number;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException("option --" + name + " needs a number, not " + values.get(name), ex);
        }

        throw new IllegalArgumentException("option --" + name + " must be from " + min + " to " + max);
    }
}
