package org.millrace.bench.gate;

import java.util.Locale;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.millrace.bench.cli.Tool;
import org.millrace.bench.report.Environment;
import org.millrace.bench.report.ReportWriter;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.kit.server.PeerFinder;
import org.millrace.kit.server.ServerSpec;

/**
 * {@code millrace bench --gate}: counters first, since they are quick and certain, then speed.
 */
public final class GateMain
{
    /** Nothing has become worse that the gate promises to see. */
    static final int PASSED = 0;
    /** Something has become worse. */
    static final int REGRESSION = 1;
    /** No verdict: too noisy, nothing to compare with, or it did not run. */
    static final int NOT_MEASURED = 2;

    private static final String MODE = "shared";
    private static final long COMMAND_COUNT = 1_000_000;

    private final GateOptions options;
    private final Path home;
    private final PrintStream out;
    private final Map<String, Object> environment;
    private final ScenarioResult result = new ScenarioResult("gate", "Has this build become worse?");
    private boolean isRegression;
    private boolean isUncertain;

    private GateMain(final GateOptions options, final Path home, final PrintStream out)
    {
        this.options = options;
        this.home = home;
        this.out = out;
        environment = Environment.probe(home);
    }

    /** True if these arguments of {@code millrace bench} are for the gate. */
    public static boolean isMeant(final String... arguments)
    {
        return List.of(arguments).contains("--gate");
    }

    /**
     * Runs it.
     *
     * @return exit code: 0 passed, 1 regression, 2 could not measure.
     */
    public static int run(final String[] arguments, final PrintStream out, final PrintStream err)
    {
        return Tool.run("millrace bench --gate", err, () ->
        {
            final GateOptions options = GateOptions.parse(arguments);
            if (options.wantsHelp())
            {
                out.print(GateOptions.usage());
                return PASSED;
            }

            final Path home = PeerFinder.home().filter((place) -> Files.isExecutable(place.resolve("millrace")))
                .orElseThrow(() -> new IOException("the gate needs the source tree, and this is not part of one"));
            if (null != options.report())
            {
                ReportWriter.prepare(options.report());
            }

            return new GateMain(options, home, out).run(ReportWriter.command(arguments));
        });
    }

    private int run(final String command) throws IOException
    {
        final long startNs = System.nanoTime();
        environment.forEach((key, value) -> out.println(key + ": " + value));
        ServerCommands.build(home);
        final int code;
        if (options.has("renew-baseline"))
        {
            code = renew();
        }
        else if (options.has("prove"))
        {
            code = prove();
        }
        else
        {
            code = gate();
        }

        final String verdict = PASSED == code ? "passed" : REGRESSION == code ? "REGRESSION" : "could not measure";
        out.printf(Locale.ROOT, "%n%s, exit code %d, after %d s%n", verdict, code,
            (System.nanoTime() - startNs) / 1_000_000_000);
        // A disk that is full takes nothing from the verdict.
        if (null != options.report())
        {
            try
            {
                new ReportWriter(options.report(), environment, command).write(builds(), List.of(result));
                out.println("report: " + options.report());
            }
            catch (final IOException ex)
            {
                out.println("the report could not be written: " + Tool.text(ex));
            }
        }

        return code;
    }

    /** What was compared, by commit. */
    private Table builds()
    {
        final Table table = new Table("Builds", Table.column("build"), Table.column("commit"));
        table.add("candidate", String.valueOf(environment.get("commit")));
        if (null != options.control())
        {
            table.add("control", String.valueOf(Environment.probe(options.control()).get("commit")));
        }

        return table;
    }

    private int gate() throws IOException
    {
        if (0 == options.plantPercent())
        {
            counters();
        }

        if (options.has("counters"))
        {
            return code();
        }

        if (isRegression && !options.has("keep-going"))
        {
            out.println("speed was not measured, since a counter has failed (--keep-going measures it all the same)");
            return code();
        }

        if (null != options.control() || options.plantPercent() > 0)
        {
            againstControl();
        }
        else
        {
            againstPeer();
        }

        return code();
    }

    private int code()
    {
        return isRegression ? REGRESSION : isUncertain ? NOT_MEASURED : PASSED;
    }

    private void counters() throws IOException
    {
        final Baseline baseline = new Baseline(options.baseline(home));
        if (!baseline.hasCounters())
        {
            uncertain("there are no committed counters in " + baseline.directory().getFileName() +
                " (--renew-baseline writes them)");
            return;
        }

        out.println("\n== counters");
        final List<CounterRule.Row> rows = CounterRule
            .compare(baseline.counters(), new CounterRun(home, COMMAND_COUNT, out).run());
        final Table table = result.table(
            new Table(
                "Counters (more is worse)",
                Table.column("counter"),
                Table.column("unit"),
                Table.column("baseline", 4),
                Table.column("now", 4),
                Table.column("allowed above", 4),
                Table.column("read from"),
                Table.column("verdict")));
        for (final CounterRule.Row row : rows)
        {
            table.add(
                row.name(),
                row.unit(),
                row.baseline(),
                row.value(),
                row.allowance(),
                row.source(),
                row.state().toString().replace('_', ' '));
            if (CounterRule.State.WORSE == row.state())
            {
                isRegression = true;
                result.failure("counter " + row.name() + ": " + row.value() + ", committed " + row.baseline());
            }
        }

        out.println("\n" + table.toText());
        result.failures().forEach((text) -> out.println("FAILED: " + text));
    }

    private void againstControl() throws IOException
    {
        final Path control = null == options.control() ? home : options.control();
        ServerCommands.build(control);
        try (Planted planted = Planted.of(home, options.plantPercent()))
        {
            final SpeedGate gate = SpeedGate.againstControl(
                planted.spec("candidate"),
                ServerCommands.millrace("control", control, MODE),
                options.sizes(),
                options.detectPercent(),
                out);
            out.println("\n== speed against the control");
            report("candidate", "control", gate.run());
        }
    }

    private void againstPeer() throws IOException
    {
        final Baseline baseline = new Baseline(options.baseline(home));
        final Optional<ServerSpec> peer = PeerFinder.peer(options.peer());
        if (peer.isEmpty() || !baseline.hasPeer())
        {
            uncertain("speed: there is nothing to compare with; give --control DIR, or --counters for no speed");
            return;
        }

        final Baseline.Peer committed = baseline.peer();
        final Map<String, String> machine = machine(peer.get());
        if (!committed.machine().equals(machine))
        {
            uncertain("speed: the committed ratios are of another machine, " + committed.machine() + " and not " +
                machine + "; give --control DIR, or --renew-baseline here");
            return;
        }

        out.println("\n== speed against " + options.peer() + ", by the committed ratio");
        report(
            "millrace",
            options.peer(),
            SpeedGate.againstPeer(
                ServerCommands.millrace("millrace", home, MODE),
                peer.get(),
                committed,
                options.sizes(),
                options.detectPercent(),
                out).run());
    }

    private void report(final String candidate, final String reference, final List<SpeedResult> results)
    {
        out.println("\n" + result.table(SpeedGate.table(candidate, reference, results)).toText());
        for (final SpeedResult each : results)
        {
            final String text = each.work().operation() + ", " + each.metric() + ": " + each.first().changeText();
            if (Verdict.SLOWER == each.verdict())
            {
                isRegression = true;
                result.failure("slower: " + text);
                out.println("FAILED: slower: " + text);
            }
            else if (Verdict.TOO_NOISY == each.verdict())
            {
                uncertain("too noisy: " + text + ", noise floor " +
                    Math.round(SpeedFinding.percent(each.first().floor())) + " %");
            }
        }

        result
            .doubt("Load generator and servers share the machine; the noise floor is what that made of two processes " +
                "of one build.");
    }

    private void uncertain(final String text)
    {
        isUncertain = true;
        result.doubt(text);
        out.println("could not measure: " + text);
    }

    private int renew() throws IOException
    {
        final Baseline baseline = new Baseline(options.baseline(home));
        out.println("\n== counters");
        baseline.writeCounters(environment, new CounterRun(home, COMMAND_COUNT, out).run());
        final Optional<ServerSpec> peer = PeerFinder.peer(options.peer());
        if (peer.isPresent() && !options.has("counters"))
        {
            out.println("\n== speed against " + options.peer());
            final Baseline.Peer none = new Baseline.Peer(Map.of(), Map.of(), Map.of());
            final Map<String, SpeedSamples> samples = SpeedGate.againstPeer(
                ServerCommands.millrace("millrace", home, MODE),
                peer.get(),
                none,
                options.sizes(),
                options.detectPercent(),
                out).measure();
            baseline.writePeer(environment, SpeedGate.ratios(machine(peer.get()), samples));
        }

        out.println("written: " + baseline.directory());
        return PASSED;
    }

    private int prove() throws IOException
    {
        result.doubt("One machine on one day: what is too noisy elsewhere shows only there.");
        result.doubt(
            "What is planted burns processor time in the main loop. A real loss may sit in waiting or in memory.");
        try (Planted planted = Planted.of(home, options.plantPercent()))
        {
            return new Proof(
                ServerCommands.millrace("millrace", home, MODE),
                planted.spec("planted " + options.plantPercent() + " %"),
                options.sizes(),
                options.detectPercent(),
                out).run(options.runCount(), result.table(Proof.table()));
        }
    }

    /** What must be alike for a ratio between two servers to hold. */
    private Map<String, String> machine(final ServerSpec peer)
    {
        final Map<String, String> machine = new LinkedHashMap<>();
        machine.put("cpu", String.valueOf(environment.get("cpu")));
        machine.put("cpus", String.valueOf(environment.get("cpus")));
        machine.put("java", String.valueOf(Runtime.version().feature()));
        machine.put(
            "peer",
            Environment.output(null, "unknown", peer.command().get(0), "--version")
                .replaceAll(".*v=(\\S+).*", options.peer() + " $1"));
        return machine;
    }

    /** This build, slower if asked for; owns the agent's jar. */
    private static final class Planted implements AutoCloseable
    {
        private final Path home;
        private final Path directory;
        private final double percent;

        private Planted(final Path home, final Path directory, final double percent)
        {
            this.home = home;
            this.directory = directory;
            this.percent = percent;
        }

        static Planted of(final Path home, final double percent) throws IOException
        {
            return new Planted(home, Files.createTempDirectory("millrace-plant-"), percent);
        }

        ServerSpec spec(final String label) throws IOException
        {
            return 0 == percent
                ? ServerCommands.millrace(label, home, MODE)
                : ServerCommands.millrace(label, home, MODE, PlantAgent.jvmOption(directory, percent));
        }

        @Override
        public void close() throws IOException
        {
            Files.deleteIfExists(directory.resolve("plant.jar"));
            Files.deleteIfExists(directory);
        }
    }
}
