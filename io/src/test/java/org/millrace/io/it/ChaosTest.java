package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.server.LinkProxy;
import org.millrace.kit.server.TestServer;

/**
 * A mixed group under load and random faults from a seed: cuts at any byte, half-open links, kill -9 and restart,
 * promotions. Once the faults stop everybody gets in sync and holds the same data.
 * {@code -Dmillrace.it.seed} and {@code -Dmillrace.it.seeds} choose the first seed and how many.
 */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 900, unit = TimeUnit.SECONDS)
final class ChaosTest
{
    private static final long FIRST_SEED = Long.getLong("millrace.it.seed", 7_701);
    private static final int SEEDS = Integer.getInteger("millrace.it.seeds", 1);
    private static final int FAULTS = 12;
    private static final String[] OPTIONS = {"--repl-backlog-size", "512kb", "--repl-timeout", "5",
        "--repl-ping-replica-period", "1"};

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = Nodes.optimizing();

    /** One node and the links that others reach it by. */
    private record Member(TestServer node, LinkProxy link)
    {
    }

    @Test
    void shouldGetInSyncWhenFaultsStop() throws Exception
    {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++)
        {
            try
            {
                run(seed);
            }
            catch (final AssertionError | RuntimeException e)
            {
                throw new AssertionError("seed " + seed + ": repeat with -Dmillrace.it.seed=" + seed, e);
            }

            if (seed < FIRST_SEED + SEEDS - 1)
            {
                nodes.afterEach(null);
            }
        }
    }

    private void run(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Member> members = new ArrayList<>();
        members.add(member(nodes.millrace("first", mode, OPTIONS)));
        members.add(follow(nodes.millrace("second", mode, OPTIONS), members.get(0)));
        members.add(follow(nodes.redis("third", OPTIONS), members.get(0)));
        members.add(follow(nodes.millrace("fourth", mode, OPTIONS), members.get(random.nextInt(3))));
        members.add(follow(nodes.redis("fifth", OPTIONS), members.get(1)));
        int primary = 0;
        MixedLoad.fill(members.get(0).node(), seed, 300);
        MixedLoad load = MixedLoad.start(members.get(0).node(), seed, 2_000);
        for (int i = 0; i < FAULTS; i++)
        {
            final Member member = members.get(random.nextInt(members.size()));
            switch (random.nextInt(6))
            {
                case 0 -> member.link().cut();
                case 1 -> member.link().cutAfter(random.nextInt(300_000));
                case 2 -> {
                    member.link().stall(true);
                    load.awaitWritten(random.nextInt(3_000));
                    member.link().stall(false);
                }
                case 3 -> {
                    if (member != members.get(primary))
                    {
                        restart(member, random.nextBoolean());
                    }
                }
                case 4 -> {
                    if (random.nextInt(2) == 0)
                    {
                        load.stop();
                        primary = promote(members, primary, random);
                        load = MixedLoad.start(members.get(primary).node(), seed + i, 2_000);
                    }
                }
                default ->
                    member.node().client().ok("CLIENT", "KILL", "TYPE", random.nextBoolean() ? "replica" : "master");
            }

            load.awaitWritten(random.nextInt(1_000));
        }

        load.stop();
        final TestServer top = members.get(primary).node();
        final TestServer[] others = members.stream().map(Member::node).filter((node) -> node != top)
            .toArray(TestServer[]::new);
        DataComparison.assertEqualData(top, others);
        assertTrue(
            members.stream().allMatch((member) -> 0 == member.node().figure("stats", "unexpected_error_replies") ||
                !"millrace".equals(member.node().process().label())));
    }

    private Member member(final TestServer node)
    {
        return new Member(node, nodes.proxy(node));
    }

    private Member follow(final TestServer node, final Member primary)
    {
        node.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(primary.link().port()));
        return member(node);
    }

    /** With or without a file to come back from, which may be old. */
    private static void restart(final Member member, final boolean isSaved)
    {
        final String port = member.node().info("replication", "master_port");
        if (isSaved)
        {
            // Refused while it loads.
            member.node().client().call("SAVE");
        }

        member.node().kill();
        member.node().restart("--replicaof", "127.0.0.1 " + port);
    }

    /** Make a replica the primary of all; it may not have seen the last writes, which are then lost everywhere. */
    private static int promote(final List<Member> members, final int primary, final SplittableRandom random)
    {
        int next = primary;
        while (next == primary)
        {
            next = random.nextInt(members.size());
        }

        final Member promoted = members.get(next);
        // A node without data yet would make everybody lose everything, in Redis too.
        DataComparison.awaitLinkUp(promoted.node());
        promoted.node().client().ok("REPLICAOF", "NO", "ONE");
        for (int i = 0; i < members.size(); i++)
        {
            if (i != next)
            {
                members.get(i).node().client().ok("REPLICAOF", "127.0.0.1", Integer.toString(promoted.link().port()));
            }
        }

        return next;
    }
}
