package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.commands.RedisPeer;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * A client counts replies: whatever it queues, EXEC's array has as many elements as it announces, nothing else stands
 * within it or within any other reply, and the reply to the next command is the next reply.
 */
class ExecFramingTest
{
    private static final String END = "$7\r\nendmark\r\n";
    private static final String END_SUBSCRIBED = "*2\r\n$4\r\npong\r\n" + END;
    private static final String ABORTED = "-EXECABORT";

    /** Arguments that mean something, for commands where words of the right number do not. */
    private static final List<String> RIGHT = List.of(
        "WAIT 5 300", "WAIT 0 0", "WAIT x 1", "SUBSCRIBE a", "PSUBSCRIBE a*", "SSUBSCRIBE a", "SUBSCRIBE a b c",
        "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "UNSUBSCRIBE a b", "PUBLISH a m", "CLIENT PAUSE 1",
        "CLIENT PAUSE 1 WRITE", "CLIENT UNPAUSE", "CLIENT NO-TOUCH ON", "CLIENT NO-EVICT OFF", "CLIENT UNBLOCK 1",
        "CLIENT KILL ID 999999", "CLIENT SETNAME n", "HELLO 3", "HELLO 2", "HELLO",
        "HELLO 3 AUTH default x", "HELLO 9", "AUTH x", "AUTH default x", "REPLCONF ACK 1", "REPLCONF GETACK *",
        "REPLCONF capa eof", "REPLCONF a", "SELECT 1", "SELECT 99", "SWAPDB 0 1", "BGSAVE", "BGSAVE SCHEDULE", "SAVE",
        "LASTSAVE", "MONITOR", "ROLE", "TIME", "INFO", "DEBUG SLEEP 0", "DEBUG OBJECT k", "DEBUG PROTOCOL attrib",
        "COMMAND COUNT", "COMMAND GETKEYS GET k", "SET k v EX 10", "SET k v GET",
        "GETEX k EX 10",
        "MSET a 1 b 2", "MGET a b", "LCS a b IDX", "BITFIELD b SET u8 0 1 GET u8 0", "SCAN 0 COUNT 10", "OBJECT FREQ k",
        "OBJECT HELP", "MEMORY USAGE k", "SLOWLOG GET", "LATENCY LATEST", "CONFIG GET *", "CONFIG SET maxmemory 0",
        "PING", "PING x", "ECHO x", "FLUSHALL", "NOSUCH x", "CLIENT NOSUCH", "GET", "WATCH k", "UNWATCH", "MULTI");

    /** End the connection, its replies, or the process; or are not for a queue. */
    private static final Set<String> ELSEWHERE = Set.of(
        "exec", "discard", "reset", "quit", "shutdown", "client|reply", "client|kill", "psync", "sync", "replicaof",
        "slaveof", "failover", "debug|reload", "debug|change-repl-id", "debug|populate", "debug|jmap", "debug|log",
        "debug|error",
        "config|rewrite", "config|resetstat");

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 6379, new SimNode.Disk(), 1);

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    /** Every row of the table with too few, enough and too many words, and what {@link #RIGHT} adds. */
    private Set<String> lines()
    {
        final Set<String> lines = new LinkedHashSet<>(RIGHT);
        for (final CommandSpec row : node.node.parts().executor().table().all())
        {
            addLines(lines, row);
            row.subcommands().values().forEach((sub) -> addLines(lines, sub));
        }

        return lines;
    }

    private static void addLines(final Set<String> lines, final CommandSpec row)
    {
        if (ELSEWHERE.contains(row.fullName()) || null != row.parent() && ELSEWHERE.contains(row.parent().name()))
        {
            return;
        }

        final int least = Math.abs(row.arity());
        for (int words = Math.max(1, least - 1); words < least + 3; words++)
        {
            final StringBuilder line = new StringBuilder(row.fullName().replace('|', ' '));
            for (int i = null == row.parent() ? 1 : 2; i < words; i++)
            {
                line.append(i % 2 == 1 ? " k" : " 1");
            }

            lines.add(line.toString());
        }
    }

    private static String[] transaction(final String protocol, final String line)
    {
        return new String[]{"HELLO " + protocol, "MULTI", line, "ECHO element", "EXEC", "PING endmark"};
    }

    private static String requests(final String... lines)
    {
        final StringBuilder requests = new StringBuilder();
        for (final String line : lines)
        {
            final String[] words = line.split(" ");
            requests.append('*').append(words.length).append("\r\n");
            Arrays.stream(words).forEach(
                (word) -> requests.append('$').append(word.length()).append("\r\n").append(word).append("\r\n"));
        }

        return requests.toString();
    }

    /** All answers of a new client, which sends all at once or waits for each. */
    private String answers(final boolean isPipelined, final String... lines)
    {
        final SimPeer peer = new SimPeer(node);
        final StringBuilder answers = new StringBuilder();
        if (isPipelined)
        {
            peer.socket.send(requests(lines));
            answers.append(peer.await());
        }
        else
        {
            for (final String line : lines)
            {
                peer.socket.send(requests(line));
                answers.append(peer.await());
            }
        }

        // CLIENT PAUSE holds what comes behind it.
        clock.advanceMs(200);
        SimPeer.rest(node);
        answers.append(peer.received());
        peer.socket.close();
        SimPeer.rest(node);
        return answers.toString();
    }

    @ParameterizedTest
    @CsvSource({"2, true", "2, false", "3, true", "3, false"})
    void shouldAnswerEachQueuedCommandWithOneElement(final String protocol, final boolean isPipelined)
    {
        for (final String line : lines())
        {
            final List<String> frames = Frames.of(answers(isPipelined, transaction(protocol, line)));
            final String message = line + " -> " + frames;
            final String exec = frames.get(4);
            if (!exec.startsWith(ABORTED))
            {
                final List<String> elements = Frames.elements(exec);
                assertEquals(elements.size(), Frames.announced(exec), message);
                assertEquals("$7\r\nelement\r\n", elements.get(elements.size() - 1), message);
            }

            // Behind the array: confirmations that have no element, messages, and the answer to PING.
            final String last = frames.get(frames.size() - 1);
            assertTrue(END.equals(last) || END_SUBSCRIBED.equals(last), message);
            frames.subList(5, frames.size() - 1)
                .forEach((push) -> assertTrue(push.matches("(?s)[>*][34]\r\n.*"), message));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldQueueAndAbortAsRedisDoes(final String protocol) throws Exception
    {
        final List<String> different = new ArrayList<>();
        try (RedisPeer redis = RedisPeer.start())
        {
            for (final String line : lines())
            {
                if (line.matches("(?i)debug .*"))
                {
                    // Our rows are finer; and it would stand still, or end.
                    continue;
                }

                if (line.toUpperCase(Locale.ROOT).contains("SAVE"))
                {
                    // That of the line before may take long on a busy machine, and what is answered meanwhile differs.
                    redis.awaitNoSave();
                }

                final String[] transaction = transaction(protocol, line);
                final List<String> theirs = Frames.of(redis.ask(requests(transaction), END));
                final List<String> ours = Frames.of(answers(true, transaction));
                if (!shape(theirs).equals(shape(ours)) && !isKnown(line))
                {
                    different.add(line + "\n    " + theirs + "\n    " + ours);
                }
            }
        }

        assertEquals(List.of(), different);
    }

    /** Where Redis breaks its own framing, or its 7.0 is not its 7.2 or 7.4. */
    private static boolean isKnown(final String line)
    {
        return line.matches("(?i)replconf (ack|getack) .*|s?p?(un)?subscribe \\S+ \\S.*|client (no-touch|setinfo).*|" +
            "cluster myshardid.*|module (load|loadex|unload).*|waitaof .*|command getkeys\\S* 1|z(rev)?rank \\S+ \\S+ \\S.*|hp?(expire(at|time)?|ttl) .*|hpersist .*");
    }

    /** What was refused and what was queued; how many elements, and which of them are errors of what kind. */
    private static List<String> shape(final List<String> frames)
    {
        final List<String> shape = new ArrayList<>();
        frames.forEach((frame) -> shape.add(kind(frame)));
        if (frames.size() > 4 && frames.get(4).startsWith("*"))
        {
            Frames.elements(frames.get(4)).forEach((element) -> shape.add(kind(element)));
        }

        return shape;
    }

    private static String kind(final String frame)
    {
        return frame.startsWith("-") ? frame.split(" ")[0] : frame.startsWith("+") ? frame : frame.substring(0, 1);
    }

    @Test
    void shouldNotBlockWithinExec()
    {
        assertEquals(
            "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*4\r\n+OK\r\n:0\r\n:0\r\n$3\r\nend\r\n+PONG\r\n",
            answers(true, "MULTI", "SET x 1", "WAIT 5 300", "WAIT 6 0", "ECHO end", "EXEC", "PING"));
    }

    @Test
    void shouldRefuseMonitorWithinExec()
    {
        assertEquals(
            "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n-ERR MONITOR isn't allowed for DENY BLOCKING client\r\n+PONG\r\n+PONG\r\n",
            answers(true, "MULTI", "MONITOR", "PING", "EXEC", "PING"));
    }

    @Test
    void shouldRefuseShardSubscriptionsWithinExec()
    {
        assertEquals(
            "+OK\r\n+QUEUED\r\n*1\r\n-ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client\r\n+PONG\r\n",
            answers(true, "MULTI", "SSUBSCRIBE a", "EXEC", "PING"));
    }

    @Test
    void shouldScheduleSaveWithinExec()
    {
        assertEquals(
            "+OK\r\n+QUEUED\r\n*1\r\n+Background saving scheduled\r\n+PONG\r\n",
            answers(true, "MULTI", "BGSAVE", "EXEC", "PING"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void shouldPutFurtherConfirmationsBehindTheArray(final String protocol)
    {
        final String push = "2".equals(protocol) ? "*3" : ">3";
        final String answers = answers(
            true, "HELLO " + protocol, "MULTI", "SUBSCRIBE a b", "ECHO x", "UNSUBSCRIBE", "EXEC", "PING");
        assertEquals(
            "*3\r\n" + push + "\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n$1\r\nx\r\n" + push +
                "\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:1\r\n" + push + "\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n" +
                push +
                "\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:0\r\n+PONG\r\n",
            answers.substring(answers.lastIndexOf("+QUEUED\r\n") + 9));
    }

    @Test
    void shouldSilenceExecAsAWhole()
    {
        assertEquals(
            "+OK\r\n+QUEUED\r\n+QUEUED\r\n",
            answers(true, "MULTI", "CLIENT REPLY OFF", "PING", "EXEC", "PING"));
        assertEquals(
            "+OK\r\n+QUEUED\r\n+QUEUED\r\n$1\r\nb\r\n",
            answers(true, "MULTI", "CLIENT REPLY SKIP", "PING", "EXEC", "ECHO a", "ECHO b"));
        assertEquals(
            "*2\r\n+OK\r\n+PONG\r\n+PONG\r\n",
            answers(true, "CLIENT REPLY OFF", "MULTI", "CLIENT REPLY ON", "PING", "EXEC", "PING"));
    }

    @Test
    void shouldFinishTheArrayOfAClientThatKillsItself()
    {
        assertEquals(
            "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n+PONG\r\n",
            answers(true, "MULTI", "CLIENT KILL TYPE normal SKIPME no", "PING", "EXEC", "PING"));
    }

    @Test
    void shouldPutOwnMessagesBehindTheReply()
    {
        final SimPeer peer = new SimPeer(node);
        peer.ask("HELLO 3");
        peer.ask("CONFIG SET notify-keyspace-events KEA");
        peer.ask("SUBSCRIBE ch");
        peer.ask("PSUBSCRIBE __key*");
        final String message = ">3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$1\r\nm\r\n";
        final String event = ">4\r\n$8\r\npmessage\r\n$6\r\n__key*\r\n";
        assertEquals(":1\r\n" + message, peer.ask("PUBLISH ch m"));
        assertTrue(peer.ask("SET a 1").startsWith("+OK\r\n" + event));
        assertTrue(peer.ask("DEL a").startsWith(":1\r\n" + event));

        peer.tell("MULTI");
        peer.tell("SET a 1");
        peer.tell("PUBLISH ch m");
        peer.tell("GET a");
        final List<String> frames = Frames.of(peer.ask("EXEC"));
        assertEquals("*3\r\n+OK\r\n:1\r\n$1\r\n1\r\n", frames.get(4));
        assertTrue(frames.get(5).startsWith(event), frames.toString());
        assertEquals(message, frames.get(7));
    }

    @Test
    void shouldPutOwnMessagesOfResp2BehindTheReply()
    {
        assertEquals(
            "*2\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nm\r\n",
            answers(true, "MULTI", "SUBSCRIBE a", "PUBLISH a m", "EXEC").substring(23));
    }

    @Test
    void shouldPutOwnFeedBehindTheReply()
    {
        final SimPeer peer = new SimPeer(node);
        peer.ask("MONITOR");
        peer.tell("MULTI");
        peer.tell("ECHO a");
        peer.tell("ECHO b");
        final List<String> frames = Frames.of(peer.ask("EXEC"));
        assertEquals("*2\r\n$1\r\na\r\n$1\r\nb\r\n", frames.get(4), frames.toString());
        assertTrue(frames.get(5).contains("\"ECHO\" \"a\""), frames.toString());
        assertTrue(frames.get(7).contains("\"EXEC\""), frames.toString());
    }

    @Test
    void shouldKeepMessagesThoughRepliesAreOff()
    {
        assertEquals(
            "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n",
            answers(true, "CLIENT REPLY OFF", "MULTI", "PING", "SUBSCRIBE a", "EXEC"));
    }
}
