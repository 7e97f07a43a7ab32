package org.millrace.io.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;
import java.util.TreeMap;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.StringLayout;

/** A data set of strings with text access, for tests. Characters are bytes. */
final class Strings implements AutoCloseable
{
    final OffHeap memory = new OffHeap(0);
    final DataSet data;
    final StringEditor editor;

    Strings(final int databases)
    {
        data = new DataSet(memory, databases, 4711);
        editor = new StringEditor(data);
    }

    void set(final int database, final String key, final String value, final long deadlineMs)
    {
        final byte[] keyBytes = key.getBytes(ISO_8859_1);
        final byte[] valueBytes = value.getBytes(ISO_8859_1);
        final long address = Memory.reserve(keyBytes.length + valueBytes.length + 1);
        Memory.copy(keyBytes, 0, address, keyBytes.length);
        Memory.copy(valueBytes, 0, address + keyBytes.length, valueBytes.length);
        final boolean isSet = editor.set(data.keyspace(database), address, keyBytes.length,
            address + keyBytes.length, valueBytes.length, deadlineMs);
        Memory.release(address);
        if (!isSet)
        {
            throw new AssertionError("no memory");
        }
    }

    /** A value that is sparse: zero bytes up to its last one. */
    void setSparse(final int database, final String key, final long length)
    {
        final byte[] keyBytes = key.getBytes(ISO_8859_1);
        final long address = Memory.reserve(keyBytes.length + 1);
        Memory.copy(keyBytes, 0, address, keyBytes.length);
        Memory.putByte(address + keyBytes.length, (byte)'x');
        final boolean isSet = editor.begin(data.keyspace(database), address, keyBytes.length, Entry.NO_ENTRY, length,
            Entry.NO_DEADLINE, StringLayout.RAW) &&
            editor.write(length - 1, address + keyBytes.length, 1) && editor.commit();
        Memory.release(address);
        if (!isSet)
        {
            throw new AssertionError("no memory");
        }
    }

    long find(final int database, final String key)
    {
        final byte[] keyBytes = key.getBytes(ISO_8859_1);
        final long address = Memory.reserve(keyBytes.length + 1);
        Memory.copy(keyBytes, 0, address, keyBytes.length);
        final long entry = data.keyspace(database).find(address, keyBytes.length);
        Memory.release(address);
        return entry;
    }

    String value(final long entry)
    {
        final int length = (int)StringValue.length(entry);
        final long address = Memory.reserve(Math.max(1, length));
        StringValue.copy(memory, entry, 0, length, address);
        final String value = text(address, length);
        Memory.release(address);
        return value;
    }

    /** Keys to values, a deadline after an at sign. */
    Map<String, String> contents(final int database)
    {
        final Map<String, String> contents = new TreeMap<>();
        final Keyspace keyspace = data.keyspace(database);
        long cursor = 0;
        do
        {
            cursor = keyspace.scan(cursor, (visited, entry) -> contents.put(
                text(Entry.keyAddress(entry), Entry.keyLength(entry)),
                Entry.isVolatile(entry) ? value(entry) + "@" + Entry.deadlineMs(entry) : value(entry)));
        }
        while (0 != cursor);
        return contents;
    }

    static String text(final long address, final int length)
    {
        final byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, ISO_8859_1);
    }

    @Override
    public void close()
    {
        data.close();
        memory.close();
    }
}
