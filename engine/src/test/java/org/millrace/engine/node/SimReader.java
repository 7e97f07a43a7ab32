package org.millrace.engine.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

/** A program's reader on one node, open beside everything that happens there: it must see what the writer sees. */
final class SimReader implements AutoCloseable
{
    private final ByteBuffer key = ByteBuffer.allocateDirect(64);
    private final SimNode node;
    private final KeyReader reader;

    SimReader(final SimNode node)
    {
        this.node = node;
        reader = node.node.openReader();
    }

    /** Read one key, unless the node has gone over to another data set. */
    void check(final int database, final String name)
    {
        final byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        key.clear().put(bytes);
        final long keyAddress = Memory.address(key);
        final DataSet data = node.node.data();
        final long entry = data.keyspace(database).find(keyAddress, bytes.length);
        // Nothing expires at time 0.
        final long length = reader.get(database, keyAddress, bytes.length, 0, 0, 0);
        if (KeyReader.SHUT == length)
        {
            return;
        }

        final long expected = expected(entry);
        if (length != expected)
        {
            throw new AssertionError(
                "node " + node.port + ": a reader finds " + name + " of length " + length + ", the writer " + expected);
        }

        if (length <= 0)
        {
            return;
        }

        final ByteBuffer value = ByteBuffer.allocateDirect((int)length * 2);
        final long address = Memory.address(value);
        reader.get(database, keyAddress, bytes.length, 0, address, length);
        StringValue.copy(data.memory(), entry, 0, length, address + length);
        if (!value.slice(0, (int)length).equals(value.slice((int)length, (int)length)))
        {
            throw new AssertionError("node " + node.port + ": a reader finds another value of " + name);
        }
    }

    private static long expected(final long entry)
    {
        if (Entry.NO_ENTRY == entry)
        {
            return KeyReader.ABSENT;
        }

        return StringLayout.TYPE == Entry.type(entry) ? StringValue.length(entry) : KeyReader.WRONG_TYPE;
    }

    @Override
    public void close()
    {
        reader.close();
    }
}
