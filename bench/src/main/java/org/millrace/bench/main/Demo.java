package org.millrace.bench.main;

import java.util.Locale;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.millrace.kit.compare.DatasetComparison;
import org.millrace.kit.server.LinkProxy;
import org.millrace.bench.rig.OffsetSettling;
import org.millrace.bench.rig.PacedLoad;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;

/**
 * The demo's story, step by step, on the main thread; the table polls and draws on its own, the loads write on theirs.
 * <pre>
 *   one (primary) --- proxy --- two
 *                 --- three --- four
 *                 --- redis (if installed)
 * </pre>
 */
final class Demo
{
    private static final int LOAD_COUNT = 2;
    private static final long WAIT_MS = 30_000;
    private static final long SETTLE_MS = 300;
    private static final long CUT_MS = 1_500;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int DIFFERENCES_LISTED = 5;
    private static final String[] OPTIONS = {
        "--repl-backlog-size", "64mb", "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"};

    private final List<DemoNode> nodes = new ArrayList<>();
    private final List<PacedLoad> loads = new ArrayList<>();
    private final ServerGroup group;
    private final PrintStream out;
    private final boolean isTerminal;
    private final DemoNode one;
    private final DemoNode two;
    private final DemoNode three;
    private final DemoNode four;
    private final DemoNode redis;
    private DemoNode primary;
    /** The node that is meant to be down at the moment, or null. */
    private DemoNode killed;
    private DemoTable table;
    private long lostCount;

    Demo(
        final ServerGroup group,
        final ServerSpec spec,
        final Optional<ServerSpec> peer,
        final PrintStream out,
        final boolean isTerminal) throws IOException
    {
        this.group = group;
        this.out = out;
        this.isTerminal = isTerminal;
        one = launch("one", spec, true);
        two = launch("two", spec, true);
        three = launch("three", spec, true);
        four = launch("four", spec, true);
        redis = peer.isPresent() ? launch("redis", peer.get(), false) : null;
        primary = one;
    }

    /**
     * Tells the whole story.
     *
     * @return true if all data sets were equal at the end.
     * @throws DemoFailure if something did not come back in time or the wrong way.
     * @throws IOException if a server could not be started or reached.
     */
    boolean run(final int ratePerSecond, final long quietMs) throws IOException, DemoFailure
    {
        final long startNs = System.nanoTime();
        out.println("starting " + nodes.stream().map(DemoNode::name).collect(Collectors.joining(", ")));
        if (null == redis)
        {
            out.println("redis-server is not installed here: its replica is left out");
        }

        for (final DemoNode node : nodes)
        {
            node.server().awaitReady();
        }

        for (int i = 0; i < LOAD_COUNT; i++)
        {
            loads.add(new PacedLoad(one.server().port(), i, ratePerSecond / LOAD_COUNT, 42 + i));
        }

        try (LinkProxy link = LinkProxy.open(one.server().port()))
        {
            table = new DemoTable(nodes, one, this::ackedCount, out, isTerminal);
            table.start();
            try
            {
                formGroup(link);
                quiet(quietMs);
                cutLink(link);
                quiet(quietMs / 2);
                killPrimary();
                quiet(quietMs);
                restartOldPrimary();
                quiet(quietMs / 2);
                stopLoads();
            }
            finally
            {
                loads.forEach(PacedLoad::close);
                table.close();
                nodes.forEach(DemoNode::close);
            }
        }

        return verifyAll(startNs);
    }

    private void formGroup(final LinkProxy link) throws IOException, DemoFailure
    {
        table.event("load starts: values of all types, counters, expiries, transactions, in two databases of one");
        loads.forEach(PacedLoad::start);
        await("the load to reach the primary", () -> ackedCount() > 10_000);
        table.event("replicas attach while the load goes on: each takes a full resync");
        two.follow(one, link.port());
        three.follow(one, one.server().port());
        four.follow(three, three.server().port());
        if (null != redis)
        {
            redis.follow(one, one.server().port());
        }

        awaitAllOnline();
        table.event("all replicas are online; four is chained below three" + (null == redis ? "" : ", redis is real"));
    }

    private void cutLink(final LinkProxy link) throws DemoFailure, IOException
    {
        final long partialBefore = one.status().replication().partialSyncs();
        final long fullBefore = one.status().replication().fullSyncs();
        table.event("cutting the link between one and two");
        link.refuse(true);
        link.cut();
        await("two to notice", () -> two.status().isUp() && !two.isOnline());
        quiet(CUT_MS);
        table.event("mending the link");
        link.refuse(false);
        await(
            "two to come back",
            () -> two.isOnline() && one.status().isUp() && one.status().replication().partialSyncs() > partialBefore);
        final long fullMore = one.status().replication().fullSyncs() - fullBefore;
        if (fullMore > 0)
        {
            throw new DemoFailure("two came back by a full resync (sync_full grew by " + fullMore + ")");
        }

        table.event("two is back by partial resync: sync_partial_ok grew, sync_full did not");
    }

    private void killPrimary() throws IOException, DemoFailure
    {
        table.event("killing the primary with -9, under load");
        loads.forEach(PacedLoad::hold);
        killed = one;
        one.server().kill();
        await("one to be gone", () -> !one.status().isUp());
        // What the dead primary had already handed to the kernel still arrives.
        quiet(SETTLE_MS);
        final DemoNode heir = two.offset() > three.offset() ? two : three;
        table.event(
            "offsets: two " + two.offset() + ", three " + three.offset() +
                (null == redis ? "" : ", redis " + redis.offset()) + "; promoting " + heir.name());
        heir.follow(null, 0);
        countLost(heir);
        primary = heir;
        table.primary(heir);
        final boolean isRedisAhead = null != redis && redis.offset() > heir.offset();
        for (final DemoNode node : nodes)
        {
            if (node != heir && node != one && node != four)
            {
                node.follow(heir, heir.server().port());
            }
        }

        loads.forEach((load) -> load.retarget(heir.server().port()));
        await("the others to follow " + heir.name(), this::isRestOnline);
        reportFollowers(heir, isRedisAhead);
    }

    private void reportFollowers(final DemoNode heir, final boolean isRedisAhead) throws DemoFailure
    {
        final long fullCount = nodes.stream().filter((node) -> node.isMillrace() && node != one)
            .mapToLong((node) -> node.status().replication().fullSyncs()).sum();
        // three gave four its first data, before all this.
        final long expectedFull = 1 + (isRedisAhead ? 1 : 0);
        if (fullCount > expectedFull)
        {
            throw new DemoFailure("followers of " + heir.name() + " needed " + (fullCount - 1) + " full resyncs");
        }

        table.event(
            isRedisAhead
                ? "the others follow " + heir.name() +
                    "; redis had bytes that nobody else had, so it took a full resync, four and the rest a partial one"
                : "all others follow " + heir.name() + " by partial resync; writes go on");
        table.event("acknowledged writes that died with the old primary: " + lostCount +
            (lostCount > 0 ? " (replication is asynchronous)" : ""));
    }

    private void countLost(final DemoNode heir) throws IOException
    {
        try (RespClient client = heir.server().connect())
        {
            for (final PacedLoad load : loads)
            {
                client.callOk("SELECT", Integer.toString(load.database()));
                final long found = Long.parseLong(client.callText("GET", load.markKey()));
                lostCount += Math.max(0, load.ackedMark() - found);
            }
        }
    }

    private void restartOldPrimary() throws IOException, DemoFailure
    {
        table.event("starting one again; its data were in memory only, so it joins with a full resync");
        one.server().launch();
        killed = null;
        one.server().awaitReady();
        one.follow(primary, primary.server().port());
        awaitAllOnline();
        table.event("one is back as a replica of " + primary.name());
    }

    private void stopLoads() throws DemoFailure
    {
        table.event("load stops; waiting for equal offsets");
        loads.forEach(PacedLoad::close);
        await("equal offsets", () -> nodes.stream().allMatch((node) -> node.offset() == primary.offset()));
    }

    private boolean verifyAll(final long startNs) throws IOException
    {
        boolean isEqual = true;
        out.println();
        for (final DemoNode node : nodes)
        {
            if (node != primary)
            {
                isEqual &= verify(node);
            }
        }

        final long errorCount = loads.stream().mapToLong(PacedLoad::errorCount).sum();
        out.printf(
            Locale.ROOT, "%n%,d writes acknowledged, %,d lost with the killed primary, %,d error replies%s%n",
            ackedCount(),
            lostCount,
            errorCount,
            errorCount > 0 ? " (last: " + lastError() + ")" : "");
        out.printf(
            Locale.ROOT, "%s: %d data sets %s, %.1f s in all%n",
            isEqual && 0 == errorCount ? "OK" : "FAILED",
            nodes.size(),
            isEqual ? "are equal" : "DIFFER",
            (System.nanoTime() - startNs) / 1e9);
        return isEqual && 0 == errorCount;
    }

    private boolean verify(final DemoNode node) throws IOException
    {
        try (RespClient left = primary.server().connect(); RespClient right = node.server().connect())
        {
            final long startNs = System.nanoTime();
            final OffsetSettling.Outcome outcome = OffsetSettling.await(left, right, WAIT_MS);
            final DatasetComparison.Result result = new DatasetComparison(
                left,
                right,
                DatasetComparison.Limits.listing(DIFFERENCES_LISTED),
                new ProgressLine(out, 1_000)).run();
            final boolean isEqual = result.isEqual() && OffsetSettling.Outcome.SETTLED == outcome;
            out.printf(
                Locale.ROOT, "%-6s against %-6s %s: %,d keys compared value by value in %.1f s, %,d different%n",
                primary.name(),
                node.name(),
                isEqual ? "equal" : OffsetSettling.Outcome.SETTLED == outcome ? "DIFFERENT" : "NOT AT ONE OFFSET",
                result.comparedCount(),
                (System.nanoTime() - startNs) / 1e9,
                result.differentCount());
            result.listed().forEach(
                (difference) -> out.println(
                    "  db" + difference.database() + " key " + difference.key() + ": " + difference.what()));
            return isEqual;
        }
    }

    private DemoNode launch(final String name, final ServerSpec spec, final boolean isMillrace) throws IOException
    {
        final DemoNode node = new DemoNode(group.launch(name, spec, OPTIONS), isMillrace);
        nodes.add(node);
        return node;
    }

    private void awaitAllOnline() throws DemoFailure
    {
        await("all replicas to be online", () -> nodes.stream().allMatch(this::isInGroup));
    }

    private boolean isRestOnline()
    {
        return nodes.stream().filter((node) -> node != one).allMatch(this::isInGroup);
    }

    /** A status polled before the node was told to follow shows another role or history, and does not count. */
    private boolean isInGroup(final DemoNode node)
    {
        return node.isOnline() && node.status().replication().isPrimary() == (node == primary) &&
            node.status().replication().replid().equals(replidOfPrimary());
    }

    private String replidOfPrimary()
    {
        final DemoNode.Status status = primary.status();
        return status.isUp() && status.replication().isPrimary() ? status.replication().replid() : "";
    }

    private void await(final String what, final BooleanSupplier condition) throws DemoFailure
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!condition.getAsBoolean())
        {
            for (final DemoNode node : nodes)
            {
                if (!node.server().isAlive() && node != killed)
                {
                    throw new DemoFailure(node.name() + " ended by itself\n" + node.server().logTail());
                }
            }

            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new DemoFailure("waited " + WAIT_MS / 1_000 + " s in vain for " + what + "\n" + logTails());
            }

            LockSupport.parkNanos(STEP_NS);
        }
    }

    private static void quiet(final long timeMs)
    {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeMs);
        for (long restNs = endNs - System.nanoTime(); restNs > 0; restNs = endNs - System.nanoTime())
        {
            LockSupport.parkNanos(restNs);
        }
    }

    private long ackedCount()
    {
        return loads.stream().mapToLong(PacedLoad::ackedCount).sum();
    }

    private String lastError()
    {
        return loads.stream().map(PacedLoad::lastError).filter((text) -> !text.isEmpty()).findFirst().orElse("");
    }

    private String logTails()
    {
        return nodes.stream().map(DemoNode::server).map(ServerProcess::logTail).collect(Collectors.joining("\n"));
    }
}
