package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SimLogStore;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/**
 * A replication group on one thread: a primary, replicas and replicas of those, with a seeded network, clock, disk,
 * load and faults. One number repeats a run. {@link SimOracle} watches every cycle of every node.
 */
final class SimGroup implements AutoCloseable
{
    private static final int FIRST_PORT = 6001;
    private static final long HEAL_MS_MAX = 180_000;
    private static final long OPERATOR_MS = 500;
    private static final int CONNECTION_BYTES_MIN = 512;
    private static final int LATENCY_NS_PER_BYTE = 1500;

    private static final List<String> POLICIES = List.of("noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random",
        "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl");

    /** Writes between two commands that wait for keys; such commands from one client. */
    private static final int WAITS_ONE_IN = 25;
    private static final int NEW_WAITER_ONE_IN = 5;

    /** Ring bytes beyond what is configured: segments begun, one kept for the next roll, what a cycle appends. */
    private static final long RING_SLACK = 1 << 20;

    final long seed;
    final SplittableRandom random;
    final SimClock clock = new SimClock(1_700_000_000_000L);
    final SimNetwork network;
    final SimNode[] nodes;
    final SimNode.Disk[] disks;
    final SimOracle oracle;

    /** Index of the node that each one follows, -1 for the primary. */
    final int[] upstream;

    /** What has been done, for a failure's message. */
    final List<String> history = new ArrayList<>();

    private final SimLoad load;
    private final SimConnection[] admins;
    private final SimConnection[] writers = new SimConnection[2];

    /** Clients that wait for keys, and write by that. */
    private final SimConnection[] waiters = new SimConnection[3];
    private final long[] stalledUntilMs;
    private final SimReader[] readers;
    private final boolean isTight;
    private final long maxMemory;
    private final String policy;
    private final long backlogBytesMax;
    private final boolean isDurable;

    /** When machines lose their power, beside all else that chance decides. */
    private final SplittableRandom powers;
    private long starts;
    private long tempoNs = 200_000;
    private long healMsMax;

    SimGroup(final long seed)
    {
        this(seed, false);
    }

    /** @param isDurable all nodes have logs, and machines lose their power. */
    SimGroup(final long seed, final boolean isDurable)
    {
        this.isDurable = isDurable;
        powers = new SplittableRandom(~seed);
        this.seed = seed;
        random = new SplittableRandom(seed);
        final int connectionBytes = CONNECTION_BYTES_MIN << random.nextInt(8);
        final boolean isNarrow = connectionBytes < 4096;
        network = new SimNetwork(seed)
            .bufferLength(connectionBytes)
            .stepMax((isNarrow ? 300 : 2000) + random.nextInt(8000));
        if (random.nextBoolean())
        {
            // A connection carries its buffer once in that time: too little, and nobody ever catches up.
            network.latency(clock, 1 + random.nextInt(Math.min(20_000_000, connectionBytes * LATENCY_NS_PER_BYTE)));
        }

        final int count = 2 + random.nextInt(4);
        nodes = new SimNode[count];
        disks = new SimNode.Disk[count];
        upstream = new int[count];
        admins = new SimConnection[count];
        stalledUntilMs = new long[count];
        readers = new SimReader[count];
        isTight = 0 == random.nextInt(3);
        maxMemory = 0 == random.nextInt(4) ? 300_000L + random.nextInt(2_000_000) : 0;
        // Drawn beside the others, so that what a seed does else stays what it was.
        policy = POLICIES.get(new SplittableRandom(seed).nextInt(POLICIES.size()));
        backlogBytesMax = 1L << 14 + random.nextInt(6);
        load = new SimLoad(random, isNarrow);
        oracle = new SimOracle(load.isLarge() ? 127 : 15);
        for (int i = 0; i < count; i++)
        {
            disks[i] = new SimNode.Disk();
            upstream[i] = 0 == i ? -1 : random.nextInt(i);
            start(i);
        }

        connectWriters(0);
        writers[0].send(load.fill());
    }

    int primary()
    {
        for (int i = 0; i < nodes.length; i++)
        {
            if (upstream[i] < 0)
            {
                return i;
            }
        }

        throw new IllegalStateException();
    }

    /** Longest time that it took until all were in sync, simulated. */
    long healMsMax()
    {
        return healMsMax;
    }

    /** From now on time goes faster or slower against the load. */
    void changeTempo()
    {
        tempoNs = 50_000L << random.nextInt(8);
    }

    /** One step of everybody in turn. */
    void step()
    {
        clock.advanceNs(0 == random.nextInt(400) ? random.nextInt(300) * 1_000_000L : random.nextLong(tempoNs));
        for (int i = 0; i < nodes.length; i++)
        {
            if (stalledUntilMs[i] <= clock.wallMs())
            {
                cycle(i);
            }
        }

        takeReplies();
        read(random.nextInt(nodes.length));
    }

    /** A reader of one node, if it has one, looks at one key. */
    private void read(final int index)
    {
        if (null != readers[index])
        {
            readers[index].check(random.nextInt(SimLoad.DATABASES), load.key());
        }
    }

    /** Something is written at the primary. */
    void write()
    {
        final int index = random.nextInt(writers.length);
        if (!writers[index].isOpen() || writers[index].isEnded())
        {
            writers[index] = nodes[primary()].connect();
        }

        writers[index].send(load.next());
        if (0 == random.nextInt(WAITS_ONE_IN))
        {
            await(random.nextInt(waiters.length));
        }
    }

    /** One that waits already sends another command behind that. */
    private void await(final int index)
    {
        if (null == waiters[index] || !waiters[index].isOpen() || waiters[index].isEnded() ||
            0 == random.nextInt(NEW_WAITER_ONE_IN))
        {
            if (null != waiters[index])
            {
                waiters[index].close();
            }

            waiters[index] = nodes[primary()].connect();
        }

        waiters[index].send(load.waiting());
    }

    /** Something breaks, or is changed by an operator. */
    void fault()
    {
        final int victim = random.nextInt(nodes.length);
        switch (random.nextInt(25))
        {
            case 0, 1, 2, 3 -> cutOne(victim, 0);
            case 4, 5, 6 -> cutOne(victim, 1 + random.nextInt(20_000));
            case 7, 8 -> silence(victim);
            case 9 -> tell(victim, "CLIENT KILL TYPE replica");
            case 10 -> tell(victim, "CLIENT KILL TYPE master");
            case 11 -> restart(victim);
            case 12, 13 -> repoint(victim);
            case 14 -> tell(victim, "BGSAVE");
            case 15 -> tell(victim, "CONFIG SET repl-backlog-size " + (1 << 12 + random.nextInt(8)));
            case 16 -> tell(victim, "CLIENT PAUSE " + random.nextInt(400) + " WRITE");
            case 17, 18 -> {
                history.add("stall " + victim);
                stalledUntilMs[victim] = clock.wallMs() + random.nextInt(random.nextInt(5) == 0 ? 15_000 : 500);
            }
            case 19, 20 -> {
                final boolean isDeaf = random.nextBoolean();
                history.add(victim + (isDeaf ? " is deaf" : " hears"));
                network.deaf(nodes[victim].port, isDeaf);
            }
            case 21 -> {
                final int segments = random.nextBoolean() ? random.nextInt(8) : Integer.MAX_VALUE;
                history.add("disk of " + victim + ": segments=" + segments);
                nodes[victim].segments.limit(segments);
            }
            case 22 -> {
                if (isTight)
                {
                    tell(victim, "CONFIG SET client-output-buffer-limit \"" + outputLimits() + '"');
                }
            }
            case 23 -> {
                history.add("reader on " + victim + " comes or goes");
                final boolean isOpen = null != readers[victim];
                closeReader(victim);
                readers[victim] = isOpen ? null : new SimReader(nodes[victim]);
            }
            default -> tell(victim, "WAIT 1 10");
        }
    }

    /** Some replica becomes the primary; all others follow it, some of them only after a while. */
    void promote()
    {
        final int old = primary();
        final int fresh = (old + 1 + random.nextInt(nodes.length - 1)) % nodes.length;
        if (0 == random.nextInt(3))
        {
            // As operators do who mean to lose nothing.
            tell(old, "CLIENT PAUSE " + (50 + random.nextInt(2000)) + " WRITE");
            writers[0].send("WAIT 1 " + random.nextInt(100) + "\r\n");
            for (int i = random.nextInt(40); i > 0; i--)
            {
                step();
            }
        }

        upstream[fresh] = -1;
        tell(fresh, "REPLICAOF NO ONE");
        upstream[old] = fresh;
        for (int i = random.nextInt(3) * random.nextInt(60); i > 0; i--)
        {
            // Two primaries for a while: what the old one takes now is lost.
            write();
            step();
        }

        for (int i = 0; i < nodes.length; i++)
        {
            if (i != fresh)
            {
                follow(i, isBelow(fresh, i) ? fresh : random.nextInt(3) > 0 ? fresh : upstream[i]);
            }
        }

        closeWriters();
        connectWriters(fresh);
    }

    /** No more faults: everybody must be in sync with equal data within a bound. @return null, or what is wrong. */
    String heal()
    {
        history.add("heal");
        for (int i = 0; i < nodes.length; i++)
        {
            stalledUntilMs[i] = 0;
            nodes[i].segments.limit(Integer.MAX_VALUE);
            network.deaf(nodes[i].port, false);
        }

        final long beginMs = clock.wallMs();
        long toldMs = 0;
        String state = "";
        while (clock.wallMs() < beginMs + HEAL_MS_MAX)
        {
            final int stepMs = clock.wallMs() < beginMs + 1000 ? 1 : 5;
            for (int i = 0; i < 20; i++)
            {
                clock.advanceMs(stepMs);
                for (int node = 0; node < nodes.length; node++)
                {
                    cycle(node);
                }
            }

            takeReplies();
            if (clock.wallMs() >= toldMs + OPERATOR_MS)
            {
                toldMs = clock.wallMs();
                tellWhomToFollow();
            }

            state = compare();
            if (null == state)
            {
                healMsMax = Math.max(healMsMax, clock.wallMs() - beginMs);
                return null;
            }
        }

        return "not in sync " + HEAL_MS_MAX + " ms after the last fault: " + state;
    }

    /** A node that loads a data set takes no such command, so whoever gives it must look what came of it. */
    private void tellWhomToFollow()
    {
        for (int i = 0; i < nodes.length; i++)
        {
            final String wanted = upstream[i] < 0 ? "" : Integer.toString(FIRST_PORT + upstream[i]);
            if (!wanted.equals(nodes[i].followedPort()))
            {
                follow(i, upstream[i]);
            }
        }
    }

    /** Ends every node; each must have given back all it held. */
    @Override
    public void close()
    {
        for (int i = 0; i < nodes.length; i++)
        {
            if (null != nodes[i])
            {
                closeReader(i);
                oracle.forget(nodes[i]);
                nodes[i].close();
            }
        }
    }

    private void closeReader(final int index)
    {
        if (null != readers[index])
        {
            readers[index].close();
            readers[index] = null;
        }
    }

    void cycle(final int index)
    {
        nodes[index].cycle();
        oracle.observe(nodes[index]);
        if (-1 != nodes[index].exitCode)
        {
            throw new AssertionError("node " + nodes[index].port + " has ended: " + nodes[index].exitCode);
        }

        if (isTight && !isDurable)
        {
            checkRing(nodes[index]);
        }

        if (maxMemory > 0)
        {
            checkMemory(nodes[index]);
        }
    }

    private void checkRing(final SimNode node)
    {
        final long held = node.node.parts().stream().heldBytes();
        final long bound = Math.max(backlogBytesMax, 1 << 19) + 2 * load.unitMax() + RING_SLACK;
        if (held > bound)
        {
            throw new AssertionError("node " + node.port + ": its ring holds " + held + " bytes, bound " + bound);
        }
    }

    /** Not more than what is allowed, the last unit, and what another layout of the same data may cost. */
    private void checkMemory(final SimNode node)
    {
        final long used = node.node.data().memory().usedBytes() - node.node.data().retiredBytes();
        final long bound = maxMemory + maxMemory / 2 + load.unitMax();
        if (used > bound)
        {
            throw new AssertionError("node " + node.port + ": its data take " + used + " bytes, bound " + bound);
        }
    }

    /** Null if all are at one place of one history with equal data, else what differs. */
    private String compare()
    {
        final SimNode primary = nodes[primary()];
        final ReplicationStream stream = primary.node.parts().stream();
        final String place = stream.history().replid() + ":" + stream.endOffset();
        for (int i = 0; i < nodes.length; i++)
        {
            final Replication replication = nodes[i].node.parts().replication();
            final ReplicationStream own = nodes[i].node.parts().stream();
            final String ownPlace = own.history().replid() + ":" + own.endOffset();
            if (replication.isReplica() != upstream[i] >= 0 || upstream[i] >= 0 && !replication.isLinkUp())
            {
                return "node " + nodes[i].port + " has no link";
            }

            if (!ownPlace.equals(place))
            {
                return "node " + nodes[i].port + " is at " + ownPlace + ", the primary at " + place;
            }
        }

        final long digest = oracle.digestOf(primary);
        for (final SimNode node : nodes)
        {
            if (digest != oracle.digestOf(node))
            {
                throw new AssertionError("node " + node.port + " holds other data than the primary at " + place);
            }
        }

        return null;
    }

    private void cutOne(final int victim, final int afterBytes)
    {
        final SimConnection connection = anyConnection(victim);
        if (null != connection)
        {
            history.add("cut at " + victim + " after " + afterBytes);
            if (0 == afterBytes)
            {
                connection.cut();
            }
            else
            {
                connection.cutAfter(afterBytes);
            }
        }
    }

    private void silence(final int victim)
    {
        final SimConnection connection = anyConnection(victim);
        if (null != connection)
        {
            history.add("silence at " + victim);
            if (random.nextBoolean())
            {
                connection.fallSilent();
            }
            else
            {
                connection.loseOutput();
            }
        }
    }

    private SimConnection anyConnection(final int victim)
    {
        final int count = nodes[victim].reactor.connectionCount();
        if (0 == count)
        {
            return null;
        }

        final SimConnection connection = nodes[victim].reactor.connection(random.nextInt(count));
        return connection.isSpared() ? null : connection;
    }

    private void restart(final int victim)
    {
        final boolean isSeen = random.nextBoolean();
        history.add("restart " + victim + (isSeen ? "" : " unseen"));
        oracle.forget(nodes[victim]);
        closeReader(victim);
        if (isSeen)
        {
            nodes[victim].kill();
        }
        else
        {
            nodes[victim].vanish();
        }

        if (isDurable && powers.nextBoolean())
        {
            history.add("power of " + victim + " is lost");
            disks[victim].logs.cut(
                powers, powers.nextBoolean() ? SimLogStore.SECTOR : SimLogStore.PAGE, powers.nextInt(4));
        }

        start(victim);
        if (upstream[victim] < 0)
        {
            closeWriters();
            connectWriters(victim);
            writers[0].send(load.fill());
        }
    }

    private void repoint(final int victim)
    {
        final int to = random.nextInt(nodes.length);
        if (upstream[victim] >= 0 && !isBelow(to, victim))
        {
            follow(victim, to);
        }
    }

    /** True if {@code node} is {@code above} or follows it, directly or not. */
    private boolean isBelow(final int node, final int above)
    {
        int at = node;
        for (int i = 0; i <= nodes.length && at >= 0; i++)
        {
            if (at == above)
            {
                return true;
            }

            at = upstream[at];
        }

        return at >= 0;
    }

    private void follow(final int node, final int to)
    {
        upstream[node] = to;
        tell(node, "REPLICAOF " + (to < 0 ? "NO ONE" : SimNode.HOST + " " + (FIRST_PORT + to)));
    }

    private String outputLimits()
    {
        return "replica " + (1 << 14 + random.nextInt(6)) + " " + (1 << 13 + random.nextInt(6)) + " 2";
    }

    private void start(final int index)
    {
        final List<String> options = new ArrayList<>(
            List.of(
                "databases", Integer.toString(SimLoad.DATABASES), "repl-backlog-size",
                Integer.toString(1 << 12 + random.nextInt(8)), "repl-timeout", "10", "repl-ping-replica-period", "1",
                "repl-diskless-load", random.nextBoolean() ? "swapdb" : "disabled", "replica-lazy-flush",
                random.nextBoolean() ? "yes" : "no", "repl-diskless-sync",
                random.nextInt(4) > 0 ? "yes" : "no", "repl-backlog-ttl", random.nextInt(3) > 0 ? "3600" : "2",
                "rdb-version", random.nextBoolean() ? "9" : "11", "lazyfree-lazy-expire",
                random.nextBoolean() ? "yes" : "no", "maxmemory", Long.toString(maxMemory), "maxmemory-policy",
                policy));
        if (isTight)
        {
            options.addAll(
                List.of("client-output-buffer-limit", outputLimits(), "repl-backlog-max-size",
                    Long.toString(backlogBytesMax)));
        }

        if (isDurable)
        {
            options.addAll(
                List.of("appendonly", "yes", "appendfsync",
                    List.of("always", "everysec", "no").get(powers.nextInt(3))));
        }

        if (upstream[index] >= 0)
        {
            options.addAll(List.of("replicaof", SimNode.HOST + " " + (FIRST_PORT + upstream[index])));
        }

        nodes[index] = new SimNode(
            network, clock, FIRST_PORT + index, disks[index], seed * 1000 + starts++,
            options.toArray(new String[0]));
        if (0 == random.nextInt(6))
        {
            // No file for a payload or for what slow replicas lack: all that is left is memory.
            nodes[index].spools.failCreate();
        }

        admins[index] = null;
    }

    private void connectWriters(final int node)
    {
        for (int i = 0; i < writers.length; i++)
        {
            writers[i] = nodes[node].connect();
        }
    }

    private void closeWriters()
    {
        for (final SimConnection writer : writers)
        {
            writer.close();
        }
    }

    private void takeReplies()
    {
        for (final SimConnection writer : writers)
        {
            writer.receive();
        }

        for (final SimConnection waiter : waiters)
        {
            if (null != waiter)
            {
                waiter.receive();
            }
        }

        for (int i = 0; i < admins.length; i++)
        {
            final String reply = null == admins[i] ? "" : admins[i].receive();
            if (!reply.isEmpty())
            {
                history.add(i + " says " + reply.trim());
            }
        }
    }

    private void tell(final int index, final String line)
    {
        history.add(index + ": " + line);
        if (null == admins[index] || admins[index].isEnded())
        {
            admins[index] = nodes[index].connectSpared();
        }

        admins[index].send(line + "\r\n");
    }
}
