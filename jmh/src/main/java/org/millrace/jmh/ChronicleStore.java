package org.millrace.jmh;

import net.openhft.chronicle.hash.HashSegmentContext;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.MapEntry;

/** Chronicle Map in memory, told the sizes and the number of entries, with arrays that are used again. */
final class ChronicleStore extends Store
{
    private final ChronicleMap<byte[], byte[]> map;
    private final byte[] key = new byte[KeySequence.KEY_LENGTH];
    private final byte[][] values = KeySequence.values();
    private byte[] target = new byte[VALUE_LENGTH];
    private byte[] keyVisited = new byte[KeySequence.KEY_LENGTH];
    private int segment;

    ChronicleStore(final int entries)
    {
        super(entries);
        map = ChronicleMap.of(byte[].class, byte[].class)
            .name("benchmark")
            .constantKeySizeBySample(key)
            .constantValueSizeBySample(target)
            .entries(entries)
            .create();
    }

    @Override
    void put()
    {
        keys.write(key);
        map.put(key, values[(int)keys.stamp()]);
    }

    @Override
    long get()
    {
        keys.write(key);
        final byte[] found = map.getUsing(key, target);
        if (null == found)
        {
            misses++;
            return 0;
        }

        target = found;
        return found.length;
    }

    @Override
    void remove()
    {
        keys.write(key);
        misses += null == map.remove(key) ? 1 : 0;
    }

    /** One segment. */
    @Override
    int visitSome()
    {
        try (HashSegmentContext<byte[], MapEntry<byte[], byte[]>> context = segmentContext())
        {
            context.forEachSegmentEntry(this::visit);
            return (int)context.size();
        }
        finally
        {
            segment = segment + 1 == map.segments() ? 0 : segment + 1;
        }
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
        map.close();
    }

    @SuppressWarnings("unchecked")
    private HashSegmentContext<byte[], MapEntry<byte[], byte[]>> segmentContext()
    {
        return (HashSegmentContext<byte[], MapEntry<byte[], byte[]>>)(HashSegmentContext<byte[], ?>)map
            .segmentContext(segment);
    }

    private void visit(final MapEntry<byte[], byte[]> entry)
    {
        keyVisited = entry.key().getUsing(keyVisited);
        target = entry.value().getUsing(target);
        visited(KeySequence.start(keyVisited), KeySequence.start(target));
    }
}
