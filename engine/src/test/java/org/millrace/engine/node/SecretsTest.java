package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Passwords are shown by nothing that tells of commands. */
class SecretsTest
{
    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_123L), 6379, new SimNode.Disk(), 1, "slowlog-log-slower-than",
        "0",
        "rename-command", "AUTH open", "rename-command", "CONFIG set-up");
    private final SimPeer client = new SimPeer(node);
    private final SimPeer other = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
        assertFalse(node.hasLogged("s3cret"), node.log.toString());
    }

    /** Arguments of the newest entries, newest first. */
    private List<String> slowlog(final int count)
    {
        final List<String> lines = new ArrayList<>();
        for (final String entry : Frames.elements(other.ask("SLOWLOG GET " + count)))
        {
            lines.add(Frames.elements(Frames.elements(entry).get(3)).stream().map(
                (bulk) -> bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2)).collect(Collectors.joining(" ")));
        }

        return lines;
    }

    @ParameterizedTest
    @CsvSource({"open s3cret, open (redacted)", "open default s3cret, open (redacted) (redacted)",
        "open a s3cret b, open (redacted) (redacted) (redacted)",
        "HELLO 3 AUTH default s3cret, HELLO 3 AUTH (redacted) (redacted)",
        "hello 2 auth default s3cret setname x, hello 2 auth (redacted) (redacted) setname x",
        "HELLO 2 SETNAME AUTH, HELLO 2 SETNAME AUTH",
        "HELLO 2 SETNAME AUTH AUTH default s3cret, HELLO 2 SETNAME AUTH AUTH (redacted) (redacted)",
        "HELLO 2 AUTH s3cret, HELLO 2 AUTH (redacted)",
        "HELLO 9 AUTH default s3cret, HELLO 9 AUTH (redacted) (redacted)",
        "set-up SET masterauth s3cret, set-up SET masterauth (redacted)",
        "set-up set maxmemory 0 MASTERUSER s3cret, set-up set maxmemory 0 MASTERUSER (redacted)",
        "set-up SET tls-key-file-pass s3cret, set-up SET tls-key-file-pass (redacted)",
        "set-up SET primaryauth s3cret, set-up SET primaryauth (redacted)",
        "set-up SET masterauth s3cret x, set-up SET masterauth (redacted) x",
        "set-up SET requirepass s3cret, set-up SET requirepass (redacted)",
        "set-up GET requirepass, set-up GET requirepass", "SET masterauth open, SET masterauth open"})
    void shouldShowNone(final String line, final String shown)
    {
        final SimPeer monitor = new SimPeer(node);
        monitor.ask("MONITOR");
        client.ask(line);
        assertEquals(shown, slowlog(1).get(0));
        final String fed = monitor.received();
        assertFalse(fed.contains("s3cret"), fed);
        if (!line.startsWith("set-up"))
        {
            final String quoted = Arrays.stream(shown.split(" ")).map((word) -> '"' + word + '"')
                .collect(Collectors.joining(" "));
            assertTrue(fed.contains("] " + quoted + "\r\n"), fed);
        }
    }

    @Test
    void shouldShowNoneOfWhatATransactionRuns()
    {
        client.ask("MULTI");
        client.ask("set-up SET masterauth s3cret");
        client.ask("open default s3cret");
        client.ask("EXEC");
        final List<String> slow = slowlog(3);
        assertTrue(slow.contains("set-up SET masterauth (redacted)"), slow.toString());
        assertTrue(slow.contains("open (redacted) (redacted)"), slow.toString());
        assertFalse(slow.toString().contains("s3cret"), slow.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"set-up SET requirepass s3cret maxmemory x", "set-up SET requirepass s3cret port 99999999",
        "set-up SET masterauth s3cret requirepass", "open s3cret", "open nobody s3cret"})
    void shouldNotPutThemIntoErrors(final String line)
    {
        final String answer = client.ask(line);
        assertTrue(answer.startsWith("-"), answer);
        assertFalse(answer.contains("s3cret"), answer);
        assertFalse(other.ask("INFO everything").contains("s3cret"));
        assertFalse(other.ask("CLIENT LIST").contains("s3cret"));
    }
}
