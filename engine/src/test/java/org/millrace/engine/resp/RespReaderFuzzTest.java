package org.millrace.engine.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.Mutations;

/**
 * Requests of arbitrary and of damaged bytes: whatever comes, commands or an error, the same wherever the bytes are
 * split and whatever lies behind them, and arguments within the bytes that have come.
 */
class RespReaderFuzzTest
{
    private static final int WORKS_MAX = 100_000;
    private static final String[] GOOD = {
        "*3\r\n$3\r\nSET\r\n$5\r\nhello\r\n$11\r\nworld\r\n1234\r\n*1\r\n$4\r\nPING\r\n*0\r\n\r\nPING\r\n*-1\r\nGET a\n",
        "set k \"a \\x41\\n b\" 'it\\'s'\r\nset k v\r\n*2\r\n$0\r\n\r\n$1\r\nx\r\n",
        "*12\r\n" + "$10\r\n0123456789\r\n".repeat(12) + "*2\r\n$3\r\nGET\r\n$100\r\n" + "k".repeat(100) + "\r\n"};

    @Test
    void shouldReadTheSameWhereverDamagedBytesAreSplit()
    {
        final Mutations mutations = new Mutations(0xF0221);
        for (int round = 0; round < Mutations.rounds(20_000); round++)
        {
            final byte[] good = GOOD[round % GOOD.length].getBytes(StandardCharsets.ISO_8859_1);
            final byte[] bytes = round % 8 == 0 ? mutations.arbitrary(200) : mutations.damaged(good);
            final boolean isTrusted = mutations.random().nextBoolean();
            final String whole = read(bytes, List.of(bytes.length), isTrusted, (byte)0xEE);
            final String message = "round " + round;
            assertEquals(whole, read(bytes, List.of(bytes.length), isTrusted, (byte)'\n'), message);
            assertEquals(whole, read(bytes, splits(bytes.length, mutations.random()), isTrusted, (byte)'1'), message);
        }
    }

    @Test
    void shouldReadTheSameSplitAtEveryBoundary()
    {
        final Mutations mutations = new Mutations(0xF0222);
        for (int round = 0; round < Mutations.rounds(300); round++)
        {
            final byte[] bytes = mutations.damaged(GOOD[round % GOOD.length].getBytes(StandardCharsets.ISO_8859_1));
            final String whole = read(bytes, List.of(bytes.length), true, (byte)0xEE);
            for (int split = 1; split < bytes.length; split++)
            {
                assertEquals(
                    whole, read(bytes, List.of(split, bytes.length), true, (byte)'\r'),
                    "round " + round + " split " + split);
            }

            final List<Integer> all = new ArrayList<>();
            for (int end = 1; end <= bytes.length; end++)
            {
                all.add(end);
            }

            assertEquals(whole, read(bytes, all, true, (byte)'$'), "round " + round + " byte by byte");
        }
    }

    @Test
    void shouldHoldNothingForWhatIsOnlyPromised()
    {
        final ArgVector args = new ArgVector();
        final byte[] bytes = "*2147483647\r\n$2147482000\r\nabc".getBytes(StandardCharsets.ISO_8859_1);
        final RespLimits limits = new RespLimits();
        limits.bulkMax = Integer.MAX_VALUE;
        final RespReader reader = new RespReader(limits);
        final long block = Memory.reserve(bytes.length);
        Memory.copy(bytes, 0, block, bytes.length);

        assertEquals(RespReader.INCOMPLETE, reader.read(block, bytes.length, args, true));
        assertEquals(0, args.count());
        assertEquals(26 + 2_147_482_000L + 2, reader.bytesNeeded());
        Memory.release(block);
    }

    private static List<Integer> splits(final int length, final SplittableRandom random)
    {
        final List<Integer> ends = new ArrayList<>();
        for (int end = 1 + random.nextInt(20); end < length; end += 1 + random.nextInt(20))
        {
            ends.add(end);
        }

        ends.add(length);
        return ends;
    }

    /** What comes of bytes that arrive up to each of {@code ends} in turn, at another address each time. */
    private static String read(
        final byte[] bytes, final List<Integer> ends, final boolean isTrusted, final byte behind)
    {
        final RespLimits limits = new RespLimits();
        limits.bulkMax = 1 << 20;
        final RespReader reader = new RespReader(limits);
        final ArgVector args = new ArgVector();
        final StringBuilder told = new StringBuilder();
        int begin = 0;
        int works = 0;
        for (final int end : ends)
        {
            final int length = end - begin;
            final long block = Memory.reserve(length + 64L);
            Memory.set(block, length + 64L, behind);
            Memory.copy(bytes, begin, block, length);
            int done = 0;
            int result = RespReader.COMMAND;
            while (RespReader.COMMAND == result || RespReader.NOTHING == result)
            {
                result = reader.read(block + done, length - done, args, isTrusted);
                if (RespReader.COMMAND == result)
                {
                    tell(told, args, block + done, reader.consumed());
                }

                if (RespReader.COMMAND == result || RespReader.NOTHING == result)
                {
                    done += reader.consumed();
                    assertTrue(reader.consumed() > 0 && done <= length);
                }

                works++;
                assertTrue(works < WORKS_MAX);
            }

            Memory.release(block);
            if (RespReader.ERROR == result)
            {
                return told.append(reader.error()).toString();
            }

            begin += done;
        }

        return told.toString();
    }

    private static void tell(final StringBuilder told, final ArgVector args, final long address, final int length)
    {
        for (int i = 0; i < args.count(); i++)
        {
            final long from = args.address(i) - address;
            // Those of an inline command lie elsewhere, where they were unquoted.
            assertTrue(args.length(i) >= 0 && args.length(i) <= length);
            assertTrue('*' != Memory.getByte(address) || from >= 0 && from + args.length(i) <= length);
            told.append(args.text(i)).append(i + 1 < args.count() ? " " : "\n");
        }
    }
}
