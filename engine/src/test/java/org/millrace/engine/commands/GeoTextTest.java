package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;

class GeoTextTest
{
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(GeoText.LENGTH_MAX);
    private final long address = Memory.address(buffer);

    private String text(final int length)
    {
        final byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(doubles = {
        0, -0.0, 1, -1, 180, -180, 13.361389338970184, 38.1155563954963, 85.05112878, 1e-17, 5e-18, 4.9e-18, 1.5e-17,
        2.5e-17,
        -5e-18, 1e-30, Double.MIN_VALUE, 0.1, 0.5, 1.0 / 3, 179.99999999999997, 0.9999999999999999,
        2.682209014892578e-06,
        4.76837158203125E-7, 1.1102230246251565E-16
    })
    void shouldPrintCoordinates(final double coordinate)
    {
        assertEquals(expected(coordinate), text(GeoText.coordinate(address, coordinate)));
    }

    @Test
    void shouldPrintAnyCoordinate()
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            final double coordinate = (random.nextDouble() * 2 - 1) * 180 * Math.pow(2, -random.nextInt(90));
            assertEquals(
                expected(coordinate), text(GeoText.coordinate(address, coordinate)),
                "seed " + seed + ": " + coordinate);
        }
    }

    private static String expected(final double coordinate)
    {
        final String text = new BigDecimal(coordinate).setScale(17, RoundingMode.HALF_EVEN).toPlainString();
        final String stripped = text.replaceFirst("\\.?0+$", "");
        return "-0".equals(stripped) ? "0" : stripped;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0000", "166274.15156960033, 166274.1516", "0.00005, 0.0000", "0.00015, 0.0001", "0.00025, 0.0002",
        "0.00035, 0.0004", "0.0001, 0.0001",
        "12.3, 12.3000", "20037726.37, 20037726.3700", "99.99996, 100.0000", "0.1, 0.1000"})
    void shouldPrintDistances(final double distance, final String expected)
    {
        assertEquals(expected, text(GeoText.distance(address, distance)));
    }
}
