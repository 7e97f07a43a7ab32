package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;

/** The expected digests are those of redis-server 7.0.15 for the same data. */
class DigestTest
{
    private final DataSetFixture fixture = new DataSetFixture(0, 16, 3);
    private final Digest digest = new Digest();

    @AfterEach
    void close()
    {
        fixture.close();
    }

    @Test
    void shouldBeZeroWhenThereIsNothing()
    {
        assertEquals("0".repeat(40), digest.ofDataSet(fixture.data));
        assertEquals("0".repeat(40), digest.ofValue(fixture.data, Entry.NO_ENTRY));
    }

    @Test
    void shouldEqualWhatRedisSays()
    {
        fill();

        assertEquals("9a91faf251edcc087059ff86310b54d0bad075e0", digest.ofDataSet(fixture.data));
        assertEquals("b4fc66738120fba0b5aa500ab5c2bf89cea1c5da", ofKey("a"));
        assertEquals("331b37c26446a68dd4cdd72701d1acee416ae7b6", ofKey("key"));
        assertEquals("9a91faf251edcc087059ff86310b54d0bad075e0", digest.ofDataSet(fixture.data));
    }

    @Test
    void shouldNotDependOnTheDeadlineButOnThatThereIsOne()
    {
        fill();
        fixture.set(0, DataSetFixture.bytes("key"), DataSetFixture.bytes("value"), 1);
        assertEquals("9a91faf251edcc087059ff86310b54d0bad075e0", digest.ofDataSet(fixture.data));

        fixture.set("key", "value");
        assertNotEquals("9a91faf251edcc087059ff86310b54d0bad075e0", digest.ofDataSet(fixture.data));
    }

    private void fill()
    {
        fixture.set("a", "1");
        fixture.set(0, DataSetFixture.bytes("key"), DataSetFixture.bytes("value"), 4_000_000_000_000L);
        fixture.set(3, DataSetFixture.bytes("other"), DataSetFixture.bytes("some text"));
    }

    private String ofKey(final String key)
    {
        return digest.ofValue(fixture.data, fixture.find(0, DataSetFixture.bytes(key)));
    }
}
