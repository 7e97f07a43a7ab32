package org.millrace.kit.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandBufferTest
{
    private final CommandBuffer buffer = new CommandBuffer();

    @Test
    void shouldEncodeCommandsAsArraysOfBulkStrings()
    {
        buffer.command("SET", "k", "").command("PING");

        assertEquals("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n*1\r\n$4\r\nPING\r\n", text());
        assertEquals(2, buffer.commandCount());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, -7, 10, 1_234_567_890_123L, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldEncodeNumbersInDecimal(final long number)
    {
        buffer.argument(number);

        final String digits = Long.toString(number);
        assertEquals("$" + digits.length() + "\r\n" + digits + "\r\n", text());
    }

    @Test
    void shouldPadKeysToOneLength()
    {
        buffer.key("key:".getBytes(StandardCharsets.US_ASCII), 42, 12);

        assertEquals("$16\r\nkey:000000000042\r\n", text());
    }

    @Test
    void shouldGrowAndForget()
    {
        final byte[] large = new byte[100_000];
        buffer.begin(1).argument(large);
        final int length = buffer.length();

        buffer.clear().begin(1).argument(large, 10, 5);

        assertEquals(4 + 9 + large.length + 2, length);
        assertEquals("*1\r\n$5\r\n\0\0\0\0\0\r\n", text());
    }

    private String text()
    {
        return new String(buffer.array(), 0, buffer.length(), StandardCharsets.ISO_8859_1);
    }
}
