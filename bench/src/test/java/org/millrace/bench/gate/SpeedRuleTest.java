package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** The decision on seeded noise: what the gate promises, held without a machine and without luck. */
class SpeedRuleTest
{
    private static final long SEED = 20_261_125;
    private static final int RUNS = 20;
    private static final SpeedRule CPU = SpeedRule.ofCpu(10);
    private static final GateSizes FULL = GateSizes.full();
    private static final GateSizes QUICK = GateSizes.quick();

    @Test
    void shouldMakeNoiseAsItWasMeasured()
    {
        final SpeedSamples samples = new SyntheticNoise(SEED).samples(FULL.rounds(), FULL.groups(), 1.0);

        // CPU time of a block of a fixed piece of work varied by 6 % on a busy machine.
        final double[] values = samples.values(true, 0);
        final double mean = Arrays.stream(values).average().orElseThrow();
        final double variance = Arrays.stream(values).map((value) -> (value - mean) * (value - mean)).average()
            .orElseThrow();
        assertTrue(Math.sqrt(variance) / mean > 0.06, "variation " + Math.sqrt(variance) / mean);
        assertTrue(Arrays.stream(values).max().orElseThrow() > 1.5 * mean, "no outlier");
    }

    @Test
    void shouldStayQuietOverTwentyRunsWithoutAChange()
    {
        assertEquals(Map.of(Verdict.SAME, RUNS), verdictsOfRuns(FULL, 1.0));
    }

    @Test
    void shouldStayQuietOverTwentyQuickRunsWithoutAChange()
    {
        assertEquals(Map.of(Verdict.SAME, RUNS), verdictsOfRuns(QUICK, 1.0));
    }

    @Test
    void shouldCatchATenPercentSlowdownInEveryRun()
    {
        assertEquals(Map.of(Verdict.SLOWER, RUNS), verdictsOfRuns(FULL, 1.10));
    }

    @Test
    void shouldNotLetATenPercentSlowdownPassAQuickRun()
    {
        final Map<Verdict, Integer> verdicts = verdictsOfRuns(QUICK, 1.10);

        // Fewer blocks may leave it undecided, which is not passed.
        assertEquals(0, verdicts.getOrDefault(Verdict.SAME, 0), verdicts::toString);
        assertTrue(verdicts.getOrDefault(Verdict.SLOWER, 0) > 0.8 * RUNS, verdicts::toString);
    }

    @Test
    void shouldCatchAFifteenPercentSlowdownInEveryQuickRun()
    {
        assertEquals(Map.of(Verdict.SLOWER, RUNS), verdictsOfRuns(QUICK, 1.15));
    }

    @Test
    void shouldSeeAGain()
    {
        final SpeedSamples samples = new SyntheticNoise(SEED).samples(FULL.rounds(), FULL.groups(), 1 / 1.15);

        assertEquals(Verdict.FASTER, judge(samples).verdict());
    }

    @Test
    void shouldSayThatItCannotTellWhenTheMachineIsTooNoisy()
    {
        final SpeedSamples samples = new SyntheticNoise(SEED, 0.9).samples(FULL.rounds(), FULL.groups(), 1.0);

        assertEquals(Verdict.TOO_NOISY, judge(samples).verdict());
    }

    @Test
    void shouldCallAHugeSlowdownByItsNameHoweverNoisyTheMachineIs()
    {
        final SpeedSamples samples = new SyntheticNoise(SEED, 0.25).samples(FULL.rounds(), FULL.groups(), 3.0);

        assertEquals(Verdict.SLOWER, judge(samples).verdict());
    }

    @Test
    void shouldNotCallASlowdownNothingBecauseTheFloorIsHigh()
    {
        final LogRatios change = new LogRatios();
        final LogRatios same = new LogRatios();
        change.beginRound();
        same.beginRound();
        for (int i = 0; i < 24; i++)
        {
            change.add(0.07 + 0.001 * (i % 5));
            same.add(0.08 + 0.001 * (i % 5));
        }

        // One round, in which the twins happened to differ by 8 %: it proves neither a change nor its absence.
        assertEquals(Verdict.TOO_NOISY, CPU.judge(change, same, 0, 0).verdict());
    }

    @Test
    void shouldNotTrustAHandfulOfBlocks()
    {
        final SpeedSamples samples = new SyntheticNoise(SEED).samples(2, 3, 1.0);

        assertEquals(Verdict.TOO_NOISY, judge(samples).verdict());
    }

    @Test
    void shouldCompareWithTheExpectedRatio()
    {
        final SpeedSamples samples = new SyntheticNoise(SEED).samples(FULL.rounds(), FULL.groups(), 2.2);

        // The committed ratio is 2: it is 10 % above that.
        final SpeedFinding finding = CPU.judge(samples.change(true), samples.same(true), Math.log(2), 0);
        assertEquals(Verdict.SLOWER, finding.verdict(), finding::toString);
        assertEquals(Math.log(1.1), finding.change(), 0.03);
        assertEquals(Verdict.SAME, CPU.judge(samples.change(true), samples.same(true), Math.log(2.2), 0).verdict());
        assertEquals(
            Verdict.TOO_NOISY,
            CPU.judge(samples.change(true), samples.same(true), 0, Double.POSITIVE_INFINITY).verdict());
    }

    @Test
    void shouldGiveTheSameVerdictForTheSameNumbers()
    {
        final SpeedSamples samples = new SyntheticNoise(SEED).samples(FULL.rounds(), FULL.groups(), 1.05);

        assertEquals(judge(samples), judge(samples));
    }

    private static Map<Verdict, Integer> verdictsOfRuns(final GateSizes sizes, final double slowdown)
    {
        final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        for (int run = 0; run < RUNS; run++)
        {
            final List<Verdict> ofWork = new ArrayList<>();
            for (int i = 0; i < sizes.cases().size(); i++)
            {
                ofWork.add(verdict(sizes, new SyntheticNoise(SEED + 1_000L * run + i), slowdown));
            }

            verdicts.merge(Proof.worst(ofWork), 1, Integer::sum);
        }

        return verdicts;
    }

    /** As the gate does it: more rounds while it is undecided, and a second session for what seems slower. */
    private static Verdict verdict(final GateSizes sizes, final SyntheticNoise noise, final double slowdown)
    {
        final Verdict first = session(sizes, noise, slowdown);
        return Verdict.SLOWER == first ? session(sizes, noise, slowdown) : first;
    }

    private static Verdict session(final GateSizes sizes, final SyntheticNoise noise, final double slowdown)
    {
        final SpeedSamples samples = noise.samples(sizes.rounds(), sizes.groups(), slowdown);
        int round = sizes.rounds();
        while (round < sizes.roundsMax() && Verdict.TOO_NOISY == judge(samples).verdict())
        {
            noise.addRound(samples, round++, sizes.groups(), slowdown);
        }

        return judge(samples).verdict();
    }

    private static SpeedFinding judge(final SpeedSamples samples)
    {
        return CPU.judge(samples.change(true), samples.same(true), 0, 0);
    }
}
