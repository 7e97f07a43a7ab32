package org.millrace.engine.node;

import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import java.nio.ByteBuffer;

/**
 * A number that is equal for equal data: every key of every database with value and deadline, however it lies in
 * memory. Much quicker than DEBUG DIGEST, so that a simulation can look at its nodes all the time.
 */
final class SimDigest
{
    private static final long SEED = 0x5DEE_CE66_D123_4567L;

    private final EntryVisitor onEntry = this::onEntry;
    private ByteBuffer scratch = ByteBuffer.allocateDirect(1 << 16);
    private OffHeap memory;
    private int database;
    private long sum;

    long of(final DataSet data)
    {
        memory = data.memory();
        sum = 0;
        for (database = 0; database < data.databases(); database++)
        {
            final Keyspace keyspace = data.keyspace(database);
            long cursor = keyspace.scan(0, onEntry);
            while (0 != cursor)
            {
                cursor = keyspace.scan(cursor, onEntry);
            }
        }

        return sum;
    }

    private void onEntry(final Keyspace keyspace, final long entry)
    {
        final long key = Hashing.hash(SEED + database, Entry.keyAddress(entry), Entry.keyLength(entry));
        // Sums up in any order, so each term must depend on all of its entry.
        sum += mix(key + mix(hashOfValue(entry, key) + Entry.deadlineMs(entry)));
    }

    private long hashOfValue(final long entry, final long seed)
    {
        final int length = (int)StringValue.length(entry);
        if (!StringValue.isLarge(entry))
        {
            return Hashing.hash(seed, StringValue.content(entry), length);
        }

        if (length > scratch.capacity())
        {
            scratch = ByteBuffer.allocateDirect(length);
        }

        final long address = Memory.address(scratch);
        StringValue.copy(memory, entry, 0, length, address);
        return Hashing.hash(seed, address, length);
    }

    private static long mix(final long value)
    {
        final long product = (value ^ value >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return product ^ product >>> 32;
    }
}
