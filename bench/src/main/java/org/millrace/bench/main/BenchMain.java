package org.millrace.bench.main;

import java.util.Locale;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.millrace.bench.cli.CommandLine;
import org.millrace.bench.cli.Tool;
import org.millrace.bench.cli.UsageException;
import org.millrace.bench.gate.GateMain;
import org.millrace.bench.report.Environment;
import org.millrace.bench.report.Finding;
import org.millrace.bench.report.ReportWriter;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.MachineLog;
import org.millrace.kit.server.PeerFinder;
import org.millrace.bench.target.ServerFacts;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;

/**
 * {@code millrace bench}: measures Millrace beside its peers on this machine, in one run, and writes a report.
 */
public final class BenchMain
{
    private static final List<Scenario> SCENARIOS = List.of(
        new ThroughputScenario(), new LatencyScenario(), new FullSyncScenario(), new JoinScenario(),
        new MemoryScenario(), new FanOutScenario(), new CrowdScenario(), new ApplyScenario(),
        new ChurnScenario(), new GarbageScenario(), new ReadersScenario(), new StartupScenario(),
        new CollectionsScenario());
    private static final Set<String> NUMBERS = Set.of(
        "keys", "connections", "pipeline", "rounds", "block-ms", "warm-up-ms", "data", "value", "replicas", "rate",
        "seconds", "passes", "slow", "cycles");
    private static final Set<String> OPTIONS = union(NUMBERS, "against", "report", "variants", "server-command");
    private static final Set<String> FLAGS = Set.of("quick", "tiny", "control", "pin", "mixed", "tls");
    private static final String ALL = "all";

    private static final String VARIANT = "(shared|dedicated)([+:](busy-spin|backoff|readers-\\d{1,2}))?";

    /** Variant: so many reader threads. */
    private static final String READERS = "readers-";
    private static final int OK = 0;
    private static final int FAILED = 1;

    private final PrintStream out;
    private final PrintStream err;

    BenchMain(final PrintStream out, final PrintStream err)
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
        System.exit(new BenchMain(System.out, System.err).run(arguments));
    }

    int run(final String[] arguments)
    {
        if (GateMain.isMeant(arguments))
        {
            return GateMain.run(arguments, out, err);
        }

        return Tool.run("millrace bench", err, () ->
        {
            final CommandLine line = new CommandLine(arguments, OPTIONS, FLAGS);
            if (line.wantsHelp())
            {
                out.print(usage());
                return OK;
            }

            checkNumbers(line);
            checkVariants(line);
            return measure(line, scenarios(line), ReportWriter.command(arguments));
        });
    }

    /** What is wrong with a size is said before a run of hours, not when a scenario comes to it. */
    private static void checkNumbers(final CommandLine line)
    {
        for (final String name : NUMBERS)
        {
            if (line.has(name))
            {
                final long max = "data".equals(name) || "slow".equals(name) ? Long.MAX_VALUE : Integer.MAX_VALUE;
                line.numbers(name, 1, max);
            }
        }
    }

    private static void checkVariants(final CommandLine line)
    {
        for (final String variant : line.text("variants", "shared").split(","))
        {
            if (!variant.trim().matches(VARIANT))
            {
                throw new UsageException("no such variant: " + variant.trim());
            }
        }
    }

    private int measure(final CommandLine line, final List<Scenario> scenarios, final String command)
        throws IOException
    {
        final Path home = PeerFinder.home().orElse(null);
        final Map<String, Object> environment = Environment.probe(home);
        final List<ServerSpec> peers = peers(line);
        final List<ServerSpec> everyone = new ArrayList<>();
        for (final Scenario scenario : scenarios)
        {
            specs(line, peers, scenario).stream().filter((spec) -> !everyone.contains(spec)).forEach(everyone::add);
        }

        everyone.forEach((spec) -> environment.put("server: " + spec.label(), version(spec)));
        environment.put("server options", String.join(" ", BenchContext.SERVER_OPTIONS));
        environment.forEach((key, value) -> out.println(key + ": " + value));

        final Path directory = directory(line, home, environment, scenarios);
        ReportWriter.prepare(directory);
        final ReportWriter writer = new ReportWriter(directory, environment, command);
        final List<ScenarioResult> results = new ArrayList<>();
        Table servers = null;
        boolean isWritten = true;
        for (final Scenario scenario : scenarios)
        {
            final long startNs = System.nanoTime();
            out.printf(Locale.ROOT, "%n== %d/%d %s: %s%n", results.size() + 1, scenarios.size(), scenario.name(),
                scenario.summary());
            try (ServerGroup group = ServerGroup.open())
            {
                if (null == servers)
                {
                    servers = servers(
                        new BenchContext(group, everyone, peers.size(), size(line), line, out, new MachineLog()));
                }

                final List<ServerSpec> specs = specs(line, peers, scenario);
                results.add(
                    run(scenario,
                        new BenchContext(group, specs, peers.size(), size(line), line, out, new MachineLog())));
            }

            results.get(results.size() - 1)
                .parameter("time it took, s", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs));
            print(results.get(results.size() - 1));
            // After each, so that a long run that is stopped leaves what it has.
            isWritten = write(writer, servers, results);
        }

        out.println("\n" + servers.toText());
        out.println(Finding.table(results).toText());
        if (isWritten)
        {
            out.println("report: " + directory);
        }

        return isWritten && results.stream().allMatch((result) -> result.failures().isEmpty()) ? OK : FAILED;
    }

    /** A disk that has become full shall not cost the measurements that are still to come; they are printed as well. */
    private boolean write(final ReportWriter writer, final Table servers, final List<ScenarioResult> results)
    {
        try
        {
            writer.write(servers, results);
            return true;
        }
        catch (final IOException | UncheckedIOException ex)
        {
            err.println("millrace bench: the report could not be written: " + Tool.text(ex));
            return false;
        }
    }

    /** What breaks in one scenario shall not cost the others. */
    private static ScenarioResult run(final Scenario scenario, final BenchContext context)
    {
        final ScenarioResult result = runOrBreak(scenario, context);
        final List<MachineLog.Summary> summaries = context.machine().summaries();
        if (!summaries.isEmpty())
        {
            final Table table = result.table(
                new Table(
                    "How busy the machine was with others, during the blocks (warm-up included)",
                    Table.column("server"),
                    Table.column("blocks"),
                    Table.column("disturbed"),
                    Table.column("most stolen by the hypervisor, %", 1),
                    Table.column("most used by other processes, %", 1)));
            summaries.forEach(
                (each) -> table.add(
                    each.server(),
                    each.blockCount(),
                    each.busyCount(),
                    100 * each.stealMax(),
                    100 * each.othersMax()));
        }

        // Ratios in a table of a scenario are made as those of the scoreboard are.
        final String ratio = "x " + context.reference();
        result.tables().stream()
            .filter((table) -> table.columns().stream().anyMatch((column) -> column.title().startsWith(ratio)))
            .forEach(
                (table) -> table.note(
                    ratio +
                        ": median of the ratios of blocks that ran one after the other, in parentheses the smallest " +
                        "and the greatest; not the ratio of the medians shown."));
        final String doubt = context.machine().doubt();
        if (null != doubt)
        {
            result.doubt(doubt);
        }

        return result;
    }

    private static ScenarioResult runOrBreak(final Scenario scenario, final BenchContext context)
    {
        try
        {
            return scenario.run(context);
        }
        catch (final IOException | UncheckedIOException | UsageException ex)
        {
            final ScenarioResult result = new ScenarioResult(scenario.name(), scenario.summary());
            result.failure(ex.getMessage());
            result.doubt("It broke off, so nothing of it counts.");
            return result;
        }
    }

    /** How each server runs; found by starting it once. */
    private static Table servers(final BenchContext context) throws IOException
    {
        final Table table = new Table(
            "Servers",
            Table.column("server"),
            Table.column("version"),
            Table.column("threading"),
            Table.column("idle strategy"),
            Table.column("JDK"),
            Table.column("JVM flags"));
        for (final ServerSpec spec : context.specs())
        {
            final ServerProcess server = Lineup.launch(context, spec, spec.label() + " facts");
            try
            {
                server.awaitReady();
                final ServerFacts facts = ServerFacts.of(server);
                table.add(
                    spec.label(),
                    facts.version(),
                    facts.threading(),
                    facts.idleStrategy(),
                    facts.jdk(),
                    facts.jvmFlags());
            }
            finally
            {
                server.kill();
            }
        }

        return table;
    }

    private void print(final ScenarioResult result)
    {
        out.println();
        result.tables().forEach((table) -> out.println(table.toText()));
        result.failures().forEach((text) -> out.println("FAILED: " + text));
        result.doubts().forEach((text) -> out.println("doubt: " + text));
    }

    private static List<Scenario> scenarios(final CommandLine line)
    {
        List<Scenario> chosen = chosen(line);
        if (line.has("mixed"))
        {
            chosen = those(chosen, "mixed", Scenario::takesMixed);
        }

        return line.has("tls") ? those(chosen, "tls", Scenario::takesTls) : chosen;
    }

    /** Those that know an option; who was named and does not is an error. */
    private static List<Scenario> those(
        final List<Scenario> chosen, final String option, final Predicate<Scenario> isTaken)
    {
        final List<Scenario> taken = chosen.stream().filter(isTaken).toList();
        if (taken.isEmpty() || !SCENARIOS.equals(chosen) && taken.size() < chosen.size())
        {
            throw new UsageException(
                "option --" + option + " is for " +
                    SCENARIOS.stream().filter(isTaken).map(Scenario::name).collect(Collectors.joining(", ")));
        }

        return taken;
    }

    private static List<Scenario> chosen(final CommandLine line)
    {
        final List<Scenario> chosen = new ArrayList<>();
        for (final String word : line.words())
        {
            if (ALL.equals(word))
            {
                return SCENARIOS;
            }

            chosen.add(
                SCENARIOS.stream().filter((scenario) -> scenario.name().equals(word)).findFirst()
                    .orElseThrow(() -> new UsageException("no such scenario: " + word)));
        }

        return chosen.isEmpty() ? SCENARIOS : chosen;
    }

    private static BenchContext.Size size(final CommandLine line)
    {
        return line.has("tiny")
            ? BenchContext.Size.TINY
            : line.has("quick") ? BenchContext.Size.QUICK : BenchContext.Size.FULL;
    }

    /** Peers and candidates of a scenario, in this order. */
    private static List<ServerSpec> specs(
        final CommandLine line,
        final List<ServerSpec> peers,
        final Scenario scenario) throws IOException
    {
        final List<ServerSpec> specs = new ArrayList<>(peers);
        specs.addAll(candidates(line, scenario));
        if (specs.isEmpty())
        {
            throw new IOException("no server to measure was found");
        }

        if (line.has("pin"))
        {
            specs.replaceAll(BenchMain::pinned);
        }

        return specs;
    }

    private static List<ServerSpec> peers(final CommandLine line) throws IOException
    {
        final List<ServerSpec> peers = new ArrayList<>();
        final boolean isChosen = line.has("against");
        for (final String name : line.text("against", "redis-server,valkey-server").split(","))
        {
            if (!name.isBlank())
            {
                final Optional<ServerSpec> peer = PeerFinder.peer(name.trim());
                if (peer.isEmpty() && isChosen)
                {
                    throw new IOException("not found on this machine: " + name.trim());
                }

                peer.ifPresent(peers::add);
            }
        }

        if (line.has("control") && !peers.isEmpty())
        {
            // The same server twice: what differs between them is the noise of this machine.
            peers.add(peers.get(0).with(peers.get(0).label() + " again"));
        }

        return peers;
    }

    private static List<ServerSpec> candidates(final CommandLine line, final Scenario scenario) throws IOException
    {
        if (line.has("server-command"))
        {
            final String command = line.text("server-command", "");
            return command.isBlank() ? List.of() : List.of(PeerFinder.command("server under test", command));
        }

        final ServerSpec millrace = PeerFinder.millrace()
            .orElseThrow(() -> new IOException("the launcher script 'millrace' was not found above this directory"));
        final List<String> variants = new ArrayList<>(List.of(line.text("variants", usual(line)).split(",")));
        if (!line.has("variants"))
        {
            variants.addAll(scenario.moreVariants());
        }

        final List<ServerSpec> candidates = new ArrayList<>();
        for (final String variant : variants)
        {
            final String[] parts = variant.trim().split("[+:]");
            final ServerSpec spec = millrace.with("millrace " + variant.trim(), "--threading", parts[0]);
            candidates.add(parts.length > 1 ? more(spec, parts[1]) : spec);
        }

        return candidates;
    }

    private static ServerSpec more(final ServerSpec spec, final String word)
    {
        return word.startsWith(READERS)
            ? spec.with(spec.label(), "--reader-threads", word.substring(READERS.length()))
            : spec.with(spec.label(), "--idle-strategy", word);
    }

    private static String usual(final CommandLine line)
    {
        return BenchContext.Size.FULL == size(line) ? "shared,dedicated" : "shared";
    }

    /** The server on the first CPU; the generator is put on the others by whoever starts this JVM. */
    private static ServerSpec pinned(final ServerSpec spec)
    {
        final List<String> command = new ArrayList<>(List.of("taskset", "-c", "0"));
        command.addAll(spec.command());
        return new ServerSpec(spec.label(), List.copyOf(command));
    }

    private static String version(final ServerSpec spec)
    {
        // Leading options would make the server start.
        final List<String> command = spec.command().stream().takeWhile((word) -> !word.startsWith("--"))
            .collect(Collectors.toList());
        command.add("--version");
        return Environment.output(null, "unknown", command.toArray(new String[0])).lines().findFirst()
            .orElse("unknown");
    }

    private static Path directory(
        final CommandLine line,
        final Path home,
        final Map<String, Object> environment,
        final List<Scenario> scenarios)
    {
        if (line.has("report"))
        {
            return Path.of(line.text("report", ""));
        }

        final String names = SCENARIOS.equals(scenarios)
            ? ALL
            : scenarios.stream().map(Scenario::name).collect(Collectors.joining("-"));
        final String commit = environment.get("commit").toString().split(" ")[0];
        // An installation is no place for reports.
        final Path base = null == home || !Files.isDirectory(home.resolve("perf-reports")) ? Path.of("") : home;
        return base.resolve("perf-reports").resolve(LocalDate.now() + "_" + commit + "_" + names);
    }

    private static Set<String> union(final Set<String> some, final String... more)
    {
        final Set<String> all = new TreeSet<>(some);
        all.addAll(List.of(more));
        return all;
    }

    private static String usage()
    {
        final StringBuilder text = new StringBuilder(
            "usage: millrace bench [scenario ... | all] [options]\nscenarios:\n");
        SCENARIOS
            .forEach((each) -> text.append(String.format(Locale.ROOT, "  %-12s %s%n", each.name(), each.summary())));
        return text.append("""
            options:
              --against A,B          peers to compare with (default redis-server,valkey-server, where installed)
              --variants V,W         ways to start Millrace: shared, dedicated, each also as shared:busy-spin
                                     or shared:readers-2 (default shared,dedicated; shared with --quick;
                                     throughput also measures shared:busy-spin, readers its own)
              --quick                smaller sizes: all scenarios in some 15 minutes, to see where one stands
              --tiny                 the smallest: takes seconds, proves only that everything works
              --mixed                fullsync, latency, apply, churn with values of all types instead of strings
              --tls                  throughput with clients that come by TLS
              --control              measures the first peer twice, which shows the noise of the machine
              --pin                  servers on CPU 0 (start this program on the others with taskset)
              --report DIR           where to write (default: a new folder in perf-reports)
              --server-command CMD   measure this instead of Millrace; empty for peers only
              --gate                 compare this build with a baseline and a control instead (--gate --help)
            sizes, where a scenario uses them:\s""").append(
            new TreeSet<>(NUMBERS).stream().map((name) -> "--" + name).collect(Collectors.joining(" "))).append('\n')
            .toString();
    }
}
