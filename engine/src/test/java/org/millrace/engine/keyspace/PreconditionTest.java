package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.millrace.engine.Refusal;
import org.millrace.engine.value.StringLayout;

/** What the docs of this package ask of their callers is asked by the code as well. */
class PreconditionTest
{
    private static final byte[] KEY = DataSetFixture.bytes("key");

    @Test
    void shouldEmptyAllDatabasesOnlyOnceACutIsGivenUp()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 2, 1))
        {
            fixture.set("key", "value");
            final Cut cut = fixture.data.cut();
            cut.begin();
            Refusal.of("while a cut runs", fixture.data::flushAll);
            cut.abort();
            fixture.data.flushAll();
            while (cut.isRunning())
            {
                cut.walk(100);
            }

            cut.drain(null, 100);
        }
    }

    @Test
    void shouldReleaseOnlyAnIndexThatIsDetached()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            fixture.set("key", "value");
            final HashIndex index = fixture.data.keyspace(0).hashIndex();
            Refusal.of("in use", () -> index.release(0, null));
        }
    }

    @Test
    void shouldTellTheFirstDeadlineOnlyIfThereIsOne()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            Refusal.of("no page with deadlines", () -> new ExpiryIndex(fixture.memory).firstPage());
        }
    }

    @Test
    void shouldStoreInOnePieceOnlyWhatFitsAndUnderItsOwnHash()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final Keyspace keyspace = fixture.data.keyspace(0);
            final long key = fixture.keyAddress(KEY);
            final long value = fixture.valueAddress(new byte[StringLayout.COMPACT_MAX + 1]);
            final long hash = keyspace.hash(key, KEY.length);
            Refusal.inCheckedMode("too long for one piece", () -> keyspace.set(hash, key, KEY.length, value,
                StringLayout.COMPACT_MAX + 1, Entry.NO_DEADLINE, 0));
            Refusal.inCheckedMode("hash of another key",
                () -> keyspace.set(hash + 1, key, KEY.length, value, 1, Entry.NO_DEADLINE, 0));
        }
    }

    @Test
    void shouldReadNothingElseWhileAViewIsOpen()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); KeyReader reader = fixture.data.openReader())
        {
            fixture.set("key", "value");
            final ValueView view = new ValueView(reader);
            view.open();
            final long key = fixture.keyAddress(KEY);
            Refusal.inCheckedMode("entered twice", () -> reader.get(0, key, KEY.length, 0, key + 8, 8));
            Refusal.inCheckedMode("entered twice", view::open);
            view.close();
        }
    }

    /** The slot of a reader that is closed may be another's. */
    @Test
    void shouldOpenNoViewOnceItsReaderIsClosed()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final KeyReader reader = fixture.data.openReader();
            final ValueView view = new ValueView(reader);
            reader.close();
            assertFalse(view.open());
        }
    }
}
