package org.millrace.engine.tracking;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * A key that clients have read, off-heap. Most have been read by one client, whose number stands in place of the list.
 * <pre>
 *   0          4          8          12          16             20
 *   +----------+----------+----------+-----------+--------------+-----------+
 *   | next     | hash     | length   | clients   | client, list | key bytes |
 *   +----------+----------+----------+-----------+--------------+-----------+
 * </pre>
 */
@Layout(value = "A key that clients have read and may keep, in the table of tracked keys; writer", length = TrackedKey.HEAD_LENGTH, then = "bytes of the key")
final class TrackedKey
{
    @Layout.Field(bytes = Integer.BYTES, value = "reference to the next key of the bucket; 0 for none")
    static final int NEXT_OFFSET = 0;
    @Layout.Field(bytes = Integer.BYTES, value = "low half of the hash")
    static final int HASH_OFFSET = 4;
    @Layout.Field(bytes = Integer.BYTES, value = "bytes of the key")
    static final int LENGTH_OFFSET = 8;
    @Layout.Field(bytes = Integer.BYTES, value = "how many clients")
    static final int CLIENTS_OFFSET = 12;
    @Layout.Field(bytes = Integer.BYTES, value = "number of the one client, or reference to those of several, ascending")
    static final int LIST_OFFSET = 16;
    static final int HEAD_LENGTH = 20;

    private TrackedKey()
    {
    }

    static void init(final long record, final int hash, final long address, final int length, final int client)
    {
        Memory.putInt(record + HASH_OFFSET, hash);
        Memory.putInt(record + LENGTH_OFFSET, length);
        clients(record, 1);
        list(record, client);
        Memory.copy(address, key(record), length);
    }

    static int next(final long record)
    {
        return Memory.getInt(record + NEXT_OFFSET);
    }

    static void next(final long record, final int ref)
    {
        Memory.putInt(record + NEXT_OFFSET, ref);
    }

    static int hash(final long record)
    {
        return Memory.getInt(record + HASH_OFFSET);
    }

    static int length(final long record)
    {
        return Memory.getInt(record + LENGTH_OFFSET);
    }

    static int clients(final long record)
    {
        return Memory.getInt(record + CLIENTS_OFFSET);
    }

    static void clients(final long record, final int count)
    {
        Memory.putInt(record + CLIENTS_OFFSET, count);
    }

    /** The one client, or where the list is. */
    static int list(final long record)
    {
        return Memory.getInt(record + LIST_OFFSET);
    }

    static void list(final long record, final int clientOrRef)
    {
        Memory.putInt(record + LIST_OFFSET, clientOrRef);
    }

    /** Address of its bytes. */
    static long key(final long record)
    {
        return record + HEAD_LENGTH;
    }

    static boolean is(final long record, final int hash, final long address, final int length)
    {
        return hash == hash(record) && length == length(record) && Memory.equal(key(record), address, length);
    }
}
