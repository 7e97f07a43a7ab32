package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.memory.Memory;

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
                harness.drain();
                if (harness.run(words).startsWith("-OOM"))
                {
                    refused++;
                    final String message = "seed=" + seed + " index=" + i + " command=" + words[0];
                    final boolean isPartial = words[0].startsWith("MSET");
                    assertTrue(isPartial || 0 == harness.drain().length, message);
                    assertEquals(isPartial ? entries(harness) : before, entries(harness), message);
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

    /** Where the entries are: an entry that is in its place has not changed, since none is changed in place. */
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
