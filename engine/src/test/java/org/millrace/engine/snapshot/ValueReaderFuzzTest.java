package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Mutations;
import org.millrace.engine.datatype.ValueBuilder;
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
            final String whole = read(bytes, Math.max(1, bytes.length), memory, "round " + round);
            final String pieces = read(bytes, 1 + random.nextInt(bytes.length < 300 ? 20 : 20_000), memory,
                "round " + round);
            // With little memory it is a matter of pieces how far it comes.
            assertEquals(Integer.MAX_VALUE == memory ? whole : pieces, pieces, "round " + round);
        }
    }

    private static String read(final byte[] bytes, final int step, final int callsTaken, final String message)
    {
        final ValueReader reader = new ValueReaders().of(RdbDescriptor.TYPE_STRING);
        final CheckedBuilder builder = new CheckedBuilder(callsTaken);
        try (RdbInput input = new RdbInput())
        {
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
                builder.takeString();
                done += (int)(input.at - piece);
                Memory.release(piece);
            }

            assertTrue(ValueReader.NEED_MORE == result || builder.isOpen == (ValueReader.DONE == result), message);
            reader.abandon(builder);
            assertFalse(builder.isOpen && ValueReader.DONE != result, message);
            return result + " " + input.error + " " + builder.told();
        }
    }

    /** Knows what may be called when, and what has come. */
    private static final class CheckedBuilder implements ValueBuilder
    {
        private final CRC32 sum = new CRC32();
        private int callsLeft;
        private boolean isOpen;
        private long length;
        private long added;
        private long stringAddress;
        private long stringLength;

        CheckedBuilder(final int callsTaken)
        {
            callsLeft = callsTaken;
        }

        String told()
        {
            return isOpen ? added + " " + sum.getValue() : "nothing";
        }

        private int take()
        {
            return callsLeft-- > 0 ? OK : NO_MEMORY;
        }

        void takeString()
        {
            if (0 != stringAddress)
            {
                sum(stringAddress, stringLength);
                stringAddress = 0;
            }
        }

        private void sum(final long address, final long count)
        {
            final byte[] copy = new byte[(int)count];
            Memory.copy(address, copy, 0, copy.length);
            sum.update(copy);
            added += count;
        }

        @Override
        public int begin(final int type, final long count)
        {
            assertFalse(isOpen);
            length = count;
            isOpen = OK == take();
            return isOpen ? OK : NO_MEMORY;
        }

        @Override
        public int add(final long address, final long count)
        {
            assertTrue(isOpen && count > 0 && added + count <= length);
            final int result = take();
            if (OK == result)
            {
                sum(address, count);
            }

            return result;
        }

        @Override
        public int addZeros(final long count)
        {
            throw new AssertionError("no form has them");
        }

        @Override
        public int score(final double score)
        {
            throw new AssertionError("score of a string");
        }

        @Override
        public int string(final long address, final long count)
        {
            if (OK != begin(0, count))
            {
                return NO_MEMORY;
            }

            stringAddress = address;
            stringLength = count;
            return OK;
        }

        @Override
        public int commit()
        {
            throw new AssertionError("not the reader's to say");
        }

        @Override
        public void abort()
        {
            assertTrue(isOpen);
            isOpen = false;
        }
    }
}
