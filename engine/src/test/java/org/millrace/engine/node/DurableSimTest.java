package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.millrace.engine.backlog.SimLogStore;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/**
 * A durable node that dies again and again, under its own load, by a kill or with its machine: what it holds afterwards is
 * a prefix of what was written, and all that was acknowledged if that is what its policy promises.
 * {@code -Dmillrace.sim.seeds=n} runs so many seeds, {@code -Dmillrace.sim.seed=n} repeats one.
 */
class DurableSimTest
{
    private static final int LIVES = 5;
    private static final String[] POLICIES = {"always", "everysec", "no"};

    @Test
    void shouldComeBackWithAPrefix()
    {
        final Long only = Long.getLong("millrace.sim.seed");
        final long first = null == only ? 1 : only;
        final long last = null == only ? Long.getLong("millrace.sim.seeds", 200) : only;
        for (long seed = first; seed <= last; seed++)
        {
            try
            {
                run(seed);
            }
            catch (final AssertionError | RuntimeException e)
            {
                throw new AssertionError("seed " + seed + ": repeat with -Dmillrace.sim.seed=" + seed, e);
            }
        }
    }

    private static void run(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final SimNetwork network = new SimNetwork(seed).bufferLength(1 << 14);
        final SimClock clock = new SimClock(1_700_000_000_000L);
        final SimNode.Disk disk = new SimNode.Disk();
        final String policy = POLICIES[random.nextInt(POLICIES.length)];
        long written = 0;
        for (int life = 0; life < LIVES; life++)
        {
            final SimNode node = new SimNode(network, clock, 6379, disk, seed * LIVES + life, "appendonly", "yes",
                "appendfsync", policy, "repl-backlog-size", "16384");
            SimPeer.rest(node);
            assertEquals(-1, node.exitCode, node.log.toString());
            checkPrefix(node, written);
            final long acknowledged = write(node, written, random);
            final boolean isCut = random.nextBoolean();
            final boolean isOrderly = 0 == random.nextInt(6);
            if (isOrderly)
            {
                node.close();
            }
            else
            {
                node.kill();
            }

            if (isCut)
            {
                disk.logs.cut(
                    random, random.nextBoolean() ? SimLogStore.SECTOR : SimLogStore.PAGE, random.nextInt(5));
            }

            written = isCut && !isOrderly && !"always".equals(policy) ? 0 : acknowledged;
        }
    }

    /** The list is 1, 2, 3... and no shorter than promised. */
    private static void checkPrefix(final SimNode node, final long promised)
    {
        final SimPeer peer = new SimPeer(node);
        final long length = Long.parseLong(peer.ask("LLEN l").substring(1).trim());
        assertTrue(length >= promised, length + " of " + promised + " acknowledged are there: " + node.log);
        final String last = length + "\r\n";
        if (length > 0)
        {
            assertTrue(peer.ask("LINDEX l -1").endsWith("\r\n" + last), node.log.toString());
            assertTrue(peer.ask("GET n").endsWith("\r\n" + last), "both halves of a transaction: " + node.log);
        }

        peer.socket.close();
    }

    /** @return how many were acknowledged before the node is left in the midst of its work. */
    private static long write(final SimNode node, final long from, final SplittableRandom random)
    {
        final SimPeer peer = new SimPeer(node);
        final long begin = Long.parseLong(peer.ask("LLEN l").substring(1).trim());
        final SimConnection socket = peer.socket;
        final int count = random.nextInt(150);
        final int tempoNs = 1 << 10 + random.nextInt(15);
        long acknowledged = Math.max(from, begin);
        final StringBuilder replies = new StringBuilder();
        for (int i = 1; i <= count; i++)
        {
            socket.send("MULTI\r\nRPUSH l " + (begin + i) + "\r\nINCR n\r\nEXEC\r\n");
            if (0 == random.nextInt(100))
            {
                socket.send("BGSAVE\r\n");
            }

            for (int cycles = random.nextInt(4); cycles > 0; cycles--)
            {
                node.clock.advanceNs(random.nextInt(tempoNs));
                node.cycle();
            }

            replies.append(socket.receive());
        }

        final String all = replies.toString();
        for (int at = all.indexOf("*2\r\n:"); at >= 0; at = all.indexOf("*2\r\n:", at + 1))
        {
            final int end = all.indexOf('\r', at + 5);
            if (end > 0)
            {
                acknowledged = Math.max(acknowledged, Long.parseLong(all.substring(at + 5, end)));
            }
        }

        return acknowledged;
    }
}
