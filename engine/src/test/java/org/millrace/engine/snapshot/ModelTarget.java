package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

/** A data set made of maps, for tests of the loader alone. */
final class ModelTarget implements RdbTarget, ValueBuilder
{
    private final List<Map<String, String>> databases = new ArrayList<>();
    private int selected;
    private int memoryLeft = Integer.MAX_VALUE;
    private String largeKey;
    private long largeDeadline;
    private byte[] large;
    private int added;
    private boolean isLargeOpen;
    private StringBuilder elements;
    private List<byte[]> functions = List.of();

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

    /** Sources of the function libraries. */
    List<String> functions()
    {
        return functions.stream().map((source) -> new String(source, ISO_8859_1)).toList();
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
    public void prefetch(final long[] keyAddresses, final int[] keyLengths, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            text(keyAddresses[i], keyLengths[i]);
        }
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
    public ValueBuilder value(final long keyAddress, final int keyLength, final long deadlineMs)
    {
        largeKey = text(keyAddress, keyLength);
        largeDeadline = deadlineMs;
        return this;
    }

    @Override
    public String functions(final List<byte[]> sources)
    {
        functions = sources;
        return null;
    }

    @Override
    public int begin(final int type, final long count)
    {
        if (isLargeOpen)
        {
            throw new AssertionError("a value was begun inside another");
        }

        if (0 == memoryLeft)
        {
            return NO_MEMORY;
        }

        elements = StringLayout.TYPE == type ? null : new StringBuilder(RdbDescriptor.typeName(type));
        large = new byte[null == elements ? (int)Math.min(count, 1 << 24) : 0];
        added = 0;
        isLargeOpen = true;
        return OK;
    }

    @Override
    public int add(final long address, final long length)
    {
        if (null != elements)
        {
            elements.append(' ').append(text(address, (int)length));
            return OK;
        }

        Memory.copy(address, large, added, (int)length);
        added += (int)length;
        return OK;
    }

    @Override
    public int addZeros(final long length)
    {
        added += (int)length;
        return OK;
    }

    @Override
    public void deadline(final long deadlineMs)
    {
        elements.append('@').append(deadlineMs);
    }

    @Override
    public int score(final double score)
    {
        elements.append('=').append(score);
        return OK;
    }

    @Override
    public int string(final long address, final long length)
    {
        if (OK == begin(StringLayout.TYPE, length))
        {
            return add(address, length);
        }

        // As the data set's, which finds out when it stores.
        elements = null;
        large = new byte[0];
        isLargeOpen = true;
        return OK;
    }

    @Override
    public int commit()
    {
        isLargeOpen = false;
        return put(largeKey, null == elements ? new String(large, ISO_8859_1) : elements.toString(), largeDeadline);
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
