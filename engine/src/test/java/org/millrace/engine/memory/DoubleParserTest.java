package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleParserTest
{

    @ParameterizedTest
    @CsvSource({
        "0, 0", "-0, -0.0", "1, 1", "+1, 1", "-1.5, -1.5", "5., 5", ".5, 0.5", "-.5e1, -5", "1e3, 1000", "1E-3, 0.001",
        "1e+3, 1000", "007, 7", "0.1, 0.1", "inf, Infinity", "-INF, -Infinity", "+Infinity, Infinity",
        "0x10, 16", "0x1.8p1, 3", "-0X.8, -0.5", "0x1P-1074, 4.9e-324",
        "0xabcdef0123456789abc, 0xabcdef0123456789abcp0",
        "5e-324, 4.9e-324", "1.7976931348623157e308, 1.7976931348623157e308", "0e999999999999999999999, 0",
        "123456789012345678901234567890, 123456789012345678901234567890", "9007199254740993, 9007199254740992",
        "9007199254740993.0000000000000000000000000001, 9007199254740994",
    })
    void shouldReadAsStrtodDoes(final String text, final double expected)
    {
        assertEquals(expected, parse(text));
        assertEquals(expected, parseBound(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "nan", "-nan", "nan(1)", "x", "1x", "1 ", "- 1", "--1", "+-1", ".", "-", "+", "e5", "1e", "1e+", "1e5x", "0x",
        "0xg",
        "0x1p", "0x.p1", "1..2", "1.2.3", "infinit", "infinityx", "in", "1\u00002",
    })
    void shouldRefuse(final String text)
    {
        assertEquals(Double.NaN, parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "\t1", "1e400", "-1e400", "1e-400", "0x1p5000", "0x1p-5000", "2e-324"})
    void shouldRefuseAsScoreOnly(final String text)
    {
        assertEquals(Double.NaN, parse(text));
        assertEquals(Double.isNaN(parseBound(text)), false);
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "' 1', 1", "1e400, Infinity", "-1e400, -Infinity", "1e-400, 0"})
    void shouldReadEndOfRangeAsStrtodDoes(final String text, final double expected)
    {
        assertEquals(expected, parseBound(text));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldReadTheNearest(final long seed)
    {
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            final double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value))
            {
                assertEquals(value, parse(Double.toString(value)));
                assertEquals(value, parse(Double.toHexString(value)));
            }

            final String decimal = random.nextInt(1_000_000_000) + "." + random.nextInt(1_000_000_000);
            assertEquals(Double.parseDouble(decimal), parse(decimal));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.1, 5e-324, 2.2250738585072014e-308, 1.5e300, 3.3})
    void shouldReadAllDigitsOfTheMiddleOfTwo(final double value)
    {
        final BigDecimal middle = new BigDecimal(value).add(new BigDecimal(Math.nextUp(value)))
            .divide(BigDecimal.valueOf(2));
        final String text = middle.toPlainString();
        final double even = 0 == (Double.doubleToRawLongBits(value) & 1) ? value : Math.nextUp(value);
        assertEquals(even, parse(text));
        final String more = text + (text.contains(".") ? "" : ".") + "0".repeat(1000) + "1";
        assertEquals(Math.nextUp(value), parse(more));
    }

    private double parse(final String text)
    {
        final long address = address(text);
        try
        {
            return DoubleParser.parse(address, text.length());
        }
        finally
        {
            Memory.release(address);
        }
    }

    private double parseBound(final String text)
    {
        final long address = address(text);
        try
        {
            return DoubleParser.parseBound(address, text.length());
        }
        finally
        {
            Memory.release(address);
        }
    }

    private static long address(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final long address = Memory.reserve(bytes.length + 1);
        Memory.copy(bytes, 0, address, bytes.length);
        return address;
    }
}
