package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimNetwork;

/**
 * Commands that change the node itself, between two writes of one transaction, while a replica follows: EXEC is one unit
 * of the stream, and what they do to stream, data set or replicas must not break it.
 */
class ExecOfNodeCommandsTest
{
    @ParameterizedTest
    @ValueSource(strings = {"DEBUG RELOAD", "DEBUG CHANGE-REPL-ID", "BGSAVE", "BGSAVE SCHEDULE",
        "CONFIG SET repl-backlog-size 20000", "CONFIG SET repl-backlog-ttl 1", "CONFIG SET repl-diskless-sync no",
        "CONFIG SET maxmemory 1", "CONFIG SET requirepass x", "CONFIG SET min-replicas-to-write 3", "FLUSHALL",
        "FLUSHDB ASYNC", "SWAPDB 0 1", "SELECT 2", "REPLICAOF NO ONE", "CLIENT KILL TYPE replica",
        "CLIENT KILL TYPE normal SKIPME no", "CLIENT PAUSE 10 WRITE", "CLIENT PAUSE 10", "CLIENT UNPAUSE", "WAIT 1 0",
        "DEBUG SLEEP 1", "DEBUG SET-ACTIVE-EXPIRE 1", "DEBUG POPULATE 0", "CONFIG RESETSTAT", "REPLCONF ACK 1",
        "REPLCONF listening-port 1", "MONITOR", "SUBSCRIBE a b", "PUBLISH a b", "SLOWLOG RESET", "RESTORE x 0 y",
        "CLIENT REPLY SKIP"})
    void shouldKeepTheUnitWhole(final String command)
    {
        try (SimTrio trio = new SimTrio(new SimNetwork(5)))
        {
            final SimNode primary = trio.start(7001, 0);
            final SimNode replica = trio.start(7002, 7001);
            trio.sync();
            final SimPeer client = new SimPeer(primary);
            client.ask("SET before 1");
            trio.sync();
            client.tell("MULTI");
            client.tell("SET a 1");
            client.tell(command);
            client.tell("SET b 2");
            final List<String> frames = Frames.of(client.ask("EXEC"));
            if (!command.startsWith("CLIENT REPLY"))
            {
                assertEquals(3, Frames.elements(frames.get(4)).size(), frames.toString());
            }

            trio.clock.advanceMs(100);
            if (command.endsWith("CHANGE-REPL-ID"))
            {
                // Replicas hear of it when they ask again.
                new SimPeer(primary).ask("CLIENT KILL TYPE replica");
            }

            trio.sync();
            final SimPeer observer = new SimPeer(primary);
            observer.ask("CONFIG SET min-replicas-to-write 0 maxmemory 0");
            observer.ask("AUTH x");
            observer.ask("SET after 1");
            trio.sync();
            assertEquals(-1, primary.exitCode);
            assertEquals(-1, replica.exitCode);
        }
    }

    @Test
    void shouldWriteBehindReplicaofAndForgetItsPlaceInTheHistory()
    {
        try (SimTrio trio = new SimTrio(new SimNetwork(6)))
        {
            final SimNode former = trio.start(7001, 0);
            final SimNode promoted = trio.start(7002, 7001);
            trio.sync();
            final SimPeer client = new SimPeer(former);
            client.ask("SET before 1");
            trio.sync();
            new SimPeer(promoted).ask("REPLICAOF NO ONE");
            client.tell("MULTI");
            client.tell("SET a 1");
            client.tell("REPLICAOF " + SimNode.HOST + " 7002");
            client.tell("SET b 2");
            final List<String> frames = Frames.of(client.ask("EXEC"));
            assertEquals(List.of("+OK\r\n", "+OK\r\n", "+OK\r\n"), Frames.elements(frames.get(4)), frames.toString());
            trio.sync();
            // The new primary knows this history, and would have gone on behind a write that it has never seen.
            final SimPeer observer = new SimPeer(former);
            assertEquals("$1\r\n1\r\n", observer.ask("GET before"));
            assertEquals("$-1\r\n", observer.ask("GET b"));
            assertEquals("$-1\r\n", observer.ask("GET a"));
        }
    }
}
