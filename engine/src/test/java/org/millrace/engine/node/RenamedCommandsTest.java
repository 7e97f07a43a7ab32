package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** {@code rename-command}: what clients may say, what the stream says, and what the link to a primary takes. */
class RenamedCommandsTest
{
    private static final int PRIMARY = 7001;
    private static final int REPLICA = 7002;
    private static final List<String> RENAMED = List.of("SET", "DEL", "UNLINK", "FLUSHALL", "MSET", "PEXPIREAT",
        "PERSIST", "MULTI", "EXEC", "SELECT", "PUBLISH");

    private static String[] renames(final String... more)
    {
        final List<String> options = new ArrayList<>(List.of(more));
        RENAMED.forEach((name) -> options.addAll(List.of("rename-command", name + " X-" + name.toLowerCase())));
        return options.toArray(new String[0]);
    }

    private static SimNode node(final String... options)
    {
        return new SimNode(
            new SimNetwork(1), new SimClock(1_700_000_000_000L), PRIMARY, new SimNode.Disk(), 1, options);
    }

    /** What the node sends to a replica, without what depends on the snapshot. */
    private static String streamed(final SimPeer replica)
    {
        SimPeer.rest(replica.node);
        final StringBuilder words = new StringBuilder();
        for (final String command : Frames.of(replica.received()))
        {
            Frames.elements(command).forEach(
                (word) -> words.append(word, word.indexOf('\n') + 1, word.length() - 2).append(' '));
            words.append("| ");
        }

        return words.toString();
    }

    private static SimPeer replicaOf(final SimNode node)
    {
        final SimPeer replica = new SimPeer(node);
        String received = replica.ask("SYNC");
        while (!received.contains("REDIS"))
        {
            received = replica.await();
        }

        SimPeer.rest(node);
        replica.received();
        return replica;
    }

    @Test
    void shouldStreamTheNamesOfThisNode()
    {
        try (SimNode node = node(renames("rename-command", "PING X-ping", "rename-command", "REPLCONF X-replconf")))
        {
            final SimPeer client = new SimPeer(node);
            final SimPeer replica = replicaOf(node);
            client.ask("x-SET a 1");
            assertEquals("X-select 0 | x-SET a 1 | ", streamed(replica));
            client.ask("SETEX a 10 v");
            assertEquals("X-set a v PXAT 1700000010000 | ", streamed(replica).replaceAll("100\\d\\d ", "10000 "));
            client.ask("GETEX a PERSIST");
            client.ask("GETDEL a");
            assertEquals("X-persist a | X-del a | ", streamed(replica));
            client.ask("x-multi");
            client.ask("x-set a 1");
            client.ask("x-mset b 2 c 3");
            client.ask("x-exec");
            assertEquals("X-multi | x-set a 1 | x-mset b 2 c 3 | X-exec | ", streamed(replica));
            client.ask("x-select 3");
            client.ask("x-flushall");
            client.ask("x-publish c m");
            assertEquals("X-select 3 | x-flushall | x-publish c m | ", streamed(replica));
            client.ask("WAIT 1 1");
            assertEquals("X-replconf GETACK * | ", streamed(replica));
            SimPeer.seconds(node, 12);
            assertEquals("X-ping | ", streamed(replica));
        }
    }

    @Test
    void shouldKeepOwnNameInTheStreamWhereClientsHaveNone()
    {
        try (SimNode node = node("rename-command", "DEL -", "rename-command", "UNLINK -"))
        {
            final SimPeer client = new SimPeer(node);
            final SimPeer replica = replicaOf(node);
            client.ask("SET a 1");
            client.ask("GETDEL a");
            assertTrue(streamed(replica).endsWith("DEL a | "));
            assertTrue(client.ask("DEL a").startsWith("-ERR unknown command 'DEL'"));
        }
    }

    /** All names everywhere, on one side only, and on neither: the same data at the same offset, without a resync. */
    @ParameterizedTest
    @CsvSource({"true, true", "false, true", "false, false"})
    void shouldFollow(final boolean isPrimaryRenamed, final boolean isReplicaRenamed)
    {
        try (SimTrio trio = new SimTrio(new SimNetwork(3)))
        {
            final SimNode primary = trio.start(PRIMARY, 0, isPrimaryRenamed ? renames() : new String[0]);
            final SimNode replica = trio.start(REPLICA, PRIMARY, isReplicaRenamed ? renames() : new String[0]);
            trio.sync();
            final SimPeer client = new SimPeer(primary);
            final String prefix = isPrimaryRenamed ? "x-" : "";
            client.ask(prefix + "SET a 1");
            client.ask(prefix + "SELECT 2");
            client.ask(prefix + "SET a 1 PX 1000000");
            client.ask("INCRBYFLOAT a 1.5");
            client.ask(prefix + "MULTI");
            client.ask(prefix + "SET b 1");
            client.ask(prefix + "MSET c 1 d 2");
            client.ask("GETDEL d");
            client.ask(prefix + "EXEC");
            client.ask(prefix + "SET e 1 PX 5");
            trio.clock.advanceMs(20);
            client.ask("GET e");
            trio.sync();
            final SimPeer reader = new SimPeer(replica);
            reader.ask((isReplicaRenamed ? "x-" : "") + "SELECT 2");
            assertEquals("*3\r\n$3\r\n2.5\r\n$1\r\n1\r\n$1\r\n1\r\n", reader.ask("MGET a b c"));
            assertEquals(":3\r\n", reader.ask("DBSIZE"));
            client.ask(prefix + "FLUSHALL");
            client.ask(prefix + "SET after 1");
            trio.sync();
            assertEquals(1, replica.fullResyncs);
        }
    }

    @Test
    void shouldDropTheLinkAtANameThatIsUnknownHere()
    {
        try (SimTrio trio = new SimTrio(new SimNetwork(3)))
        {
            final SimNode primary = trio.start(PRIMARY, 0, "rename-command", "SET other");
            final SimNode replica = trio.start(REPLICA, PRIMARY);
            trio.sync();
            new SimPeer(primary).ask("other a 1");
            trio.steps(100);
            assertTrue(
                replica
                    .hasLogged("the primary sends the command 'other' (first argument 'a') which this node does not"),
                replica.log.toString());
        }
    }

    @Test
    void shouldTakeWhatRedisTakes()
    {
        try (SimNode node = node(
            "rename-command", "GET get", "rename-command", "WAITAOF x", "rename-command", "STRLEN y", "rename-command",
            "APPEND STRLEN", "rename-command", "RESTORE-ASKING -"))
        {
            final SimPeer client = new SimPeer(node);
            client.ask("SET a v");
            assertEquals("$1\r\nv\r\n", client.ask("GET a"));
            assertEquals(":2\r\n", client.ask("STRLEN a v"));
            assertEquals(":2\r\n", client.ask("y a"));
            assertTrue(client.ask("APPEND a v").startsWith("-ERR unknown command 'APPEND'"));
        }
    }

    @Test
    void shouldKnowCommandsByTheirNewNamesOnly()
    {
        try (SimNode node = node(
            "rename-command", "GET fetch", "rename-command", "SET -", "rename-command", "CONFIG cfg", "rename-command",
            "RESTORE-ASKING -"))
        {
            final SimPeer client = new SimPeer(node);
            assertEquals("*1\r\n$1\r\nk\r\n", client.ask("COMMAND GETKEYS fetch k"));
            assertEquals("-ERR Invalid command specified\r\n", client.ask("COMMAND GETKEYS GET k"));
            assertTrue(client.ask("COMMAND INFO FETCH").startsWith("*1\r\n*10\r\n$3\r\nget\r\n"));
            assertTrue(client.ask("COMMAND INFO cfg|get").startsWith("*1\r\n*10\r\n$10\r\nconfig|get\r\n"));
            assertTrue(client.ask("COMMAND DOCS fetch").startsWith("*2\r\n$3\r\nget\r\n"));
            assertEquals("*0\r\n", client.ask("COMMAND DOCS get"));
            assertEquals("*0\r\n", client.ask("COMMAND LIST FILTERBY PATTERN set"));
            assertEquals("*1\r\n$3\r\nget\r\n", client.ask("COMMAND LIST FILTERBY PATTERN get"));
            final int all = node.node.parts().executor().table().all().size();
            assertEquals(":" + (all - 1) + "\r\n", client.ask("COMMAND COUNT"));
            assertEquals("-ERR unknown subcommand 'nosuch'. Try CFG HELP.\r\n", client.ask("cfg nosuch"));
            assertEquals("-ERR wrong number of arguments for 'get' command\r\n", client.ask("fetch"));
        }
    }

    @Test
    void shouldSayOfCommandsOfRedisThatTheyAreNotHeld()
    {
        try (SimNode node = node("rename-command", "GET -"))
        {
            final SimPeer client = new SimPeer(node);
            assertEquals("-ERR unknown command 'FOO', with args beginning with: 'a' 'b' \r\n", client.ask("FOO a b"));
            assertEquals("-ERR unknown command 'GET', with args beginning with: 'a' \r\n", client.ask("GET a"));
            assertEquals(
                "-ERR unknown command 'restore-asking', with args beginning with: 'a' '1' " +
                    "(a command of Redis that this node does not hold)\r\n",
                client.ask("restore-asking a 1"));
        }
    }
}
