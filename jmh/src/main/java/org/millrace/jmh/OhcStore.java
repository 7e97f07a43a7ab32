package org.millrace.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.caffinitas.ohc.CacheSerializer;
import org.caffinitas.ohc.CloseableIterator;
import org.caffinitas.ohc.Eviction;
import org.caffinitas.ohc.OHCache;
import org.caffinitas.ohc.OHCacheBuilder;

/**
 * OHC, an off-heap cache, without eviction and with room for all entries; locks of its segments as it ships them.
 * Serialisers copy between its memory and arrays that are used again. It takes memory through {@code Unsafe}, as we
 * do, since the library it takes it through otherwise is slower and warns.
 */
final class OhcStore extends Store
{
    /** What an entry takes besides key and value, generously. */
    private static final long ENTRY_OVERHEAD = 128;

    private final OHCache<byte[], byte[]> cache;
    private final byte[] key = new byte[KeySequence.KEY_LENGTH];
    private final byte[][] values = KeySequence.values();
    private final byte[] target = new byte[VALUE_LENGTH];
    private CloseableIterator<byte[]> iterator;

    OhcStore(final int entries)
    {
        super(entries);
        System.setProperty("org.caffinitas.ohc.allocator", "unsafe");
        final long capacity = entries * (KeySequence.KEY_LENGTH + VALUE_LENGTH + ENTRY_OVERHEAD) + (64L << 20);
        cache = OHCacheBuilder.<byte[], byte[]>newBuilder()
            .keySerializer(new ArraySerializer(new byte[KeySequence.KEY_LENGTH]))
            .valueSerializer(new ArraySerializer(target))
            .capacity(capacity)
            .hashTableSize(Integer.highestOneBit(Math.max(1, entries / segments()) * 2))
            .segmentCount(segments())
            .eviction(Eviction.NONE)
            .build();
    }

    @Override
    void put()
    {
        keys.write(key);
        cache.put(key, values[(int)keys.stamp()]);
    }

    @Override
    long get()
    {
        keys.write(key);
        final byte[] found = cache.get(key);
        if (null == found)
        {
            misses++;
            return 0;
        }

        return found.length;
    }

    @Override
    void remove()
    {
        keys.write(key);
        misses += cache.remove(key) ? 0 : 1;
    }

    /** One entry; only keys can be iterated, so the value is looked up. */
    @Override
    int visitSome()
    {
        if (null == iterator || !iterator.hasNext())
        {
            closeIterator();
            iterator = cache.keyIterator();
        }

        final byte[] visited = iterator.next();
        cache.get(visited);
        visited(KeySequence.start(visited), KeySequence.start(target));
        return 1;
    }

    @Override
    long size()
    {
        return cache.size();
    }

    @Override
    long stampRead()
    {
        return KeySequence.start(target);
    }

    @Override
    public void close()
    {
        try
        {
            closeIterator();
            cache.close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** As its documentation says: twice the cores, a power of two. */
    private static int segments()
    {
        return Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 2);
    }

    private void closeIterator()
    {
        if (null != iterator)
        {
            try
            {
                iterator.close();
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Copies to one array, again and again: who gets it looks at it before the next call. */
    private record ArraySerializer(byte[] target) implements CacheSerializer<byte[]>
    {
        @Override
        public void serialize(final byte[] source, final ByteBuffer buffer)
        {
            buffer.put(source);
        }

        @Override
        public byte[] deserialize(final ByteBuffer buffer)
        {
            buffer.get(target);
            return target;
        }

        @Override
        public int serializedSize(final byte[] source)
        {
            return source.length;
        }
    }
}
