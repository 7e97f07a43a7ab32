package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.MemoryTag;

/** Trees built from what is in order already equal those that were filled one by one, and are fuller. */
class ElementBuilderTest
{
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final TreeFixture fixture = new TreeFixture(2);
    private final Trees trees = new Trees(fixture.nodes, fixture.release, seed);
    private final ElementBuilder builder = new ElementBuilder(trees);
    private final Member member = new Member(trees);

    @AfterEach
    void close()
    {
        builder.close();
        member.close();
        trees.close();
        fixture.close();
    }

    private byte[] text(final int number)
    {
        final byte[] text = new byte[0 == number % 97 ? 300 + number % 500 : 8 + number % 20];
        new Random(number).nextBytes(text);
        text[0] = 'x';
        text[1] = (byte)(number >> 16);
        text[2] = (byte)(number >> 8);
        text[3] = (byte)number;
        return text;
    }

    private void stage(final byte[] text)
    {
        member.set(fixture.stage(text), text.length);
    }

    @Test
    void shouldBuildAList()
    {
        final ListTree list = new ListTree(trees);
        builder.begin(list);
        for (int i = 0; i < 20_000; i++)
        {
            final byte[] text = text(i);
            assertTrue(builder.addText(fixture.stage(text), text.length));
        }

        finish(list.order());
        final byte[] built = fixture.content();
        release();
        for (int i = 0; i < 20_000; i++)
        {
            final byte[] text = text(i);
            assertTrue(list.pushLast(fixture.head, fixture.stage(text), text.length));
        }

        assertArrayEquals(fixture.content(), built);
    }

    @Test
    void shouldBuildAHashWithFullLeaves()
    {
        final HashTree hash = new HashTree(trees, Node.TWO_STRINGS);
        final List<byte[]> texts = inHashOrder(20_000);
        builder.begin(hash);
        for (final byte[] text : texts)
        {
            stage(text);
            assertTrue(builder.addField(member, fixture.scratch, text.length));
        }

        finish(hash.order());
        for (final byte[] text : texts)
        {
            stage(text);
            final long element = hash.find(fixture.head, member);
            assertTrue(HashTree.NONE != element, "seed " + seed);
            assertEquals(text.length, ElementString.textLength(Element.secondString(element)));
        }

        final long builtBytes = fixture.usedBytes();
        release();
        texts.sort(Comparator.comparingInt((text) -> text[3]));
        for (final byte[] text : texts)
        {
            stage(text);
            assertEquals(HashTree.ADDED, hash.put(fixture.head, member, fixture.scratch, text.length));
        }

        assertTrue(builtBytes < fixture.usedBytes(), "seed " + seed);
    }

    @Test
    void shouldBuildScoresAndIds()
    {
        try (ScoreTree scores = new ScoreTree(trees))
        {
            builder.begin(scores);
            for (int i = 0; i < 10_000; i++)
            {
                stage(text(i));
                assertTrue(builder.addScored(member, i / 7));
            }

            finish(scores.order());
            stage(text(4_242));
            assertEquals(4_242, scores.rank(fixture.head, 4_242 / 7, member));
            release();
        }

        final IdTree ids = new IdTree(trees);
        builder.begin(ids);
        for (int i = 0; i < 10_000; i++)
        {
            final byte[] text = text(i);
            assertTrue(builder.addId(i / 3, i, fixture.stage(text), text.length));
        }

        finish(ids.order());
        assertEquals(7_777, ids.countBelow(fixture.head, 7_777 / 3, 7_777));
        release();
    }

    /** Among members whose hashes are equal, short and long. */
    @Test
    void shouldRefuseWhatComesTwice()
    {
        try (Trees meeting = new Trees(fixture.nodes, fixture.release, new MemberHash(seed, 0));
            ElementBuilder other = new ElementBuilder(meeting);
            Member each = new Member(meeting))
        {
            for (final int twice : new int[]{0, 1, 96, 97, 98})
            {
                other.begin(new HashTree(meeting, 0));
                for (int i = 0; i < 99; i++)
                {
                    each.set(fixture.stage(text(i)), text(i).length);
                    assertTrue(other.addMember(each) && !other.hasDuplicate(), "seed " + seed);
                }

                each.set(fixture.stage(text(twice)), text(twice).length);
                assertTrue(!other.addMember(each) && other.hasDuplicate(), "seed " + seed);
                other.abort();
                fixture.release.finish();
                assertEquals(0, fixture.memory.usedBytes(MemoryTag.CHUNK), "seed " + seed);
            }
        }

        builder.begin(new IdTree(trees));
        assertTrue(builder.addId(0, 0, fixture.scratch, 5) && builder.addId(0, -1, fixture.scratch, 5));
        assertTrue(!builder.addId(0, -1, fixture.scratch, 5) && builder.hasDuplicate());
        builder.abort();
        release();
    }

    @Test
    void shouldGiveAllBackWhenMemoryRunsOutAnywhere()
    {
        final ListTree list = new ListTree(trees);
        int allocations = 0;
        boolean isDone = false;
        while (!isDone)
        {
            fixture.nodes.allocationsLeft = allocations;
            builder.begin(list);
            isDone = true;
            for (int i = 0; isDone && i < 3_000; i++)
            {
                final byte[] text = text(i);
                isDone = builder.addText(fixture.stage(text), text.length);
            }

            isDone = isDone && builder.finish(fixture.head);
            if (!isDone)
            {
                builder.abort();
                fixture.release.finish();
                assertEquals(0, fixture.memory.usedBytes(MemoryTag.CHUNK), "allocations " + allocations);
            }

            allocations += 1 + random.nextInt(3);
        }

        assertEquals(3_000, TreeHead.count(fixture.head));
        release();
    }

    private List<byte[]> inHashOrder(final int count)
    {
        final List<byte[]> texts = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            texts.add(text(i));
        }

        texts.sort(Comparator.comparingLong((text) ->
        {
            stage(text);
            return member.hash();
        }));
        return texts;
    }

    private void finish(final Order order)
    {
        assertTrue(builder.finish(fixture.head));
        TreeVerifier.verify(fixture.nodes, fixture.head, order);
        assertEquals(fixture.content().length, TreeHead.bytes(fixture.head));
    }

    private void release()
    {
        assertEquals(0, fixture.releaseAll(), "seed " + seed);
    }
}
