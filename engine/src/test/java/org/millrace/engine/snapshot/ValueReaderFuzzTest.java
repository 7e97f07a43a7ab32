package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Mutations;
import org.millrace.engine.memory.Memory;

/**
 * Each reader of a wire form alone, fed with good, damaged and arbitrary bytes in pieces of any length: it ends in the
 * same way however the bytes are split, leaves its builder closed unless the value is whole, and holds no more than the
 * bytes that came.
 */
class ValueReaderFuzzTest
{
    /** A compressed string may grow to 88 times its length, and buffers may double. */
    private static final long HELD_PER_BYTE = 600;

    private final Mutations mutations = new Mutations(0xF0225);

    @Test
    void shouldReadStringsOfAllKindsOrSayWhatIsWrong()
    {
        final List<byte[]> good = List.of(
            new RdbBytes().string("").toBytes(),
            new RdbBytes().string("value").toBytes(),
            new RdbBytes().string("v".repeat(20_000)).toBytes(),
            new RdbBytes().string("long".repeat(12_000)).toBytes(),
            new RdbBytes().bytes(0xC0, 200).toBytes(),
            new RdbBytes().bytes(0xC1).littleEndian(-30_000, 2).toBytes(),
            new RdbBytes().bytes(0xC2).littleEndian(1_000_000, 4).toBytes(),
            new RdbBytes().lzf(RdbBytes.ascii("again ".repeat(400))).toBytes());
        for (int round = 0; round < Mutations.rounds(1500); round++)
        {
            final SplittableRandom random = mutations.random();
            final byte[] body = good.get(round % good.size());
            final byte[] bytes = switch (round / good.size() % 3)
            {
                case 0 -> body;
                case 1 -> mutations.damaged(body);
                default -> mutations.arbitrary(200);
            };
            final int memory = random.nextInt(8) == 0 ? random.nextInt(3) : Integer.MAX_VALUE;
            final String whole = read(0, bytes, Math.max(1, bytes.length), memory, "round " + round);
            final String pieces = read(0, bytes, 1 + random.nextInt(bytes.length < 300 ? 20 : 20_000), memory,
                "round " + round);
            // With little memory it is a matter of pieces how far it comes.
            assertEquals(Integer.MAX_VALUE == memory ? whole : pieces, pieces, "round " + round);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25})
    void shouldReadCollectionsOrSayWhatIsWrong(final int form)
    {
        final Mutations own = new Mutations(0xF0226 + form);
        final List<byte[]> good = ValueForms.SEEDS.get(form);
        for (int round = 0; round < Mutations.rounds(600); round++)
        {
            final SplittableRandom random = own.random();
            final byte[] body = good.get(round % good.size());
            final byte[] bytes = 0 == round % 10 ? own.arbitrary(100) : own.damaged(body);
            final int calls = random.nextInt(8) == 0 ? random.nextInt(5) : Integer.MAX_VALUE;
            final String message = "form " + form + ", round " + round;
            final String whole = read(form, bytes, Math.max(1, bytes.length), calls, message);
            assertEquals(whole, read(form, bytes, 1 + random.nextInt(20), calls, message), message);
        }
    }

    private static String read(
        final int form, final byte[] bytes, final int step, final int callsTaken, final String message)
    {
        final RecordingBuilder builder = new RecordingBuilder().refusingAfter(callsTaken, RecordingBuilder.NO_MEMORY);
        try (RdbInput input = new RdbInput(); ValueReaders readers = new ValueReaders())
        {
            final ValueReader reader = readers.of(form);
            int result = ValueReader.NEED_MORE;
            for (int done = 0; done < bytes.length && ValueReader.NEED_MORE == result;)
            {
                final int length = Math.min(step, bytes.length - done);
                final long piece = Memory.reserve(length);
                Memory.copy(bytes, done, piece, length);
                input.wrap(piece, length);
                result = reader.read(input, builder);
                assertTrue(input.at <= input.end, message);
                assertTrue(ValueReader.NEED_MORE != result || input.at == input.end, message);
                assertTrue(input.memoryBytes() <= 16_384 + HELD_PER_BYTE * bytes.length, message);
                done += (int)(input.at - piece);
                Memory.release(piece);
            }

            assertTrue(ValueReader.NEED_MORE == result || builder.isOpen() == (ValueReader.DONE == result), message);
            reader.abandon(builder);
            assertFalse(builder.isOpen() && ValueReader.DONE != result, message);
            return result + " " + (ValueReader.BAD == result ? input.error : "") + " " +
                (builder.isOpen() ? builder.type() + " " + builder.elements().hashCode() : "nothing");
        }
    }
}
