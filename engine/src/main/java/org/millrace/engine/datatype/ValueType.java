package org.millrace.engine.datatype;

import java.util.Locale;
import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * One row a type: what is asked of values of every type, and answered by each in its way. Stateless; any thread that
 * keeps the entry alive. What a type's own commands do is not here, and they do not come here.
 */
public abstract class ValueType
{
    /** What a type is whatever its form: Redis's own numbers, {@link #redisNumber}. */
    public static final int STRING = 0;
    public static final int LIST = 1;
    public static final int SET = 2;
    public static final int SORTED_SET = 3;
    public static final int HASH = 4;
    public static final int STREAM = 6;

    private static final ValueType[] ROWS = new ValueType[256];

    static
    {
        add(new StringType());
        add(new CollectionType(CollectionLayout.LIST, "list", LIST, true, "quicklist"));
        add(new CollectionType(CollectionLayout.SET, "set", SET, false, "hashtable"));
        add(new IntsetType());
        add(new CollectionType(CollectionLayout.SORTED_SET, "zset", SORTED_SET, false, "skiplist"));
        add(new CollectionType(CollectionLayout.HASH, "hash", HASH, false, "hashtable"));
        add(new CollectionType(
            CollectionLayout.EXPIRING_HASH, "hash", HASH, false, "listpackex", "hashtable"));
        add(new StreamType());
    }

    private final int code;
    private final String typeName;
    private final String typeWord;
    private final int redisNumber;
    private final boolean isOrdered;

    /**
     * @param code RDB value type: the type byte of an entry.
     * @param typeName what TYPE answers.
     * @param redisNumber of the type in Redis's own memory, which goes into digests.
     * @param isOrdered whether two values with the same elements in another order are two values.
     */
    ValueType(final int code, final String typeName, final int redisNumber, final boolean isOrdered)
    {
        this.code = code;
        this.typeName = typeName;
        typeWord = typeName.toUpperCase(Locale.ROOT);
        this.redisNumber = redisNumber;
        this.isOrdered = isOrdered;
    }

    private static void add(final ValueType row)
    {
        ROWS[row.code] = row;
    }

    /** The row of an entry's type. An entry of a type without one breaks an invariant. */
    public static ValueType of(final long entry)
    {
        final int code = Entry.type(entry);
        final ValueType row = ROWS[code];
        Check.that(null != row, "entry of a type that has no row: type, types", code, ROWS.length);
        return row;
    }

    /** What TYPE answers. */
    public final String typeName()
    {
        return typeName;
    }

    /** As {@link #typeName} in upper case: how arguments are compared. */
    public final String typeWord()
    {
        return typeWord;
    }

    /** The number that DEBUG DIGEST mixes in. */
    public final int redisNumber()
    {
        return redisNumber;
    }

    /** True if the order of elements belongs to the value. */
    public final boolean isOrdered()
    {
        return isOrdered;
    }

    /** What OBJECT ENCODING answers. */
    public abstract String encodingName(long entry);

    /** What OBJECT REFCOUNT answers. */
    public abstract int refCount(long entry);

    /** Bytes of the value's content, without lengths and structure. */
    public abstract long contentLength(long entry);

    /** Tell of all elements, in order if they have one. @param runs for the call's own use. */
    public abstract void elements(long entry, ValueRuns runs, ElementVisitor visitor);

    /**
     * Put the same value together once more, up to but without the commit.
     *
     * @param runs for the call's own use.
     * @return {@link ValueBuilder#OK}, or what went wrong: then the builder has been told to abort.
     */
    public abstract int copy(long entry, ValueRuns runs, ValueBuilder builder);
}
