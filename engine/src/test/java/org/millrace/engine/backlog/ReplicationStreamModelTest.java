package org.millrace.engine.backlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.backlog.StreamRig.resp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random units, readers and sizes against a plain byte array that holds the whole stream. */
class ReplicationStreamModelTest
{
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
    private final ArrayList<BacklogReader> readers = new ArrayList<>();
    private int expectedDb = -1;

    static java.util.stream.LongStream seeds()
    {
        final Long fixed = Long.getLong("millrace.seed");
        return null == fixed ? java.util.stream.LongStream.range(0, 60) : java.util.stream.LongStream.of(fixed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldShowEachReaderTheStream(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final int segmentLength = 16 << random.nextInt(6);
        long historyBytes = 1 + random.nextInt(4 * segmentLength);
        final String label = "millrace.seed=" + seed;
        try (StreamRig rig = new StreamRig(segmentLength, historyBytes).active())
        {
            for (int step = 0; step < 3000; step++)
            {
                final int choice = random.nextInt(100);
                if (choice < 45)
                {
                    writeUnit(rig, random, segmentLength);
                }
                else if (choice < 85 && !readers.isEmpty())
                {
                    read(readers.get(random.nextInt(readers.size())), random, label);
                }
                else if (choice < 90)
                {
                    open(rig, random, label);
                }
                else if (choice < 94 && !readers.isEmpty())
                {
                    readers.remove(random.nextInt(readers.size())).close();
                }
                else if (choice < 96)
                {
                    historyBytes = 1 + random.nextInt(6 * segmentLength);
                    rig.stream.historyBytes(historyBytes);
                }
                else
                {
                    rig.stream.doWork();
                    checkHistory(rig, historyBytes, label);
                }

                assertEquals(expected.size(), rig.stream.endOffset(), label);
            }

            for (final BacklogReader reader : readers)
            {
                final byte[] all = expected.toByteArray();
                final int from = (int)reader.nextOffset() - 1;
                assertArrayEquals(
                    Arrays.copyOfRange(all, from, all.length), StreamRig.drainBytes(reader, 1000), label);
                reader.close();
            }

            rig.stream.doWork();
            final long needed = historyBytes + 3L * segmentLength;
            assertTrue((long)rig.storage.live() * segmentLength <= needed, label);
        }
    }

    private void writeUnit(final StreamRig rig, final SplittableRandom random, final int segmentLength)
    {
        final int commands = random.nextInt(10) < 7 ? 1 : random.nextInt(5);
        final StringBuilder unit = new StringBuilder();
        for (int i = 0; i < commands; i++)
        {
            final int db = random.nextInt(8) == 0 ? -1 : random.nextInt(3);
            // Around the border: lengths near multiples of the segment are the interesting ones.
            final int length = Math.max(
                0, random.nextInt(3) * segmentLength + random.nextInt(-24, 24) - random.nextInt(segmentLength));
            final byte[] value = new byte[length];
            random.nextBytes(value);
            final String text = new String(value, StandardCharsets.ISO_8859_1);
            rig.command(db, "SET", text);
            if (db >= 0 && db != expectedDb)
            {
                unit.append(resp("SELECT", Integer.toString(db)));
                expectedDb = db;
            }

            unit.append(resp("SET", text));
        }

        rig.stream.endUnit();
        final String framed = commands > 1 ? resp("MULTI") + unit + resp("EXEC") : unit.toString();
        expected.writeBytes(framed.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void open(final StreamRig rig, final SplittableRandom random, final String label)
    {
        final long first = rig.stream.firstOffset();
        final long offset = first + random.nextLong(rig.stream.endOffset() + 2 - first);
        assertTrue(rig.stream.holds(offset), label);
        if (readers.size() < 6)
        {
            readers.add(rig.stream.openReader(offset));
        }
    }

    private void read(final BacklogReader reader, final SplittableRandom random, final String label)
    {
        final ByteBuffer view = reader.next(1 + random.nextInt(300));
        if (null == view)
        {
            assertEquals(expected.size() + 1, reader.nextOffset(), label);
            return;
        }

        final int taken = 1 + random.nextInt(view.remaining());
        final byte[] bytes = new byte[taken];
        view.get(bytes);
        final int from = (int)reader.nextOffset() - 1;
        assertArrayEquals(Arrays.copyOfRange(expected.toByteArray(), from, from + taken), bytes, label);
        reader.advance(taken);
    }

    private void checkHistory(final StreamRig rig, final long historyBytes, final String label)
    {
        long lowest = Long.MAX_VALUE;
        for (final BacklogReader reader : readers)
        {
            lowest = Math.min(lowest, reader.nextOffset());
        }

        final long first = rig.stream.firstOffset();
        assertTrue(first <= Math.max(lowest, 1) || first <= rig.stream.endOffset() + 1 - historyBytes, label);
        if (first > 1 && Long.MAX_VALUE == lowest)
        {
            assertTrue(rig.stream.historyLength() <= historyBytes, label);
        }
    }
}
