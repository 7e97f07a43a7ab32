package org.millrace.bench.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the machine was while a group of neighbouring blocks ran: what others took, and how fast three fixed pieces of
 * work were just before.
 *
 * @param stealShare    share of all processors' time that the hypervisor gave to others, 0 to 1.
 * @param pressureShare share of the time in which some thread waited for a processor, 0 to 1.
 * @param kernelNs      times of the calibration kernels.
 */
record Conditions(double stealShare, double pressureShare, double... kernelNs)
{
    private static final int FIELD_STEAL = 8;
    private static final int FIELD_COUNT_MIN = 9;

    /** Starts watching. */
    static Watch watch(final double... kernelNs)
    {
        return new Watch(kernelNs);
    }

    /** Running sums at the beginning. */
    static final class Watch
    {
        private final double[] kernelNs;
        private final long startNs = System.nanoTime();
        private final long[] ticksBefore = ticks();
        private final long pressureBeforeUs = pressureUs();

        private Watch(final double... kernelNs)
        {
            this.kernelNs = kernelNs;
        }

        /** Ends watching. */
        Conditions finish()
        {
            final long[] ticks = ticks();
            final long total = ticks[0] - ticksBefore[0];
            final double elapsedUs = (System.nanoTime() - startNs) / 1e3;
            return new Conditions(
                0 == total ? 0 : (double)(ticks[1] - ticksBefore[1]) / total,
                (pressureUs() - pressureBeforeUs) / elapsedUs,
                kernelNs);
        }
    }

    /** All ticks and the stolen ones since the machine started; 0 and 0 where nobody tells. */
    private static long[] ticks()
    {
        final String[] fields = firstLine("/proc/stat").trim().split("\\s+");
        if (fields.length < FIELD_COUNT_MIN)
        {
            return new long[2];
        }

        long total = 0;
        for (int i = 1; i <= FIELD_STEAL; i++)
        {
            total += Long.parseLong(fields[i]);
        }

        return new long[]{total, Long.parseLong(fields[FIELD_STEAL])};
    }

    /** Time in which some thread waited for a processor, since the machine started; 0 where nobody tells. */
    private static long pressureUs()
    {
        final String line = firstLine("/proc/pressure/cpu");
        final int start = line.indexOf("total=");
        return start < 0 ? 0 : Long.parseLong(line.substring(start + "total=".length()).trim());
    }

    private static String firstLine(final String file)
    {
        try
        {
            return Files.readString(Path.of(file)).lines().findFirst().orElse("");
        }
        catch (final IOException ex)
        {
            // Not Linux, or built without it.
            return "";
        }
    }
}
