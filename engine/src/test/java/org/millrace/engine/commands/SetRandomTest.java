package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members that chance chooses are as likely as each other, in every encoding and by every way of choosing. */
class SetRandomTest extends CommandsTest
{
    /** Where 1 in 100,000 even choices would be taken for uneven ones, in standard deviations. */
    private static final double DEVIATIONS = 4.3;

    @ParameterizedTest
    @CsvSource({
        "10, '', SRANDMEMBER s", "10, m, SRANDMEMBER s", "700, m, SRANDMEMBER s",
        "10, '', SRANDMEMBER s 3", "10, m, SRANDMEMBER s 9", "700, m, SRANDMEMBER s 500", "700, m, SRANDMEMBER s 7",
        "10, '', SRANDMEMBER s -20", "700, m, SRANDMEMBER s -50",
        "10, '', SPOP s", "10, m, SPOP s 4", "200, m, SPOP s 60", "200, m, SPOP s 195",
    })
    void shouldChooseEvenly(final int size, final String prefix, final String line)
    {
        final String members = IntStream.range(0, size).mapToObj((i) -> prefix + i).collect(Collectors.joining(" "));
        final boolean isPopping = line.startsWith("SPOP");
        harness.writer.seed(size * 31L + line.hashCode());
        harness.settings.notifyEvents = 0;
        harness.isRecording = false;
        harness.line("SADD s " + members);
        final long[] counts = new long[size];
        final int rounds = Math.max(200, 30_000 / Math.max(1, size));
        long chosen = 0;
        for (int i = 0; i < rounds; i++)
        {
            final String[] lines = harness.line(line).split("\r\n");
            for (int at = '*' == lines[0].charAt(0) ? 2 : 1; at < lines.length; at += 2)
            {
                counts[Integer.parseInt(lines[at].substring(prefix.length()))]++;
                chosen++;
            }

            if (isPopping)
            {
                harness.line("SADD s " + members);
                harness.drain();
            }
        }

        checkEven(counts, chosen, rounds, line);
    }

    private static void checkEven(final long[] counts, final long chosen, final int rounds, final String line)
    {
        final double expected = (double)chosen / counts.length;
        double sum = 0;
        for (final long count : counts)
        {
            sum += (count - expected) * (count - expected) / expected;
        }

        final double freedom = counts.length - 1;
        // Choices without repetition vary less, by the part that is not chosen.
        final double part = (double)chosen / rounds / counts.length;
        final double chiSquare = line.contains("-") ? sum : sum / ((1 - part) * counts.length / freedom);
        // By Wilson and Hilferty the cube root of it is normally distributed, nearly.
        final double variance = 2 / (9 * freedom);
        final double deviations = (Math.cbrt(chiSquare / freedom) - (1 - variance)) / Math.sqrt(variance);
        assertTrue(Math.abs(deviations) < DEVIATIONS, line + ": " + deviations + " " + Arrays.toString(counts));
        assertEquals(0, chosen % rounds);
    }
}
