package org.millrace.bench.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

import org.millrace.bench.report.Table;
import org.millrace.kit.server.ServerSpec;

/**
 * Judges the speed of a candidate: a session, and a second one for whatever seems slower.
 */
final class SpeedGate
{
    private static final Baseline.Ratio EQUAL = new Baseline.Ratio(0, 0);

    private final ServerSpec candidate;
    private final ServerSpec reference;
    private final Baseline.Peer committed;
    private final GateSizes sizes;
    private final SpeedRule cpuRule;
    private final SpeedRule wallRule = SpeedRule.ofWall();
    private final PrintStream out;

    private SpeedGate(
        final ServerSpec candidate,
        final ServerSpec reference,
        final Baseline.Peer committed,
        final GateSizes sizes,
        final double detectPercent,
        final PrintStream out)
    {
        this.candidate = candidate;
        this.reference = reference;
        this.committed = committed;
        this.sizes = sizes;
        this.cpuRule = SpeedRule.ofCpu(detectPercent);
        this.out = out;
    }

    /**
     * Against another build: the ratio is expected to be 1, and the control is what is started twice.
     */
    static SpeedGate againstControl(
        final ServerSpec candidate,
        final ServerSpec control,
        final GateSizes sizes,
        final double detectPercent,
        final PrintStream out)
    {
        return new SpeedGate(candidate, control, null, sizes, detectPercent, out);
    }

    /**
     * Against a peer: the ratio is expected to be the committed one, and the candidate is what is started twice.
     */
    static SpeedGate againstPeer(
        final ServerSpec candidate,
        final ServerSpec peer,
        final Baseline.Peer committed,
        final GateSizes sizes,
        final double detectPercent,
        final PrintStream out)
    {
        return new SpeedGate(candidate, peer, committed, sizes, detectPercent, out);
    }

    /** Measures and judges. */
    List<SpeedResult> run() throws IOException
    {
        final List<SpeedResult> first = judge(sizes, session(sizes, this::isUndecided));
        final List<String> slower = first.stream().filter((each) -> Verdict.SLOWER == each.verdict())
            .map((each) -> each.work().name()).distinct().toList();
        if (slower.isEmpty())
        {
            return first;
        }

        out.println("seems slower: " + String.join(", ", slower) + "; once more, with fresh processes");
        final GateSizes again = sizes.with(slower);
        final List<SpeedResult> second = judge(again, session(again, this::isUndecided));
        return first.stream().map((each) -> confirmed(each, second)).toList();
    }

    /** The results as a table. */
    static Table table(final String candidate, final String reference, final List<SpeedResult> results)
    {
        final Table table = new Table(
            "Speed of " + candidate + " against " + reference + " (more is slower)",
            Table.column("work"),
            Table.column("metric"),
            Table.column(candidate + " ns", 0),
            Table.column(reference + " ns", 0),
            Table.column("change (95 %)"),
            Table.column("p", 4),
            Table.column("noise floor %", 1),
            Table.column("counts above %", 1),
            Table.column("second session"),
            Table.column("blocks"),
            Table.column("dropped"),
            Table.column("verdict"));
        for (final SpeedResult each : results)
        {
            table.add(
                each.work().operation(),
                each.metric(),
                each.candidateNs(),
                each.controlNs(),
                each.first().changeText(),
                each.first().p(),
                SpeedFinding.percent(each.first().floor()),
                SpeedFinding.percent(each.first().limit()),
                null == each.second() ? "" : each.second().changeText(),
                each.groupCount(),
                each.droppedCount(),
                each.verdictText());
        }

        return table;
    }

    /** The ratios of this run, to be committed. */
    static Baseline.Peer ratios(
        final Map<String, String> machine,
        final Map<String, SpeedSamples> samples)
    {
        final Baseline.Peer peer = new Baseline.Peer(
            machine, new java.util.LinkedHashMap<>(), new java.util.LinkedHashMap<>());
        samples.forEach((name, each) ->
        {
            peer.cpu().put(name, ratio(each.change(true)));
            peer.wall().put(name, ratio(each.change(false)));
        });
        return peer;
    }

    /** Measures without judging. */
    Map<String, SpeedSamples> measure() throws IOException
    {
        return session(sizes, (work, samples) -> false);
    }

    private static Baseline.Ratio ratio(final LogRatios peerToMillrace)
    {
        final double median = -peerToMillrace.median();
        final Interval interval = peerToMillrace.interval();
        return new Baseline.Ratio(median, Math.max(interval.high() + median, -median - interval.low()));
    }

    private Map<String, SpeedSamples> session(
        final GateSizes of,
        final BiPredicate<SpeedCase, SpeedSamples> undecided) throws IOException
    {
        return isPeer()
            ? new SpeedSession(reference, candidate, of, undecided, out).run()
            : new SpeedSession(candidate, reference, of, undecided, out).run();
    }

    private boolean isUndecided(final SpeedCase work, final SpeedSamples samples)
    {
        return Verdict.TOO_NOISY == judge(work, samples, true).verdict();
    }

    private boolean isPeer()
    {
        return null != committed;
    }

    private List<SpeedResult> judge(final GateSizes of, final Map<String, SpeedSamples> samples)
    {
        final List<SpeedResult> results = new ArrayList<>();
        for (final SpeedCase work : of.speedCases())
        {
            results.add(judge(work, samples.get(work.name()), true));
            results.add(judge(work, samples.get(work.name()), false));
        }

        return results;
    }

    private SpeedResult judge(final SpeedCase work, final SpeedSamples samples, final boolean isCpu)
    {
        final Baseline.Ratio expected = expected(work.name(), isCpu);
        final LogRatios change = isPeer() ? samples.change(isCpu).negated() : samples.change(isCpu);
        final SpeedFinding finding = (isCpu ? cpuRule : wallRule).judge(
            change,
            samples.same(isCpu),
            expected.logRatio(),
            expected.halfWidth());
        final double singleNs = samples.medianNs(isCpu, 0);
        final double twinNs = (samples.medianNs(isCpu, 1) + samples.medianNs(isCpu, 2)) / 2;
        return new SpeedResult(
            work,
            isCpu,
            isPeer() ? twinNs : singleNs,
            isPeer() ? singleNs : twinNs,
            samples.isMostlyDisturbed() && isCpu ? finding.disturbed() : finding,
            null,
            samples.count(),
            samples.droppedCount());
    }

    private Baseline.Ratio expected(final String work, final boolean isCpu)
    {
        if (!isPeer())
        {
            return EQUAL;
        }

        final Baseline.Ratio ratio = (isCpu ? committed.cpu() : committed.wall()).get(work);
        // Without a committed ratio nothing can be said, and the rule will say so.
        return null == ratio ? new Baseline.Ratio(0, Double.POSITIVE_INFINITY) : ratio;
    }

    /** A first finding with that of the second session, if it is about a slowdown. */
    static SpeedResult confirmed(final SpeedResult first, final List<SpeedResult> seconds)
    {
        if (Verdict.SLOWER == first.verdict())
        {
            for (final SpeedResult second : seconds)
            {
                if (second.work().name().equals(first.work().name()) && second.isCpu() == first.isCpu())
                {
                    return first.with(second.first());
                }
            }
        }

        return first;
    }
}
