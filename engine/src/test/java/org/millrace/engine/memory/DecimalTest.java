package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest
{
    private final long address = Memory.reserve(64);

    @AfterEach
    void release()
    {
        Memory.release(address);
    }

    @Test
    void shouldFormatAndParseAroundEachPowerOfTen()
    {
        long power = 1;
        for (int i = 0; i < 19; i++)
        {
            for (long value = power - 2; value <= power + 2; value++)
            {
                check(value);
                check(-value);
            }

            power *= 10;
        }

        check(Long.MAX_VALUE);
        check(Long.MIN_VALUE);
        check(Long.MIN_VALUE + 1);
        check(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldFormatAndParseAnything(final long seed)
    {
        final Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++)
        {
            check(random.nextLong() >> random.nextInt(64));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "-", "+1", "01", "-0", "-01", " 1", "1 ", "1x", "9223372036854775808", "-9223372036854775809",
        "99999999999999999999", "123456789012345678901",
    })
    void shouldRefuseWhatIsNotCanonical(final String text)
    {
        put(text);
        assertFalse(Decimal.isCanonical(address, text.length()), text);
    }

    private void check(final long value)
    {
        final String text = Long.toString(value);
        final int length = Decimal.format(address, value);
        final byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        assertEquals(text, new String(bytes, StandardCharsets.US_ASCII));
        assertEquals(text.length(), Decimal.length(value), text);
        assertTrue(Decimal.isCanonical(address, length), text);
        assertEquals(value, Decimal.parse(address, length));
    }

    private void put(final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            Memory.putByte(address + i, (byte)text.charAt(i));
        }
    }
}
