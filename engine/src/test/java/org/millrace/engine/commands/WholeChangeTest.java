package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.snapshot.Digest;

/**
 * Commands that take much out of large values beside a cut, with memory for none, some or all of the leaves that must be
 * copied first: they do all that they are asked, or answer -OOM and have done nothing.
 */
class WholeChangeTest
{
    private static final long MEMORY = 12 << 20;
    private static final int[] SLABS = {0, 1, 3, 40};
    private static final String OOM = "-OOM";

    /** Makes the values that a command is to change. */
    @FunctionalInterface
    private interface Filler
    {
        void fill(CommandHarness harness);
    }

    private int refused;
    private int done;

    /** @param expected reply if all of it is done. */
    private void check(final String expected, final Filler filler, final String line)
    {
        for (final int slabs : SLABS)
        {
            checkWith(slabs, expected, filler, line);
        }

        assertTrue(refused > 0, line + " was never refused");
        assertTrue(done > 0, line + " was never done");
    }

    private void checkWith(final int slabs, final String expected, final Filler filler, final String line)
    {
        try (CommandHarness primary = new CommandHarness(MEMORY); CommandHarness replica = new CommandHarness())
        {
            DataCommands.register(primary.table);
            DataCommands.register(replica.table);
            filler.fill(primary);
            replica.follow(primary);
            final TakenMemory taken = new TakenMemory(primary.data.memory());
            primary.data.cut().begin();
            taken.takeAll();
            taken.giveLong(slabs);
            final String before = state(primary);
            final String reply = primary.line(line);
            final String streamed = replica.follow(primary);
            final String context = line.substring(0, Math.min(60, line.length())) + " with " + slabs + " slabs: " +
                reply;
            if (reply.startsWith(OOM))
            {
                refused++;
                assertEquals("", streamed, context);
                assertEquals(before, state(primary), context);
            }
            else
            {
                done++;
                assertEquals(expected, reply, context);
                final String state = state(primary);
                final String replicated = state(replica);
                assertTrue(state.equals(replicated), () -> context + StreamStates.difference(state, replicated));
            }

            taken.giveAll();
            finish(primary.data.cut());
        }
    }

    private static void finish(final Cut cut)
    {
        while (cut.isRunning())
        {
            cut.walk(1000);
            cut.drain(ShortMemory.SINK, 1000);
        }
    }

    private static String state(final CommandHarness harness)
    {
        return new Digest().ofDataSet(harness.data) + StreamStates.of(harness, "x");
    }

    private static void list(final CommandHarness harness)
    {
        for (int i = 0; i < 100; i++)
        {
            harness.line("RPUSH l" + " some-element-here same".repeat(20));
        }
    }

    @Test
    void shouldRemoveAllSoughtElementsOfAListOrNone()
    {
        check(":2000\r\n", WholeChangeTest::list, "LREM l 0 same");
    }

    @Test
    void shouldRemoveSoughtElementsFromTheEndOrNone()
    {
        check(":1500\r\n", WholeChangeTest::list, "LREM l -1500 same");
    }

    @Test
    void shouldMoveAnElementBetweenSmallListsOrNot()
    {
        check("$4\r\nlast\r\n", (harness) ->
        {
            harness.line("RPUSH a first" + " middle".repeat(40) + " last");
            harness.line("RPUSH b first" + " middle".repeat(60));
        }, "LMOVE a b RIGHT LEFT");
    }

    @Test
    void shouldMoveAnElementBetweenLargeListsOrNot()
    {
        check("$4\r\nsame\r\n", (harness) ->
        {
            list(harness);
            harness.line("RPUSH other first" + " middle".repeat(6000));
        }, "LMOVE l other RIGHT LEFT");
    }

    @Test
    void shouldRotateASmallListOrNot()
    {
        check("$4\r\nlast\r\n", (harness) -> harness.line("RPUSH a first" + " middle".repeat(40) + " last"),
            "LMOVE a a RIGHT LEFT");
    }

    @Test
    void shouldRotateALargeListOrNot()
    {
        check("$4\r\nsame\r\n", WholeChangeTest::list, "RPOPLPUSH l l");
    }

    @Test
    void shouldMoveAMemberBetweenSmallSetsOrNot()
    {
        check(":1\r\n", (harness) ->
        {
            harness.line("SADD a one two three member");
            harness.line("SADD b 1 2 3 4 5");
        }, "SMOVE a b member");
    }

    private static String numbered(final String format, final int count)
    {
        return IntStream.range(0, count).mapToObj((i) -> String.format(Locale.ROOT, format, i)).collect(
            Collectors.joining());
    }

    @Test
    void shouldRemoveAllFieldsOrNone()
    {
        check(":149\r\n", (harness) -> harness.line("HSET h" + numbered(" field:%1$d value:%1$d", 2000)),
            "HDEL h" + numbered(" field:%1$d7", 150));
    }

    @Test
    void shouldRemoveAllMembersOfASetOrNone()
    {
        check(":149\r\n", (harness) -> harness.line("SADD s" + numbered(" member:with:a:name:%1$d", 2000)),
            "SREM s" + numbered(" member:with:a:name:%1$d7", 150));
    }

    @Test
    void shouldRemoveAllMembersOfASortedSetOrNone()
    {
        check(":149\r\n", (harness) -> harness.line("ZADD z" + numbered(" %1$d member:%1$d", 2000)),
            "ZREM z" + numbered(" member:%1$d7", 150));
    }

    private static void stream(final CommandHarness harness)
    {
        harness.settings.thresholds.streamNodeEntries = 50;
        for (int i = 1; i <= 400; i++)
        {
            harness.line("XADD x " + i + "-1 field value-" + "v".repeat(i % 17));
        }

        for (int group = 0; group < 3; group++)
        {
            harness.line("XGROUP CREATE x g" + group + " 0");
            for (int i = 0; i < 3; i++)
            {
                harness.line("XREADGROUP GROUP g" + group + " c" + i % 3 + " COUNT 100 STREAMS x >");
            }
        }
    }

    @Test
    void shouldTrimAStreamByLengthOrNot()
    {
        check(":333\r\n", WholeChangeTest::stream, "XTRIM x MAXLEN 67");
    }

    @Test
    void shouldTrimAStreamByIdOrNot()
    {
        check(":332\r\n", WholeChangeTest::stream, "XTRIM x MINID = 333");
    }

    @Test
    void shouldAcknowledgeAllOrNothing()
    {
        final StringBuilder line = new StringBuilder("XACK x g1");
        for (int i = 1; i <= 300; i += 3)
        {
            line.append(' ').append(i).append("-1");
        }

        check(":100\r\n", WholeChangeTest::stream, line.toString());
    }

    @Test
    void shouldRemoveAConsumerWholeOrNot()
    {
        check(":100\r\n", WholeChangeTest::stream, "XGROUP DELCONSUMER x g1 c1");
    }

    @Test
    void shouldDestroyAGroupWholeOrNot()
    {
        check(":1\r\n", (harness) ->
        {
            stream(harness);
            for (int i = 0; i < 200; i++)
            {
                harness.line("XGROUP CREATECONSUMER x g1 consumer-of-a-long-name-" + i);
            }
        }, "XGROUP DESTROY x g1");
    }
}
