package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;

/** A data set made of maps, for tests of the loader alone. */
final class ModelTarget implements RdbTarget
{
    private final List<Map<String, String>> databases = new ArrayList<>();
    private int selected;
    private int memoryLeft = Integer.MAX_VALUE;
    private String largeKey;
    private long largeDeadline;
    private byte[] large;
    private boolean isLargeOpen;

    ModelTarget(final int databaseCount)
    {
        for (int i = 0; i < databaseCount; i++)
        {
            databases.add(new TreeMap<>());
        }
    }

    void failAfter(final int stores)
    {
        memoryLeft = stores;
    }

    Map<String, String> database(final int index)
    {
        return databases.get(index);
    }

    boolean isLargeOpen()
    {
        return isLargeOpen;
    }

    @Override
    public int databases()
    {
        return databases.size();
    }

    @Override
    public void select(final int database)
    {
        selected = database;
    }

    @Override
    public void prefetch(final long keyAddress, final int keyLength)
    {
        text(keyAddress, keyLength);
    }

    @Override
    public int set(
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs)
    {
        return put(text(keyAddress, keyLength), text(valueAddress, (int)valueLength), deadlineMs);
    }

    @Override
    public boolean begin(final long keyAddress, final int keyLength, final long valueLength, final long deadlineMs)
    {
        if (isLargeOpen)
        {
            throw new AssertionError("a large value was begun inside another");
        }

        if (0 == memoryLeft)
        {
            return false;
        }

        largeKey = text(keyAddress, keyLength);
        largeDeadline = deadlineMs;
        large = new byte[(int)Math.min(valueLength, 1 << 24)];
        isLargeOpen = true;
        return true;
    }

    @Override
    public boolean write(final long offset, final long source, final long length)
    {
        Memory.copy(source, large, (int)offset, (int)length);
        return true;
    }

    @Override
    public int commit()
    {
        isLargeOpen = false;
        return put(largeKey, new String(large, ISO_8859_1), largeDeadline);
    }

    @Override
    public void abort()
    {
        if (!isLargeOpen)
        {
            throw new AssertionError("aborted twice");
        }

        isLargeOpen = false;
    }

    private int put(final String key, final String value, final long deadlineMs)
    {
        if (0 == memoryLeft)
        {
            return NO_MEMORY;
        }

        memoryLeft--;
        final String shown = Entry.NO_DEADLINE == deadlineMs ? value : value + "@" + deadlineMs;
        return null == databases.get(selected).put(key, shown) ? OK : DUPLICATE;
    }

    private static String text(final long address, final int length)
    {
        final byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, ISO_8859_1);
    }
}
