package org.millrace.io.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.datatype.DiscardingBuilder;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.Digest;
import org.millrace.engine.snapshot.DumpPayload;
import org.millrace.engine.snapshot.RdbLoader;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;
import org.millrace.engine.value.ValueRuns;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.Outcome;
import org.millrace.kit.server.PeerFinder;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.TestServer;

/** Snapshots, digests and payloads against a real redis-server, both ways. */
@Timeout(120)
class SnapshotInteropTest
{
    private static final String REPLID = "00112233445566778899aabbccddeeff00112233";
    private static final long FAR_MS = 4_000_000_000_000L;
    private static final int DATABASES = 16;

    @TempDir
    private Path directory;

    private final Strings strings = new Strings(DATABASES);

    @AfterEach
    void close()
    {
        strings.close();
    }

    @Test
    void shouldComputeTheDigestsThatRedisComputes() throws IOException
    {
        try (TestServer redis = redis())
        {
            assertEquals(redis.client().text("DEBUG", "DIGEST"), new Digest().ofDataSet(strings.data));
            fill(2000, 21);
            push(redis.client());

            assertEquals(redis.client().text("DEBUG", "DIGEST"), new Digest().ofDataSet(strings.data));
            redis.client().ok("SELECT", "0");
            for (final String key : new String[]{"number", "binary", "volatile", "large", "sparse", "empty"})
            {
                assertEquals(
                    redis.client().list("DEBUG", "DIGEST-VALUE", key).get(0),
                    new Digest().ofValue(strings.data, strings.find(0, key)),
                    key);
            }
        }
    }

    @Test
    void shouldWriteFilesThatRedisLoads() throws IOException
    {
        fill(20_000, 22);
        for (int version = 9; version <= 10; version++)
        {
            final Path path = directory.resolve("dump.rdb");
            save(path, version);
            PeerFinder.program("redis-check-rdb").ifPresent((check) ->
            {
                final Outcome outcome = Outcome.of(check.toString(), path.toString());
                assertTrue(outcome.output().contains("RDB looks OK"), outcome.output());
                assertEquals(0, outcome.code(), outcome.output());
            });

            try (TestServer redis = redis())
            {
                assertEquals(new Digest().ofDataSet(strings.data), redis.client().text("DEBUG", "DIGEST"), redis.log());
                assertSame(redis.client());
            }
        }
    }

    @Test
    void shouldLoadFilesThatRedisWrites() throws IOException
    {
        fill(5000, 23);
        for (final String compression : new String[]{"yes", "no"})
        {
            final Path path = directory.resolve("dump.rdb");
            Files.deleteIfExists(path);
            final String digest;
            try (TestServer redis = redis("--rdbcompression", compression))
            {
                push(redis.client());
                for (int i = 0; i < 100; i++)
                {
                    // What redis-server compresses and what it writes as an integer, as keys and as values.
                    redis.client().ok("SET", "123" + i, "-" + i * 1_000_003);
                    redis.client().ok("SET", "compress".repeat(10) + i, "me" + "please".repeat(i));
                }

                digest = redis.client().text("DEBUG", "DIGEST");
                redis.client().ok("SAVE");
            }

            try (Strings loaded = new Strings(DATABASES); RdbLoader loader = new RdbLoader(loaded.data, 0, true, true))
            {
                SnapshotFile.load(path, loader, done ->
                {
                });
                assertEquals(RdbLoader.State.DONE, loader.state(), loader.error());
                assertEquals(digest, new Digest().ofDataSet(loaded.data));
                assertEquals("7.0.15", loader.aux().producer());
                assertEquals(strings.contents(3), loaded.contents(3));
            }
        }
    }

    @Test
    void shouldHandOnTheFunctionsThatAFileOfRedisHolds() throws IOException
    {
        final Path path = directory.resolve("dump.rdb");
        try (TestServer redis = redis())
        {
            redis.client().ok("FUNCTION", "LOAD",
                "#!lua name=mylib\nredis.register_function('f', function(keys, args) return 'run' end)");
            redis.client().ok("SAVE");
        }

        try (RdbLoader loader = new RdbLoader(strings.data, 0, true, true))
        {
            SnapshotFile.load(path, loader, done ->
            {
            });
            assertEquals(RdbLoader.State.DONE, loader.state(), loader.error());
        }

        assertEquals(1, strings.data.functions().sources().size());
        save(path, 10);
        try (TestServer redis = redis())
        {
            assertEquals("run", redis.client().text("FCALL", "f", "0"), redis.log());
        }
    }

    @Test
    void shouldExchangeDumpPayloads() throws IOException
    {
        fill(200, 24);
        try (TestServer redis = redis(); DumpPayload reader = new DumpPayload())
        {
            for (final Map.Entry<String, String> expected : strings.contents(0).entrySet())
            {
                final String key = expected.getKey();
                redis.client().ok("RESTORE", key, "0", new String(dump(strings.find(0, key)), ISO_8859_1));
                final String value = redis.client().text("GET", key);
                assertEquals(strings.value(strings.find(0, key)), value);
                assertEquals(value, read(reader, dump(redis, key)));
            }

            redis.client().ok("SET", "compressed", "again and ".repeat(1000));
            assertEquals("again and ".repeat(1000), read(reader, dump(redis, "compressed")));
            final byte[] bad = dump(redis, "compressed");
            bad[5] ^= 1;
            assertVerdict(DumpPayload.Verdict.BAD_VERSION_OR_CHECKSUM, reader, bad);
            assertVerdict(DumpPayload.Verdict.BAD_VERSION_OR_CHECKSUM, reader, Arrays.copyOf(bad, 10));
        }
    }

    private TestServer redis(final String... options) throws IOException
    {
        return TestServer.start("redis", RealRedis.spec(), directory, options);
    }

    private static byte[] dump(final TestServer redis, final String key)
    {
        return redis.client().text("DUMP", key).getBytes(ISO_8859_1);
    }

    private void fill(final int keys, final long seed)
    {
        final Random random = new Random(seed);
        for (int i = 0; i < keys; i++)
        {
            final byte[] value = new byte[random.nextInt(200)];
            random.nextBytes(value);
            final int database = random.nextInt(4);
            strings.set(database, "key" + i, new String(value, ISO_8859_1),
                0 == random.nextInt(3) ? FAR_MS + i : Entry.NO_DEADLINE);
        }

        strings.set(0, "number", "1234567", Entry.NO_DEADLINE);
        strings.set(0, "binary\0\n\u00ff", "\0\1\2", Entry.NO_DEADLINE);
        strings.set(0, "binary", "\u00ff\0\r\n", Entry.NO_DEADLINE);
        strings.set(0, "volatile", "x", FAR_MS);
        strings.set(0, "large", "0123456789".repeat(30_000), FAR_MS);
        strings.setSparse(0, "sparse", 300_001);
        strings.set(0, "empty", "", Entry.NO_DEADLINE);
        strings.set(15, "last", "database", Entry.NO_DEADLINE);
    }

    private void push(final TextClient client)
    {
        for (int i = 0; i < DATABASES; i++)
        {
            client.ok("SELECT", Integer.toString(i));
            for (final Map.Entry<String, String> entry : strings.contents(i).entrySet())
            {
                final long address = strings.find(i, entry.getKey());
                final String value = strings.value(address);
                client.ok("SET", entry.getKey(), value);
                if (Entry.isVolatile(address))
                {
                    client.ok("PEXPIREAT", entry.getKey(), Long.toString(Entry.deadlineMs(address)));
                }
            }
        }

        client.ok("SELECT", "0");
    }

    private void assertSame(final TextClient client)
    {
        for (int i = 0; i < DATABASES; i++)
        {
            client.ok("SELECT", Integer.toString(i));
            final Map<String, String> contents = strings.contents(i);
            assertEquals(contents.size(), client.number("DBSIZE"));
            for (final Map.Entry<String, String> entry : contents.entrySet())
            {
                final long deadlineMs = client.number("PEXPIRETIME", entry.getKey());
                final String value = client.text("GET", entry.getKey());
                assertEquals(entry.getValue(), deadlineMs < 0 ? value : value + "@" + deadlineMs);
            }
        }
    }

    private void save(final Path path, final int version)
    {
        final Snapshots snapshots = new Snapshots(
            strings.data, new FileSpoolStorage(directory, new SilentLog()), new SilentLog(), 2 << 20);
        final SnapshotFile file = new SnapshotFile(
            snapshots.begin(new SnapshotHeader(REPLID, 12345, 3, System.currentTimeMillis(), 1000, version, true))
                .openCursor(),
            path);
        while (!file.isDone())
        {
            snapshots.doWork(0);
            snapshots.snapshotter().doWork();
            file.step();
        }

        assertEquals(null, file.error());
        snapshots.close();
        while (snapshots.memoryBytes() > 0)
        {
            snapshots.snapshotter().doWork();
        }
    }

    private byte[] dump(final long entry)
    {
        final byte[] payload = new byte[(int)DumpPayload.length(entry)];
        final long address = Memory.reserve(payload.length);
        DumpPayload.write(new ValueRuns(strings.memory), entry, 9, address);
        Memory.copy(address, payload, 0, payload.length);
        Memory.release(address);
        return payload;
    }

    private String read(final DumpPayload reader, final byte[] payload)
    {
        final long address = Memory.reserve(payload.length + 1);
        Memory.copy(payload, 0, address, payload.length);
        Memory.putByte(address + payload.length, (byte)'R');
        final EntryBuilder builder = new EntryBuilder(strings.editor);
        builder.key(strings.data.keyspace(15), address + payload.length, 1, Entry.NO_DEADLINE, 0);
        assertEquals(DumpPayload.Verdict.OK, reader.read(address, payload.length, builder));
        assertEquals(ValueBuilder.OK, builder.commit());
        final String value = strings.value(strings.find(15, "R"));
        strings.data.keyspace(15).remove(address + payload.length, 1);
        Memory.release(address);
        return value;
    }

    private static void assertVerdict(
        final DumpPayload.Verdict expected, final DumpPayload reader, final byte[] payload)
    {
        final long address = Memory.reserve(payload.length);
        Memory.copy(payload, 0, address, payload.length);
        assertEquals(expected, reader.read(address, payload.length, DiscardingBuilder.INSTANCE));
        Memory.release(address);
    }
}
