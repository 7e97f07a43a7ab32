package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * A command that is answered with an error has done nothing: it reads all its arguments before it acts. Right lines are
 * made wrong at each of their words and at their end; data, stream, options, clients and role stay what they were.
 */
class ErrorChangesNothingTest
{
    /** Lines whose arguments are right, most with more than one part that acts. */
    private static final List<String> RIGHT = List.of(
        "SET k v EX 10 GET", "SET k v PXAT 1999999999999 XX", "SET k v KEEPTTL", "GETEX k EX 10", "GETEX k PERSIST",
        "SETEX k 10 v", "PSETEX k 10 v", "SETNX x v", "MSET k 1 x 2", "MSETNX x 1 y 2", "APPEND k v", "SETRANGE k 1 v",
        "INCRBY n 1", "DECRBY n 1", "INCRBYFLOAT n 1.5", "LCS k n LEN", "LCS k n IDX MINMATCHLEN 1 WITHMATCHLEN",
        "SETBIT k 1 1", "GETBIT k 1", "BITCOUNT k 0 1 BIT", "BITPOS k 1 0 1 BIT", "BITOP AND d k n",
        "BITFIELD k SET u8 0 1 INCRBY u8 8 1 OVERFLOW FAIL", "BITFIELD_RO k GET u8 0", "PFADD h a", "PFCOUNT h",
        "PFMERGE d h", "DEL k x", "COPY k d DB 1 REPLACE", "MOVE k 1", "SWAPDB 0 1", "RENAME k d", "RENAMENX k d",
        "TOUCH k x", "OBJECT FREQ k", "DUMP k", "RESTORE d 0 x REPLACE IDLETIME 1", "RESTORE d 1 x ABSTTL FREQ 1",
        "EXPIRE k 10 NX", "PEXPIREAT k 1999999999999 GT", "PERSIST k", "SCAN 0 MATCH a COUNT 10 TYPE string",
        "FLUSHALL ASYNC", "FLUSHDB SYNC", "SELECT 1", "HELLO 3 AUTH default x SETNAME n", "HELLO 2 SETNAME n",
        "AUTH default x", "CLIENT SETNAME n", "CLIENT SETINFO lib-name n", "CLIENT NO-EVICT ON", "CLIENT NO-TOUCH ON",
        "CLIENT REPLY ON", "CLIENT PAUSE 0 ALL", "CLIENT UNBLOCK 1 TIMEOUT", "CLIENT KILL TYPE pubsub SKIPME yes",
        "CLIENT KILL ID 9999 ADDR 1.2.3.4:5 LADDR x USER default", "CLIENT LIST TYPE normal",
        "CLIENT LIST ID 1 2", "CONFIG SET maxmemory 1gb hz 20", "CONFIG SET timeout 100 slowlog-max-len 5",
        "CONFIG SET requirepass x masterauth y", "CONFIG GET maxmemory", "CONFIG REWRITE", "CONFIG RESETSTAT",
        "SLOWLOG GET 1", "SLOWLOG RESET", "LATENCY RESET command", "LATENCY HISTORY command",
        "MEMORY USAGE k SAMPLES 1",
        "BGSAVE SCHEDULE", "PUBLISH c m", "SUBSCRIBE c", "PSUBSCRIBE c*", "SSUBSCRIBE c", "UNSUBSCRIBE c",
        "PUBSUB NUMSUB c", "WATCH k", "MULTI", "WAIT 0 0", "REPLICAOF NO ONE", "REPLCONF ip-address 1.2.3.4",
        "DEBUG SET-ACTIVE-EXPIRE 1", "DEBUG POPULATE 2 p 3", "DEBUG SLEEP 0", "DEBUG RELOAD NOSAVE NOFLUSH",
        "COMMAND GETKEYS GET k", "ROLE", "LASTSAVE", "TIME", "INFO all");

    /** Wrong as they stand: made right they would end more than their client. */
    private static final List<String> WRONG = List.of(
        "SHUTDOWN NOSAVE FOO", "SHUTDOWN NOW FORCE FOO", "SHUTDOWN SAVE NOSAVE", "SHUTDOWN ABORT NOW", "SHUTDOWN ABORT",
        "REPLICAOF 127.0.0.1 x", "REPLICAOF 127.0.0.1 99999", "REPLICAOF 127.0.0.1 -1", "REPLICAOF 127.0.0.1 1 x",
        "CLIENT KILL SKIPME no FOO bar", "CLIENT KILL SKIPME no ID x", "CLIENT KILL SKIPME no TYPE x",
        "CLIENT KILL a:1",
        "CLIENT KILL SKIPME no USER nobody", "CLIENT KILL SKIPME no MAXAGE 1", "CLIENT PAUSE 100000 FOO",
        "CLIENT PAUSE -1", "CLIENT PAUSE x WRITE", "CLIENT REPLY FOO", "MONITOR x", "QUIT2", "RESET x", "EXEC",
        "DISCARD",
        "CONFIG SET timeout 7 nosuch 1", "CONFIG SET timeout 7 hz x", "CONFIG SET timeout 7 port 99999999",
        "CONFIG SET requirepass x maxmemory y", "CONFIG SET timeout 7 timeout 8", "CONFIG SET timeout 7 databases 3",
        "CONFIG SET timeout 7 port", "FLUSHALL FOO", "FLUSHALL ASYNC SYNC", "FLUSHDB FOO", "SWAPDB 0 99", "SWAPDB 0 x",
        "MSET k 1 x", "MSETNX x 1 y", "SET k v EX 0", "SET k v EX x", "SET k v NX XX", "GETEX k EX 0",
        "BITOP NOT d k n",
        "BITOP FOO d k", "BITFIELD k SET u8 0 1 SET u65 0 1", "BITFIELD k SET u8 0 1 FOO",
        "BITFIELD k SET u8 0 1 GET u8",
        "PFMERGE k h", "PFADD k a", "COPY k d DB 99", "COPY k k", "MOVE k 99", "SAVE x", "BGSAVE FOO", "PSYNC ? x",
        "DEBUG RELOAD FOO", "DEBUG POPULATE x", "DEBUG POPULATE 3 p x", "WATCH", "SELECT 99", "SELECT x");

    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1);
    private final SimPeer observer = new SimPeer(node);
    private SimPeer replica;

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    private static Set<String> lines()
    {
        final Set<String> lines = new LinkedHashSet<>(WRONG);
        for (final String right : RIGHT)
        {
            lines.add(right + " FOO");
            lines.add(right + " FOO BAR");
            lines.add(right.substring(0, Math.max(1, right.lastIndexOf(' '))));
            final String[] words = right.split(" ");
            for (int i = 1; i < words.length; i++)
            {
                final String[] wrong = words.clone();
                wrong[i] = "-x y".split(" ")[i % 2];
                lines.add(String.join(" ", wrong));
            }
        }

        lines.removeIf((line) -> line.startsWith("CLIENT REPLY -") || line.startsWith("WAIT "));
        return lines;
    }

    /** All that a command could change. */
    private String state(final SimPeer client)
    {
        SimPeer.rest(node);
        final String self = Arrays.stream(client.ask("CLIENT INFO").split("\r\n|\\s"))
            .filter((field) -> field.matches("(name|flags|db|sub|psub|ssub|multi|resp|lib-name|lib-ver|user)=.*"))
            .collect(Collectors.joining(" "));
        final String info = Arrays.stream(observer.ask("INFO everything").split("\r\n"))
            .filter(
                (line) -> line.matches(
                    "(role|master_replid|master_repl_offset|connected_slaves|connected_clients|blocked_clients|" +
                        "rdb_changes_since_last_save|rdb_bgsave_in_progress|rdb_saves|rdb_last_save_time|db\\d|" +
                        "watching_clients|pubsub_clients).*"))
            .map((line) -> line.replaceAll("avg_ttl=\\d+", "")).collect(Collectors.joining("\n"));
        return observer.ask("DEBUG DIGEST") + self + "\n" + info + observer.ask("CONFIG GET *") +
            observer.ask("PUBSUB CHANNELS") + observer.ask("PUBSUB NUMPAT") + observer.ask("PUBSUB SHARDCHANNELS") +
            observer.ask("PEXPIRETIME k") + observer.ask("SLOWLOG LEN") +
            replica.received();
    }

    private static List<String> different(final String before, final String after)
    {
        final List<String> former = List.of(before.split("\r?\n"));
        return Arrays.stream(after.split("\r?\n")).filter((line) -> !former.contains(line)).toList();
    }

    @Test
    void shouldHoldForEachCommand()
    {
        replica = new SimPeer(node);
        for (String received = replica.ask("SYNC"); !received.contains("REDIS");)
        {
            received = replica.await();
        }

        int errors = 0;
        for (final String line : lines())
        {
            observer.ask("FLUSHALL");
            observer.ask("MSET k value n 5");
            observer.ask("EXPIRE k 1000");
            observer.ask("PFADD h a b");
            final SimPeer client = new SimPeer(node);
            state(client);
            final String before = state(client);
            final String answer = client.ask(line);
            if (answer.startsWith("-"))
            {
                errors++;
                assertEquals(List.of(), different(before, state(client)), line + " -> " + answer);
            }

            client.socket.close();
            SimPeer.rest(node);
            observer.ask("CONFIG SET requirepass \"\"");
            replica.received();
        }

        assertTrue(errors > 300, "lines that were wrong: " + errors);
    }

    @ParameterizedTest
    @CsvSource({"HELLO 3 AUTH default pw FOO, -ERR Syntax error in HELLO option 'FOO'",
        "HELLO 3 AUTH default pw SETNAME, -ERR Syntax error in HELLO option 'SETNAME'",
        "HELLO 3 AUTH default pw AUTH default, -ERR Syntax error in HELLO option 'AUTH'",
        "HELLO 4 AUTH default pw, -NOPROTO unsupported protocol version",
        "HELLO x AUTH default pw, -ERR Protocol version is not an integer or out of range",
        "HELLO 3 AUTH default wrong, -WRONGPASS invalid username-password pair or user is disabled.",
        "HELLO 3 AUTH default wrong FOO, -ERR Syntax error in HELLO option 'FOO'",
        "AUTH default pw x, -ERR syntax error"})
    void shouldLetNobodyInByAWrongLine(final String line, final String error)
    {
        observer.ask("CONFIG SET requirepass pw");
        final SimPeer client = new SimPeer(node);
        assertEquals(error + "\r\n", client.ask(line));
        assertEquals("-NOAUTH Authentication required.\r\n", client.ask("PING"));
        assertTrue(client.ask("HELLO 3 AUTH default pw SETNAME n").startsWith("%7"));
        assertEquals("$1\r\nn\r\n", client.ask("CLIENT GETNAME"));
    }
}
