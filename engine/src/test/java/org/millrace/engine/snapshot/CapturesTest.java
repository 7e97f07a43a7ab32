package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.RdbLoader.State;
import org.millrace.engine.value.ValueRuns;

/** Files that real servers wrote, with every type in them, and what these servers said of each key. */
class CapturesTest
{
    private static final String NEWEST = "redis-7.2.5";
    private static final String EXPIRING = "redis-8.4.0";
    private static final String VALKEY = "valkey-9.1.0";

    private final DataSetFixture fixture = new DataSetFixture(0, 16, 3);
    private final Digest digest = new Digest();

    @AfterEach
    void close()
    {
        fixture.close();
    }

    /** A line of the file that says what is in a capture. */
    private record Line(String[] fields)
    {
        boolean isOf(final String kind)
        {
            return kind.equals(fields[0]);
        }
    }

    /** Types, encodings and digests are those of 7.2, whoever wrote the file: the data are the same in all of them. */
    @ParameterizedTest
    @ValueSource(strings = {"redis-7.0.15", "redis-7.2.5", "valkey-8.0.1"})
    void shouldLoadAFileOfARealServer(final String server) throws IOException
    {
        load(resource(server + "-all-types.rdb"));

        int keys = 0;
        for (final Line line : lines(NEWEST))
        {
            if (line.isOf("key"))
            {
                checkKey(line.fields);
                keys++;
            }
        }

        assertEquals(keys, fixture.data.keyspace(0).size() + fixture.data.keyspace(9).size());
        assertEquals(1, fixture.data.functions().sources().size());
        assertEquals(expectedDigest(NEWEST), digest.ofDataSet(fixture.data));
        final boolean isOlder = server.startsWith("redis-7.0");
        assertEquals(
            expectedDigest(server), (isOlder ? ScoresOfSeven.digest() : digest).ofDataSet(fixture.data), server);
    }

    /** Payloads are given back as they came: read here, written here, read again. */
    @ParameterizedTest
    @ValueSource(strings = {"redis-7.0.15", "redis-7.2.5", "valkey-8.0.1"})
    void shouldRestoreThePayloadsOfARealServer(final String server) throws IOException
    {
        int payloads = 0;
        for (final Line line : lines(server))
        {
            if (line.isOf("dump"))
            {
                final String[] key = key(line.fields[1]).fields;
                restore(HexFormat.of().parseHex(line.fields[2]), key);
                checkKey(key);
                restore(dump(key[2]), key);
                checkKey(key);
                payloads++;
            }
        }

        assertTrue(payloads >= 8, "payloads " + payloads);
    }

    /** A server that knows deadlines of fields: these come and go with their hashes. */
    @Test
    void shouldLoadAFileWithDeadlinesOfFields() throws IOException
    {
        load(resource(EXPIRING + "-all-types.rdb"));
        for (final Line line : lines(EXPIRING))
        {
            if (line.isOf("key"))
            {
                checkKey(line.fields);
            }
        }

        assertEquals(2, fixture.data.expiringHashes());
        assertEquals(expectedDigest(EXPIRING), digest.ofDataSet(fixture.data));
        for (final Line line : lines(EXPIRING))
        {
            if (line.isOf("dump") && line.fields[1].startsWith("hash"))
            {
                final String[] key = key(EXPIRING, line.fields[1]).fields;
                restore(HexFormat.of().parseHex(line.fields[2]), key);
                checkKey(key);
            }
        }

        for (final String name : List.of("hash field ttl", "hash field ttl big"))
        {
            restore(dump(name), key(EXPIRING, name).fields);
            checkKey(key(EXPIRING, name).fields);
        }

        assertEquals(expectedDigest(EXPIRING), digest.ofDataSet(fixture.data));
    }

    /** Valkey's own format: its hashes with deadlines of fields have other encodings and digests there. */
    @Test
    void shouldLoadAFileAndPayloadsOfValkey() throws IOException
    {
        load(resource(VALKEY + "-all-types.rdb"));
        int keys = 0;
        for (final Line line : lines(VALKEY))
        {
            if (line.isOf("key") && !line.fields[2].startsWith("hash field ttl"))
            {
                checkKey(line.fields);
            }

            keys += line.isOf("key") ? 1 : 0;
        }

        assertEquals(keys, fixture.data.keyspace(0).size() + fixture.data.keyspace(9).size());
        assertEquals(2, fixture.data.expiringHashes());
        for (final Line line : lines(VALKEY))
        {
            if (line.isOf("dump"))
            {
                final String before = digestOf(line.fields[1]);
                restore(HexFormat.of().parseHex(line.fields[2]), key(VALKEY, line.fields[1]).fields);
                assertEquals(before, digestOf(line.fields[1]), line.fields[1]);
            }
        }
    }

    private String digestOf(final String key)
    {
        return digest.ofValue(fixture.data, fixture.find(0, DataSetFixture.bytes(key)));
    }

    private static Line key(final String name) throws IOException
    {
        return key(NEWEST, name);
    }

    private static Line key(final String server, final String name) throws IOException
    {
        return lines(server).stream()
            .filter((line) -> line.isOf("key") && "0".equals(line.fields[1]) && name.equals(line.fields[2]))
            .findFirst().orElseThrow();
    }

    private void restore(final byte[] payload, final String[] key)
    {
        final byte[] name = DataSetFixture.bytes(key[2]);
        final long address = Memory.reserve(payload.length);
        Memory.copy(payload, 0, address, payload.length);
        try (DumpPayload reader = new DumpPayload())
        {
            final EntryBuilder builder = new EntryBuilder(fixture.editor);
            builder.key(fixture.data.keyspace(0), fixture.keyAddress(name), name.length, Long.parseLong(key[6]), 0);
            assertEquals(DumpPayload.Verdict.OK, reader.read(address, payload.length, builder), key[2]);
            assertEquals(ValueBuilder.OK, builder.commit());
        }

        Memory.release(address);
    }

    private byte[] dump(final String key)
    {
        final long entry = fixture.find(0, DataSetFixture.bytes(key));
        final byte[] payload = new byte[(int)DumpPayload.length(entry)];
        final long address = Memory.reserve(payload.length);
        DumpPayload.write(new ValueRuns(fixture.memory), entry, 9, address);
        Memory.copy(address, payload, 0, payload.length);
        Memory.release(address);
        return payload;
    }

    private void checkKey(final String[] fields)
    {
        final int database = Integer.parseInt(fields[1]);
        final long entry = fixture.find(database, DataSetFixture.bytes(fields[2]));
        assertNotEquals(Entry.NO_ENTRY, entry, fields[2]);
        assertEquals(fields[3], ValueType.of(entry).typeName(), fields[2]);
        // Of a string it says how it was made, which no file tells.
        assertEquals(
            "string".equals(fields[3]) ? ValueType.of(entry).encodingName(entry) : fields[4],
            ValueType.of(entry).encodingName(entry),
            fields[2]);
        assertEquals(fields[5], digest.ofValue(fixture.data, entry), fields[2]);
        assertEquals(Long.parseLong(fields[6]), Entry.deadlineMs(entry), fields[2]);
    }

    private void load(final byte[] file)
    {
        try (RdbLoader loader = new RdbLoader(fixture.data, 1_700_000_000_000L, true, true))
        {
            final long address = Memory.reserve(file.length);
            Memory.copy(file, 0, address, file.length);
            int taken = loader.consume(address, file.length);
            assertTrue(loader.isAtData());
            loader.startData();
            // In pieces of an odd length: values of all forms are cut somewhere.
            while (taken < file.length && State.LOADING == loader.state())
            {
                taken += loader.consume(address + taken, Math.min(997, file.length - taken));
            }

            Memory.release(address);
            assertEquals(State.DONE, loader.state(), loader.error());
        }
    }

    private static String expectedDigest(final String server) throws IOException
    {
        return lines(server).stream().filter((line) -> line.isOf("digest")).findFirst().orElseThrow().fields[1];
    }

    private static List<Line> lines(final String server) throws IOException
    {
        final List<Line> lines = new ArrayList<>();
        for (final String line : new String(resource(server + "-all-types.txt"), StandardCharsets.UTF_8).split("\n"))
        {
            if (!line.startsWith("#"))
            {
                lines.add(new Line(line.split("\t")));
            }
        }

        return lines;
    }

    private static byte[] resource(final String name) throws IOException
    {
        try (InputStream in = CapturesTest.class.getResourceAsStream(name))
        {
            assertNotNull(in, name);
            return in.readAllBytes();
        }
    }
}
