package org.millrace.jmh;

import net.openhft.chronicle.map.ChronicleMap;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Chronicle Map in memory, told the sizes and the number of entries, with arrays that are used again. */
public class ChronicleStore extends Store
{
    ChronicleMap<byte[], byte[]> map;
    byte[] target = new byte[VALUE_LENGTH];

    private final byte[] key = new byte[KeySequence.KEY_LENGTH];
    private final byte[] value = new byte[VALUE_LENGTH];

    @Setup
    public void fill()
    {
        begin();
        map = ChronicleMap.of(byte[].class, byte[].class)
            .name("benchmark")
            .constantKeySizeBySample(key)
            .constantValueSizeBySample(value)
            .entries(entries)
            .create();
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
        map.close();
    }

    void put()
    {
        keys.write(key);
        KeySequence.stamp(value, keys.number());
        map.put(key, value);
    }

    void get()
    {
        keys.write(key);
        final byte[] found = map.getUsing(key, target);
        if (null == found)
        {
            misses++;
            return;
        }

        target = found;
    }

    void remove()
    {
        keys.write(key);
        misses += null == map.remove(key) ? 1 : 0;
    }
}
