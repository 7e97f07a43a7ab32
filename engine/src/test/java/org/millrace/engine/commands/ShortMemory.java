package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.snapshot.Digest;
import org.millrace.engine.tree.Pins;
import org.millrace.engine.value.Thresholds;

/**
 * Values while memory is short: what is refused has changed nothing, and who gets the stream has the same data. Also while
 * a cut is walked and views are open: then nearly every change needs memory.
 */
abstract class ShortMemory
{
    private static final long MEMORY = 20 << 20;

    /** Wants nothing of what a cut has. */
    static final Cut.Sink SINK = new Cut.Sink()
    {
        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
        }

        @Override
        public boolean onEntry(final long entry)
        {
            return true;
        }

        @Override
        public void onEnd()
        {
        }
    };

    private CommandHarness primary;
    private TakenMemory taken;
    private long pin;
    Random random;

    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, true", "4, true"})
    void shouldChangeNothingThatTheStreamDoesNotSay(final long seed, final boolean isLookedAt)
    {
        random = new Random(seed);
        pin = 0;
        int refused = 0;
        try (CommandHarness harness = new CommandHarness(MEMORY); CommandHarness replica = new CommandHarness())
        {
            primary = harness;
            taken = new TakenMemory(harness.data.memory());
            DataCommands.register(harness.table);
            DataCommands.register(replica.table);
            limit(harness.settings.thresholds);
            limit(replica.settings.thresholds);
            harness.data.cut().onRingFull(() -> harness.data.cut().drain(SINK, 100));
            fill(harness);
            replica.follow(harness);
            for (int i = 0; i < commands(); i++)
            {
                starveOrFeed();
                look(isLookedAt);
                final String line = line();
                final String before = i % 20 == 0 ? state(harness) : null;
                final String reply = harness.line(line);
                final String streamed = replica.follow(harness);
                final String context = "seed " + seed + " command " + i + ": " + line + " -> " + reply + streamed;
                if (reply.startsWith("-OOM"))
                {
                    refused++;
                    assertTrue(null == before || !streamed.isEmpty() || before.equals(state(harness)), context);
                }

                if (i % 50 == 0 || reply.startsWith("-OOM") && refused % 20 == 0)
                {
                    final String state = state(harness);
                    final String replicated = state(replica);
                    assertTrue(state.equals(replicated), () -> context + "\n" +
                        StreamStates.difference(state, replicated));
                }
            }

            assertTrue(refused > 20, "seed " + seed + " refused " + refused);
            lookAway();
            taken.giveAll();
        }
    }

    int commands()
    {
        return 1500;
    }

    /** Limits that commands cross. */
    abstract void limit(Thresholds thresholds);

    /** What is there before the first command. */
    void fill(final CommandHarness harness)
    {
    }

    /** The next command. */
    abstract String line();

    /** All that primary and replica must have alike. */
    String state(final CommandHarness harness)
    {
        return new Digest().ofDataSet(harness.data);
    }

    private void starveOrFeed()
    {
        if (random.nextInt(40) == 0)
        {
            taken.takeAll();
        }
        else if (random.nextInt(20) == 0)
        {
            taken.giveSome(random, random.nextInt(random.nextInt(10) == 0 ? 60 : 4));
        }
    }

    private void look(final boolean isLookedAt)
    {
        final Cut cut = primary.data.cut();
        final Pins pins = primary.data.entries().nodes().pins();
        if (cut.isRunning())
        {
            cut.walk(random.nextInt(3) == 0 ? 1 : 0);
            cut.drain(SINK, random.nextInt(3));
        }
        else if (isLookedAt && random.nextInt(60) == 0)
        {
            cut.begin();
        }

        if (0 == pin && isLookedAt && random.nextInt(60) == 0)
        {
            pin = pins.open();
        }
        else if (0 != pin && random.nextInt(40) == 0)
        {
            pins.close(pin);
            pin = 0;
        }
    }

    private void lookAway()
    {
        final Cut cut = primary.data.cut();
        while (cut.isRunning())
        {
            cut.walk(100);
            cut.drain(SINK, 100);
        }

        if (0 != pin)
        {
            primary.data.entries().nodes().pins().close(pin);
        }
    }
}
