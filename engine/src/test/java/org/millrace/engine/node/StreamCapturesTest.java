package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * What clients of a redis-server 7.2.5 were answered and what its replica read, line by line, is what those of this
 * node are answered and read. Data stay from row to row.
 */
class StreamCapturesTest
{
    private static final String RESOURCE = "redis-7.2.5-stream.txt";

    /** Wall clock when the rows were captured, rounded: times of both are compared in seconds from here. */
    private static final long START_MS = 1_796_015_519_000L;
    private static final Pattern TIME = Pattern.compile("(?<![0-9])17960\\d{8}(?![0-9])");

    /** Whoever runs scripts is no part of this, and deadlines of fields are not of 7.2. */
    private static final Pattern LEFT_OUT = Pattern.compile("(EVAL|FCALL|FUNCTION|SCRIPT) .*|.*HEXPIRE .*");

    /** Chance decides which members go. */
    private static final Pattern BY_LOT = Pattern.compile("SPOP s.*");
    private static final Pattern MEMBER = Pattern.compile("(?<=\\W)[a-f](?=\\W|$)");

    /** What differs and must: in which row what is said instead of what, with the reason in front. */
    private static final Map<String, Map<String, String>> DIFFERENCES = Map.of(
        // Two of the keys were made by scripts.
        "OBJECT ENCODING l | TOUCH a | TTL a | DBSIZE", Map.of("< 27", "< 25"));

    private final SimClock clock = new SimClock(START_MS);
    private final SimNode node = new SimNode(
        new SimNetwork(1), clock, 6379, new SimNode.Disk(), 1, "repl-ping-replica-period", "3600");
    private final SimPeer client = new SimPeer(node);

    /** One row: the commands, the replies and the commands of the stream as text. */
    private record Row(String commands, List<String> replies, List<String> stream)
    {
        Row(final String commands)
        {
            this(commands, new ArrayList<>(), new ArrayList<>());
        }

        String text()
        {
            final String text = "\n> " + commands + "\n< " + String.join("\n< ", replies) + "\n= " +
                String.join("\n= ", stream);
            final String timed = TIME.matcher(text).replaceAll(StreamCapturesTest::seconds);
            return BY_LOT.matcher(commands).matches() ? MEMBER.matcher(timed).replaceAll("?") : timed;
        }
    }

    private static String seconds(final MatchResult time)
    {
        return "now+" + (Long.parseLong(time.group()) - START_MS) / 1000;
    }

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldAnswerAndSendWhatRedisDid() throws IOException
    {
        final SimPeer replica = replica();
        int compared = 0;
        final List<String> expected = new ArrayList<>();
        final List<String> actual = new ArrayList<>();
        for (final Row row : rows())
        {
            if (!LEFT_OUT.matcher(row.commands).matches())
            {
                String right = row.text();
                for (final Map.Entry<String, String> each : DIFFERENCES.getOrDefault(row.commands, Map.of()).entrySet())
                {
                    assertTrue(right.contains(each.getKey()), row.commands);
                    right = right.replace(each.getKey(), each.getValue());
                }

                expected.add(right);
                actual.add(run(row.commands, replica).text());
                compared++;
            }
        }

        assertEquals(String.join("\n", expected), String.join("\n", actual));
        assertTrue(compared > 90, "rows: " + compared);
    }

    private SimPeer replica()
    {
        final SimPeer replica = new SimPeer(node);
        replica.ask("REPLCONF listening-port 6380 capa eof capa psync2");
        final String answer = replica.ask("PSYNC ? -1");
        replica.tell("REPLCONF ACK " + answer.substring(0, answer.indexOf('\r')).split(" ")[2]);
        SimPeer.rest(node);
        return replica;
    }

    private Row run(final String commands, final SimPeer replica)
    {
        final Row row = new Row(commands);
        // In one piece, as they were captured: what is due between two commands is no part of it.
        client.socket.send(commands.replace(" | ", "\r\n") + "\r\n");
        Frames.of(client.await()).forEach((reply) -> row.replies.add(shown(reply, true)));

        SimPeer.rest(node);
        for (final String command : Frames.of(replica.received()))
        {
            final List<String> words = new ArrayList<>(Frames.elements(command));
            words.replaceAll((word) -> word.substring(word.indexOf('\n') + 1, word.length() - 2));
            row.stream.add(String.join(" ", words));
        }

        return row;
    }

    /** A reply as the file has it: texts in quotes, whether status or bulk; the mark of an error not within arrays. */
    private static String shown(final String frame, final boolean isWhole)
    {
        final int line = frame.indexOf('\r');
        final String head = frame.substring(1, line);
        return switch (frame.charAt(0))
        {
            case ':' -> head;
            case '+' -> '"' + head + '"';
            case '-' -> '"' + (isWhole ? "-" : "") + head + '"';
            case '$' -> "-1".equals(head) ? "null" : '"' + frame.substring(line + 2, frame.length() - 2) + '"';
            default -> "-1".equals(head)
                ? "null"
                : Frames.elements(frame).stream().map((element) -> shown(element, false)).toList().toString();
        };
    }

    private static List<Row> rows() throws IOException
    {
        final List<Row> rows = new ArrayList<>();
        try (InputStream in = StreamCapturesTest.class.getResourceAsStream(RESOURCE))
        {
            assertNotNull(in);
            for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
            {
                final String text = line.isEmpty() ? "" : line.substring(2);
                switch (line.isEmpty() ? '#' : line.charAt(0))
                {
                    case '>' -> rows.add(new Row(text));
                    case '<' -> rows.get(rows.size() - 1).replies.add(text);
                    case '=' -> rows.get(rows.size() - 1).stream.add(text);
                    default -> {
                    }
                }
            }
        }

        return rows;
    }
}
