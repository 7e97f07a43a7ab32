package org.millrace.engine.snapshot;

import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_HASH;
import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_LIST;
import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_STRING;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.value.StreamLayout;

/**
 * What is in a snapshot, for people: keys by type and database, the biggest of them. Keeps no data but the names of those.
 * Owned by one loader.
 */
public final class RdbCensus implements RdbTarget, ValueBuilder
{
    /** Types as people know them. */
    public enum Kind
    {
        STRING("string"),
        LIST("list"),
        SET("set"),
        SORTED_SET("zset"),
        HASH("hash"),
        STREAM("stream");

        private final String text;

        Kind(final String text)
        {
            this.text = text;
        }

        /** What TYPE answers. */
        public String text()
        {
            return text;
        }
    }

    /** How much there is of a type. Bytes are those of names and elements. */
    public static final class Amount
    {
        private long keys;
        private long elements;
        private long bytes;

        public long keys()
        {
            return keys;
        }

        /** Of collections; 0 of strings and streams. */
        public long elements()
        {
            return elements;
        }

        public long bytes()
        {
            return bytes;
        }
    }

    /** One of the biggest keys. */
    public record Big(Kind kind, int database, String name, long elements, long bytes)
    {
    }

    /** More databases than any node has. */
    private static final int DATABASES = 1 << 24;

    private final Amount[] amounts = new Amount[Kind.values().length];
    private final TreeMap<Integer, long[]> keysByDatabase = new TreeMap<>();
    private final List<Big> biggest = new ArrayList<>();
    private final int biggestMax;
    private final long nowMs;
    private long[] keysHere;
    private long keysWithDeadline;
    private long keysExpired;
    private int libraries;

    /** Of the value under way. */
    private int database;
    private long keyAddress;
    private int keyLength;
    private Kind kind = Kind.STRING;
    private long adds;
    private long bytes;

    /**
     * @param biggestMax how many of the biggest keys are kept.
     * @param nowMs keys whose deadline is before that are expired.
     */
    public RdbCensus(final int biggestMax, final long nowMs)
    {
        this.biggestMax = biggestMax;
        this.nowMs = nowMs;
        Arrays.setAll(amounts, (i) -> new Amount());
        select(0);
    }

    public Amount amount(final Kind which)
    {
        return amounts[which.ordinal()];
    }

    /** Keys of all databases that have some, as {@code db0: 12}. */
    public String databasesText()
    {
        final StringBuilder text = new StringBuilder();
        keysByDatabase.forEach((number, count) ->
        {
            if (count[0] > 0)
            {
                text.append(text.isEmpty() ? "" : ", ").append("db").append(number).append(": ").append(count[0]);
            }
        });
        return text.toString();
    }

    /** The biggest first. */
    public List<Big> biggest()
    {
        return Collections.unmodifiableList(biggest);
    }

    public long keysWithDeadline()
    {
        return keysWithDeadline;
    }

    public long keysExpired()
    {
        return keysExpired;
    }

    public int libraries()
    {
        return libraries;
    }

    @Override
    public int databases()
    {
        return DATABASES;
    }

    @Override
    public void select(final int number)
    {
        database = number;
        keysHere = keysByDatabase.computeIfAbsent(number, (n) -> new long[1]);
    }

    @Override
    public void prefetch(final long[] keyAddresses, final int[] keyLengths, final int count)
    {
        // Nothing is stored.
    }

    @Override
    public int set(
        final long address, final int length, final long valueAddress, final long valueLength, final long deadlineMs)
    {
        return value(address, length, deadlineMs).string(valueAddress, valueLength) + commit();
    }

    @Override
    public ValueBuilder value(final long address, final int length, final long deadlineMs)
    {
        keyAddress = address;
        keyLength = length;
        kind = Kind.STRING;
        adds = 0;
        bytes = length;
        if (Entry.NO_DEADLINE != deadlineMs)
        {
            keysWithDeadline++;
            keysExpired += deadlineMs < nowMs ? 1 : 0;
        }

        return this;
    }

    @Override
    public String functions(final List<byte[]> sources)
    {
        libraries = sources.size();
        return null;
    }

    @Override
    public int begin(final int type, final long count)
    {
        kind = kind(type);
        return OK;
    }

    private static Kind kind(final int type)
    {
        return switch (type)
        {
            case TYPE_STRING -> Kind.STRING;
            case TYPE_LIST -> Kind.LIST;
            case RdbDescriptor.TYPE_SET, RdbDescriptor.TYPE_SET_INTSET -> Kind.SET;
            case RdbDescriptor.TYPE_ZSET -> Kind.SORTED_SET;
            case StreamLayout.TYPE -> Kind.STREAM;
            case TYPE_HASH, RdbDescriptor.TYPE_HASH_EXPIRING -> Kind.HASH;
            default -> throw new IllegalArgumentException("a value of type " + type);
        };
    }

    @Override
    public int add(final long address, final long length)
    {
        adds++;
        bytes += length;
        return OK;
    }

    @Override
    public int addZeros(final long length)
    {
        bytes += length;
        return OK;
    }

    @Override
    public void deadline(final long deadlineMs)
    {
        bytes += Long.BYTES;
    }

    @Override
    public int score(final double score)
    {
        bytes += Double.BYTES;
        return OK;
    }

    @Override
    public int string(final long address, final long length)
    {
        bytes += length;
        return OK;
    }

    @Override
    public int commit()
    {
        final long elements = switch (kind)
        {
            case STRING, STREAM -> 0;
            case HASH -> adds / 2;
            default -> adds;
        };
        final Amount amount = amounts[kind.ordinal()];
        amount.keys++;
        amount.elements += elements;
        amount.bytes += bytes;
        keysHere[0]++;
        if (biggest.size() < biggestMax || 0 < biggestMax && bytes > biggest.get(biggestMax - 1).bytes())
        {
            keep(new Big(kind, database, Printable.text(keyAddress, keyLength), elements, bytes));
        }

        return OK;
    }

    private void keep(final Big big)
    {
        if (biggest.size() == biggestMax)
        {
            biggest.remove(biggestMax - 1);
        }

        final int at = Collections.binarySearch(biggest, big, Comparator.comparingLong(Big::bytes).reversed());
        biggest.add(at < 0 ? -1 - at : at, big);
    }

    @Override
    public void abort()
    {
        // Nothing was kept.
    }
}
