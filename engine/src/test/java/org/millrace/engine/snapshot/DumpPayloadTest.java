package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Crc64;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.Mutations;
import org.millrace.engine.snapshot.DumpPayload.Verdict;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueRuns;

class DumpPayloadTest
{
    private final DataSetFixture fixture = new DataSetFixture(0, 1, 3);
    private final DumpPayload payload = new DumpPayload();

    @AfterEach
    void close()
    {
        payload.close();
        fixture.close();
    }

    @Test
    void shouldWriteTypeValueVersionAndChecksum()
    {
        fixture.set("key", "value");

        final byte[] body = new RdbBytes().bytes(0, 5).text("value").bytes(9, 0).toBytes();
        assertArrayEquals(signed(body), dump("key", 9));
    }

    /** What APPEND has made says so in memory by a longer length, which no peer is to see in a payload. */
    @Test
    void shouldWriteShortestLengths()
    {
        final byte[] key = DataSetFixture.bytes("key");
        assertTrue(fixture.editor.begin(fixture.data.keyspace(0), fixture.keyAddress(key), key.length, 0, 5,
            Entry.NO_DEADLINE, StringLayout.RAW));
        assertTrue(fixture.editor.write(0, fixture.valueAddress(DataSetFixture.bytes("value")), 5));
        assertTrue(fixture.editor.commit());
        assertArrayEquals(signed(new RdbBytes().bytes(0, 5).text("value").bytes(9, 0)), dump("key", 9));
    }

    @Test
    void shouldReadBackWhatItWrote()
    {
        final Random random = new Random(8);
        for (final int length : new int[]{0, 1, 63, 64, 16_383, 16_384, 32_768, 32_769, 300_000})
        {
            final byte[] value = new byte[length];
            random.nextBytes(value);
            fixture.set(0, DataSetFixture.bytes("key"), value);

            assertArrayEquals(value, read(dump("key", 11)), "length " + length);
        }
    }

    @Test
    void shouldReadEveryEncoding()
    {
        assertArrayEquals(RdbBytes.ascii("-129"), read(signed(new RdbBytes().bytes(0, 0xC1, 0x7F, 0xFF, 11, 0))));
        final byte[] plain = RdbBytes.ascii("again ".repeat(500));
        assertArrayEquals(plain, read(signed(new RdbBytes().bytes(0).lzf(plain).bytes(11, 0))));
    }

    @Test
    void shouldRefuseWhatRedisRefuses()
    {
        fixture.set("key", "value");
        final byte[] good = dump("key", 9);
        for (int i = 0; i < good.length; i++)
        {
            final byte[] bad = good.clone();
            bad[i] ^= 0x10;
            assertEquals(Verdict.BAD_VERSION_OR_CHECKSUM, verdict(bad));
        }

        assertEquals(Verdict.BAD_VERSION_OR_CHECKSUM, verdict(new byte[0]));
        assertEquals(Verdict.BAD_VERSION_OR_CHECKSUM, verdict(new byte[10]));
        assertEquals(Verdict.BAD_VERSION_OR_CHECKSUM, verdict(signed(new RdbBytes().bytes(0, 1, 'x', 99, 0))));
        assertEquals(Verdict.BAD_FORMAT, verdict(signed(new RdbBytes().bytes(0, 9, 'x', 9, 0))));
        assertEquals(Verdict.BAD_FORMAT, verdict(signed(new RdbBytes().bytes(0, 1, 'x', 'y', 9, 0))));
        assertEquals(Verdict.BAD_FORMAT, verdict(signed(new RdbBytes().bytes(255, 1, 'x', 9, 0))));
        assertEquals(Verdict.BAD_FORMAT, verdict(signed(new RdbBytes().bytes(1, 0, 9, 0))));
        assertEquals(Verdict.UNSUPPORTED_TYPE, verdict(signed(new RdbBytes().bytes(7, 0, 9, 0))));
        assertEquals("module", payload.typeName());
    }

    @Test
    void shouldNeverCrashWhateverIsSigned()
    {
        final long seed = 31;
        final Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++)
        {
            final byte[] body = new byte[3 + random.nextInt(40)];
            random.nextBytes(body);
            body[0] = 0;
            if (random.nextBoolean())
            {
                body[1] = (byte)(0xC0 + random.nextInt(4));
            }

            body[body.length - 2] = 9;
            body[body.length - 1] = 0;
            assertNotEquals(
                Verdict.BAD_VERSION_OR_CHECKSUM, verdict(signed(body)), "seed " + seed + ", round " + i);
        }
    }

    /** Whatever is damaged, the value that the key has stays, and no memory is left behind. */
    @Test
    void shouldChangeNothingWhenACollectionIsRefused()
    {
        final Mutations mutations = new Mutations(0xD0317);
        for (int round = 0; round < Mutations.rounds(3000); round++)
        {
            final int type = ValueForms.TYPES.get(round % ValueForms.TYPES.size());
            final byte[] body = mutations.damaged(ValueForms.SEEDS.get(type).get(0));
            verdict(signed(new RdbBytes().bytes(type).raw(body).bytes(9, 0)));
            assertEquals(Entry.NO_ENTRY, fixture.find(0, DataSetFixture.bytes("bad")), "round " + round);
        }
    }

    /** Redis writes the highest score first, others as they like. */
    @Test
    void shouldKeepSortedSetsInOrderWhicheverOrderTheyComeIn()
    {
        final List<Object[]> inOrder = new ArrayList<>();
        final String[] members = {"", "10", "9", "a", "a\0", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaab", "b"};
        for (final double score : new double[]{Double.NEGATIVE_INFINITY, -1.5, 0, 7, 1e300, Double.POSITIVE_INFINITY})
        {
            for (final String member : members)
            {
                inOrder.add(new Object[]{"".equals(member) ? "-" + inOrder.size() : member + inOrder.size(), score});
            }
        }

        inOrder.sort(Comparator.comparing((Object[] each) -> (Double)each[1]).thenComparing((each) -> (String)each[0]));
        final byte[] expected = restoredSortedSet(inOrder);
        final Random random = new Random(77);
        for (int i = 0; i < 50; i++)
        {
            final List<Object[]> shuffled = new ArrayList<>(inOrder);
            Collections.shuffle(shuffled, random);
            assertArrayEquals(expected, restoredSortedSet(shuffled), "round " + i);
        }

        Collections.reverse(inOrder);
        assertArrayEquals(expected, restoredSortedSet(inOrder));
    }

    private byte[] restoredSortedSet(final List<Object[]> elements)
    {
        final RdbBytes body = new RdbBytes().bytes(5).length(elements.size());
        for (final Object[] element : elements)
        {
            body.string((String)element[0]).littleEndian(Double.doubleToLongBits((Double)element[1]), 8);
        }

        final byte[] bytes = signed(body.bytes(9, 0));
        final long address = Memory.reserve(bytes.length);
        Memory.copy(bytes, 0, address, bytes.length);
        final byte[] key = DataSetFixture.bytes("zset");
        final EntryBuilder builder = new EntryBuilder(fixture.editor);
        builder.key(fixture.data.keyspace(0), fixture.keyAddress(key), key.length, Entry.NO_DEADLINE, 0);
        assertEquals(Verdict.OK, payload.read(address, bytes.length, builder));
        assertEquals(ValueBuilder.OK, builder.commit());
        Memory.release(address);
        return dump("zset", 9);
    }

    private byte[] dump(final String key, final int version)
    {
        final long entry = fixture.find(0, DataSetFixture.bytes(key));
        final byte[] result = new byte[(int)DumpPayload.length(entry)];
        final long address = Memory.reserve(result.length);
        DumpPayload.write(new ValueRuns(fixture.memory), entry, version, address);
        Memory.copy(address, result, 0, result.length);
        Memory.release(address);
        return result;
    }

    private byte[] read(final byte[] bytes)
    {
        final long address = Memory.reserve(bytes.length);
        Memory.copy(bytes, 0, address, bytes.length);
        final byte[] key = DataSetFixture.bytes("read");
        final EntryBuilder builder = new EntryBuilder(fixture.editor);
        builder.key(fixture.data.keyspace(0), fixture.keyAddress(key), key.length, Entry.NO_DEADLINE, 0);
        assertEquals(Verdict.OK, payload.read(address, bytes.length, builder));
        assertEquals(Entry.NO_ENTRY, fixture.find(0, key));
        assertEquals(ValueBuilder.OK, builder.commit());
        final byte[] value = fixture.get(0, key);
        assertTrue(fixture.remove(0, key));
        Memory.release(address);
        return value;
    }

    private Verdict verdict(final byte[] bytes)
    {
        final long address = Memory.reserve(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, address, bytes.length);
        final byte[] key = DataSetFixture.bytes("bad");
        final EntryBuilder builder = new EntryBuilder(fixture.editor);
        builder.key(fixture.data.keyspace(0), fixture.keyAddress(key), key.length, Entry.NO_DEADLINE, 0);
        final Verdict verdict = payload.read(address, bytes.length, builder);
        if (Verdict.OK == verdict)
        {
            builder.abort();
        }

        Memory.release(address);
        return verdict;
    }

    private static byte[] signed(final RdbBytes body)
    {
        return signed(body.toBytes());
    }

    private static byte[] signed(final byte[] body)
    {
        return new RdbBytes().raw(body).littleEndian(Crc64.update(0, body, 0, body.length), 8).toBytes();
    }
}
