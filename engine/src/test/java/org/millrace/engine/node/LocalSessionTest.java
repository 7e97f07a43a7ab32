package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.node.clients.LocalSession;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** A session within the process: one whole reply for each command at once, whatever the command is about. */
class LocalSessionTest
{
    private static final String REFUSED = "-ERR this command is not available to a session within the process\r\n";

    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1, "rename-command",
        "SUBSCRIBE listen", "rename-command", "GET fetch", "rename-command", "DEBUG -");
    private final LocalSession session = node.node.openLocalSession();

    @AfterEach
    void close()
    {
        session.close();
        node.close();
        assertEquals(-1, node.exitCode);
    }

    private String run(final String line)
    {
        final byte[][] words = Arrays.stream(line.split(" ")).map((word) -> word.getBytes(StandardCharsets.ISO_8859_1))
            .toArray(byte[][]::new);
        node.node.beginCycle();
        return new String(session.execute(0, words), StandardCharsets.ISO_8859_1);
    }

    private static List<String> lines(final CommandSpec row)
    {
        final List<String> lines = new ArrayList<>();
        final int least = Math.abs(row.arity());
        for (int words = Math.max(1, least - 1); words < least + 3; words++)
        {
            lines.add(row.fullName().replace('|', ' ') + " k 1".repeat(8).substring(
                0, 2 * Math.max(0, words - (null == row.parent() ? 1 : 2))));
        }

        return lines;
    }

    @Test
    void shouldGiveOneReplyForEachCommand()
    {
        final List<String> lines = new ArrayList<>(List.of("WAIT 5 0", "REPLCONF ACK 1", "BGSAVE", "HELLO 3"));
        for (final CommandSpec row : node.node.parts().executor().table().all())
        {
            lines.addAll(lines(row));
            row.subcommands().values().forEach((sub) -> lines.addAll(lines(sub)));
        }

        for (final String line : lines)
        {
            final List<String> replies = Frames.of(run(line));
            assertEquals(1, replies.size(), line + " -> " + replies);
            assertTrue(!replies.get(0).startsWith("?"), line + " -> " + replies);
            assertEquals("+PONG\r\n", run("PING"), line);
            run("REPLICAOF NO ONE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen a", "MONITOR", "MULTI", "EXEC", "WATCH k", "CLIENT KILL SKIPME no", "SHUTDOWN",
        "PSYNC ? -1", "QUIT", "RESET"})
    void shouldRefuseWhatIsAboutAConnection(final String line)
    {
        assertEquals(REFUSED, run(line));
    }

    @Test
    void shouldRefuseToBlock()
    {
        assertEquals(REFUSED, run("WAIT 5 0"));
        assertEquals("+PONG\r\n", run("PING"));
    }

    @Test
    void shouldGoByTheNamesOfClients()
    {
        assertEquals("$-1\r\n", run("fetch a"));
        assertTrue(run("GET a").startsWith("-ERR unknown command 'GET'"));
        assertTrue(run("SUBSCRIBE a").startsWith("-ERR unknown command 'SUBSCRIBE'"));
    }
}
