package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.KeptLibraries;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.RdbLoader.State;
import org.millrace.engine.value.StringLayout;

class RdbLoaderTest
{
    private static final long NOW_MS = 1_000_000;
    private static final String REPLID = "0123456789abcdef0123456789abcdef01234567";

    private ModelTarget target = new ModelTarget(16);
    private RdbLoader loader = new RdbLoader(target, NOW_MS, false, true);

    @AfterEach
    void close()
    {
        loader.close();
        assertFalse(target.isLargeOpen());
    }

    @Test
    void shouldLoadEveryStringEncodingAsKeyAndAsValue()
    {
        final byte[] image = RdbBytes.image(11).select(0)
            .entry("k", "v")
            .bytes(0).string("i8").bytes(0xC0, 0x80)
            .bytes(0).string("i16").bytes(0xC1).littleEndian(-32768, 2)
            .bytes(0).string("i32").bytes(0xC2).littleEndian(Integer.MIN_VALUE, 4)
            .bytes(0).bytes(0xC0, 7).string("int key")
            .bytes(0).lzf(RdbBytes.ascii("lzf-key-lzf-key-lzf-key")).lzf(RdbBytes.ascii("ab".repeat(500)))
            .bytes(0).length32(2).text("l3").length32(3).text("abc")
            .bytes(0).length64(2).text("l6").length64(3).text("def")
            .bytes(0).string("").string("")
            .entry("long", "x".repeat(20_000))
            .entry("large", "y".repeat(100_000))
            .end();

        assertLoads(image);
        assertEquals(
            Map.ofEntries(
                Map.entry("k", "v"),
                Map.entry("i8", "-128"),
                Map.entry("i16", "-32768"),
                Map.entry("i32", "-2147483648"),
                Map.entry("7", "int key"),
                Map.entry("lzf-key-lzf-key-lzf-key", "ab".repeat(500)),
                Map.entry("l3", "abc"),
                Map.entry("l6", "def"),
                Map.entry("", ""),
                Map.entry("long", "x".repeat(20_000)),
                Map.entry("large", "y".repeat(100_000))),
            target.database(0));
        assertEquals(11, loader.keysLoaded());
    }

    @Test
    void shouldReadEveryOpcode()
    {
        final byte[] image = RdbBytes.image(12)
            .aux("redis-ver", "7.2.4").aux("unknown", "thing").aux("%marked", "x")
            .bytes(250).string("ctime").bytes(0xC2).littleEndian(1_700_000_000, 4)
            .aux("used-mem", "123456").aux("lua", "return 1".repeat(1000))
            .bytes(250).string("repl-stream-db").bytes(0xC0, 5)
            .aux("repl-id", REPLID).aux("repl-offset", "987654321012")
            .select(3).bytes(251).length(2).length64(-1)
            .bytes(244).length(1).length(2).length(3)
            .bytes(252).littleEndian(NOW_MS + 5, 8).bytes(248).length(77).entry("ms", "1")
            .bytes(253).littleEndian(2_000_000, 4).bytes(249, 9).entry("seconds", "2")
            .entry("none", "3")
            .select(0).entry("ms", "other database")
            .end();

        assertLoads(image);
        assertEquals(
            Map.of("ms", "1@" + (NOW_MS + 5), "seconds", "2@2000000000", "none", "3"), target.database(3));
        assertEquals(Map.of("ms", "other database"), target.database(0));
        assertEquals("7.2.4", loader.aux().producer());
        assertEquals(1_700_000_000, loader.aux().createdSeconds());
        assertEquals(123456, loader.aux().usedMemory());
        assertEquals(5, loader.aux().streamDb());
        assertEquals(REPLID, loader.aux().replid());
        assertEquals(987654321012L, loader.aux().replOffset());
        assertEquals(12, loader.version());
    }

    @Test
    void shouldLoadTheSameWhereverTheImageIsSplit()
    {
        final byte[] image = mixedImage();
        assertLoads(image);
        final Map<String, String> expected = target.database(0);

        for (int split = 0; split <= image.length; split = next(split, image.length))
        {
            restart(false);
            load(image, split, image.length - split);
            assertEquals(State.DONE, loader.state(), "split at " + split + ": " + loader.error());
            assertEquals(expected, target.database(0), "split at " + split);
        }

        restart(false);
        load(image, 1, 1);
        assertEquals(State.DONE, loader.state(), loader.error());
        assertEquals(expected, target.database(0));
    }

    @Test
    void shouldStopBeforeTheDataUntilTold()
    {
        final byte[] head = RdbBytes.image(9).aux("redis-ver", "6.2.0").toBytes();
        final byte[] image = RdbBytes.image(9).aux("redis-ver", "6.2.0").select(0).entry("a", "b").end();

        assertEquals(head.length, consume(image, 0, image.length));
        assertTrue(loader.isAtData());
        assertEquals(0, consume(image, head.length, image.length - head.length));
        loader.startData();
        assertFalse(loader.isAtData());
        assertEquals(image.length - head.length, consume(image, head.length, image.length - head.length));
        assertEquals(State.DONE, loader.state());
        assertEquals(image.length, loader.bytesConsumed());
    }

    @Test
    void shouldLeaveWhatFollowsTheImage()
    {
        final byte[] image = RdbBytes.image(9).entry("a", "b").end();
        final byte[] more = new byte[image.length + 40];
        System.arraycopy(image, 0, more, 0, image.length);

        assertEquals(image.length, load(more, more.length, more.length));
        assertEquals(State.DONE, loader.state());
    }

    @Test
    void shouldEndWithoutChecksumWhenTheVersionHasNone()
    {
        assertEquals(State.DONE, stateAfter(RdbBytes.image(4).entry("a", "b").bytes(255).toBytes()));
        assertEquals(Map.of("a", "b"), target.database(0));
    }

    @Test
    void shouldNotCheckAZeroChecksum()
    {
        assertEquals(
            State.DONE, stateAfter(RdbBytes.image(9).entry("a", "b").bytes(255).littleEndian(0, 8).toBytes()));
    }

    @Test
    void shouldNotCheckWhenToldNotTo()
    {
        loader.close();
        loader = new RdbLoader(target, NOW_MS, false, false);

        assertEquals(
            State.DONE, stateAfter(RdbBytes.image(9).entry("a", "b").bytes(255).littleEndian(99, 8).toBytes()));
    }

    @Test
    void shouldFailWhenTheChecksumIsWrong()
    {
        final byte[] image = RdbBytes.image(9).entry("a", "b").end();
        image[13] ^= 1;

        assertFails(image, "RDB CRC error");
    }

    @Test
    void shouldDropExpiredKeysWhenAsked()
    {
        restart(true);
        final List<String> expired = new ArrayList<>();
        loader.onExpiredKey((database, address, length) ->
        {
            final byte[] name = new byte[length];
            Memory.copy(address, name, 0, length);
            expired.add(database + ":" + new String(name, ISO_8859_1));
        });
        final byte[] image = RdbBytes.image(9).select(2)
            .deadline(NOW_MS - 1).entry("gone", "x")
            .deadline(NOW_MS).entry("just", "x")
            .bytes(253).littleEndian(1, 4).entry("old", "x")
            .deadline(5).entry("large", "z".repeat(70_000))
            .entry("stays", "x")
            .end();

        assertLoads(image);
        assertEquals(List.of("2:gone", "2:old", "2:large"), expired);
        assertEquals(Map.of("just", "x@" + NOW_MS, "stays", "x"), target.database(2));
        assertEquals(3, loader.keysExpired());
        assertEquals(2, loader.keysLoaded());
    }

    @Test
    void shouldNameATypeThatIsNotHeld()
    {
        assertFails(
            RdbBytes.image(11).select(4).bytes(7).string("my\nlist").length(1).end(),
            "unsupported value type 7 (module) for key 'my\\x0alist' in database 4");
        assertFails(
            RdbBytes.image(12).bytes(99).string("k").end(), "unsupported value type 99 (unknown) for key 'k'");
    }

    @Test
    void shouldKeepFunctionLibraries()
    {
        final byte[] image = RdbBytes.image(11)
            .bytes(245).string("#!lua name=one\nredis.register_function()").bytes(245).string("#!lua name=two")
            .select(0).entry("k", "v").end();

        assertLoads(image);
        assertEquals(List.of("#!lua name=one\nredis.register_function()", "#!lua name=two"), target.functions());
    }

    @Test
    void shouldReadCollectionsOfAllForms()
    {
        final RdbBytes image = RdbBytes.image(11).select(0);
        ValueForms.SEEDS.forEach((form, values) -> image.bytes(form).string("form " + form).raw(values.get(0)));
        image.bytes(2).string("empty").bytes(0).bytes(252).littleEndian(NOW_MS + 9, 8).bytes(1).string("gone").bytes(0);
        final byte[] whole = image.entry("last", "value").end();

        final List<String> emptyKeys = new ArrayList<>();
        loader.onEmptyKey(emptyKeys::add);
        assertLoads(whole);
        assertEquals(List.of("empty", "gone"), emptyKeys);
        final Map<String, String> loaded = target.database(0);
        assertEquals(ValueForms.SEEDS.size() + 1, loaded.size());
        assertEquals("hash f v g ", loaded.get("form 4"));
        assertEquals("zset, binary scores a=-1.0 b=2.5 c=Infinity", loaded.get("form 12"));
        assertEquals("list a 1 b", loaded.get("form 14"));
        assertEquals("value", loaded.get("last"));
        assertEquals(2, loader.keysEmpty());
        assertEquals(ValueForms.SEEDS.size() + 1, loader.keysLoaded());

        for (int step = 1; step < 9; step++)
        {
            restart(false);
            load(whole, step, step);
            assertEquals(State.DONE, loader.state(), "pieces of " + step + ": " + loader.error());
            assertEquals(loaded, target.database(0), "pieces of " + step);
        }
    }

    @Test
    void shouldSayWhereACollectionIsBad()
    {
        assertFails(
            RdbBytes.image(11).select(3).bytes(16).string("key").string(PackedBytes.listpack("f")).end(),
            "Hash listpack integrity check failed, in the value of key 'key' in database 3");
    }

    @Test
    void shouldNameAModuleBeforeTheDataBegins()
    {
        // Nine characters of six bits each: the name in a module's id.
        final String name = "ReJSON-RL";
        long id = 0;
        for (final char c : name.toCharArray())
        {
            id = id << 6 |
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(c);
        }

        assertFails(RdbBytes.image(11).bytes(247).length64(id << 10 | 3).end(), "module 'ReJSON-RL'");
    }

    @Test
    void shouldRefuseForeignHeaders()
    {
        assertFails(RdbBytes.ascii("VALKEY081xxxx"), "Can't handle RDB format version 81 of Valkey");
        assertFails(RdbBytes.ascii("HTTP/1.1 404 Not"), "wrong signature");
        assertFails(RdbBytes.ascii("REDIS00x1 "), "wrong signature");
        assertFails(RdbBytes.ascii("REDIS0000"), "Can't handle RDB format version 0");
        assertFails(RdbBytes.ascii("REDIS0013"), "Can't handle RDB format version 13");
    }

    @Test
    void shouldFailWhenAKeyComesTwice()
    {
        assertFails(
            RdbBytes.image(9).select(1).entry("a", "1").entry("b", "2").entry("a", "3").end(),
            "key 'a' is there twice in database 1");
        assertFails(
            RdbBytes.image(9).entry("a", "x".repeat(50_000)).entry("a", "x".repeat(50_000)).end(),
            "key 'a' is there twice in database 0");
    }

    /** Of a small value that is seen at once, of a large one and of integers in the end. */
    @ParameterizedTest
    @CsvSource({"4, m", "4, ''", "1000, m", "1000, ''"})
    void shouldFailWhenAnElementComesTwice(final int members, final String prefix)
    {
        final RdbBytes image = RdbBytes.image(9).bytes(2).string("s").length(members);
        for (int i = 1; i < members; i++)
        {
            image.string(prefix + i);
        }

        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            loader.close();
            loader = new RdbLoader(fixture.data, NOW_MS, false, true);
            final byte[] bytes = image.string(prefix + 2).end();
            load(bytes, bytes.length, bytes.length);
            assertEquals(State.FAILED, loader.state());
            assertTrue(loader.error().contains("Duplicate set members detected"), loader.error());
        }
    }

    @Test
    void shouldFailWhenTheDatabaseIsOutOfRange()
    {
        assertFails(RdbBytes.image(9).select(16).entry("a", "1").end(), "it uses database 16");
        assertFails(RdbBytes.image(9).bytes(254).length64(-1).end(), "it uses database 18446744073709551615");
        assertFails(RdbBytes.image(9).bytes(254, 0xC0, 1).end(), "it uses database ?");
    }

    @Test
    void shouldFailOnLengthsThatCannotBe()
    {
        assertFails(RdbBytes.image(9).bytes(0).length64(-1).end(), "impossible length 18446744073709551615");
        assertFails(RdbBytes.image(9).bytes(0).string("k").length64(1L << 40).end(), "impossible length");
        assertFails(
            RdbBytes.image(9).bytes(0).string("k").length64(StringLayout.LENGTH_MAX + 1).end(), "impossible length");
        assertFails(RdbBytes.image(9).bytes(0).length32(Integer.MAX_VALUE + 1L).end(), "impossible length");
        assertFails(RdbBytes.image(9).bytes(0).string("k").bytes(0xC4).end(), "unknown encoding 196");
        assertFails(RdbBytes.image(9).bytes(0).string("k").bytes(0x90).end(), "unknown encoding 144");
        assertFails(RdbBytes.image(9).bytes(251, 0x85, 0).end(), "a length that is none");
        assertFails(
            RdbBytes.image(9).bytes(0).string("k").bytes(0xC3).length(3).length(500_000).text("abc").end(),
            "lengths cannot be");
        assertFails(
            RdbBytes.image(9).bytes(0).string("k").bytes(0xC3).length(4).length(4).bytes(0, 'a', 0x20, 9).end(),
            "does not decompress, in the value of key 'k' in database 0");
    }

    /** What has grown to such a length is written into files and to replicas. */
    @ParameterizedTest
    @ValueSource(longs = {(512L << 20) + 1, Integer.MAX_VALUE + 1L, StringLayout.LENGTH_MAX})
    void shouldLoadAnyValueThatAnEntryHolds(final long length)
    {
        final RdbLoader large = RdbLoader.checking(16, new KeptLibraries(), false);
        large.startData();
        final byte[] head = RdbBytes.image(9).bytes(0).string("k").length32(length).toBytes();
        final byte[] tail = RdbBytes.image(9).entry("after", "1").end();
        final int piece = 64 << 20;
        final long block = Memory.reserve(piece);
        Memory.copy(head, 0, block, head.length);
        assertEquals(head.length, large.consume(block, head.length), large.error());
        for (long left = length; left > 0; left -= piece)
        {
            large.consume(block, (int)Math.min(piece, left));
        }

        Memory.copy(tail, 9, block, tail.length - 9);
        large.consume(block, tail.length - 9);
        assertEquals(State.DONE, large.state(), large.error());
        assertEquals(2, large.keysLoaded());
        Memory.release(block);
        large.close();
    }

    @Test
    void shouldFailWhenMemoryRunsOut()
    {
        target.failAfter(1);
        load(RdbBytes.image(9).entry("a", "1").entry("b", "2").end(), 1000, 1000);

        assertEquals(State.FAILED, loader.state());
        assertTrue(loader.error().startsWith("out of memory at key 'b' in database 0, after 1 keys"), loader.error());
    }

    @Test
    void shouldSayWhereTheDataEndedWhenTheyAreCutShort()
    {
        final byte[] image = mixedImage();
        for (int length = 0; length < image.length; length = next(length, image.length))
        {
            restart(false);
            final byte[] cut = java.util.Arrays.copyOf(image, length);
            load(cut, length, length);
            assertEquals(State.LOADING, loader.state(), "cut to " + length + ": " + loader.error());
            loader.endOfInput();
            assertEquals(State.FAILED, loader.state());
            assertTrue(loader.error().startsWith("short read"), loader.error());
        }
    }

    @Test
    void shouldNeverCrashNorHoardMemoryWhateverComes()
    {
        final long seed = 0xF022;
        final Random random = new Random(seed);
        final byte[] good = mixedImage();
        for (int round = 0; round < 8_000; round++)
        {
            restart(random.nextBoolean());
            final byte[] image = good.clone();
            final int mutations = 1 + random.nextInt(4);
            for (int i = 0; i < mutations; i++)
            {
                // Mostly behind the header, which a change there would only make unreadable.
                image[9 + random.nextInt(image.length - 9)] = (byte)(random.nextBoolean() ? 0xFF : random.nextInt());
            }

            load(image, 1 + random.nextInt(image.length), 1 + random.nextInt(image.length));
            loader.endOfInput();
            final String run = "seed " + seed + ", round " + round;
            assertNotEquals(State.LOADING, loader.state(), run);
            assertTrue(loader.memoryBytes() < 100L * good.length, run + ": " + loader.memoryBytes());
        }
    }

    @Test
    void shouldNotMakeRoomForWhatIsOnlyPromised()
    {
        final byte[] image = RdbBytes.image(9).bytes(0).string("k").length32(500L << 20).text("abc").toBytes();
        load(image, image.length, image.length);
        assertEquals(State.LOADING, loader.state());
        assertTrue(loader.memoryBytes() < 4096, "held: " + loader.memoryBytes());

        restart(false);
        final byte[] key = RdbBytes.image(9).bytes(0).length32(500L << 20).text("abc").toBytes();
        load(key, key.length, key.length);
        assertTrue(loader.memoryBytes() < 4096, "held: " + loader.memoryBytes());

        restart(false);
        final byte[] packed = RdbBytes.image(9).bytes(0).string("k").bytes(0xC3)
            .length32(400L << 20).length32(500L << 20).text("abc").toBytes();
        load(packed, packed.length, packed.length);
        assertTrue(loader.memoryBytes() < 4096, "held: " + loader.memoryBytes());
    }

    @Test
    void shouldAllocateNothingPerKey()
    {
        final RdbBytes bytes = RdbBytes.image(9).select(0);
        for (int i = 0; i < 50_000; i++)
        {
            bytes.bytes(0).string("key" + i).bytes(0xC1).littleEndian(i, 2);
            bytes.deadline(NOW_MS).entry("text" + i, "value");
        }

        final byte[] image = bytes.end();
        final long address = Memory.reserve(image.length);
        Memory.copy(image, 0, address, image.length);
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++)
        {
            try (RdbLoader counted = new RdbLoader(new CheckingTarget(1, new KeptLibraries()), NOW_MS, false, true))
            {
                final long before = threads.getCurrentThreadAllocatedBytes();
                int done = 0;
                while (State.LOADING == counted.state())
                {
                    // A length that cuts records, so that the slow way has its share.
                    done += counted.consume(address + done, Math.min(1009, image.length - done));
                    counted.startData();
                }

                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
                assertEquals(100_000, counted.keysLoaded(), counted.error());
            }
        }

        Memory.release(address);
        assertTrue(allocated < 10_000, "bytes for 100000 keys: " + allocated);
    }

    /** Every byte, but few within the large value, which makes the most of the image. */
    private static int next(final int at, final int length)
    {
        return at > 2500 && at < length - 200 ? at + 97 : at + 1;
    }

    private static byte[] mixedImage()
    {
        return RdbBytes.image(11)
            .aux("redis-ver", "7.2.4").bytes(250).string("redis-bits").bytes(0xC0, 64)
            .aux("repl-id", REPLID)
            .aux("long", "z".repeat(1100))
            .select(0).bytes(251).length(20).length(300)
            .entry("alpha", "one")
            .deadline(NOW_MS + 1).entry("beta", "two")
            .bytes(0).bytes(0xC1).littleEndian(30_000, 2).bytes(0xC2).littleEndian(-1_000_000, 4)
            .bytes(0).lzf(RdbBytes.ascii("key".repeat(30))).lzf(RdbBytes.ascii("value".repeat(100)))
            .entry("k".repeat(70), "v".repeat(300))
            .deadline(NOW_MS + 2).bytes(248).length(400).bytes(249, 3).entry("gamma", "x")
            .bytes(0).string("large").length32(33_000).raw(new byte[33_000])
            .entry("omega", "last")
            .end();
    }

    private void restart(final boolean dropExpired)
    {
        loader.close();
        assertFalse(target.isLargeOpen());
        target = new ModelTarget(16);
        loader = new RdbLoader(target, NOW_MS, dropExpired, true);
    }

    private void assertLoads(final byte[] image)
    {
        load(image, image.length, image.length);
        assertEquals(State.DONE, loader.state(), loader.error());
    }

    private State stateAfter(final byte[] image)
    {
        load(image, image.length, image.length);
        return loader.state();
    }

    private void assertFails(final byte[] image, final String error)
    {
        restart(false);
        load(image, image.length, image.length);
        assertEquals(State.FAILED, loader.state());
        assertTrue(loader.error().contains(error), loader.error());
    }

    /** Feed a first piece, then pieces of the other length; returns the bytes consumed. */
    private int load(final byte[] image, final int first, final int others)
    {
        int done = 0;
        int piece = Math.min(first, image.length);
        while (true)
        {
            final int consumed = consume(image, done, piece);
            done += consumed;
            if (loader.isAtData())
            {
                loader.startData();
                piece -= consumed;
                continue;
            }

            if (done == image.length || State.LOADING != loader.state())
            {
                return done;
            }

            assertEquals(piece, consumed);
            piece = Math.min(others, image.length - done);
        }
    }

    /** Each piece stands alone in memory of its exact length, so that the loader cannot live on its neighbours. */
    private int consume(final byte[] image, final int offset, final int length)
    {
        final long address = Memory.reserve(Math.max(1, length));
        try
        {
            Memory.copy(image, offset, address, length);
            final int consumed = loader.consume(address, length);
            Memory.set(address, length, (byte)0xEE);
            return consumed;
        }
        finally
        {
            Memory.release(address);
        }
    }
}
