package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.MemoryTag;

/** Sorted sets whose elements come from the first to the last, from the last to the first, or so for a while. */
class ScoreLoaderTest
{
    private static final int SCORES = 7;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final TreeFixture fixture = new TreeFixture(2);
    private final Trees trees = new Trees(fixture.nodes, fixture.release, seed);
    private final ScoreLoader loader = new ScoreLoader(trees);
    private final ScoreTree tree = new ScoreTree(trees);
    private final Member member = new Member(trees);

    @AfterEach
    void close()
    {
        loader.close();
        tree.close();
        member.close();
        trees.close();
        fixture.close();
    }

    /** In their order if their scores are; few of them long, some of them numbers. */
    private void stage(final int number)
    {
        final byte[] text = 0 == number % 5
            ? Integer.toString(1_000_000 + number).getBytes()
            : new byte[0 == number % 97 ? 300 + number % 500 : 8 + number % 20];
        text[0] = '1';
        text[1] = (byte)('0' + (number >> 16));
        text[2] = (byte)('0' + (number >> 10 & 63));
        text[3] = (byte)('0' + (number >> 5 & 31));
        text[4] = (byte)('0' + (number & 31));
        member.set(fixture.stage(text), text.length);
    }

    private static double score(final int number)
    {
        final int score = number / SCORES - 300;
        return 0 == score && 0 == number % 2 ? -0.0 : score / 8.0;
    }

    private boolean load(final List<Integer> numbers)
    {
        loader.begin(tree, fixture.head);
        for (final int number : numbers)
        {
            stage(number);
            if (!loader.add(member, score(number)))
            {
                return false;
            }
        }

        return loader.finish();
    }

    private static List<Integer> numbers(final int count)
    {
        final List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            numbers.add(i);
        }

        return numbers;
    }

    private void assertHolds(final List<Integer> came)
    {
        TreeVerifier.verify(fixture.nodes, fixture.head, tree.order());
        final byte[] loaded = fixture.content();
        assertEquals(came.size(), TreeHead.count(fixture.head));
        assertEquals(loaded.length, TreeHead.bytes(fixture.head));
        assertEquals(0, fixture.releaseAll(), "seed " + seed);
        for (final int number : came)
        {
            stage(number);
            assertTrue(tree.insert(fixture.head, score(number), member));
        }

        assertArrayEquals(fixture.content(), loaded, "seed " + seed);
        assertEquals(0, fixture.releaseAll(), "seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 40, 10_000})
    void shouldHoldWhatCameFromTheFirstToTheLast(final int count)
    {
        final List<Integer> numbers = numbers(count);
        assertTrue(load(numbers));
        assertHolds(numbers);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 40, 10_000})
    void shouldHoldWhatCameFromTheLastToTheFirst(final int count)
    {
        final List<Integer> numbers = numbers(count);
        Collections.reverse(numbers);
        assertTrue(load(numbers));
        assertHolds(numbers);
    }

    @Test
    void shouldHoldWhatCameInNoOrder()
    {
        for (int trial = 0; trial < 8; trial++)
        {
            final List<Integer> numbers = numbers(3_000);
            if (0 != (trial & 1))
            {
                Collections.reverse(numbers);
            }

            Collections.shuffle(numbers.subList(random.nextInt(500), 600 + random.nextInt(2_400)), random);
            assertTrue(load(numbers));
            assertHolds(numbers);
        }
    }

    @Test
    void shouldBuildFullLeavesEitherWay()
    {
        final List<Integer> numbers = numbers(10_000);
        assertTrue(load(numbers));
        final long ascending = fixture.usedBytes();
        assertEquals(0, fixture.releaseAll());
        Collections.reverse(numbers);
        assertTrue(load(numbers));
        assertTrue(fixture.usedBytes() < ascending + ascending / 50);
        assertEquals(0, fixture.releaseAll());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveAllBackWhenMemoryRunsOutAnywhere(final boolean isReversed)
    {
        final List<Integer> numbers = numbers(4_000);
        if (isReversed)
        {
            Collections.reverse(numbers);
        }

        Collections.swap(numbers, 3_500, 3_600);
        int allocations = 0;
        boolean isLoaded = false;
        while (!isLoaded)
        {
            fixture.nodes.allocationsLeft = allocations;
            isLoaded = load(numbers);
            fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
            if (!isLoaded)
            {
                loader.abort();
                assertEquals(0, fixture.releaseAll(), "seed " + seed);
                assertEquals(0, fixture.memory.usedBytes(MemoryTag.CHUNK), "seed " + seed + ", " + allocations);
                allocations += 1 + random.nextInt(20);
            }
        }

        assertHolds(numbers);
    }
}
