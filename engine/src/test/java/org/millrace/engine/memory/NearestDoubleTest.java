package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearestDoubleTest
{
    @ParameterizedTest
    @ValueSource(strings = {
        "0", "-0", "+0", "0.0", "1", "-1", "12.5", "3.14159", ".5", "5.", "1e3", "1E3", "1e+3", "1e-3", "007", "0.1",
        "9007199254740993", "9007199254740992", "9223372036854775807", "18446744073709551615", "18446744073709551616",
        "1.7976931348623157e308", "1.7976931348623159e308", "1e309", "1e400", "-1e400", "4.9e-324", "2.4e-324",
        "2.5e-324", "1e-400", "2.2250738585072014e-308", "2.2250738585072011e-308", "2.225073858507201e-308",
        "1e23", "8.5e22", "9007199254740991.5", "4503599627370496.5", "4503599627370497.5", "0.1e1000000000000",
        "1e-1000000000000", "0e99999999999", "123456789012345678901234567890", "0.30000000000000004440892098500626",
        "9007199254740992.99999999999999999999999999999999", "9007199254740993.00000000000000000000000000000001",
        "9007199254740993.0000000000000000000000000000000", "00000000000000000000000000000000000000001.5",
        "0.0000000000000000000000000000000000000000015"})
    void shouldReadWhatTheJdkReads(final String text)
    {
        assertEquals(Double.parseDouble(text), parse(text), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "+inf", "Inf", "INFINITY", "infinity"})
    void shouldReadInfinity(final String text)
    {
        assertEquals(Double.POSITIVE_INFINITY, parse(text));
        assertEquals(Double.NEGATIVE_INFINITY, parse("-" + text.replace("+", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "-", "+", ".", "e1", "1e", "1e+", "1e-", "1x", "x1", "1 ", " 1", "1..2", "1.2.3", "--1", "nan", "NaN",
        "-nan", "infi", "infinit", "0x10", "1e1.5", "1d", "1f", "\0", "1\0"})
    void shouldSayOfAnythingElseThatItIsNone(final String text)
    {
        assertEquals(Double.NaN, parse(text), text);
    }

    @Test
    void shouldReadAnyDoubleInAnyForm()
    {
        final long seed = 0xD0B1E;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 15_000; i++)
        {
            final double value = any(random);
            final BigDecimal exact = new BigDecimal(value);
            final String[] texts = {
                Double.toString(value),
                exact.round(new MathContext(17)).toString(),
                exact.round(new MathContext(1 + random.nextInt(25))).toString(),
                0 == i % 50 ? exact.toPlainString() : exact.toString()};
            for (final String text : texts)
            {
                assertEquals(Double.parseDouble(text), parse(text), "seed " + seed + ": " + text);
            }
        }
    }

    /** Numbers that lie exactly, or nearly, between two doubles: where rounding goes wrong first. */
    @Test
    void shouldRoundWhatLiesBetweenTwo()
    {
        final long seed = 0x7135;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 4_000; i++)
        {
            final double value = Math.abs(any(random));
            final double next = Math.nextUp(value);
            if (!Double.isInfinite(next))
            {
                final BigDecimal middle = new BigDecimal(value).add(new BigDecimal(next)).divide(BigDecimal.valueOf(2));
                for (final BigDecimal near : new BigDecimal[]{
                    middle, middle.add(middle.ulp()), middle.round(new MathContext(19)),
                    middle.round(new MathContext(20))})
                {
                    assertEquals(
                        Double.parseDouble(near.toString()), parse(near.toString()), "seed " + seed + ": " + near);
                }
            }
        }
    }

    private static double any(final SplittableRandom random)
    {
        final double value = switch (random.nextInt(4))
        {
            case 0 -> random.nextInt(2_000_000) / 1000.0 - 1000;
            case 1 -> Double.longBitsToDouble((long)random.nextInt(0x7FE) << 52 | random.nextLong() >>> 12);
            case 2 -> random.nextLong();
            default -> Double.longBitsToDouble(random.nextLong());
        };
        return Double.isFinite(value) ? value : 1.5;
    }

    private static double parse(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final long address = Memory.reserve(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, address, bytes.length);
        final double value = NearestDouble.parse(address, bytes.length);
        Memory.release(address);
        return value;
    }
}
