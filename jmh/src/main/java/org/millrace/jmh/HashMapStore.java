package org.millrace.jmh;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The map of the JDK that readers and a writer can share. The key is the cheapest object that Java has for 16 bytes,
 * made anew for each call; a value is an array, copied in and out. It has room for all entries from the start.
 */
final class HashMapStore extends Store
{
    private final ConcurrentHashMap<HeapKey, byte[]> map;
    private final byte[][] values = KeySequence.values();
    private final byte[] target = new byte[VALUE_LENGTH];
    private Iterator<Map.Entry<HeapKey, byte[]>> iterator;

    HashMapStore(final int entries)
    {
        super(entries);
        map = new ConcurrentHashMap<>(entries * 2);
        iterator = map.entrySet().iterator();
    }

    @Override
    void put()
    {
        map.put(HeapKey.of(keys), values[(int)keys.stamp()].clone());
    }

    @Override
    long get()
    {
        final byte[] found = map.get(HeapKey.of(keys));
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
        misses += null == map.remove(HeapKey.of(keys)) ? 1 : 0;
    }

    /** One entry. */
    @Override
    int visitSome()
    {
        if (!iterator.hasNext())
        {
            iterator = map.entrySet().iterator();
        }

        final Map.Entry<HeapKey, byte[]> entry = iterator.next();
        visited(entry.getKey().low(), KeySequence.start(entry.getValue()));
        return 1;
    }

    @Override
    long size()
    {
        return map.size();
    }

    @Override
    long stampRead()
    {
        return KeySequence.start(target);
    }

    @Override
    public void close()
    {
        map.clear();
    }
}
