package org.millrace.engine.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;

/**
 * Keys with a deadline that clients have written to a replica that takes writes. A replica removes nothing that its
 * primary will delete, but of these the primary knows nothing. Writer thread; allocates, as such replicas are rare.
 */
public final class ReplicaKeys
{
    private record Key(int database, String name)
    {
    }

    private final HashSet<Key> known = new HashSet<>();
    private final ArrayDeque<Key> order = new ArrayDeque<>();

    /** A client has changed this key; call after the change. */
    void written(final Keyspace keyspace, final long keyAddress, final int keyLength)
    {
        final long entry = keyspace.find(keyAddress, keyLength);
        if (Entry.NO_ENTRY != entry && Entry.isVolatile(entry))
        {
            final byte[] name = new byte[keyLength];
            Memory.copy(keyAddress, name, 0, keyLength);
            final Key key = new Key(keyspace.index(), new String(name, StandardCharsets.ISO_8859_1));
            if (known.add(key))
            {
                order.add(key);
            }
        }
    }

    /** The data have been replaced, or this node is a primary: nothing is special any more. */
    public void clear()
    {
        known.clear();
        order.clear();
    }

    /** Look at {@code limit} keys, oldest look first: remove the expired, forget those without a deadline. */
    public void expireDue(final WriterState writer, final int limit)
    {
        for (int i = Math.min(limit, order.size()); i > 0; i--)
        {
            final Key key = order.remove();
            final Keyspace keyspace = writer.data().keyspace(key.database());
            final long entry = find(keyspace, key.name());
            if (Entry.NO_ENTRY != entry && Entry.isVolatile(entry))
            {
                if (writer.nowMs() <= Entry.deadlineMs(entry))
                {
                    order.add(key);
                    continue;
                }

                writer.expire(keyspace, entry);
            }

            known.remove(key);
        }

        writer.statistics().replicaKeys = order.size();
    }

    private static long find(final Keyspace keyspace, final String name)
    {
        final byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        final long address = Memory.reserve(bytes.length + 1L);
        Memory.copy(bytes, 0, address, bytes.length);
        final long entry = keyspace.find(address, bytes.length);
        Memory.release(address);
        return entry;
    }
}
