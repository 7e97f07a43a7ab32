package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** What telnet, scanners, balancers and clients of other protocols send; answers are those of redis-server. */
class OddClientsTest
{
    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String PONG = "+PONG\r\n";
    private static final String BAD_COUNT = "-ERR Protocol error: invalid multibulk length\r\n";
    private static final String BAD_LENGTH = "-ERR Protocol error: invalid bulk length\r\n";
    private static final String ABORTED = "-EXECABORT Transaction discarded because of: ";
    private static final String ZERO = "-ERR Protocol error: zero byte in inline request\r\n";

    private final SimNode node = new SimNode(new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379,
        new SimNode.Disk(), 1);

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    static String[][] requests()
    {
        return new String[][]{
            {"*0\r\n" + PING, PONG},
            {"*-1\r\n" + PING, PONG},
            {"*-9223372036854775807\r\n" + PING, PONG},
            {"\r\n\r\n" + PING, PONG},
            {"*1\r\n$4\r\nPING\r\n\r\n\r\n" + PING, PONG + PONG},
            {"*1048577\r\n$4\r\nPING\r\n", ""},
            {"*2147483648\r\n", BAD_COUNT},
            {"*9223372036854775808\r\n" + PING, BAD_COUNT},
            {"*9999999999999999999\r\n" + PING, BAD_COUNT},
            {"*-9999999999999999999\r\n" + PING, BAD_COUNT},
            {"*99999999999999999999\r\n" + PING, BAD_COUNT},
            {"*abc\r\n", BAD_COUNT},
            {"*+1\r\n" + PING, BAD_COUNT},
            {"*\r\n", BAD_COUNT},
            {"*1\r\n$-1\r\n", BAD_LENGTH},
            {"*1\r\n$04\r\nPING\r\n", BAD_LENGTH},
            {"*1\r\n$536870913\r\n", BAD_LENGTH},
            {"*1\r\n$9999999999999999999\r\n", BAD_LENGTH},
            {"*1\r\nPING\r\n", "-ERR Protocol error: expected '$', got 'P'\r\n"},
            {"*1\r\n*1\r\n$4\r\nPING\r\n", "-ERR Protocol error: expected '$', got '*'\r\n"},
            {"PING\nPING\n", PONG + PONG},
            {"PING\rPING\r", ""},
            {" \t PING \t \r\n", PONG},
            {"ECHO\ta\u000bb\f\r\n", "$4\r\na\u000bb\f\r\n"},
            {"\u000b\fECHO a\r\n", "$1\r\na\r\n"},
            {"ECHO \"a\"\u000b\r\n", "$1\r\na\r\n"},
            {"ECHO \"a b\\x41\\n\\\"\" \r\n", "$6\r\na bA\n\"\r\n"},
            {"ECHO 'it\\'s'\r\n", "$4\r\nit's\r\n"},
            {"ECHO \"abc\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n"},
            {"ECHO \"a\"b\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n"},
            {"HELLO 4\r\n", "-NOPROTO unsupported protocol version\r\n"},
            {"QUIT\r\nPING\r\n", "+OK\r\n"},
            {"EXEC\r\n", "-ERR EXEC without MULTI\r\n"},
            {"EXEC x\r\n", ABORTED + "wrong number of arguments for 'exec' command\r\n"},
            {"SUBSCRIBE a\r\nEXEC\r\n", "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n" + ABORTED +
                "Can't execute 'exec': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this " +
                "context\r\n"},
        };
    }

    @ParameterizedTest
    @MethodSource("requests")
    void shouldAnswerAsRedisDoes(final String request, final String answer)
    {
        assertEquals(answer, answer(request));
    }

    /** Redis never finds the end of such a line, and waits; a client of TLS shall know at once that there is none. */
    @ParameterizedTest
    @ValueSource(strings = {"\0", "PI\0NG\r\n", "ECHO a\0\r\nFLUSHALL\r\n"})
    void shouldEndAtZeroBytesOutsideOfBulkStrings(final String request)
    {
        assertEquals(ZERO, answer(request + PING));
        assertEquals(PONG + ZERO, answer(PING + request + PING));
    }

    @Test
    void shouldNotRunWhatStandsWithinAGreetingOfTls()
    {
        final SimPeer client = new SimPeer(node);
        assertEquals("+OK\r\n", client.ask("SET a 1"));
        final String hello = "\u0016\u0003\u0001\u0001\u0000\u0001\u0000\u0000\u00fc\u0003\u0003" + "r".repeat(32);
        assertEquals(ZERO, answer(hello + "\r\nFLUSHALL\r\n\r\nSET a hacked\r\n"));
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
    }

    @Test
    void shouldKeepZeroBytesInBulkStrings()
    {
        assertEquals("$3\r\na\0b\r\n", answer("*2\r\n$4\r\nECHO\r\n$3\r\na\0b\r\n"));
    }

    @Test
    void shouldSayNothingToWhoWantsNoReplies()
    {
        assertEquals("", answer("CLIENT REPLY OFF\r\nPING\r\nNOSUCH\r\n*abc\r\n"));
    }

    private String answer(final String request)
    {
        final SimPeer peer = new SimPeer(node);
        peer.socket.send(request);
        SimPeer.rest(node);
        final String answer = peer.received();
        peer.socket.close();
        SimPeer.rest(node);
        return answer;
    }
}
