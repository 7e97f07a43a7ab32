package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.Mutations;

/** The walks over packed forms alone: what they give of good blobs, and that nothing hostile passes. */
class PackedElementsTest
{
    private static final Object[] ALL_FORMS = {
        0, 1, 12, 13, 127, 128, -1, -128, -129, 255, 4095, 4096, -4096, -4097, 32_767, 32_768, -32_768, -32_769,
        8_388_607,
        8_388_608, -8_388_608, -8_388_609, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 31, Long.MAX_VALUE,
        Long.MIN_VALUE,
        "", "a", "12", "x".repeat(63), "y".repeat(64), "b".repeat(125), "c".repeat(126), "d".repeat(247),
        "e".repeat(248),
        "e".repeat(252), "e".repeat(253), "z".repeat(4095), "w".repeat(4096), "\0\1\377", "v".repeat(16_378),
        "v".repeat(16_379), "v".repeat(16_383), "v".repeat(16_384), "u".repeat(70_000)};

    /** The packed forms, a good blob of each, and what is in it. */
    private enum Form
    {
        LISTPACK(ListpackReader::new, PackedBytes.listpack(ALL_FORMS), 0, ALL_FORMS),
        ZIPLIST(ZiplistReader::new, PackedBytes.ziplist(ALL_FORMS), 0, ALL_FORMS),
        INTSET(IntsetReader::new, PackedBytes.intset(4, -70_000, -1, 0, 5, 1 << 30), -1, -70_000, -1, 0, 5, 1 << 30),
        ZIPMAP(
            ZipmapReader::new,
            PackedBytes.zipmap("a", "1", "", "x".repeat(253), "c".repeat(254), ""),
            -1,
            "a", "1", "", "x".repeat(253), "c".repeat(254), "");

        private final Supplier<PackedElements> supplier;
        private final byte[] blob;
        private final List<String> elements;

        /** Where its length stands in the blob, if it does. */
        private final int lengthOffset;

        Form(final Supplier<PackedElements> supplier, final byte[] blob, final int lengthOffset,
            final Object... elements)
        {
            this.supplier = supplier;
            this.blob = blob;
            this.lengthOffset = lengthOffset;
            this.elements = Stream.of(elements).map(String::valueOf).toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheElementsOfAGoodBlob(final Form form)
    {
        assertEquals(form.elements, elements(form, form.blob));
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseABlobThatIsCutOrHasMoreBehindIt(final Form form)
    {
        final byte[] blob = small(form);
        for (int length = 0; length < blob.length; length++)
        {
            assertEquals(null, elements(form, Arrays.copyOf(blob, length)), "cut to " + length);
        }

        assertEquals(null, elements(form, Arrays.copyOf(blob, blob.length + 1)));
    }

    /** Whatever one bit says: the walk ends, within the blob. */
    @ParameterizedTest
    @EnumSource
    void shouldEndWhateverBitIsWrong(final Form form)
    {
        final byte[] blob = small(form);
        for (int bit = 0; bit < 8 * blob.length; bit++)
        {
            final byte[] damaged = blob.clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            elements(form, damaged);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndWhateverIsDamagedAndWhateverLengthItClaims(final Form form)
    {
        final Mutations mutations = new Mutations(0x9ACD + form.ordinal());
        final SplittableRandom random = mutations.random();
        for (int round = 0; round < Mutations.rounds(3000); round++)
        {
            final byte[] blob = 0 == round % 8 ? mutations.arbitrary(60) : mutations.damaged(small(form));
            if (form.lengthOffset >= 0 && blob.length >= form.lengthOffset + 4 && random.nextInt(8) > 0)
            {
                // As who means harm would have it: so that more than the head is looked at.
                final byte[] length = new RdbBytes().littleEndian(blob.length, 4).toBytes();
                System.arraycopy(length, 0, blob, form.lengthOffset, 4);
                blob[blob.length - 1] = (byte)0xFF;
            }

            elements(form, blob);
        }
    }

    @Test
    void shouldTellNumbersFromTexts()
    {
        try (ListpackReader listpack = new ListpackReader())
        {
            final long address = copy(PackedBytes.listpack(-5, "7"));
            assertTrue(listpack.wrap(address, 6 + 3 + 3 + 1));
            assertEquals(PackedElements.ELEMENT, listpack.next());
            assertTrue(listpack.isNumber());
            assertEquals(-5, listpack.number());
            assertEquals(PackedElements.ELEMENT, listpack.next());
            assertTrue(!listpack.isNumber());
            assertEquals(PackedElements.END, listpack.next());
            Memory.release(address);
        }
    }

    @Test
    void shouldCountElementsOnlyIfTheirNumberIsKnown()
    {
        final byte[] listpack = PackedBytes.listpack("a", "b");
        listpack[4] = 3;
        assertEquals(null, elements(Form.LISTPACK, listpack));
        listpack[4] = (byte)0xFF;
        listpack[5] = (byte)0xFF;
        assertEquals(List.of("a", "b"), elements(Form.LISTPACK, listpack));

        final byte[] ziplist = PackedBytes.ziplist("a", "b");
        ziplist[8] = 1;
        assertEquals(null, elements(Form.ZIPLIST, ziplist));
        ziplist[8] = (byte)0xFF;
        ziplist[9] = (byte)0xFF;
        assertEquals(List.of("a", "b"), elements(Form.ZIPLIST, ziplist));

        final byte[] zipmap = PackedBytes.zipmap("a", "b");
        zipmap[0] = 2;
        assertEquals(null, elements(Form.ZIPMAP, zipmap));
        zipmap[0] = (byte)254;
        assertEquals(List.of("a", "b"), elements(Form.ZIPMAP, zipmap));
    }

    @Test
    void shouldCheckTheWayBackOfAZiplist()
    {
        final byte[] tail = PackedBytes.ziplist("a", "b");
        tail[4]--;
        assertEquals(null, elements(Form.ZIPLIST, tail));

        final byte[] before = PackedBytes.ziplist("a", "b");
        before[13]++;
        assertEquals(null, elements(Form.ZIPLIST, before));
    }

    @Test
    void shouldTakeAZiplistWhoseLengthsAreLongerThanTheyNeedBe()
    {
        final byte[] blob = new RdbBytes().littleEndian(25, 4).littleEndian(13, 4).littleEndian(2, 2)
            .bytes(0, 1, 'a').bytes(0xFE).littleEndian(3, 4).bytes(0x80).bigEndian(0, 4).bytes(0xFF).toBytes();
        blob[0] = (byte)blob.length;
        assertEquals(List.of("a", ""), elements(Form.ZIPLIST, blob));
    }

    @Test
    void shouldTakeEmptyBlobsButNoEmptyIntset()
    {
        assertEquals(List.of(), elements(Form.LISTPACK, PackedBytes.listpack()));
        assertEquals(List.of(), elements(Form.ZIPLIST, PackedBytes.ziplist()));
        assertEquals(List.of(), elements(Form.ZIPMAP, PackedBytes.zipmap()));
        assertEquals(null, elements(Form.INTSET, PackedBytes.intset(2)));
    }

    @Test
    void shouldRefuseIntsetsOutOfOrder()
    {
        assertEquals(null, elements(Form.INTSET, PackedBytes.intset(2, 1, 1)));
        assertEquals(null, elements(Form.INTSET, PackedBytes.intset(2, 2, 1)));
        assertEquals(null, elements(Form.INTSET, PackedBytes.intset(8, 0, Long.MIN_VALUE)));
        assertEquals(null, elements(Form.INTSET, PackedBytes.intset(3, 1)));
        assertEquals(List.of("-32768", "32767"), elements(Form.INTSET, PackedBytes.intset(2, -32_768, 32_767)));
        assertEquals(
            List.of(Long.MIN_VALUE + "", "0", Long.MAX_VALUE + ""),
            elements(Form.INTSET, PackedBytes.intset(8, Long.MIN_VALUE, 0, Long.MAX_VALUE)));
    }

    @Test
    void shouldRefuseAZipmapFieldWithoutValue()
    {
        final byte[] blob = new RdbBytes().bytes(1, 1, 'a', 0xFF).toBytes();
        assertEquals(null, elements(Form.ZIPMAP, blob));
    }

    private static byte[] small(final Form form)
    {
        return switch (form)
        {
            case LISTPACK -> PackedBytes.listpack("field", 12, "v".repeat(70), -300, "", 1L << 40, "x".repeat(130));
            case ZIPLIST -> PackedBytes.ziplist("field", 12, "v".repeat(70), -300, "", 1L << 40, "x".repeat(260), "e");
            case INTSET -> PackedBytes.intset(4, -70_000, 3, 1 << 20);
            case ZIPMAP -> PackedBytes.zipmap("field", "value", "f".repeat(260), "");
        };
    }

    /** The elements as texts, or null if the blob is refused. The blob lies in a block of exactly its length. */
    private static List<String> elements(final Form form, final byte[] blob)
    {
        final long address = copy(blob);
        final List<String> texts = new ArrayList<>();
        try (PackedElements elements = form.supplier.get())
        {
            int step = elements.wrap(address, blob.length) ? elements.next() : PackedElements.BAD;
            while (PackedElements.ELEMENT == step)
            {
                final byte[] text = new byte[(int)elements.textLength()];
                Memory.copy(elements.textAddress(), text, 0, text.length);
                texts.add(new String(text, ISO_8859_1));
                assertTrue(texts.size() <= blob.length, "more elements than bytes");
                step = elements.next();
            }

            return PackedElements.END == step ? texts : null;
        }
        finally
        {
            Memory.release(address);
        }
    }

    private static long copy(final byte[] blob)
    {
        final long address = Memory.reserve(Math.max(1, blob.length));
        Memory.copy(blob, 0, address, blob.length);
        return address;
    }
}
