package org.millrace.bench.gate;

import java.util.Random;

/**
 * Measurements as a busy two-core machine makes them, from a seed: CPU time of a block varies by 6 %, one block in
 * twenty is an outlier of up to three times the time, the machine's pace drifts over the run, and each process is
 * faster or slower than another of the same build for as long as it lives.
 */
final class SyntheticNoise
{
    private static final double BLOCK_SIGMA = 0.045;
    private static final double PROCESS_SIGMA = 0.015;
    private static final double DRIFT_SIGMA = 0.02;
    private static final double OUTLIER_SHARE = 0.05;
    private static final double BASE_NS = 700;

    private final Random random;
    private final double blockSigma;
    private double drift;

    SyntheticNoise(final long seed)
    {
        this(seed, BLOCK_SIGMA);
    }

    SyntheticNoise(final long seed, final double blockSigma)
    {
        random = new Random(seed);
        this.blockSigma = blockSigma;
    }

    /**
     * One kind of work on the single server and the twins.
     *
     * @param slowdown of the single server: 1.1 for 10 %.
     */
    SpeedSamples samples(final int rounds, final int groups, final double slowdown)
    {
        final SpeedSamples samples = new SpeedSamples();
        for (int round = 0; round < rounds; round++)
        {
            addRound(samples, round, groups, slowdown);
        }

        return samples;
    }

    /** Adds a round with processes of its own. */
    void addRound(final SpeedSamples samples, final int round, final int groups, final double slowdown)
    {
        final double[] process = new double[SpeedSamples.SERVER_COUNT];
        for (int i = 0; i < process.length; i++)
        {
            process[i] = Math.exp(PROCESS_SIGMA * random.nextGaussian()) * (0 == i ? slowdown : 1);
        }

        for (int i = 0; i < groups; i++)
        {
            drift += DRIFT_SIGMA * random.nextGaussian();
            final double pace = BASE_NS * Math.exp(drift);
            final double[] cpuNs = new double[SpeedSamples.SERVER_COUNT];
            final double[] wallNs = new double[SpeedSamples.SERVER_COUNT];
            for (int j = 0; j < cpuNs.length; j++)
            {
                cpuNs[j] = pace * process[j] * block();
                wallNs[j] = cpuNs[j] * (1 + Math.abs(random.nextGaussian()) * 0.1);
            }

            samples.add(new SpeedSamples.Group(round, new Conditions(0, 0, 1, 1, 1), cpuNs, wallNs));
        }
    }

    private double block()
    {
        final double usual = Math.exp(blockSigma * random.nextGaussian());
        return random.nextDouble() < OUTLIER_SHARE ? usual * (1 + 2 * random.nextDouble()) : usual;
    }
}
