package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.Connection;

class LinkInputTest
{
    private final ScriptedPrimary primary = new ScriptedPrimary();
    private final Connection connection = primary.connect("primary", 1, "", null);
    private final LinkInput input = new LinkInput();

    @AfterEach
    void close()
    {
        input.close();
    }

    @Test
    void shouldFindLinesThatEndWithOrWithoutCarriageReturn()
    {
        primary.send("a\r\nb\n\r\n\nrest");
        input.read(connection);

        assertEquals(3, input.lineLength(100));
        assertEquals("a", input.takeLine(3));
        assertEquals("b", input.takeLine(input.lineLength(100)));
        assertEquals("", input.takeLine(input.lineLength(100)));
        assertEquals("", input.takeLine(input.lineLength(100)));
        assertEquals(0, input.lineLength(100));
        assertEquals(-1, input.lineLength(4));
        assertEquals(4, input.length());
    }

    @Test
    void shouldReportEndOfConnection()
    {
        assertEquals(0, input.read(connection));
        primary.cut();
        assertEquals(Connection.CLOSED, input.read(connection));
    }

    @Test
    void shouldGiveMemoryBackAfterLongCommand()
    {
        final byte[] chunk = new byte[LinkInput.READ_LENGTH];
        for (int i = 0; i < 100; i++)
        {
            primary.wire().arrive(chunk);
            while (input.read(connection) > 0)
            {
                assertTrue(input.length() > 0);
            }
        }

        assertEquals(100L * LinkInput.READ_LENGTH, input.length());
        input.take(input.length());
        assertEquals(LinkInput.READ_LENGTH, input.capacity());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 92, 8_675_309})
    void shouldHoldAllBytesInOrderWhateverIsTaken(final long seed)
    {
        final Random random = new Random(seed);
        long sent = 0;
        long taken = 0;
        for (int i = 0; i < 3000; i++)
        {
            final byte[] chunk = new byte[random.nextInt(100_000)];
            for (int at = 0; at < chunk.length; at++)
            {
                chunk[at] = at(sent + at);
            }

            primary.wire().arrive(chunk);
            sent += chunk.length;
            primary.readMax = 1 + random.nextInt(300_000);
            input.read(connection);
            check(taken, seed);
            // Phases in which little is taken make it spill, phases in which all is taken make it come back.
            final int percent = i / 200 % 2 == 0 ? 10 : 100;
            final long length = input.length() * random.nextInt(percent + 1) / 100;
            input.take(length);
            taken += length;
            check(taken, seed);
        }

        while (input.read(connection) > 0)
        {
            check(taken, seed);
        }

        assertEquals(sent - taken, input.length(), "seed=" + seed);
    }

    private void check(final long taken, final long seed)
    {
        final long length = input.length();
        final long address = input.address();
        for (long i = 0; i < length; i += 1 + length / 16)
        {
            assertEquals(at(taken + i), Memory.getByte(address + i), "seed=" + seed);
        }

        if (length > 0)
        {
            assertEquals(at(taken + length - 1), Memory.getByte(address + length - 1), "seed=" + seed);
        }
    }

    private static byte at(final long position)
    {
        return (byte)(position * 31 + (position >>> 8));
    }

    @Test
    void shouldForgetEverythingWhenCleared()
    {
        primary.wire().arrive("x".repeat(1_000_000).getBytes(StandardCharsets.ISO_8859_1));
        while (input.read(connection) > 0)
        {
            assertTrue(input.length() > 0);
        }

        input.clear();
        assertEquals(0, input.length());
        primary.send("y");
        input.read(connection);
        assertEquals('y', Memory.getByte(input.address()));
    }
}
