package org.millrace.bench.workload;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import org.millrace.kit.resp.CommandBuffer;

/**
 * A shape of data: so many values of one type, each with so many elements of one length. What its keys and elements are
 * is a pure function of their numbers. Immutable.
 *
 * @param kind        type of the values and of what is in them.
 * @param keyCount    values, each with a key of its own.
 * @param perKey      elements of each value, a multiple of {@link #BATCH}.
 * @param nameLength  bytes of a field or member (of an integer: of its binary form); 0 where there is none.
 * @param valueLength bytes of a value or item; 0 where there is none.
 */
public record Shape(Kind kind, int keyCount, int perKey, int nameLength, int valueLength)
{
    /** Elements that one command writes while a value is filled, but for streams. */
    public static final int BATCH = 10;

    /** The shapes that goals are stated for, in the order of their table. */
    public static final List<Shape> ALL = List.of(
        new Shape(Kind.HASH, 100_000, 10, 8, 16),
        new Shape(Kind.LIST, 100_000, 10, 0, 16),
        new Shape(Kind.SET, 100_000, 10, 16, 0),
        new Shape(Kind.INTEGERS, 100_000, 10, Integer.BYTES, 0),
        new Shape(Kind.SORTED_SET, 100_000, 10, 16, 0),
        new Shape(Kind.STREAM, 50_000, 10, 8, 16),
        new Shape(Kind.HASH, 1, 1_000_000, 13, 32),
        new Shape(Kind.LIST, 1, 1_000_000, 0, 32),
        new Shape(Kind.SET, 1, 1_000_000, 13, 0),
        new Shape(Kind.INTEGERS, 1, 1_000_000, Long.BYTES, 0),
        new Shape(Kind.SORTED_SET, 1, 1_000_000, 13, 0),
        new Shape(Kind.STREAM, 1, 1_000_000, 8, 16));

    private static final byte[] DEL = CommandTemplate.bytes("DEL");
    private static final int KEY_LENGTH = 16;
    private static final int SCORE_SPAN = 1_000_000_000;

    /** Of 30 bits, the last four of which tell the integers of one set apart. */
    private static final long INTEGER_SMALL = 1L << 29;
    private static final long INTEGER_SMALL_MASK = INTEGER_SMALL - 16;

    /** Of 18 digits: some 60 bits. */
    private static final long INTEGER_LARGE = 100_000_000_000_000_000L;
    private static final long INTEGER_LARGE_SPAN = 899_999_999_999_999_999L;

    /** Milliseconds of the first entry of a stream: before all that a server's clock says. */
    private static final long FIRST_ID = 1_000_000_000_000L;

    /** A type, what its elements are, and the command that adds some. */
    public enum Kind
    {
        /** Fields and values. */
        HASH("hash", "HLEN", "f:", "HSET key", "name value"),
        /** Items of random bytes. */
        LIST("list", "LLEN", "", "RPUSH key", "value"),
        /** Members that are text. */
        SET("set", "SCARD", "m:", "SADD key", "name"),
        /** Members of a set that are integers. */
        INTEGERS("ints", "SCARD", "", "SADD key", "name"),
        /** Members with scores that are whole numbers, in no order. */
        SORTED_SET("zset", "ZCARD", "m:", "ZADD key", "score name"),
        /** Entries of two fields, which have the same names in all entries. */
        STREAM("xlog", "XLEN", "", "XADD key id", "f:000001 value f:000002 value");

        private final byte[] smallPrefix;
        private final byte[] largePrefix;
        private final byte[] namePrefix;
        private final CommandTemplate head;
        private final CommandTemplate element;
        private final String countCommand;

        Kind(
            final String word,
            final String countCommand,
            final String namePrefix,
            final String head,
            final String element)
        {
            this.countCommand = countCommand;
            this.namePrefix = CommandTemplate.bytes(namePrefix);
            this.head = CommandTemplate.of(head);
            this.element = CommandTemplate.of(element);
            smallPrefix = CommandTemplate.bytes(word + ":");
            largePrefix = CommandTemplate.bytes("large-" + word + ":");
        }

        private String described(final boolean isOne)
        {
            return switch (this)
            {
                case HASH -> isOne ? "hash" : "hashes";
                case LIST -> isOne ? "list" : "lists";
                case SET, INTEGERS -> isOne ? "set" : "sets";
                case SORTED_SET -> isOne ? "sorted set" : "sorted sets";
                case STREAM -> isOne ? "stream" : "streams";
            };
        }
    }

    /** The same with so many times the elements: more keys, or one larger value. */
    public Shape scaled(final double factor)
    {
        return isLarge()
            ? new Shape(kind, keyCount, Math.max(1, (int)(perKey * factor / BATCH)) * BATCH, nameLength, valueLength)
            : new Shape(kind, Math.max(2, (int)(keyCount * factor)), perKey, nameLength, valueLength);
    }

    /** True for one large value. */
    public boolean isLarge()
    {
        return 1 == keyCount;
    }

    /** Elements of all values. */
    public long elementCount()
    {
        return (long)keyCount * perKey;
    }

    /** Bytes of an element that are the user's: names, values, scores. */
    public int payload()
    {
        final int bytes = nameLength + valueLength;
        return Kind.SORTED_SET == kind ? bytes + Double.BYTES : Kind.STREAM == kind ? 2 * bytes : bytes;
    }

    /** Bytes of all elements that are the user's. */
    public long payloadBytes()
    {
        return elementCount() * payload();
    }

    /** For tables: how many values of what. */
    public String describe()
    {
        return String.format(Locale.ROOT, "%,d %s of %,d ", keyCount, kind.described(isLarge()), perKey) + switch (kind)
        {
            case HASH -> "x (" + nameLength + " + " + valueLength + ") B";
            case LIST -> "x " + valueLength + " B";
            case SET -> "x " + nameLength + " B";
            case INTEGERS -> Integer.BYTES == nameLength ? "integers of 30 bits" : "integers of 18 digits";
            case SORTED_SET -> "x (" + nameLength + " B + score)";
            case STREAM -> "entries of 2 x (" + nameLength + " + " + valueLength + ") B";
        };
    }

    /** Its type in a word, as its keys have it. */
    public String word()
    {
        return new String(kind.smallPrefix, 0, kind.smallPrefix.length - 1, StandardCharsets.US_ASCII);
    }

    /** Name of a key, by its number. */
    public String keyName(final int key)
    {
        final CommandBuffer buffer = new CommandBuffer();
        appendKey(buffer, key);
        // The argument stands before the last line end.
        return new String(buffer.array(), buffer.length() - 2 - KEY_LENGTH, KEY_LENGTH, StandardCharsets.US_ASCII);
    }

    /** Name of the command that counts the elements of a key. */
    public String countCommand()
    {
        return kind.countCommand;
    }

    /** Commands that write all of it, see {@link #fill}. */
    public long fillCommands()
    {
        return elementCount() / batch();
    }

    /**
     * Writes all elements in the order of their numbers, and from the start again. Where elements have names it may run
     * on a value that has some of them: afterwards it has them all, as if filled afresh.
     */
    public Workload fill(final Values values)
    {
        return new Workload()
        {
            private long next;

            @Override
            public void append(final CommandBuffer buffer)
            {
                final int key = (int)(next / perKey);
                final int element = (int)(next % perKey);
                appendBatch(buffer, values, key, element);
                next = next + batch() == elementCount() ? 0 : next + batch();
            }
        };
    }

    /** DEL of all keys in order, and from the start again. */
    public Workload deletions()
    {
        return new Workload()
        {
            private int next;

            @Override
            public void append(final CommandBuffer buffer)
            {
                buffer.begin(2).argument(DEL);
                appendKey(buffer, next);
                next = next + 1 == keyCount ? 0 : next + 1;
            }
        };
    }

    private int batch()
    {
        return Kind.STREAM == kind ? 1 : BATCH;
    }

    private void appendBatch(final CommandBuffer buffer, final Values values, final int key, final int element)
    {
        buffer.begin(kind.head.length() + batch() * kind.element.length());
        kind.head.append(buffer, this, values, key, element, 0, valueLength);
        for (int i = 0; i < batch(); i++)
        {
            final long number = number(key, element + i);
            kind.element.append(buffer, this, values, key, element + i, SplitMix.mix(number), valueLength);
        }
    }

    void appendKey(final CommandBuffer buffer, final int key)
    {
        final byte[] prefix = isLarge() ? kind.largePrefix : kind.smallPrefix;
        buffer.key(prefix, key, KEY_LENGTH - prefix.length);
    }

    void appendName(final CommandBuffer buffer, final int key, final int element)
    {
        if (Kind.INTEGERS == kind)
        {
            buffer.argument(integer(key, element));
            return;
        }

        buffer.key(
            kind.namePrefix,
            Kind.HASH == kind ? element : number(key, element),
            nameLength - kind.namePrefix.length);
    }

    void appendScore(final CommandBuffer buffer, final long selector)
    {
        buffer.argument((selector >>> 1) % SCORE_SPAN);
    }

    void appendId(final CommandBuffer buffer, final int element)
    {
        buffer.argument(FIRST_ID + element);
    }

    private long integer(final int key, final int element)
    {
        return Integer.BYTES == nameLength
            ? INTEGER_SMALL | SplitMix.mix(number(key, 0)) & INTEGER_SMALL_MASK | element & 15
            : INTEGER_LARGE + (SplitMix.mix(number(key, element)) >>> 1) % INTEGER_LARGE_SPAN;
    }

    private long number(final int key, final int element)
    {
        return (long)key * perKey + element;
    }
}
