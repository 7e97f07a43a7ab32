package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleTextTest
{
    private final long address = Memory.reserve(DoubleText.LENGTH_MAX);

    @AfterEach
    void release()
    {
        Memory.release(address);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0", "-0.0, -0", "1, 1", "-1, -1", "0.1, 0.1", "3.5, 3.5", "-2.25, -2.25", "0.3, 0.3",
        "1e17, 100000000000000000",
        "4611686018427387904, 4611686018427387904", "-4611686018427387904, -4611686018427387904",
        "1e19, 1e+19", "1e22, 1e+22", "123456789e15, 1.23456789e+23", "9223372036854775808, 9223372036854776000",
        "1.5e300, 1.5e+300", "-1.5e-300, -1.5e-300", "0.000001, 0.000001", "0.0000001, 1e-7", "0.00012345678901234567,",
        "1234.5678, 1234.5678", "0.001, 0.001", "0.0001234, 1.234e-4", "0.001234, 0.001234", "1e-5, 0.00001",
        "1.2e-7, 1.2e-7",
        "5e-324, 5e-324", "1.7976931348623157e308, 1.7976931348623157e+308", "2.2250738585072014e-308,",
        "Infinity, inf", "-Infinity, -inf", "NaN, nan", "3.0000000000000004, 3.0000000000000004",
    })
    void shouldWriteAsRedisDoes(final double value, final String expected)
    {
        final String text = text(value);
        assertEquals(value, parse(text));
        if (null != expected)
        {
            assertEquals(expected, text);
        }
    }

    @Test
    void shouldWriteEveryPowerOfTwoAndTenSoThatItIsReadAgain()
    {
        for (int exponent = -1074; exponent < 1024; exponent++)
        {
            check(Math.scalb(1.0, exponent));
            check(Math.nextDown(Math.scalb(1.0, exponent)));
            check(-Math.nextUp(Math.scalb(1.0, exponent)));
        }

        for (int power = -323; power <= 308; power++)
        {
            check(Double.parseDouble("1e" + power));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldWriteAnythingSoThatItIsReadAgain(final long seed)
    {
        final Random random = new Random(seed);
        for (int i = 0; i < 30_000; i++)
        {
            final double any = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(any))
            {
                check(any);
            }

            check(random.nextInt(1_000_000) / 1000.0);
            check(random.nextGaussian() * Math.pow(10, random.nextInt(30) - 10));
        }
    }

    private void check(final double value)
    {
        final String text = text(value);
        assertEquals(value, parse(text), text);
        final int digits = new BigDecimal(text).stripTrailingZeros().precision();
        final boolean isWhole = Math.abs(value) <= 0x1p62 && value == Math.rint(value);
        assertTrue(isWhole || digits <= 17, () -> text + " of " + value);
    }

    private static double parse(final String text)
    {
        return Double.parseDouble(text.replace("inf", "Infinity").replace("nan", "NaN"));
    }

    private String text(final double value)
    {
        final byte[] bytes = new byte[DoubleText.format(address, value)];
        Memory.copy(address, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
