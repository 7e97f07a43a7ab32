package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.MemoryTag;

/** Hashes filled in no order, few elements and many, with members that meet and with some that come twice. */
class HashLoaderTest
{
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final TreeFixture fixture = new TreeFixture(2);
    private final Trees trees = new Trees(fixture.nodes, fixture.release, new MemberHash(seed, -1L << 14));
    private final HashLoader loader = new HashLoader(trees);
    private final HashTree tree = new HashTree(trees, Node.TWO_STRINGS);
    private final Member member = new Member(trees);

    @AfterEach
    void close()
    {
        loader.close();
        member.close();
        trees.close();
        fixture.close();
    }

    /** Few of them long. */
    private byte[] text(final int number)
    {
        final byte[] text = new byte[0 == number % 97 ? 300 + number % 500 : 8 + number % 20];
        text[1] = (byte)(number >> 16);
        text[2] = (byte)(number >> 8);
        text[3] = (byte)number;
        return text;
    }

    private int add(final int number)
    {
        final byte[] text = text(number);
        member.set(fixture.stage(text), text.length);
        return loader.addField(member, fixture.scratch, text.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 50, 3_000, HashParts.SPREAD_AT, HashParts.SPREAD_AT + 1, 70_000})
    void shouldHoldAllThatCame(final int count)
    {
        loader.begin(tree, fixture.head);
        for (int i = 0; i < count; i++)
        {
            assertEquals(HashTree.ADDED, add(i), "seed " + seed);
        }

        assertEquals(HashTree.ADDED, loader.finish(), "seed " + seed);
        TreeVerifier.verify(fixture.nodes, fixture.head, tree.order());
        assertEquals(count, TreeHead.count(fixture.head));
        assertEquals(fixture.content().length, TreeHead.bytes(fixture.head));
        for (int i = 0; i < count; i++)
        {
            final byte[] text = text(i);
            member.set(fixture.stage(text), text.length);
            final long element = tree.find(fixture.head, member);
            assertTrue(HashTree.NONE != element, "seed " + seed);
            assertEquals(text.length, ElementString.textLength(Element.secondString(element)));
        }

        assertEquals(0, fixture.releaseAll(), "seed " + seed);
    }

    /** In one part, and among many. */
    @ParameterizedTest
    @ValueSource(ints = {100, 2 * HashParts.SPREAD_AT})
    void shouldRefuseWhatComesTwice(final int count)
    {
        final int twice = random.nextInt(90) * (0 == random.nextInt(3) ? 97 : 1) % 90;
        loader.begin(tree, fixture.head);
        int result = HashTree.ADDED;
        for (int i = 0; i < count && HashTree.ADDED == result; i++)
        {
            result = add(i);
        }

        assertEquals(HashTree.ADDED, result);
        result = add(twice);
        assertEquals(HashTree.NOTHING, HashTree.ADDED == result ? loader.finish() : result, "seed " + seed);
        loader.abort();
        assertEquals(0, fixture.releaseAll(), "seed " + seed);
    }

    /** Nobody can make this take long: as many come as would if they were compared with one another. */
    @Test
    void shouldFindThatTwoComeAgainAndAgain()
    {
        loader.begin(tree, fixture.head);
        for (int i = 0; i < 300_000; i++)
        {
            assertEquals(HashTree.ADDED, add(1 + (i & 1)));
        }

        assertEquals(HashTree.NOTHING, loader.finish());
        loader.abort();
        assertEquals(0, fixture.releaseAll());
    }

    /** Members of one hash stand in one leaf. */
    @Test
    void shouldTakeDifferentMembersOfOneHash()
    {
        final Trees meeting = new Trees(fixture.nodes, fixture.release, new MemberHash(seed, 3));
        try (HashLoader meetingLoader = new HashLoader(meeting); Member same = new Member(meeting))
        {
            final HashTree meetingTree = new HashTree(meeting, Node.TWO_STRINGS);
            meetingLoader.begin(meetingTree, fixture.head);
            for (int i = 0; i < 400; i++)
            {
                final byte[] text = text(i);
                same.set(fixture.stage(text), text.length);
                assertEquals(HashTree.ADDED, meetingLoader.addField(same, fixture.scratch, 3));
            }

            assertEquals(HashTree.ADDED, meetingLoader.finish());
            TreeVerifier.verify(fixture.nodes, fixture.head, meetingTree.order());
            assertEquals(400, TreeHead.count(fixture.head));
            assertEquals(0, fixture.releaseAll());
        }
        finally
        {
            meeting.close();
        }
    }

    /** Elements that have just been given to many parts are all in the one part still. */
    @Test
    void shouldGiveAllBackWhenMemoryRunsOutWhileElementsAreSpread()
    {
        final int enough = 1_000_000;
        fixture.nodes.allocationsLeft = enough;
        loader.begin(tree, fixture.head);
        for (int i = 0; i < HashParts.SPREAD_AT; i++)
        {
            assertEquals(HashTree.ADDED, add(i));
        }

        final int taken = enough - fixture.nodes.allocationsLeft;
        loader.abort();
        for (int more = 0; more < 250; more += 10)
        {
            fixture.nodes.allocationsLeft = taken + more;
            loader.begin(tree, fixture.head);
            int result = HashTree.ADDED;
            for (int i = 0; HashTree.ADDED == result; i++)
            {
                result = add(i);
            }

            assertEquals(HashTree.NO_MEMORY, result, "seed " + seed);
            loader.abort();
            fixture.release.finish();
            fixture.reclaim();
            assertEquals(0, fixture.memory.usedBytes(MemoryTag.CHUNK), "seed " + seed + ", " + more);
        }

        fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
        assertEquals(0, fixture.releaseAll(), "seed " + seed);
    }

    @Test
    void shouldGiveAllBackWhenMemoryRunsOutAnywhere()
    {
        final int count = 2 * HashParts.SPREAD_AT;
        int allocations = 0;
        int result = HashTree.NO_MEMORY;
        while (HashTree.ADDED != result)
        {
            fixture.nodes.allocationsLeft = allocations;
            loader.begin(tree, fixture.head);
            result = HashTree.ADDED;
            for (int i = 0; i < count && HashTree.ADDED == result; i++)
            {
                result = add(i);
            }

            result = HashTree.ADDED == result ? loader.finish() : result;
            fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
            if (HashTree.ADDED != result)
            {
                assertEquals(HashTree.NO_MEMORY, result, "seed " + seed);
                loader.abort();
                fixture.release.finish();
                fixture.reclaim();
                assertEquals(0, fixture.memory.usedBytes(MemoryTag.CHUNK), "seed " + seed + ", " + allocations);
                allocations += 1 + random.nextInt(800);
            }
        }

        assertEquals(count, TreeHead.count(fixture.head));
        assertEquals(0, fixture.releaseAll(), "seed " + seed);
    }
}
