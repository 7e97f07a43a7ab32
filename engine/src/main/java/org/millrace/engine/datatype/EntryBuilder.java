package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.IntsetLayout;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/** Makes the values of a data set's keys, over what the key has now. One at a time; one per writer thread. */
public final class EntryBuilder implements ValueBuilder
{
    private static final int NO_FLAGS = 0;

    private final StringEditor editor;
    private final CollectionBuilder collection;
    private final SetBuilder set;
    private final boolean isOfNewKeys;
    private Keyspace keyspace;
    private long keyAddress;
    private int keyLength;
    private long deadlineMs;
    private int clock;

    /** Bytes added so far to a string that comes in pieces; or the whole of one that does not. */
    private long added;
    private long length;
    private long wholeAddress;
    private boolean isWhole;
    private boolean isCollection;

    /** Of a collection: it is a set that its members may make an intset. */
    private boolean isSet;

    /** Made when the first stream comes. */
    private StreamBuilder stream;
    private boolean isStream;

    /** @param editor not used by others while a value is open here. */
    public EntryBuilder(final StringEditor editor)
    {
        this(editor, false);
    }

    private EntryBuilder(final StringEditor editor, final boolean isOfNewKeys)
    {
        this.editor = editor;
        this.isOfNewKeys = isOfNewKeys;
        collection = new CollectionBuilder(Values.of(editor.data()));
        set = new SetBuilder(Values.of(editor.data()), collection);
    }

    /** For keys that must not be there yet: if one is, commit replaces its value and says {@link #DUPLICATE}. */
    public static EntryBuilder ofNewKeys(final StringEditor editor)
    {
        return new EntryBuilder(editor, true);
    }

    /** Which key the next value is for; its name stays where it is until commit or abort. @return this. */
    public EntryBuilder key(
        final Keyspace keyspace,
        final long keyAddress,
        final int keyLength,
        final long deadlineMs,
        final int clock)
    {
        this.keyspace = keyspace;
        this.keyAddress = keyAddress;
        this.keyLength = keyLength;
        this.deadlineMs = deadlineMs;
        this.clock = clock;
        return this;
    }

    /**
     * Copy a value with its deadline to another key and database, over what is there.
     *
     * @param runs for the call's own use.
     * @return false if memory ran out; nothing has changed.
     */
    public boolean copy(
        final long entry, final ValueRuns runs, final Keyspace to, final long newKeyAddress, final int newKeyLength)
    {
        if (!ValueLayout.of(Entry.type(entry)).isLarge(Entry.value(entry)))
        {
            return to.putCopy(entry, newKeyAddress, newKeyLength);
        }

        key(to, newKeyAddress, newKeyLength, Entry.deadlineMs(entry), Entry.clock(entry));
        if (CollectionLayout.isCollection(Entry.type(entry)))
        {
            keyOfCollection();
            return OK == collection.copy(entry);
        }

        return OK == ValueType.of(entry).copy(entry, runs, this) && OK == commit();
    }

    @Override
    public int begin(final int type, final long count)
    {
        isWhole = false;
        isStream = StreamLayout.TYPE == type;
        isCollection = !isStream && StringLayout.TYPE != type;
        if (isStream)
        {
            return beginStream(count);
        }

        if (isCollection)
        {
            return beginCollection(type, count);
        }

        length = count;
        added = 0;
        if (!editor.begin(keyspace, keyAddress, keyLength, Entry.NO_ENTRY, count, deadlineMs, NO_FLAGS))
        {
            return NO_MEMORY;
        }

        editor.clock(clock);
        return OK;
    }

    private int beginStream(final long pages)
    {
        stream = null == stream ? new StreamBuilder(Values.of(editor.data())) : stream;
        return stream.begin(keyspace, keyAddress, keyLength, deadlineMs, clock, pages);
    }

    private int beginCollection(final int type, final long count)
    {
        // A set of integers comes as its members' texts.
        isSet = IntsetLayout.TYPE == type;
        Check.that(isSet || CollectionLayout.isCollection(type), "value of a type that nothing makes: type, count",
            type,
            count);
        keyOfCollection();
        if (isSet)
        {
            set.key(keyspace, keyAddress, keyLength, deadlineMs, clock);
            return set.begin(count);
        }

        return collection.begin(type, count);
    }

    private void keyOfCollection()
    {
        collection.key(keyspace, keyAddress, keyLength, deadlineMs, clock);
    }

    @Override
    public int add(final long address, final long count)
    {
        if (isStream)
        {
            return stream.add(address, count);
        }

        if (isCollection)
        {
            return isSet ? set.add(address, count) : collection.add(address, count);
        }

        Check.that(count <= length - added, "more bytes than the string has: length, added", length, added + count);
        if (!editor.write(added, address, count))
        {
            return NO_MEMORY;
        }

        added += count;
        return OK;
    }

    @Override
    public int addZeros(final long count)
    {
        Check.that(count <= length - added, "more zeros than the string has: length, added", length, added + count);
        editor.writeZeros(added, count);
        added += count;
        return OK;
    }

    @Override
    public void deadline(final long deadlineMs)
    {
        Check.that(isCollection, "deadline of a string: length, added", length, added);
        collection.deadline(deadlineMs);
    }

    @Override
    public int score(final double score)
    {
        Check.that(isCollection, "score of a string: length, added", length, added);
        return collection.score(score);
    }

    @Override
    public int string(final long address, final long count)
    {
        isWhole = true;
        isStream = false;
        isCollection = false;
        wholeAddress = address;
        length = count;
        return OK;
    }

    /** {@link #string} and {@link #commit}. */
    public int set(final long address, final long count)
    {
        final long sizeBefore = keyspace.size();
        return result(editor.set(keyspace, keyAddress, keyLength, address, count, deadlineMs, clock), sizeBefore);
    }

    @Override
    public int commit()
    {
        if (isWhole)
        {
            return set(wholeAddress, length);
        }

        final long sizeBefore = keyspace.size();
        if (isStream)
        {
            final int result = stream.commit();
            return OK == result ? result(true, sizeBefore) : result;
        }

        if (isCollection)
        {
            final int result = isSet ? set.commit() : collection.commit();
            if (OK != result)
            {
                return DUPLICATE == result ? ELEMENT_TWICE : result;
            }

            return result(true, sizeBefore);
        }

        Check.that(added == length, "string is not whole: length, added", length, added);
        return result(editor.commit(), sizeBefore);
    }

    /** True if nothing was added to the collection that is open: it cannot be committed. */
    public boolean isEmpty()
    {
        return isCollection && 0 == (isSet ? set.count() : collection.count());
    }

    private int result(final boolean isStored, final long sizeBefore)
    {
        if (!isStored)
        {
            return NO_MEMORY;
        }

        // A store that leaves the count as it was has replaced a key: cheaper to ask than a look-up before each.
        return isOfNewKeys && keyspace.size() == sizeBefore ? DUPLICATE : OK;
    }

    @Override
    public void abort()
    {
        if (isStream)
        {
            stream.abort();
        }
        else if (isCollection)
        {
            collection.abort();
        }
        else if (!isWhole)
        {
            editor.abort();
        }
    }
}
