package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/**
 * A replication group on one thread: a primary, two replicas of it and a replica of the first of those, with a seeded
 * network, clock, load and faults. One number repeats a run.
 */
final class SimGroup
{
    static final int NODES = 4;
    private static final int FIRST_PORT = 6001;
    private static final int KEYS = 60;
    private static final long HEAL_MS_MAX = 180_000;

    final long seed;
    final SplittableRandom random;
    final SimClock clock = new SimClock(1_700_000_000_000L);
    final SimNetwork network;
    final SimNode[] nodes = new SimNode[NODES];
    final SimNode.Disk[] disks = new SimNode.Disk[NODES];

    /** Index of the node that each one follows, -1 for the primary. */
    final int[] upstream = {-1, 0, 0, 1};

    /** What has been done, for a failure's message. */
    final ArrayList<String> history = new ArrayList<>();

    private final SimConnection[] admins = new SimConnection[NODES];
    private SimConnection writer;
    private long starts;

    SimGroup(final long seed)
    {
        this.seed = seed;
        random = new SplittableRandom(seed);
        network = new SimNetwork(seed).bufferLength(512 << random.nextInt(8)).stepMax(100 + random.nextInt(8000));
        for (int i = 0; i < NODES; i++)
        {
            disks[i] = new SimNode.Disk();
            start(i);
        }

        writer = nodes[0].connect();
    }

    int primary()
    {
        for (int i = 0; i < NODES; i++)
        {
            if (upstream[i] < 0)
            {
                return i;
            }
        }

        throw new IllegalStateException();
    }

    /** One step of everybody in turn. */
    void step()
    {
        clock.advanceNs(0 == random.nextInt(300) ? random.nextInt(300) * 1_000_000L : random.nextInt(200_000));
        for (final SimNode node : nodes)
        {
            node.cycle();
        }

        writer.receive();
    }

    /** A random write at the primary, or a few that go together. */
    void write()
    {
        if (!writer.isOpen() || writer.isEnded())
        {
            writer = nodes[primary()].connect();
        }

        final String key = "k" + random.nextInt(KEYS);
        final String value = Integer.toString(random.nextInt(10)).repeat(random.nextInt(1 << random.nextInt(13)));
        switch (random.nextInt(12))
        {
            case 0 -> writer.send("DEL " + key + "\r\n");
            case 1 -> writer.send("INCR n" + random.nextInt(5) + "\r\n");
            case 2 -> writer.send("APPEND " + key + " a" + value + "\r\n");
            case 3 -> writer.send("MULTI\r\nSET " + key + " m" + value + "\r\nINCR n0\r\nDEL k1 k2\r\nEXEC\r\n");
            case 4 -> writer.send("SET " + key + " e" + value + " PX " + (1 + random.nextInt(400)) + "\r\n");
            case 5 -> writer.send("SET " + key + " t" + value + " EX 100000\r\n");
            case 6 -> writer.send("SELECT " + random.nextInt(3) + "\r\n");
            case 7 -> writer.send("RENAME " + key + " k" + random.nextInt(KEYS) + "\r\n");
            case 8 -> writer.send(
                0 == random.nextInt(30) ? "FLUSHALL\r\n" : 0 == random.nextInt(10) ? "SWAPDB 0 1\r\n" : "INCR x\r\n");
            case 9 -> writer.send("SETRANGE " + key + " " + random.nextInt(20_000) + " r" + value + "\r\n");
            default -> writer.send("SET " + key + " s" + value + "\r\n");
        }
    }

    /** Something breaks. */
    void fault()
    {
        final int victim = random.nextInt(NODES);
        switch (random.nextInt(8))
        {
            case 0, 1, 2 -> cutOne(victim, 0);
            case 3, 4 -> cutOne(victim, random.nextInt(20_000));
            case 5 -> {
                history.add("kill replicas of " + victim);
                tell(victim, "CLIENT KILL TYPE replica");
            }
            case 6 -> {
                if (upstream[victim] >= 0)
                {
                    history.add("restart " + victim);
                    nodes[victim].kill();
                    start(victim);
                }
            }
            default -> {
                history.add("repoint 3");
                if (primary() != 3)
                {
                    final int to = (upstream[3] + 1) % 3;
                    follow(3, to);
                }
            }
        }
    }

    /** A replica of the primary becomes the primary; all others follow it. */
    void promote()
    {
        final int old = primary();
        final int fresh = (old + 1 + random.nextInt(2)) % 3;
        history.add("promote " + fresh);
        upstream[fresh] = -1;
        tell(fresh, "REPLICAOF NO ONE");
        for (int i = 0; i < NODES; i++)
        {
            if (i != fresh)
            {
                follow(i, fresh);
            }
        }

        writer.close();
        writer = nodes[fresh].connect();
    }

    /** No more faults: everybody must be in sync with equal data within a bound. @return null, or what is wrong. */
    String heal()
    {
        final long untilMs = clock.wallMs() + HEAL_MS_MAX;
        String state = "";
        while (clock.wallMs() < untilMs)
        {
            for (int i = 0; i < 50; i++)
            {
                clock.advanceMs(1);
                for (final SimNode node : nodes)
                {
                    node.cycle();
                }
            }

            writer.receive();
            state = compare();
            if (null == state)
            {
                return null;
            }
        }

        return "not in sync " + HEAL_MS_MAX + " ms after the last fault: " + state;
    }

    /** Null if all are at one offset with one digest, else what differs. */
    private String compare()
    {
        final String before = places();
        if (null != differing(before))
        {
            return differing(before);
        }

        final StringBuilder digests = new StringBuilder();
        for (int i = 0; i < NODES; i++)
        {
            digests.append(ask(i, "DEBUG DIGEST").trim()).append(' ');
        }

        // Keys may have expired in between.
        return places().equals(before) ? differing(digests.toString()) : "moving";
    }

    private String places()
    {
        final StringBuilder places = new StringBuilder();
        for (int i = 0; i < NODES; i++)
        {
            final String info = ask(i, "INFO replication");
            final boolean isUp = upstream[i] < 0 || info.contains("master_link_status:up");
            places.append(isUp ? field(info, "master_replid") + ":" + field(info, "master_repl_offset") : "down" + i)
                .append(' ');
        }

        return places.toString();
    }

    private static String differing(final String words)
    {
        final String[] all = words.trim().split(" ");
        for (final String word : all)
        {
            if (!word.equals(all[0]))
            {
                return words;
            }
        }

        return null;
    }

    private static String field(final String info, final String name)
    {
        final int at = info.indexOf(name + ":");
        // A cut that was set before the faults stopped may still fall into the answer.
        final int end = info.indexOf('\r', at);
        return at < 0 || end < 0 ? "" : info.substring(at + name.length() + 1, end);
    }

    private void cutOne(final int victim, final int afterBytes)
    {
        final int count = nodes[victim].reactor.connectionCount();
        if (count > 0)
        {
            history.add("cut at " + victim + " after " + afterBytes);
            final SimConnection connection = nodes[victim].reactor.connection(random.nextInt(count));
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

    private void follow(final int node, final int to)
    {
        upstream[node] = to;
        tell(node, "REPLICAOF " + SimNode.HOST + " " + (FIRST_PORT + to));
    }

    private void start(final int index)
    {
        final int to = upstream[index];
        final String[] options = {
            "repl-backlog-size", Integer.toString(1 << 12 + random.nextInt(8)), "repl-timeout", "10",
            "repl-ping-replica-period", "1", "repl-diskless-load", random.nextBoolean() ? "swapdb" : "disabled",
            "repl-diskless-sync", random.nextInt(4) > 0 ? "yes" : "no", "replicaof",
            to < 0 ? "no one" : SimNode.HOST + " " + (FIRST_PORT + to)};
        nodes[index] = new SimNode(
            network, clock, FIRST_PORT + index, disks[index], seed * 1000 + starts++,
            to < 0 ? java.util.Arrays.copyOf(options, options.length - 2) : options);
        admins[index] = null;
    }

    private void tell(final int index, final String line)
    {
        admin(index).send(line + "\r\n");
    }

    private SimConnection admin(final int index)
    {
        if (null == admins[index] || admins[index].isEnded())
        {
            admins[index] = nodes[index].connect();
        }

        return admins[index];
    }

    /** Ask one node on its own, with the others standing still. */
    private String ask(final int index, final String line)
    {
        final SimConnection admin = admin(index);
        admin.receive();
        for (int i = 0; i < 50; i++)
        {
            nodes[index].cycle();
        }

        admin.receive();
        admin.send(line + "\r\n");
        final StringBuilder answer = new StringBuilder();
        for (int i = 0, idle = 0; i < 100_000 && idle < 5; i++)
        {
            final int work = nodes[index].cycle();
            final String more = admin.receive();
            answer.append(more);
            idle = 0 == work && more.isEmpty() && answer.length() > 0 ? idle + 1 : 0;
        }

        return answer.toString();
    }
}
