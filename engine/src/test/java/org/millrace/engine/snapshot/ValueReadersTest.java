package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.Memory;

/** Each wire form alone: what the builder is told, what is refused, and that pieces make no difference. */
class ValueReadersTest
{
    /** The earliest deadline of the good values. */
    private static final long AT = 1_700_000_000_000L;

    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private final ValueReaders readers = new ValueReaders();
    private final RdbInput input = new RdbInput();
    private RecordingBuilder builder = new RecordingBuilder();

    @AfterEach
    void close()
    {
        readers.close();
        input.close();
    }

    static Stream<Arguments> good()
    {
        return Stream.of(
            Arguments.of(1, ValueForms.LIST, 1, List.of("a", "", "-7", "l".repeat(300))),
            Arguments.of(10, ValueForms.LIST_ZIPLIST, 1, List.of("a", "7", "")),
            Arguments.of(14, ValueForms.LIST_QUICKLIST, 1, List.of("a", "1", "b")),
            Arguments.of(18, ValueForms.LIST_QUICKLIST_2, 1, List.of("a", "-100000", "p".repeat(9000), "12", "z")),
            Arguments.of(2, ValueForms.SET, 11, List.of("a", "b", "70000")),
            Arguments.of(11, ValueForms.SET_INTSET, 11, List.of("-3", "4", "500")),
            Arguments.of(20, ValueForms.SET_LISTPACK, 2, List.of("a", "3", "c")),
            Arguments.of(4, ValueForms.HASH, 4, List.of("f", "v", "g", "")),
            Arguments.of(9, ValueForms.HASH_ZIPMAP, 4, List.of("f", "v", "g", "w".repeat(300))),
            Arguments.of(13, ValueForms.HASH_ZIPLIST, 4, List.of("f", "1", "2", "v")),
            Arguments.of(16, ValueForms.HASH_LISTPACK, 4, List.of("f", "1", "2", "v")),
            Arguments.of(3, ValueForms.ZSET_TEXT, 5, List.of("a", 1.5, "b", -INFINITE, "c", INFINITE, "d", -3e300)),
            Arguments.of(5, ValueForms.ZSET, 5, List.of("a", 0.1, "b", -0.0, "c", INFINITE)),
            Arguments.of(12, ValueForms.ZSET_ZIPLIST, 5, List.of("a", -1.0, "b", 2.5, "c", INFINITE)),
            Arguments.of(17, ValueForms.ZSET_LISTPACK, 5, List.of("a", -INFINITE, "b", -0.0, "3", 1e300)));
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldReadAGoodValueHoweverItIsSplit(
        final int form, final byte[] body, final int type, final List<Object> elements)
    {
        for (final int step : new int[]{body.length, 1, 2, 3, 7, 50})
        {
            assertEquals(ValueReader.DONE, read(form, body, step), "pieces of " + step);
            assertEquals(type, builder.type());
            assertEquals(elements, builder.elements(), "pieces of " + step);
            builder.commit();
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldGiveUpWhenTheBuilderRefuses(
        final int form, final byte[] body, final int type, final List<Object> elements)
    {
        for (int calls = 0; calls <= elements.size(); calls++)
        {
            builder = new RecordingBuilder().refusingAfter(calls, ValueBuilder.DUPLICATE);
            assertEquals(ValueReader.NOT_TAKEN, read(form, body, body.length), "after calls " + calls);
            assertFalse(builder.isOpen());
        }

        builder = new RecordingBuilder();
        assertEquals(ValueReader.DONE, read(form, body, body.length));
        assertEquals(elements, builder.elements());
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldForgetAValueThatIsAbandoned(
        final int form, final byte[] body, final int type, final List<Object> elements)
    {
        for (int length = 1; length < Math.min(body.length, 400); length++)
        {
            final byte[] part = java.util.Arrays.copyOf(body, length);
            assertEquals(ValueReader.NEED_MORE, read(form, part, length), "bytes " + length);
            readers.of(form).abandon(builder);
            assertFalse(builder.isOpen());
            input.reset();
        }

        assertEquals(ValueReader.DONE, read(form, body, body.length));
        assertEquals(elements, builder.elements());
    }

    @Test
    void shouldTakeCompressedBlobs()
    {
        final byte[] blob = PackedBytes.listpack("field", "value".repeat(40), "other", "value".repeat(40));
        assertEquals(ValueReader.DONE, read(16, new RdbBytes().lzf(blob).toBytes(), 3));
        assertEquals(List.of("field", "value".repeat(40), "other", "value".repeat(40)), builder.elements());
    }

    static Stream<Arguments> empty()
    {
        final byte[] nothing = {0};
        final byte[] listpack = new RdbBytes().string(PackedBytes.listpack()).toBytes();
        final byte[] ziplist = new RdbBytes().string(PackedBytes.ziplist()).toBytes();
        return Stream.of(
            Arguments.of(1, nothing), Arguments.of(2, nothing), Arguments.of(3, nothing), Arguments.of(4, nothing),
            Arguments.of(5, nothing), Arguments.of(14, nothing), Arguments.of(18, nothing),
            Arguments.of(9, new RdbBytes().string(PackedBytes.zipmap()).toBytes()),
            Arguments.of(10, ziplist), Arguments.of(12, ziplist), Arguments.of(13, ziplist),
            Arguments.of(16, listpack), Arguments.of(17, listpack), Arguments.of(20, listpack),
            Arguments.of(14, new RdbBytes().length(2).raw(ziplist).raw(ziplist).toBytes()),
            Arguments.of(18, new RdbBytes().length(1).length(2).raw(listpack).toBytes()));
    }

    @ParameterizedTest
    @MethodSource("empty")
    void shouldSayThatThereIsNothingInIt(final int form, final byte[] body)
    {
        for (int step = 1; step <= body.length; step++)
        {
            assertEquals(ValueReader.EMPTY, read(form, body, step));
            assertFalse(builder.isOpen());
        }

        assertEquals(-1, builder.type());
    }

    @Test
    void shouldSkipEmptyNodes()
    {
        final byte[] body = new RdbBytes().length(3)
            .length(2).string(PackedBytes.listpack())
            .length(2).string(PackedBytes.listpack("a"))
            .length(2).string(PackedBytes.listpack()).toBytes();
        assertEquals(ValueReader.DONE, read(18, body, 4));
        assertEquals(List.of("a"), builder.elements());
    }

    static Stream<Arguments> bad()
    {
        return Map.<String, Object[]>ofEntries(
            Map.entry("an impossible number of elements", new Object[]{2, new RdbBytes().length64(-1)}),
            Map.entry("Quicklist integrity check failed",
                new Object[]{18, new RdbBytes().length(1).length(3).string("abc")}),
            Map.entry("Listpack integrity check failed",
                new Object[]{18, new RdbBytes().length(1).length(1).string("")}),
            Map.entry("Ziplist integrity check failed", new Object[]{14, new RdbBytes().length(1).string("abc")}),
            Map.entry("List ziplist integrity check failed", new Object[]{10, new RdbBytes().string("")}),
            Map.entry("Set listpack integrity check failed", new Object[]{20, new RdbBytes().string("x")}),
            Map.entry("Intset integrity check failed",
                new Object[]{11, new RdbBytes().string(PackedBytes.intset(2, 3, 3))}),
            Map.entry("Zipmap integrity check failed", new Object[]{9, new RdbBytes().string("xy")}),
            Map.entry("Hash ziplist integrity check failed",
                new Object[]{13, new RdbBytes().string(PackedBytes.ziplist("f", "v", "g"))}),
            Map.entry("Hash listpack integrity check failed",
                new Object[]{16, new RdbBytes().string(PackedBytes.listpack("f"))}),
            Map.entry("Zset ziplist integrity check failed",
                new Object[]{12, new RdbBytes().string(PackedBytes.ziplist("m"))}),
            Map.entry("Zset listpack integrity check failed",
                new Object[]{17, new RdbBytes().string(PackedBytes.listpack("m", 1, "n"))}),
            Map.entry("Zset with NAN score detected",
                new Object[]{5, new RdbBytes().length(1).string("m").littleEndian(0x7FF8L << 48, 8)}))
            .entrySet().stream().map((each) -> Arguments.of(
                each.getValue()[0], ((RdbBytes)each.getValue()[1]).toBytes(), each.getKey()));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void shouldSayInRedisWordsWhatIsWrong(final int form, final byte[] body, final String error)
    {
        for (int step = 1; step <= body.length; step++)
        {
            assertEquals(ValueReader.BAD, read(form, body, step));
            assertEquals(error, input.error);
            assertFalse(builder.isOpen());
        }
    }

    static Stream<Arguments> notNumbers()
    {
        return Stream.of(
            Arguments.of(3, new RdbBytes().length(1).string("m").bytes(253)),
            Arguments.of(3, new RdbBytes().length(1).string("m").bytes(0)),
            Arguments.of(3, new RdbBytes().length(1).string("m").string("nan")),
            Arguments.of(3, new RdbBytes().length(1).string("m").string("1x")),
            Arguments.of(12, new RdbBytes().string(PackedBytes.ziplist("m", "nan"))),
            Arguments.of(17, new RdbBytes().string(PackedBytes.listpack("m", ""))),
            Arguments.of(17, new RdbBytes().string(PackedBytes.listpack("m", 1, "n", "one"))));
    }

    @ParameterizedTest
    @MethodSource("notNumbers")
    void shouldRefuseScoresThatAreNoNumbers(final int form, final RdbBytes body)
    {
        assertEquals(ValueReader.BAD, read(form, body.toBytes(), 1));
        assertEquals("Zset with NAN score detected", input.error);
    }

    static Stream<Arguments> expiring()
    {
        return Stream.of(
            Arguments.of(22, ValueForms.HASH_EXPIRING_PRE_GA, List.of("f", 100L, "v", "g", "")),
            Arguments.of(23, ValueForms.HASH_EXPIRING_LISTPACK_PRE_GA, List.of("f", AT, "v", "g", "1")),
            Arguments.of(24, ValueForms.HASH_EXPIRING, List.of("f", AT, "v", "g", "", "h", AT + 999, "w")),
            Arguments.of(25, ValueForms.HASH_EXPIRING_LISTPACK,
                List.of("f", AT, "v", "g", AT + 999, "-77", "3", "")));
    }

    @ParameterizedTest
    @MethodSource("expiring")
    void shouldReadDeadlinesOfFieldsHoweverTheyAreSplit(
        final int form, final byte[] body, final List<Object> elements)
    {
        for (int length = 1; length < body.length; length++)
        {
            assertEquals(ValueReader.NEED_MORE, read(form, java.util.Arrays.copyOf(body, length), length));
            readers.of(form).abandon(builder);
            assertFalse(builder.isOpen());
            input.reset();
        }

        for (final int step : new int[]{body.length, 1, 2, 3, 7})
        {
            assertEquals(ValueReader.DONE, read(form, body, step), "pieces of " + step);
            assertEquals(24, builder.type());
            assertEquals(elements, builder.elements(), "pieces of " + step);
            builder.commit();
        }

        for (int calls = 0; calls < 5; calls++)
        {
            builder = new RecordingBuilder().refusingAfter(calls, ValueBuilder.NO_MEMORY);
            assertEquals(ValueReader.NOT_TAKEN, read(form, body, body.length), "after calls " + calls);
            assertFalse(builder.isOpen());
        }
    }

    static Stream<Arguments> impossible()
    {
        final long max = (1L << 48) - 1;
        return Stream.of(
            Arguments.of(24, new RdbBytes().littleEndian(-1, 8).length(1)),
            Arguments.of(24, new RdbBytes().littleEndian(max + 2, 8).length(1)),
            Arguments.of(25, new RdbBytes().littleEndian(max + 2, 8).string("x")),
            Arguments.of(24, new RdbBytes().littleEndian(max, 8).length(1).length(2)),
            Arguments.of(24, new RdbBytes().littleEndian(5, 8).length(1).bytes(0x81).littleEndian(-1, 8)),
            Arguments.of(24, new RdbBytes().littleEndian(5, 8).length(1).bytes(0xC0, 1)),
            Arguments.of(22, new RdbBytes().length(1).bytes(0x81).littleEndian(-1, 8)),
            Arguments.of(23, new RdbBytes().string(PackedBytes.listpack("f", "v", -1))),
            Arguments.of(23, new RdbBytes().string(PackedBytes.listpack("f", "v", max + 1))),
            Arguments.of(23, new RdbBytes().string(PackedBytes.listpack("f", "v", "12x"))),
            Arguments.of(23, new RdbBytes().string(PackedBytes.listpack("f", "v"))),
            Arguments.of(25, new RdbBytes().littleEndian(5, 8).string(PackedBytes.listpack("f", "v", 0, "g"))));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void shouldRefuseDeadlinesThatCannotBe(final int form, final RdbBytes body)
    {
        assertEquals(ValueReader.BAD, read(form, body.toBytes(), 1));
        assertFalse(builder.isOpen());
        assertEquals(ValueReader.EMPTY, read(22, new RdbBytes().length(0).toBytes(), 1));
        assertEquals(ValueReader.EMPTY, read(24, new RdbBytes().littleEndian(0, 8).length(0).toBytes(), 1));
        assertEquals(ValueReader.EMPTY, read(23, new RdbBytes().string(PackedBytes.listpack()).toBytes(), 1));
    }

    @Test
    void shouldKnowNoOtherForms()
    {
        for (final int form : new int[]{6, 7, 8, 26, 100, 242, 255})
        {
            assertNull(readers.of(form), "form " + form);
        }
    }

    @Test
    void shouldTellHowManyComeWhereThatIsKnown()
    {
        assertEquals(ValueReader.DONE, read(4, ValueForms.HASH, 100));
        assertEquals(2, builder.count());
        builder.commit();
        assertEquals(ValueReader.DONE, read(16, ValueForms.HASH_LISTPACK, 100));
        assertEquals(ValueBuilder.COUNT_UNKNOWN, builder.count());
    }

    private int read(final int form, final byte[] bytes, final int step)
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
            assertTrue(input.at <= input.end);
            done += (int)(input.at - piece);
            Memory.release(piece);
        }

        return result;
    }
}
