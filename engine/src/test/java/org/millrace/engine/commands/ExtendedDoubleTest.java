package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedDoubleTest
{
    @ParameterizedTest
    @CsvSource({
        "0, 0", "-0, 0", "3, 3", "3.0e3, 3000", "0x10, 16", "0x.8p1, 1", ".5, 0.5", "5., 5", "1e-7, 0.0000001",
        "0.1, 0.1", "-1.25, -1.25", "1e17, 100000000000000000", "12345678901234567890, 12345678901234567890",
        "1e-18, 0", "-1e-18, 0", "+7, 7", "123456789.123456789, 123456789.12345678899873747",
    })
    void shouldPrintWhatItParsed(final String text, final String printed)
    {
        assertEquals(printed, ExtendedDouble.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "x", "nan", "1 ", " 1", "1e", "1e+", "0x", "1.2.3", "1e5000", "-1e5000", "1e-5000", "--1", "1f", "e5", ".",
        "1e99999999999999999999", "0x1p20000",
    })
    void shouldRefuseWhatIsNoNumberOrOutOfRange(final String text)
    {
        assertNull(text.isEmpty() ? null : ExtendedDouble.parse(text), text);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.2, 0.3", "1, -1, 0", "1e18, 1, 1000000000000000001", "1.5, 1.5, 3"})
    void shouldAdd(final String a, final String b, final String sum)
    {
        assertEquals(sum, ExtendedDouble.parse(a).plus(ExtendedDouble.parse(b)).toString());
    }

    @Test
    void shouldRoundSumToSixtyFourBits()
    {
        final ExtendedDouble large = ExtendedDouble.parse("18446744073709551616");
        assertEquals("18446744073709551616", large.plus(ExtendedDouble.parse("1")).toString());
        assertEquals("18446744073709551620", large.plus(ExtendedDouble.parse("3")).toString());
    }

    @Test
    void shouldOverflowToInfinity()
    {
        final ExtendedDouble largest = ExtendedDouble.parse("1.18973149535723176502e+4932");
        assertFalse(largest.plus(largest).isFinite());
        assertFalse(ExtendedDouble.parse("-inf").isFinite());
    }
}
