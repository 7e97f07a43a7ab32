package org.millrace.engine.snapshot;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Good values of each wire form but strings, for tests: the bytes behind the key. */
final class ValueForms
{
    static final byte[] LIST = new RdbBytes().length(4)
        .string("a").string("").bytes(0xC0, -7).string("l".repeat(300)).toBytes();
    static final byte[] LIST_ZIPLIST = new RdbBytes().string(PackedBytes.ziplist("a", 7, "")).toBytes();
    static final byte[] LIST_QUICKLIST = new RdbBytes().length(2)
        .string(PackedBytes.ziplist("a", 1)).string(PackedBytes.ziplist("b")).toBytes();
    static final byte[] LIST_QUICKLIST_2 = new RdbBytes().length(4)
        .length(2).string(PackedBytes.listpack("a", -100_000))
        .length(1).lzf(RdbBytes.ascii("p".repeat(9000)))
        .length(1).bytes(0xC0, 12)
        .length(2).string(PackedBytes.listpack("z")).toBytes();
    static final byte[] SET = new RdbBytes().length(3)
        .string("a").string("b").bytes(0xC2).littleEndian(70_000, 4).toBytes();
    static final byte[] SET_INTSET = new RdbBytes().string(PackedBytes.intset(2, -3, 4, 500)).toBytes();
    static final byte[] SET_LISTPACK = new RdbBytes().string(PackedBytes.listpack("a", 3, "c")).toBytes();
    static final byte[] HASH = new RdbBytes().length(2).string("f").string("v").string("g").string("").toBytes();
    static final byte[] HASH_ZIPMAP = new RdbBytes()
        .string(PackedBytes.zipmap("f", "v", "g", "w".repeat(300))).toBytes();
    static final byte[] HASH_ZIPLIST = new RdbBytes().string(PackedBytes.ziplist("f", 1, 2, "v")).toBytes();
    static final byte[] HASH_LISTPACK = new RdbBytes().string(PackedBytes.listpack("f", 1, 2, "v")).toBytes();
    static final byte[] HASH_EXPIRING_PRE_GA = new RdbBytes().length(2)
        .length(100).string("f").string("v").length(0).string("g").string("").toBytes();
    static final byte[] HASH_EXPIRING_LISTPACK_PRE_GA = new RdbBytes()
        .string(PackedBytes.listpack("f", "v", 1_700_000_000_000L, "g", 1, 0)).toBytes();
    static final byte[] HASH_EXPIRING = new RdbBytes().littleEndian(1_700_000_000_000L, 8).length(3)
        .length(1).string("f").string("v").length(0).string("g").string("").length(1000).string("h").string("w")
        .toBytes();
    static final byte[] HASH_EXPIRING_LISTPACK = new RdbBytes().littleEndian(1_700_000_000_000L, 8)
        .string(PackedBytes.listpack("f", "v", 1_700_000_000_000L, "g", -77, 1_700_000_000_999L, 3, "", 0)).toBytes();
    static final byte[] ZSET_TEXT = new RdbBytes().length(4)
        .string("a").string("1.5").string("b").bytes(255).string("c").bytes(254).string("d").string("-3e+300")
        .toBytes();
    static final byte[] ZSET = new RdbBytes().length(3)
        .string("a").littleEndian(Double.doubleToLongBits(0.1), 8)
        .string("b").littleEndian(Double.doubleToLongBits(-0.0), 8)
        .string("c").littleEndian(Double.doubleToLongBits(Double.POSITIVE_INFINITY), 8).toBytes();
    static final byte[] ZSET_ZIPLIST = new RdbBytes()
        .string(PackedBytes.ziplist("a", -1, "b", "2.5", "c", "inf")).toBytes();
    static final byte[] ZSET_LISTPACK = new RdbBytes()
        .string(PackedBytes.listpack("a", "-inf", "b", "-0", 3, "1e+300")).toBytes();

    /**
     * A stream with entries of one shape and of another, one deleted, with two groups and three consumers; as Redis 7.0
     * wrote it, and the same without and with what other versions tell.
     */
    static final byte[] STREAM = HexFormat.of().parseHex(
        "0210000000000000000100000000000000013636000000140002010101010181660200010201000100018276310304010301" +
            "00010101827632030401020100010201827633030401ff100000000000000001000000000000000440444400000018000301" +
            "00010101816602000102010001000182763403040102010001010182763503040100010101dffd020201856f746865720681" +
            "7802816e020c010801ff05020102016701040300000000000000010000000000000001234f9f2ca201000001000000000000" +
            "00010000000000000003234f9f2ca20100000100000000000000010000000000000004234f9f2ca2010000010305616c6963" +
            "65234f9f2ca201000002000000000000000100000000000000010000000000000001000000000000000303626f62234f9f2c" +
            "a201000001000000000000000100000000000000040469646c65234f9f2ca201000000016801030000");
    static final byte[] STREAM_2 = HexFormat.of().parseHex(
        "0210000000000000000100000000000000013636000000140002010101010181660200010201000100018276310304010301" +
            "00010101827632030401020100010201827633030401ff100000000000000001000000000000000440444400000018000301" +
            "00010101816602000102010001000182763403040102010001010182763503040100010101dffd020201856f746865720681" +
            "7802816e020c010801ff0502010101010206020167010481ffffffffffffffff030000000000000001000000000000000123" +
            "4f9f2ca20100000100000000000000010000000000000003234f9f2ca2010000010000000000000001000000000000000423" +
            "4f9f2ca2010000010305616c696365234f9f2ca2010000020000000000000001000000000000000100000000000000010000" +
            "00000000000303626f62234f9f2ca201000001000000000000000100000000000000040469646c65234f9f2ca20100000001" +
            "68010381ffffffffffffffff0000");
    static final byte[] STREAM_3 = HexFormat.of().parseHex(
        "0210000000000000000100000000000000013636000000140002010101010181660200010201000100018276310304010301" +
            "00010101827632030401020100010201827633030401ff100000000000000001000000000000000440444400000018000301" +
            "00010101816602000102010001000182763403040102010001010182763503040100010101dffd020201856f746865720681" +
            "7802816e020c010801ff0502010101010206020167010481ffffffffffffffff030000000000000001000000000000000123" +
            "4f9f2ca20100000100000000000000010000000000000003234f9f2ca2010000010000000000000001000000000000000423" +
            "4f9f2ca2010000010305616c696365234f9f2ca2010000234f9f2ca201000002000000000000000100000000000000010000" +
            "000000000001000000000000000303626f62234f9f2ca2010000234f9f2ca201000001000000000000000100000000000000" +
            "040469646c65234f9f2ca2010000234f9f2ca2010000000168010381ffffffffffffffff0000");

    /** By RDB type: good values to begin with. */
    static final Map<Integer, List<byte[]>> SEEDS = Map.ofEntries(
        Map.entry(1, List.of(LIST)),
        Map.entry(2, List.of(SET)),
        Map.entry(3, List.of(ZSET_TEXT)),
        Map.entry(4, List.of(HASH)),
        Map.entry(5, List.of(ZSET)),
        Map.entry(9, List.of(HASH_ZIPMAP, packed(PackedBytes.zipmap("field", "value".repeat(60))))),
        Map.entry(10, List.of(LIST_ZIPLIST)),
        Map.entry(11, List.of(SET_INTSET, packed(PackedBytes.intset(8, -1, 1L << 40)))),
        Map.entry(12, List.of(ZSET_ZIPLIST)),
        Map.entry(13, List.of(HASH_ZIPLIST)),
        Map.entry(14, List.of(LIST_QUICKLIST)),
        Map.entry(16, List.of(HASH_LISTPACK, packed(PackedBytes.listpack("field", "value".repeat(60))))),
        Map.entry(17, List.of(ZSET_LISTPACK)),
        Map.entry(18, List.of(LIST_QUICKLIST_2)),
        Map.entry(20, List.of(SET_LISTPACK)),
        Map.entry(22, List.of(HASH_EXPIRING_PRE_GA)),
        Map.entry(23, List.of(HASH_EXPIRING_LISTPACK_PRE_GA)),
        Map.entry(24, List.of(HASH_EXPIRING)),
        Map.entry(25, List.of(HASH_EXPIRING_LISTPACK)),
        Map.entry(15, List.of(STREAM)),
        Map.entry(19, List.of(STREAM_2)),
        Map.entry(21, List.of(STREAM_3)));

    /** The RDB types of these forms. */
    static final List<Integer> TYPES = SEEDS.keySet().stream().sorted().toList();

    private ValueForms()
    {
    }

    private static byte[] packed(final byte[] blob)
    {
        return new RdbBytes().lzf(blob).toBytes();
    }
}
