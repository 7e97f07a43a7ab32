package org.millrace.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Iterator;
import java.util.Map;

/**
 * Caffeine as a cache that is big enough: it keeps account of what is used, which a cache is for, and never evicts.
 * That work is done by the thread that makes it necessary. Keys and values as in {@link HashMapStore}.
 */
final class CaffeineStore extends Store
{
    private final Cache<HeapKey, byte[]> cache;
    private final byte[][] values = KeySequence.values();
    private final byte[] target = new byte[VALUE_LENGTH];
    private Iterator<Map.Entry<HeapKey, byte[]>> iterator;

    CaffeineStore(final int entries)
    {
        super(entries);
        cache = Caffeine.newBuilder()
            .initialCapacity(entries * 2)
            .maximumSize(entries * 2L)
            .executor(Runnable::run)
            .build();
        iterator = cache.asMap().entrySet().iterator();
    }

    @Override
    void put()
    {
        cache.put(HeapKey.of(keys), values[(int)keys.stamp()].clone());
    }

    @Override
    long get()
    {
        final byte[] found = cache.getIfPresent(HeapKey.of(keys));
        if (null == found)
        {
            misses++;
            return 0;
        }

        System.arraycopy(found, 0, target, 0, found.length);
        return found.length;
    }

    @Override
    void remove()
    {
        misses += null == cache.asMap().remove(HeapKey.of(keys)) ? 1 : 0;
    }

    /** One entry. */
    @Override
    int visitSome()
    {
        if (!iterator.hasNext())
        {
            iterator = cache.asMap().entrySet().iterator();
        }

        final Map.Entry<HeapKey, byte[]> entry = iterator.next();
        visited(entry.getKey().low(), KeySequence.start(entry.getValue()));
        return 1;
    }

    @Override
    long size()
    {
        return cache.estimatedSize();
    }

    @Override
    long stampRead()
    {
        return KeySequence.start(target);
    }

    @Override
    public void close()
    {
        cache.invalidateAll();
    }
}
