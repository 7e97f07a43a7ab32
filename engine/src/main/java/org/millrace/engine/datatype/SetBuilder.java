package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.IntsetLayout;

/**
 * Makes one set whose members decide about its encoding: an intset as long as all are integers and not too many, then
 * what {@link CollectionBuilder} makes of it. The part of {@link EntryBuilder} that knows intsets; results are those of
 * {@link ValueBuilder}. Writer thread; one set at a time.
 */
final class SetBuilder
{
    private final Values values;
    private final OffHeap memory;
    private final EntryStore entries;
    private final CollectionBuilder collection;
    private final IntsetBuilder integers = new IntsetBuilder();
    private Keyspace keyspace;
    private long keyAddress;
    private int keyLength;
    private long deadlineMs;
    private int clock;
    private long expected;
    private boolean isIntset;

    /** @param collection that goes on once the set is no intset; it knows the key. */
    SetBuilder(final Values values, final CollectionBuilder collection)
    {
        this.values = values;
        this.collection = collection;
        memory = values.memory();
        entries = values.data().entries();
    }

    /** Which key the next set is for; its name stays where it is until commit or abort. */
    void key(final Keyspace ofKey, final long address, final int addressLength, final long deadline, final int clockNow)
    {
        keyspace = ofKey;
        keyAddress = address;
        keyLength = addressLength;
        deadlineMs = deadline;
        clock = clockNow;
    }

    /** @param count members that come, or {@link ValueBuilder#COUNT_UNKNOWN}. */
    int begin(final long count)
    {
        expected = count;
        isIntset = count <= values.thresholds().setIntset;
        integers.begin();
        return isIntset ? ValueBuilder.OK : collection.begin(CollectionLayout.SET, count);
    }

    long count()
    {
        return isIntset ? integers.count() : collection.count();
    }

    /** The next member. */
    int add(final long address, final long length)
    {
        if (isIntset)
        {
            final boolean isInteger = Decimal.isCanonical(address, length);
            if (isInteger && integers.add(Decimal.parse(address, length), values.thresholds().setIntset))
            {
                return ValueBuilder.OK;
            }

            // Too many integers make a hashtable, however few a listpack may have.
            final int result = leaveIntset(isInteger ? Long.MAX_VALUE : expected);
            if (ValueBuilder.OK != result)
            {
                return result;
            }
        }

        return collection.add(address, length);
    }

    private int leaveIntset(final long count)
    {
        isIntset = false;
        int result = collection.begin(CollectionLayout.SET, count);
        for (int i = 0; i < integers.count() && ValueBuilder.OK == result; i++)
        {
            final SetMember text = values.numberText().number(integers.get(i));
            result = collection.add(text.address(), text.length());
        }

        return result;
    }

    /** Publish, over what the key has; there is a member at least. @return {@link ValueBuilder#commit}. */
    int commit()
    {
        if (!isIntset)
        {
            return collection.commit();
        }

        if (!integers.sort())
        {
            return ValueBuilder.DUPLICATE;
        }

        final int made = entries.allocate(
            keyAddress, keyLength, IntsetLayout.TYPE, integers.length(), deadlineMs, clock);
        if (OffHeap.NULL_REF == made)
        {
            return ValueBuilder.NO_MEMORY;
        }

        integers.write(Entry.value(memory.address(made)));
        return keyspace.put(made) ? ValueBuilder.OK : ValueBuilder.NO_MEMORY;
    }

    /** Give up what was begun. */
    void abort()
    {
        collection.abort();
    }
}
