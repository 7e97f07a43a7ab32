package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.snapshot.Digest;
import org.millrace.engine.value.Thresholds;

/** Values while memory is short: what is refused has changed nothing, and who gets the stream has the same data. */
abstract class ShortMemory
{
    private static final int COMMANDS = 2_000;

    private final List<Integer> fillers = new ArrayList<>();
    Random random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldChangeNothingThatTheStreamDoesNotSay(final long seed)
    {
        random = new Random(seed);
        int refused = 0;
        try (CommandHarness harness = new CommandHarness(32 << 20); CommandHarness replica = new CommandHarness())
        {
            DataCommands.register(harness.table);
            DataCommands.register(replica.table);
            limit(harness.settings.thresholds);
            limit(replica.settings.thresholds);
            for (int i = 0; i < COMMANDS; i++)
            {
                starveOrFeed(harness.data.memory());
                final String line = line();
                final String before = i % 10 == 0 ? new Digest().ofDataSet(harness.data) : null;
                final String reply = harness.line(line);
                final String streamed = harness.streamed();
                for (final String command : streamed.split("\n"))
                {
                    if (!command.isEmpty() && !command.startsWith("SELECT"))
                    {
                        replica.line(command);
                    }
                }

                final String context = "seed " + seed + " command " + i + ": " + line + " -> " + reply;
                if (reply.startsWith("-OOM"))
                {
                    refused++;
                    assertTrue(null == before || !streamed.isEmpty() ||
                        before.equals(new Digest().ofDataSet(harness.data)), context);
                }

                if (i % 50 == 0 || reply.startsWith("-OOM") && refused % 20 == 0)
                {
                    assertEquals(new Digest().ofDataSet(harness.data), new Digest().ofDataSet(replica.data), context);
                }
            }

            assertTrue(refused > 20, "seed " + seed + " refused " + refused);
            free(harness.data.memory(), fillers.size());
        }
    }

    /** Limits that commands cross. */
    abstract void limit(Thresholds thresholds);

    /** The next command. */
    abstract String line();

    private void starveOrFeed(final OffHeap memory)
    {
        if (random.nextInt(40) == 0)
        {
            for (int length = 1 << 16; length >= 16; length /= 4)
            {
                int ref = memory.allocate(length, MemoryTag.ENTRY);
                while (OffHeap.NULL_REF != ref)
                {
                    fillers.add(ref);
                    ref = memory.allocate(length, MemoryTag.ENTRY);
                }
            }
        }
        else if (random.nextInt(20) == 0)
        {
            free(memory, Math.min(fillers.size(), random.nextInt(60)));
        }
    }

    /** The ones of latest, which are short. */
    private void free(final OffHeap memory, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            memory.free(fillers.remove(fillers.size() - 1), MemoryTag.ENTRY);
        }
    }
}
