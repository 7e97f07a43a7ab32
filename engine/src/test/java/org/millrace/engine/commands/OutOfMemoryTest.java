package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.Digest;

/** A command that memory runs out for changes nothing, sends nothing, and leaves nothing behind. */
class OutOfMemoryTest
{
    private static final int COMMANDS = 4000;
    private static final int FLUSH_INTERVAL = 400;
    private static final long MEMORY = 6 << 20;
    private static final int SCALE = 5000;
    private static final int DRAIN_STEPS = 10_000;
    private static final String[] KEYS = {
        "k0", "k1", "k2", "k3", "k4", "k5", "n", "f", "b", "h0", "h1", "h2", "hx",
    };

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void shouldChangeNothingWhenMemoryRunsOut(final long seed)
    {
        try (CommandHarness harness = new CommandHarness(MEMORY))
        {
            DataCommands.register(harness.table);
            harness.settings.protoMaxBulkLength = 1 << 20;
            final CommandLines lines = new CommandLines(seed, SCALE);
            flush(harness);
            final long empty = harness.data.memory().usedBytes();
            int refused = 0;
            for (int i = 0; i < COMMANDS; i++)
            {
                final String[] words = lines.next();
                final List<Long> before = entries(harness);
                final String value = mayChangeInPlace(words) ? digest(harness, words[1]) : "";
                harness.drain();
                if (harness.run(words).startsWith("-OOM"))
                {
                    refused++;
                    final String message = "seed=" + seed + " index=" + i + " command=" + words[0];
                    final boolean isPartial = "MSET".equals(words[0]);
                    assertTrue(isPartial || 0 == harness.drain().length, message);
                    assertEquals(isPartial ? entries(harness) : before, entries(harness), message);
                    assertEquals(value, mayChangeInPlace(words) ? digest(harness, words[1]) : "", message);
                }

                if (i % FLUSH_INTERVAL == 0)
                {
                    flush(harness);
                    assertEquals(empty, harness.data.memory().usedBytes(), "seed=" + seed + " index=" + i);
                }
            }

            assertTrue(refused > 10, "seed=" + seed + " refused=" + refused);
        }
    }

    private static void flush(final CommandHarness harness)
    {
        harness.run("FLUSHALL");
        harness.drain();
        for (int i = 0; i < DRAIN_STEPS && harness.data.doWork() > 0; i++)
        {
            harness.stream.doWork();
        }

        harness.touched.clear();
        harness.events.clear();
    }

    private static boolean mayChangeInPlace(final String[] words)
    {
        return words.length > 1 && List.of("APPEND", "SETRANGE", "SETBIT", "BITFIELD").contains(words[0]);
    }

    private static String digest(final CommandHarness harness, final String key)
    {
        final byte[] name = key.getBytes(StandardCharsets.ISO_8859_1);
        final long address = Memory.reserve(name.length + 1);
        Memory.copy(name, 0, address, name.length);
        final long entry = harness.data.keyspace(harness.session.db).find(address, name.length);
        Memory.release(address);
        return new Digest().ofValue(harness.data, entry);
    }

    /** Several writes, of which a later one needs memory that is not there: the earlier ones have not happened. */
    @Test
    void shouldChangeNothingWhenTheSecondOfTwoWritesFails()
    {
        try (CommandHarness harness = new CommandHarness(4 << 20))
        {
            DataCommands.register(harness.table);
            // All zero but for the end, so that each write needs a leaf of its own.
            harness.line("SETRANGE b 6000000 x");
            String reply = "";
            int refused = 0;
            for (int i = 0; i < 130; i++)
            {
                final String before = digest(harness, "b");
                reply = harness.line("BITFIELD b SET u8 #" + i * 40_000 + " 1 SET u8 #" + (i * 40_000 + 33_000) + " 2");
                if (reply.startsWith("-OOM"))
                {
                    refused++;
                    assertEquals(before, digest(harness, "b"), "write " + i);
                }
                else
                {
                    assertEquals("*2\r\n:0\r\n:0\r\n", reply);
                }
            }

            assertTrue(refused > 10, "refused=" + refused + " last=" + reply);
        }
    }

    /** Where the entries are: one that is in its place has not changed, but maybe a large value of it. */
    private static List<Long> entries(final CommandHarness harness)
    {
        final List<Long> entries = new ArrayList<>();
        final long name = Memory.reserve(2);
        for (final String key : KEYS)
        {
            harness.run("EXISTS", key);
            for (int i = 0; i < key.length(); i++)
            {
                Memory.putByte(name + i, (byte)key.charAt(i));
            }

            entries.add(harness.data.keyspace(0).find(name, key.length()));
        }

        Memory.release(name);
        return entries;
    }
}
