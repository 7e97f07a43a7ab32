package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.ListValue;
import org.millrace.engine.datatype.SetValue;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.Values;

/** What the writer does to collections, by texts. */
final class CollectionAuthor
{
    private final DataSetFixture fixture;
    private final Values values;

    CollectionAuthor(final DataSetFixture fixture)
    {
        this.fixture = fixture;
        values = Values.of(fixture.data);
    }

    HashValue hash(final String key)
    {
        final byte[] bytes = DataSetFixture.bytes(key);
        final long address = fixture.keyAddress(bytes);
        return values.hashes().open(fixture.data.keyspace(0), address, bytes.length, fixture.find(0, bytes));
    }

    SetValue set(final String key)
    {
        final byte[] bytes = DataSetFixture.bytes(key);
        final long address = fixture.keyAddress(bytes);
        return values.sets().open(fixture.data.keyspace(0), address, bytes.length, fixture.find(0, bytes));
    }

    SortedSetValue sorted(final String key)
    {
        final byte[] bytes = DataSetFixture.bytes(key);
        final long address = fixture.keyAddress(bytes);
        return values.sortedSets().open(fixture.data.keyspace(0), address, bytes.length, fixture.find(0, bytes));
    }

    ListValue list(final String key)
    {
        final byte[] bytes = DataSetFixture.bytes(key);
        final long address = fixture.keyAddress(bytes);
        return values.lists().open(fixture.data.keyspace(0), address, bytes.length, fixture.find(0, bytes));
    }

    long text(final String text)
    {
        return fixture.valueAddress(DataSetFixture.bytes(text));
    }

    void put(final String key, final String field, final String value)
    {
        final long texts = text(field + value);
        hash(key).put(texts, field.length(), texts + field.length(), value.length());
    }

    void putScore(final String key, final String member, final double score)
    {
        sorted(key).put(text(member), member.length(), score);
    }

    long rank(final String key, final String member)
    {
        final SortedSetValue sorted = sorted(key);
        sorted.find(text(member), member.length());
        return sorted.rank();
    }

    void add(final String key, final String member)
    {
        final SetValue set = set(key);
        final long text = text(member);
        assertTrue(Entry.NO_ENTRY == set.entry()
            ? set.make(text, member.length(), 1)
            : set.add(text, member.length()) >= 0);
    }

    void push(final String key, final String item)
    {
        list(key).push(false, text(item), item.length());
    }
}
