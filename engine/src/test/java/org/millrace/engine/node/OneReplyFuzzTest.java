package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandDocs;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * A command has one reply whatever its arguments: a parser that complains and a caller that complains again put every
 * later reply of the connection one off. Each row of the table gets its own keywords, odd numbers and keys of each kind,
 * mixed at random.
 */
class OneReplyFuzzTest
{
    private static final int LINES_PER_ROW = 40 * Integer.getInteger("millrace.fuzz.factor", 1);
    private static final String END = "$7\r\nendmark\r\n";
    private static final Pattern TOKEN = Pattern.compile("=([A-Z-]+)");

    /** Have several replies, none, a late one, or end the connection or the process. */
    private static final Set<String> NOT_ONE = Set.of(
        "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe", "monitor", "psync",
        "sync",
        "replicaof", "slaveof", "replconf", "shutdown", "quit", "multi", "wait", "client|reply", "client|pause",
        "client|kill", "hello", "debug");

    private static final List<String> ODD = List.of(
        "-1", "0", "1", "2", "abc", "", "99999999999", "9223372036854775807", "-9223372036854775808", "1.5", "+1", " 1",
        "*",
        "#1", "u8", "i64", "string", "number", "sketch", "missing", "string", "number");

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 6379, new SimNode.Disk(), 1);
    private final SimPeer unblocker = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldReplyOnceToWhateverArguments(final long seed) throws IOException
    {
        final Random random = new Random(seed);
        final Map<String, List<String>> tokens = tokens();
        final List<String> broken = new ArrayList<>();
        SimPeer peer = new SimPeer(node);
        for (final CommandSpec row : rows())
        {
            for (int i = 0; i < LINES_PER_ROW; i++)
            {
                final List<String> words = words(row, tokens.getOrDefault(row.fullName(), List.of()), random);
                peer.socket.send(Frames.request("SET", "string", "abc") + Frames.request("SET", "number", "5") +
                    Frames.request("PFADD", "sketch", "a") + Frames.request(words.toArray(new String[0])) +
                    Frames.request("PING", "endmark"));
                final List<String> frames = frames(peer, row);
                if (5 != frames.size() || !END.equals(frames.get(4)))
                {
                    broken.add(words + " -> " + frames);
                    peer.socket.close();
                    peer = new SimPeer(node);
                }
            }
        }

        assertEquals(List.of(), broken);
    }

    /** What it has received; if it waits in a command, once somebody has ended that. */
    private List<String> frames(final SimPeer peer, final CommandSpec row)
    {
        final List<String> frames = Frames.of(peer.await());
        if (row.has(CommandFlags.BLOCKING) && 3 == frames.size())
        {
            final String id = unblocker.ask("CLIENT LIST").replaceAll("(?s).*id=(\\d+)[^\n]*flags=b .*", "$1");
            assertEquals(":1\r\n", unblocker.ask("CLIENT UNBLOCK " + id));
            frames.addAll(Frames.of(peer.received()));
        }

        return frames;
    }

    private List<CommandSpec> rows()
    {
        final List<CommandSpec> rows = new ArrayList<>();
        for (final CommandSpec row : node.node.parts().executor().table().all())
        {
            if (!NOT_ONE.contains(row.fullName()))
            {
                rows.add(row);
                row.subcommands().values().stream().filter((sub) -> !NOT_ONE.contains(sub.fullName()))
                    .forEach(rows::add);
            }
        }

        return rows;
    }

    private static List<String> words(final CommandSpec row, final List<String> tokens, final Random random)
    {
        final List<String> words = new ArrayList<>(List.of(row.fullName().split("\\|")));
        final int count = Math.max(words.size(), Math.abs(row.arity()) + random.nextInt(6) - 1);
        while (words.size() < count)
        {
            final boolean isToken = !tokens.isEmpty() && random.nextInt(5) < 2;
            final List<String> from = isToken ? tokens : ODD;
            words.add(from.get(random.nextInt(from.size())));
        }

        return words;
    }

    /** The keywords of each command, as COMMAND DOCS knows them. */
    private static Map<String, List<String>> tokens() throws IOException
    {
        final Map<String, List<String>> tokens = new HashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            CommandDocs.class.getResourceAsStream("commands.txt"), StandardCharsets.US_ASCII)))
        {
            String name = null;
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                if (line.startsWith("A "))
                {
                    final List<String> words = tokens.computeIfAbsent(name, (key) -> new ArrayList<>());
                    for (final Matcher matcher = TOKEN.matcher(line); matcher.find();)
                    {
                        words.add(matcher.group(1));
                    }
                }
                else if (!line.startsWith("#") && ' ' != line.charAt(1))
                {
                    name = line.substring(0, line.indexOf(' '));
                }
            }
        }

        return tokens;
    }
}
