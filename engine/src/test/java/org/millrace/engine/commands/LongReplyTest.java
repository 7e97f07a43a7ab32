package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.command.CommandObserver;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Session;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.snapshot.Digest;

/**
 * Replies that cannot be held, by a limit of a kilobyte: the client is lost, but what the command has changed is in the
 * stream, whole, and a command that has not said so has changed nothing.
 */
class LongReplyTest
{
    private static final int COMMANDS = 1200;
    private static final int ROOM_MAX = 120;
    private static final int DIGEST_INTERVAL = 20;

    private final CommandHarness primary = new CommandHarness();
    private final CommandHarness replica = new CommandHarness();
    private final CommandExecutor executor = primary.executor(new Deaf(), new Still());

    @BeforeEach
    void register()
    {
        DataCommands.register(primary.table);
        DataCommands.register(replica.table);
    }

    @AfterEach
    void close()
    {
        replica.close();
        primary.close();
    }

    private String within(final int room, final String line)
    {
        return primary.executeWithin(room, executor, line.split(" "));
    }

    private static String digest(final CommandHarness harness)
    {
        return new Digest().ofDataSet(harness.data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"string", "hash", "set", "zset", "geo", "list", "stream", "field"})
    void shouldHaveChangedWhatTheStreamSays(final String type)
    {
        final long seed = type.hashCode();
        final Random random = new Random(seed);
        final LineMaker maker = new LineMaker(type, random, (name) -> primary.table.all().stream()
            .anyMatch((row) -> row.name().equalsIgnoreCase(name)));
        int lost = 0;
        for (int i = 0; i < COMMANDS; i++)
        {
            final List<String> words = maker.next();
            if (words.get(0).startsWith("BL") || words.get(0).startsWith("BR") || words.get(0).startsWith("BZ"))
            {
                continue;
            }

            final boolean isShort = random.nextBoolean();
            final String reply = isShort
                ? primary.executeWithin(random.nextInt(ROOM_MAX), executor, words.toArray(new String[0]))
                : primary.run(words.toArray(new String[0]));
            lost += null == reply ? 1 : 0;
            final String streamed = replica.follow(primary);
            if (null == reply || 0 == i % DIGEST_INTERVAL)
            {
                assertEquals(digest(primary), digest(replica), () -> type + ": " + words + " -> " + reply + streamed);
            }
        }

        assertTrue(lost > COMMANDS / 20, type + " lost " + lost);
    }

    @Test
    void shouldPropagateWhatWasPoppedThoughTheReplyIsTooLong()
    {
        primary.line("SADD s " + members(100));
        replica.follow(primary);
        assertNull(within(100, "SPOP s 60"));
        assertTrue(replica.follow(primary).startsWith("SREM s "));
        assertEquals(":40\r\n", replica.line("SCARD s"));
        assertEquals(":40\r\n", primary.line("SCARD s"));
    }

    @Test
    void shouldChangeNothingIfTheReplyComesFirst()
    {
        primary.line("RPUSH l " + members(100));
        primary.drain();
        assertNull(within(100, "LPOP l 60"));
        assertEquals("", primary.streamed());
        assertEquals(":100\r\n", primary.line("LLEN l"));
    }

    @Test
    void shouldPropagateWhatAGroupHasGivenThoughTheReplyIsTooLong()
    {
        primary.line("XGROUP CREATE x g 0 MKSTREAM");
        for (int i = 1; i < 30; i++)
        {
            primary.line("XADD x " + i + "-1 field value");
        }

        replica.follow(primary);
        assertNull(within(100, "XREADGROUP GROUP g c COUNT 20 STREAMS x >"));
        assertEquals(20, replica.follow(primary).split("XCLAIM").length - 1);
        assertEquals(primary.line("XPENDING x g"), replica.line("XPENDING x g"));
        assertTrue(primary.line("XINFO GROUPS x").contains("20-1"));
    }

    @Test
    void shouldPropagateADeletionWhoseCountDoesNotFitAnyMore()
    {
        primary.line("ZADD z 1 a 2 b 3 c");
        primary.line("XADD x 1-1 f v");
        replica.follow(primary);
        for (final String line : List.of("ZREM z a b", "XADD x 2-1 f v", "XDEL x 1-1", "ZADD z 5 d 6 e 7 f"))
        {
            assertNull(within(1, line), line);
            assertEquals(line, replica.follow(primary));
        }

        assertEquals(digest(primary), digest(replica));
    }

    /** More than any reply can hold is no work to begin with. */
    @Test
    void shouldRefuseAtOnceToRepeatMembersForEver()
    {
        primary.line("SADD s member");
        primary.line("HSET h field value");
        primary.line("ZADD z 1 member");
        primary.drain();
        for (final String line : List.of("SRANDMEMBER s -9000000000000000000", "HRANDFIELD h -9000000000000000000",
            "ZRANDMEMBER z -9000000000000000000", "HRANDFIELD h -4000000000000000000 WITHVALUES",
            "ZRANDMEMBER z -4000000000000000000 WITHSCORES", "SRANDMEMBER s -400000000"))
        {
            assertNull(within(100, line), line);
        }

        assertEquals("*2\r\n$6\r\nmember\r\n$6\r\nmember\r\n", within(100, "SRANDMEMBER s -2"));
    }

    /** What it had collected of the data is not what the next one looks at. */
    @Test
    void shouldForgetWhatAScanHasFoundWhoseReplyWasTooLong()
    {
        for (int i = 0; i < 40; i++)
        {
            primary.line("SET key" + i + " value");
        }

        assertNull(within(100, "SCAN 0 COUNT 100"));
        assertNull(within(100, "KEYS *"));
        primary.line("FLUSHALL");
        primary.line("SET other value");
        assertEquals("*2\r\n$1\r\n0\r\n*1\r\n$5\r\nother\r\n", within(100, "SCAN 0 COUNT 100"));
        assertEquals("*1\r\n$5\r\nother\r\n", within(100, "KEYS *"));
    }

    /** Its value is not left in the middle of a change. */
    @Test
    void shouldChangeNoBitsIfTheirRepliesDoNotFit()
    {
        primary.line("SET b " + "x".repeat(100));
        primary.drain();
        assertNull(within(100, "BITFIELD b" + " SET u8 #1 65 INCRBY u8 #2 1".repeat(10)));
        assertEquals("", primary.streamed());
        assertEquals("*1\r\n:120\r\n", within(100, "BITFIELD b SET u8 #1 65"));
        assertEquals("BITFIELD b SET u8 #1 65", primary.streamed());
    }

    private static String members(final int count)
    {
        final List<String> members = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            members.add("member" + i);
        }

        return String.join(" ", members);
    }

    private static final class Deaf implements CommandObserver
    {
        @Override
        public boolean isMonitored()
        {
            return false;
        }

        @Override
        public void onCommand(final Session session, final CommandSpec spec, final ArgVector args)
        {
        }

        @Override
        public void onSlowCommand(
            final Session session, final CommandSpec spec, final ArgVector args, final long durationNs)
        {
        }

        @Override
        public void onError(final String text)
        {
        }
    }

    private static final class Still implements Clock
    {
        @Override
        public long wallMs()
        {
            return CommandHarness.START_MS;
        }

        @Override
        public long wallMicros()
        {
            return 1000 * wallMs();
        }

        @Override
        public long monotonicNs()
        {
            return CommandHarness.START_MS * 1_000_000;
        }
    }
}
