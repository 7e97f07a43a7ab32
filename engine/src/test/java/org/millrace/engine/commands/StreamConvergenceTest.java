package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.snapshot.Digest;

/** What one node puts into the stream makes the same data in another, whose clock is wrong. */
class StreamConvergenceTest
{
    private static final int COMMANDS = 8000;
    private static final int DATABASES = 3;
    private static final long CLOCK_ERROR_MS = 3_600_000;

    @ParameterizedTest
    @CsvSource({"21, 1", "22, 1", "23, 2000"})
    void shouldMakeEqualDataFromStream(final long seed, final int scale)
    {
        try (CommandHarness primary = new CommandHarness(); CommandHarness replica = new CommandHarness())
        {
            DataCommands.register(primary.table);
            DataCommands.register(replica.table);
            primary.settings.protoMaxBulkLength = 1 << 20;
            replica.isReplica = true;
            replica.session.isPrimaryLink = true;
            replica.nowMs += CLOCK_ERROR_MS;
            final CommandLines lines = new CommandLines(seed, scale);
            for (int i = 0; i < COMMANDS; i++)
            {
                final String[] words = lines.next();
                primary.session.db = i / 50 % DATABASES;
                primary.nowMs += i % 7;
                primary.run(words);
                final String expected = i % 100 == 0 ? state(primary) : null;
                final String streamed = apply(primary.drain(), replica);
                if (null != expected)
                {
                    assertEquals(
                        expected,
                        state(replica),
                        "seed=" + seed + " index=" + i + " command=" + Arrays.toString(words) + " streamed=" +
                            streamed);
                }
            }
        }
    }

    private static String apply(final byte[] stream, final CommandHarness replica)
    {
        final String text = new String(stream, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < text.length())
        {
            final List<String> words = new ArrayList<>();
            int end = text.indexOf('\r', at);
            final int count = Integer.parseInt(text.substring(at + 1, end));
            at = end + 2;
            for (int i = 0; i < count; i++)
            {
                end = text.indexOf('\r', at);
                final int length = Integer.parseInt(text.substring(at + 1, end));
                words.add(text.substring(end + 2, end + 2 + length));
                at = end + 4 + length;
            }

            run(words, replica);
        }

        return text;
    }

    private static void run(final List<String> words, final CommandHarness replica)
    {
        switch (words.get(0))
        {
            case "SELECT" -> replica.session.db = Integer.parseInt(words.get(1));
            case "MULTI", "EXEC" ->
                {
                }
            default -> {
                final String reply = replica.run(words.toArray(new String[0]));
                assertEquals(false, reply.startsWith("-"), words + " " + reply);
            }
        }
    }

    /** Digest of all data, and the deadlines, which it does not cover. */
    private static String state(final CommandHarness harness)
    {
        final StringBuilder text = new StringBuilder();
        final int database = harness.session.db;
        for (int i = 0; i < DATABASES; i++)
        {
            harness.session.db = i;
            for (int k = 0; k < 6; k++)
            {
                text.append(harness.run("PEXPIRETIME", "k" + k).trim());
            }
        }

        harness.session.db = database;
        return text + new Digest().ofDataSet(harness.data);
    }
}
