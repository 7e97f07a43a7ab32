package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.interest.InterestedKey;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * Clients that block on keys, by commands of the test's own: {@code TAKE key ... ms} takes the first string that is there
 * and answers its key, {@code LOOK key ... ms} leaves it, {@code HAND key target ms} takes it and stores one under the
 * target, {@code GONE key ... ms} waits until a key is not there. 0 ms is for ever.
 */
class BlockedClientsTest
{
    private static final long NS_PER_MS = 1_000_000;
    private static final String NULL = "$-1\r\n";
    private static final String OK = "+OK\r\n";

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 7001, new SimNode.Disk(), 1);
    private final SimPeer feeder = new SimPeer(node);

    BlockedClientsTest()
    {
        register(node);
    }

    @AfterEach
    void after()
    {
        node.close();
    }

    private static void register(final SimNode target)
    {
        final int write = CommandFlags.WRITE | CommandFlags.BLOCKING;
        for (final Deed deed : Deed.values())
        {
            target.node.parts().executor().table().add(
                deed.name().toLowerCase(), -3, Deed.LOOK == deed ? CommandFlags.READONLY : write, Category.NONE,
                (context) -> run(context, deed));
        }
    }

    private enum Deed
    {
        TAKE,
        LOOK,
        HAND,
        GONE
    }

    private static void run(final CommandContext context, final Deed deed)
    {
        final int last = context.argCount() - 1;
        final int lastKey = Deed.HAND == deed ? 1 : last - 1;
        context.readLong(last);
        for (int i = 1; i <= lastKey; i++)
        {
            final boolean isThere = Entry.NO_ENTRY != context.lookupWrite(i);
            if (isThere != (Deed.GONE == deed))
            {
                serve(context, deed, context.keyspace(), context.argAddress(i), context.argLength(i),
                    context.argText(2));
                return;
            }
        }

        if (context.isNested())
        {
            context.reply().nullBulk();
            return;
        }

        final List<String> keys = new ArrayList<>();
        for (int i = 1; i <= lastKey; i++)
        {
            keys.add(context.argText(i));
        }

        context.block(new Waiting(
            context, deed, keys, context.argText(2),
            0 == context.longValue() ? Long.MAX_VALUE : context.nowNs() + context.longValue() * NS_PER_MS));
    }

    private static void serve(
        final CommandContext context,
        final Deed deed,
        final Keyspace keyspace,
        final long address,
        final int length,
        final String target)
    {
        context.reply().bulk(address, length);
        if (Deed.TAKE == deed || Deed.HAND == deed)
        {
            keyspace.remove(address, length);
            context.changed(keyspace.index(), address, length, KeyEvents.GENERIC, "del");
            context.rewrite("DEL", 2);
            context.rewriteArg(address, length);
        }

        if (Deed.HAND == deed)
        {
            use(target, (at, count) ->
            {
                context.editor().set(keyspace, at, count, at, count, Entry.NO_DEADLINE);
                context.changed(keyspace.index(), at, count, KeyEvents.STRING, "set");
                context.rewrite("SET", 3);
                context.rewriteArg(at, count);
                context.rewriteArg(at, count);
            });
        }
    }

    private interface Bytes
    {
        void use(long address, int length);
    }

    private static void use(final String text, final Bytes user)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final long address = Memory.reserve(bytes.length + 1L);
        Memory.copy(bytes, 0, address, bytes.length);
        user.use(address, bytes.length);
        Memory.release(address);
    }

    private static final class Waiting implements BlockedCommand
    {
        private final int database;
        private final Deed deed;
        private final List<String> keys;
        private final String target;
        private final long deadlineNs;

        Waiting(
            final CommandContext context,
            final Deed deed,
            final List<String> keys,
            final String target,
            final long deadlineNs)
        {
            database = context.session().db;
            this.deed = deed;
            this.keys = keys;
            this.target = target;
            this.deadlineNs = deadlineNs;
        }

        @Override
        public void await(final Waiter waiter, final KeyInterest interest)
        {
            final long wanted = Deed.GONE == deed ? KeyInterest.ABSENT : KeyInterest.ofType(0);
            keys.forEach(
                (key) -> use(key, (address, length) -> interest.await(waiter, database, address, length, wanted)));
        }

        @Override
        public boolean answer(final CommandContext context, final WaitQueue by)
        {
            final InterestedKey key = (InterestedKey)by;
            serve(context, deed, context.data().keyspace(key.database()), key.address(), key.length(), target);
            return true;
        }

        @Override
        public long deadlineNs()
        {
            return deadlineNs;
        }

        @Override
        public boolean timeOut(final ReplyWriter reply)
        {
            reply.nullBulk();
            return true;
        }
    }

    private SimPeer blocked(final String line)
    {
        final SimPeer client = new SimPeer(node);
        client.tell(line);
        SimPeer.rest(node);
        assertEquals("", client.received(), line);
        return client;
    }

    private static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private void assertNobodyWaits()
    {
        final String info = feeder.ask("INFO clients");
        assertTrue(info.contains("blocked_clients:0\r\n"), info);
        assertTrue(info.contains("total_blocking_keys:0\r\n"), info);
        assertTrue(info.contains("total_blocking_keys_on_nokey:0\r\n"), info);
        assertEquals(0, node.node.parts().keyInterest().size());
    }

    @Test
    void shouldServeFirstComeFirstServed()
    {
        final List<SimPeer> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++)
        {
            waiting.add(blocked("TAKE k 0"));
        }

        assertTrue(feeder.ask("INFO clients").contains("total_blocking_keys:1\r\n"));
        for (int i = 0; i < 5; i++)
        {
            feeder.ask("SET k v");
            for (int j = 0; j < 5; j++)
            {
                assertEquals(i == j ? bulk("k") : "", waiting.get(j).received());
            }
        }

        assertEquals(OK, feeder.ask("SET k v"));
        assertEquals(bulk("v"), feeder.ask("GET k"));
        assertNobodyWaits();
    }

    /** EXEC is one unit: what it takes away again was never there, and keys are served in the order they were fed. */
    @Test
    void shouldServeAtTheEndOfExec()
    {
        final SimPeer both = blocked("TAKE k m 0");
        final SimPeer second = blocked("TAKE k 0");
        final SimPeer never = blocked("TAKE passing 0");
        feeder.ask("MULTI");
        feeder.ask("SET m v");
        feeder.ask("SET passing v");
        feeder.ask("GET m");
        feeder.ask("DEL passing");
        feeder.ask("SET k v");
        feeder.ask("TAKE nothing 0");
        assertEquals("*6\r\n" + OK + OK + bulk("v") + ":1\r\n" + OK + NULL, feeder.ask("EXEC"));
        assertEquals(bulk("m"), both.received());
        assertEquals(bulk("k"), second.received());
        assertEquals("", never.received());
        feeder.ask("SET passing v");
        assertEquals(bulk("passing"), never.received());
        assertNobodyWaits();
    }

    /** Each that is served is a unit of its own in the stream, behind the one that fed it. */
    @Test
    void shouldGoOnWhileServingFeedsOthers()
    {
        final SimPeer replica = new SimPeer(node);
        String snapshot = replica.ask("SYNC");
        while (!snapshot.contains("REDIS"))
        {
            snapshot = replica.await();
        }

        final SimPeer last = blocked("TAKE z 0");
        final SimPeer first = blocked("HAND x y 0");
        final SimPeer middle = blocked("HAND y z 0");
        replica.received();
        feeder.ask("SET x v");
        assertEquals(bulk("x"), first.received());
        assertEquals(bulk("y"), middle.received());
        assertEquals(bulk("z"), last.received());
        SimPeer.rest(node);
        final StringBuilder names = new StringBuilder();
        Frames.of(replica.received()).forEach(
            (command) -> names.append(Frames.elements(command).get(0).split("\r\n")[1]).append(' '));
        assertEquals("SELECT SET MULTI DEL SET EXEC MULTI DEL SET EXEC DEL ", names.toString());
        assertNobodyWaits();
    }

    @Test
    void shouldGoOnWithWhatWasSentMeanwhile()
    {
        final SimPeer client = new SimPeer(node);
        client.tell("PING a");
        client.tell("TAKE k 0");
        client.tell("PING b");
        client.tell("TAKE k 0");
        client.tell("PING c");
        SimPeer.rest(node);
        assertEquals(bulk("a"), client.received());
        feeder.ask("SET k v");
        SimPeer.rest(node);
        assertEquals(bulk("k") + bulk("b"), client.received());
        feeder.ask("SET k v");
        SimPeer.rest(node);
        assertEquals(bulk("k") + bulk("c"), client.received());

        client.tell("CLIENT REPLY SKIP");
        client.tell("TAKE k 0");
        client.tell("PING d");
        SimPeer.rest(node);
        feeder.ask("SET k v");
        SimPeer.rest(node);
        assertEquals(bulk("d"), client.received());
        assertNobodyWaits();
    }

    /** To the millisecond, in whatever order they began; nobody is served afterwards. */
    @Test
    void shouldTimeOut()
    {
        final int[] afterMs = {1000, 3, 250, 3_600_000, 17, 100_000, 4};
        final List<SimPeer> waiting = new ArrayList<>();
        final long beganMs = clock.monotonicNs() / NS_PER_MS;
        for (final int each : afterMs)
        {
            final SimPeer client = new SimPeer(node);
            client.tell("TAKE k " + each);
            node.cycle();
            waiting.add(client);
        }

        for (int i = 0; i < 3_602_000; i += i < 1200 ? 1 : 997)
        {
            clock.advanceNs((beganMs + i) * NS_PER_MS + 500_000 - clock.monotonicNs());
            node.cycle();
            node.cycle();
            for (int j = 0; j < afterMs.length; j++)
            {
                final String received = waiting.get(j).received();
                assertTrue(received.isEmpty() || NULL.equals(received) && i >= afterMs[j], received + i);
                if (!received.isEmpty())
                {
                    assertTrue(i - afterMs[j] <= (i < 1200 ? 1 : 998), "late: " + afterMs[j] + ", " + i);
                }
            }
        }

        assertNobodyWaits();
        feeder.ask("SET k v");
        waiting.forEach((client) -> assertEquals("", client.received()));
    }

    /** It parks until then, no longer and not again and again before. */
    @Test
    void shouldSleepUntilTheDeadline()
    {
        final SimPeer client = blocked("TAKE k 50");
        clock.advanceNs(NS_PER_MS);
        node.cycle();
        final long sleepMs = node.node.idleMs();
        assertTrue(sleepMs > 30 && sleepMs <= 50, "ms: " + sleepMs);
        clock.advanceNs(sleepMs * NS_PER_MS);
        node.cycle();
        node.cycle();
        assertEquals(NULL, client.received());
    }

    @Test
    void shouldBeUnblocked()
    {
        final SimPeer client = new SimPeer(node);
        final String id = client.ask("CLIENT ID").substring(1).trim();
        client.tell("TAKE k m 0");
        SimPeer.rest(node);
        assertEquals(":1\r\n", feeder.ask("CLIENT UNBLOCK " + id));
        SimPeer.rest(node);
        assertEquals(NULL, client.received());
        assertEquals(":0\r\n", feeder.ask("CLIENT UNBLOCK " + id));
        client.tell("TAKE k m 1000");
        SimPeer.rest(node);
        assertEquals(":1\r\n", feeder.ask("CLIENT UNBLOCK " + id + " ERROR"));
        SimPeer.rest(node);
        assertEquals("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n", client.received());
        assertNobodyWaits();
        // A wait that somebody ends with an error has failed, one that ends as if timed out has not.
        assertTrue(feeder.ask("INFO errorstats").contains("errorstat_UNBLOCKED:count=1\r\n"));
        assertTrue(feeder.ask("INFO commandstats").matches("(?s).*cmdstat_take:calls=2,[^\r]*,failed_calls=1\r.*"));
    }

    @Test
    void shouldBePassedOverOnceGone()
    {
        final SimPeer first = blocked("TAKE k 0");
        final SimPeer second = blocked("TAKE k m 0");
        final SimPeer third = blocked("TAKE k 0");
        second.socket.close();
        SimPeer.rest(node);
        feeder.ask("SET k v");
        assertEquals(bulk("k"), first.received());
        final String id = feeder.ask("CLIENT LIST").replaceAll("(?s).*id=(\\d+)[^\n]*cmd=take.*", "$1");
        feeder.ask("CLIENT KILL ID " + id);
        SimPeer.rest(node);
        assertTrue(third.socket.isEnded());
        assertEquals(OK, feeder.ask("SET k v"));
        assertEquals(bulk("v"), feeder.ask("GET k"));
        assertNobodyWaits();
    }

    /** While writes are paused the stream must not grow, whatever feeds a key. */
    @Test
    void shouldBeServedOnceAPauseHasEnded()
    {
        final SimPeer client = blocked("TAKE k:0:0 0");
        final SimPeer late = blocked("TAKE k:0:0 300");
        assertEquals(OK, feeder.ask("CLIENT PAUSE 200 WRITE"));
        feeder.ask("DEBUG POPULATE 1 k:0");
        clock.advanceMs(150);
        SimPeer.rest(node);
        assertEquals("", client.received());
        clock.advanceMs(60);
        SimPeer.rest(node);
        assertEquals(bulk("k:0:0"), client.received());
        clock.advanceMs(100);
        SimPeer.rest(node);
        assertEquals(NULL, late.received());
        assertNobodyWaits();
    }

    @Test
    void shouldBeThrownOutWithTheRole()
    {
        final SimPeer client = blocked("TAKE k 0");
        assertEquals(OK, feeder.ask("REPLICAOF 127.0.0.1 1"));
        SimPeer.rest(node);
        assertEquals(
            "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)\r\n",
            client.received());
        assertTrue(client.socket.isEnded());
        assertEquals(OK, feeder.ask("REPLICAOF NO ONE"));
        assertNobodyWaits();
    }

    @Test
    void shouldHearOfWhateverRemovesAKey()
    {
        feeder.ask("SET k v PX 20");
        final SimPeer expiry = blocked("GONE k 0");
        final String info = feeder.ask("INFO clients");
        assertTrue(info.contains("total_blocking_keys:1\r\ntotal_blocking_keys_on_nokey:1\r\n"), info);
        SimPeer.seconds(node, 1);
        assertEquals(bulk("k"), expiry.received());
        for (final String remover : List.of("DEL k", "FLUSHALL", "FLUSHDB", "RENAME k l", "MOVE k 5", "SWAPDB 0 9"))
        {
            feeder.ask("FLUSHALL");
            feeder.ask("SET k v");
            final SimPeer client = blocked("GONE k 0");
            feeder.ask(remover);
            assertEquals(bulk("k"), client.received(), remover);
        }

        assertNobodyWaits();
    }

    @Test
    void shouldHearOfWhateverMakesAKey()
    {
        for (final String maker : List.of(
            "SET k v", "APPEND k v", "INCR k", "RENAME other k", "COPY other k", "SETBIT k 1 1", "PFADD k a",
            "RESTORE k 0 DUMP", "SWAPDB 0 9", "DEBUG POPULATE 1 k:0", "DEBUG RELOAD"))
        {
            feeder.ask("FLUSHALL");
            feeder.ask("SET other v");
            feeder.tell("SELECT 9");
            feeder.tell("SET k v");
            feeder.ask("SELECT 0");
            SimPeer.rest(node);
            feeder.received();
            final SimPeer client = blocked(maker.startsWith("DEBUG POPULATE") ? "LOOK k:0:0 0" : "LOOK k 0");
            final String restored = feeder.ask("DUMP other");
            if (maker.startsWith("RESTORE"))
            {
                final String payload = restored.substring(restored.indexOf('\n') + 1, restored.length() - 2);
                feeder.socket.send("*4\r\n$7\r\nRESTORE\r\n$1\r\nk\r\n$1\r\n0\r\n$" + payload.length() + "\r\n" +
                    payload + "\r\n");
                SimPeer.rest(node);
                assertEquals(OK, feeder.received());
            }
            else if (maker.endsWith("RELOAD"))
            {
                // What is saved is what is there: this shows only that nobody is woken by it who waits for more.
                feeder.ask(maker);
                assertEquals("", client.received());
                feeder.ask("SET k v");
            }
            else
            {
                feeder.ask(maker);
            }

            assertTrue(client.received().startsWith("$"), maker);
        }

        assertNobodyWaits();
    }

    /** What the link brings wakes clients of a replica, at the end of each of its units. */
    @Test
    void shouldServeClientsOfAReplica()
    {
        try (SimTrio trio = new SimTrio(new SimNetwork(3)))
        {
            final SimNode primary = trio.start(7002, 0);
            final SimNode replica = trio.start(7003, 7002);
            trio.sync();
            register(replica);
            final SimPeer client = new SimPeer(replica);
            client.tell("LOOK k m 0");
            SimPeer.rest(replica);
            assertEquals("", client.received());
            final SimPeer writer = new SimPeer(primary);
            writer.ask("MULTI");
            writer.ask("SET m v");
            writer.ask("SET k v");
            writer.ask("EXEC");
            trio.sync();
            assertEquals(bulk("m"), client.received());
        }
    }

    @Test
    void shouldKeepNothingOfThousandsOfWaits()
    {
        final long seed = Long.getLong("millrace.blocked.seed", System.nanoTime());
        final Random random = new Random(seed);
        final List<SimPeer> clients = new ArrayList<>();
        for (int i = 0; i < 3000; i++)
        {
            switch (random.nextInt(6))
            {
                case 0, 1, 2 -> {
                    final SimPeer client = clients.size() < 50 || random.nextBoolean()
                        ? new SimPeer(node)
                        : clients.get(random.nextInt(clients.size()));
                    client.tell("TAKE k" + random.nextInt(9) + " k" + random.nextInt(9) + " " + random.nextInt(40));
                    clients.add(client);
                }
                case 3 -> feeder.tell("SET k" + random.nextInt(9) + " v");
                case 4 -> {
                    if (!clients.isEmpty())
                    {
                        clients.remove(random.nextInt(clients.size())).socket.close();
                    }
                }
                default -> feeder.tell("CLIENT UNBLOCK " + random.nextInt(i + 1));
            }

            clock.advanceNs(random.nextInt(2_000_000));
            node.cycle();
        }

        clients.forEach((client) -> client.socket.close());
        SimPeer.seconds(node, 1);
        feeder.received();
        assertNobodyWaits();
        assertTrue(feeder.ask("INFO clients").contains("connected_clients:1\r\n"), "seed " + seed);
    }
}
