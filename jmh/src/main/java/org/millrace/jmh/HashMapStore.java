package org.millrace.jmh;

import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The map of the JDK that readers and a writer can share, with the cheapest key that Java has. */
public class HashMapStore extends Store
{
    ConcurrentHashMap<Key, byte[]> map;
    final byte[] target = new byte[VALUE_LENGTH];

    /** A 16-byte key. */
    record Key(long low, long high)
    {
    }

    @Setup
    public void fill()
    {
        begin();
        map = new ConcurrentHashMap<>(entries * 2);
        for (int i = 0; i < entries; i++)
        {
            keys.at(i);
            put();
        }
    }

    @TearDown
    public void release()
    {
        EngineBenchmark.check(map.size() == entries, "keys", map.size(), entries);
        map = null;
    }

    /** Set the present key; the map keeps what it is given, so the value is an array of its own. */
    void put()
    {
        final byte[] value = new byte[VALUE_LENGTH];
        KeySequence.stamp(value, keys.number());
        map.put(new Key(keys.low(), keys.high()), value);
    }

    void get()
    {
        final byte[] value = map.get(new Key(keys.low(), keys.high()));
        if (null == value)
        {
            misses++;
            return;
        }

        System.arraycopy(value, 0, target, 0, VALUE_LENGTH);
    }

    void remove()
    {
        misses += null == map.remove(new Key(keys.low(), keys.high())) ? 1 : 0;
    }
}
