package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.Mutations;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.snapshot.RdbLoader.State;

/**
 * Images of arbitrary and of damaged bytes into a real data set: an error or a load, never a crash; no more memory
 * than what has come is worth; all of it given back.
 */
class RdbLoaderFuzzTest
{
    private static final long MEMORY = 4 << 20;

    /** A compressed string may grow to 255 times its length, and a load may double its buffer. */
    private static final long HELD_PER_BYTE = 600;

    private final Mutations mutations = new Mutations(0xF0223);

    @Test
    void shouldNeverCrashNorHoardMemoryWhateverIsDamaged()
    {
        final byte[][] goods = {image(), imageOfValkey()};
        for (int round = 0; round < Mutations.rounds(600); round++)
        {
            final SplittableRandom random = mutations.random();
            final byte[] image = 0 == round % 10
                ? headed(mutations.arbitrary(400))
                : mutations.damaged(goods[round & 1]);
            final boolean isVerifying = random.nextBoolean();
            final int step = 0 == round % 3 ? 1 : 1 + random.nextInt(300);
            final String first = load(image, image.length, isVerifying, "round " + round);
            assertEquals(first, load(image, step, isVerifying, "round " + round), "round " + round);
        }
    }

    @Test
    void shouldLoadTheSameHoweverItIsSplit()
    {
        for (int round = 0; round < Mutations.rounds(2); round++)
        {
            final byte[] image = 0 == round ? image() : mutations.damaged(image());
            final String whole = load(image, image.length, false, "round " + round);
            for (int split = 1; split < image.length; split += 1 + split / 40)
            {
                assertEquals(whole, load(image, split, false, "round " + round), "round " + round + " split " + split);
            }
        }
    }

    /** Feed it in pieces of one length; how it ended, with the digest if it was loaded. */
    private static String load(final byte[] image, final int step, final boolean isVerifying, final String message)
    {
        final OffHeap memory = new OffHeap(MEMORY);
        final DataSet data = new DataSet(memory, 4, 7);
        final String told;
        try (RdbLoader loader = new RdbLoader(data, 1_700_000_000_000L, false, isVerifying))
        {
            long mostHeld = 0;
            for (int done = 0; done < image.length && State.LOADING == loader.state();)
            {
                final int length = Math.min(step, image.length - done);
                final long piece = Memory.reserve(Math.max(1, length));
                Memory.copy(image, done, piece, length);
                int taken = loader.consume(piece, length);
                if (loader.isAtData())
                {
                    loader.startData();
                    taken += loader.consume(piece + taken, length - taken);
                }

                Memory.release(piece);
                assertTrue(taken <= length, message);
                done += taken;
                mostHeld = Math.max(mostHeld, loader.memoryBytes());
                if (taken < length)
                {
                    break;
                }
            }

            loader.endOfInput();
            assertNotEquals(State.LOADING, loader.state(), message);
            assertTrue(mostHeld <= 16_384 + HELD_PER_BYTE * image.length, message + ": held " + mostHeld);
            assertTrue(memory.reservedBytes() <= MEMORY, message);
            told = State.DONE == loader.state() ? new Digest().ofDataSet(data) : reason(loader.error());
        }

        data.close();
        for (final MemoryTag tag : MemoryTag.values())
        {
            assertEquals(0, memory.usedBytes(tag), message);
        }

        memory.close();
        return told;
    }

    /** Records are stored in batches, so where an error is found depends on how the bytes came. */
    private static String reason(final String error)
    {
        return error.replaceAll("\\(at byte \\d+\\)", "");
    }

    private static byte[] headed(final byte[] rest)
    {
        return RdbBytes.image(9).raw(rest).toBytes();
    }

    private static byte[] imageOfValkey()
    {
        return new RdbBytes().text("VALKEY080").aux("valkey-ver", "9.1.0").select(1)
            .bytes(22).string("hash").length(2).string("f").string("v".repeat(100)).littleEndian(-1, 8)
            .string("g").string("w").littleEndian(4_000_000_000_000L, 8)
            .entry("last", "1").end();
    }

    private static byte[] image()
    {
        final RdbBytes image = RdbBytes.image(11)
            .aux("redis-ver", "7.2.4").bytes(250).string("redis-bits").bytes(0xC0, 64)
            .select(0).bytes(251).length(20).length(300)
            .entry("alpha", "one")
            .deadline(1_700_000_000_001L).entry("beta", "two")
            .bytes(0).bytes(0xC1).littleEndian(30_000, 2).bytes(0xC2).littleEndian(-1_000_000, 4)
            .bytes(0).lzf(RdbBytes.ascii("key".repeat(30))).lzf(RdbBytes.ascii("value".repeat(100)))
            .entry("k".repeat(70), "v".repeat(300))
            .select(2).deadline(1_700_000_000_002L).bytes(248).length(400).bytes(249, 3).entry("gamma", "x")
            .bytes(253).littleEndian(1_700_000_100, 4).entry("seconds", "1")
            .entry("omega", "last");
        ValueForms.TYPES.forEach((type) -> image.bytes(type).string("form " + type).raw(
            ValueForms.SEEDS.get(type).get(0)));
        return image.end();
    }
}
