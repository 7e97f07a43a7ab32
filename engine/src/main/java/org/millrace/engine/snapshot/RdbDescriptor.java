package org.millrace.engine.snapshot;

import org.millrace.engine.base.Layout;

/**
 * The frozen numbers of the RDB format: opcodes, value types, string encodings, limits. They are given by Redis; none
 * may change.
 */
@Layout(value = "A snapshot, in a file and on the wire: frozen", then = {"REDIS and the version, four digits: 9 bytes",
    "AUX fields, opcode FA",
    "for each database: opcode FE and its number, opcode FB and two sizes, then the records of its entries without " +
        "their clocks",
    "opcode FF", "CRC-64 of all before, 8 bytes"})
final class RdbDescriptor
{
    /** {@code REDIS} and four digits. */
    static final int HEADER_LENGTH = 9;
    static final int CHECKSUM_LENGTH = 8;

    /** Oldest version that ends in a checksum. */
    static final int CHECKSUM_SINCE_VERSION = 5;

    /** Oldest version that knows function libraries. */
    static final int FUNCTIONS_SINCE_VERSION = 10;

    /** Newest version whose framing this loader knows: that of Redis 7.4 and 8.0. */
    static final int VERSION_MAX = 12;

    /**
     * The one version of Valkey's own format that this loader knows: that of Valkey 9.0 and 9.1. It is that of Redis 7.2
     * with {@link #TYPE_VALKEY_HASH_EXPIRING}; the type numbers above are Valkey's.
     */
    static final int VALKEY_VERSION = 80;

    static final int OPCODE_SLOT_IMPORT = 243;
    static final int OPCODE_SLOT_INFO = 244;
    static final int OPCODE_FUNCTION2 = 245;
    static final int OPCODE_FUNCTION_PRE_GA = 246;
    static final int OPCODE_MODULE_AUX = 247;
    static final int OPCODE_IDLE = 248;
    static final int OPCODE_FREQ = 249;
    static final int OPCODE_AUX = 250;
    static final int OPCODE_RESIZEDB = 251;
    static final int OPCODE_EXPIRETIME_MS = 252;
    static final int OPCODE_EXPIRETIME = 253;
    static final int OPCODE_SELECTDB = 254;
    static final int OPCODE_EOF = 255;

    /** Lowest byte that is an opcode and no value type. */
    static final int OPCODE_MIN = OPCODE_SLOT_IMPORT;

    static final int TYPE_STRING = 0;
    static final int TYPE_LIST = 1;
    static final int TYPE_SET = 2;
    static final int TYPE_ZSET_TEXT = 3;
    static final int TYPE_HASH = 4;
    static final int TYPE_ZSET = 5;
    static final int TYPE_HASH_ZIPMAP = 9;
    static final int TYPE_LIST_ZIPLIST = 10;
    static final int TYPE_SET_INTSET = 11;
    static final int TYPE_ZSET_ZIPLIST = 12;
    static final int TYPE_HASH_ZIPLIST = 13;
    static final int TYPE_LIST_QUICKLIST = 14;
    static final int TYPE_HASH_LISTPACK = 16;
    static final int TYPE_ZSET_LISTPACK = 17;
    static final int TYPE_LIST_QUICKLIST_2 = 18;
    static final int TYPE_SET_LISTPACK = 20;
    static final int TYPE_VALKEY_HASH_EXPIRING = 22;
    static final int TYPE_HASH_EXPIRING_PRE_GA = 22;
    static final int TYPE_HASH_EXPIRING_LISTPACK_PRE_GA = 23;
    static final int TYPE_HASH_EXPIRING = 24;
    static final int TYPE_HASH_EXPIRING_LISTPACK = 25;

    /** What AUX redis-ver says: the version whose behaviour a node shows. */
    static final String REDIS_VERSION = "7.2.5";
    static final int POINTER_BITS = 64;

    static final int LENGTH_32_BIT = 0x80;
    static final int LENGTH_64_BIT = 0x81;
    static final int STRING_INT8 = 0xC0;
    static final int STRING_INT16 = 0xC1;
    static final int STRING_INT32 = 0xC2;
    static final int STRING_LZF = 0xC3;

    private static final String[] TYPE_NAMES = {
        "string",
        "list",
        "set",
        "zset",
        "hash",
        "zset, binary scores",
        "module, pre-release format",
        "module",
        null,
        "hash, zipmap",
        "list, ziplist",
        "set, intset",
        "zset, ziplist",
        "hash, ziplist",
        "list, quicklist of ziplists",
        "stream",
        "hash, listpack",
        "zset, listpack",
        "list, quicklist of listpacks",
        "stream, second format",
        "set, listpack",
        "stream, third format",
        "hash with field expiry, pre-release format",
        "hash with field expiry, listpack, pre-release format",
        "hash with field expiry",
        "hash with field expiry, listpack"
    };

    private RdbDescriptor()
    {
    }

    /** What there can be only one of in a collection of this RDB type, as Redis's log says it. */
    static String elementsName(final int type)
    {
        final String name = typeName(type);
        if (name.startsWith("hash"))
        {
            return "hash fields";
        }

        return name.startsWith("set") ? "set members" : "zset fields";
    }

    /** What operators call values of this RDB type. */
    static String typeName(final int type)
    {
        return type < TYPE_NAMES.length && null != TYPE_NAMES[type] ? TYPE_NAMES[type] : "unknown";
    }

    /** True if data of this version can be read. */
    static boolean isRead(final int version)
    {
        return version <= VERSION_MAX || VALKEY_VERSION == version;
    }

    /** True for what belongs to keys, or ends them; else it stands before them. */
    static boolean isData(final int opcode)
    {
        return switch (opcode)
        {
            case OPCODE_AUX,
                OPCODE_FUNCTION2,
                OPCODE_FUNCTION_PRE_GA,
                OPCODE_MODULE_AUX -> false;
            default -> true;
        };
    }
}
