package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.memory.Memory;

/**
 * Keys of the data set file whose time had come before it was loaded: replicas that resume still hold them, so each is
 * deleted in the stream.
 */
final class ExpiredAtLoad
{
    private record Key(int database, byte[] name)
    {
    }

    private final List<Key> keys = new ArrayList<>();

    void add(final int database, final long keyAddress, final int keyLength)
    {
        final byte[] name = new byte[keyLength];
        Memory.copy(keyAddress, name, 0, keyLength);
        keys.add(new Key(database, name));
    }

    /** Encode the deletions, if there is a ring for those who resume. */
    void propagate(final WriterState writer)
    {
        if (writer.isPropagating())
        {
            for (final Key key : keys)
            {
                final long address = Memory.reserve(Math.max(1, key.name.length));
                Memory.copy(key.name, 0, address, key.name.length);
                writer.propagateExpiry(key.database, address, key.name.length);
                writer.stream().endUnit();
                Memory.release(address);
            }
        }

        keys.clear();
    }
}
