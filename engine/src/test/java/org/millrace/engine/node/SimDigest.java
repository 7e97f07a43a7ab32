package org.millrace.engine.node;

import java.nio.ByteBuffer;
import org.millrace.engine.datatype.ElementVisitor;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.ValueRuns;

/**
 * A number that is equal for equal data: every key of every database with value and deadline, however it lies in
 * memory. Much quicker than DEBUG DIGEST, so that a simulation can look at its nodes all the time.
 */
final class SimDigest implements ElementVisitor
{
    private static final long SEED = 0x5DEE_CE66_D123_4567L;

    private final EntryVisitor onEntry = this::onEntry;
    private ByteBuffer scratch = ByteBuffer.allocateDirect(1 << 16);
    private ValueRuns runs;
    private int database;
    private long sum;

    // Of the present value.
    private boolean isOrdered;
    private long elementSeed;
    private long element;
    private long value;

    long of(final DataSet data)
    {
        runs = new ValueRuns(data.memory());
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
        final ValueType type = ValueType.of(entry);
        isOrdered = type.isOrdered();
        elementSeed = seed + type.redisNumber();
        element = elementSeed;
        value = 0;
        type.elements(entry, runs, this);
        return value;
    }

    /** Gathered first: in how many runs a part lies is its node's own affair. */
    @Override
    public void onPart(final ValueRuns part)
    {
        int length = 0;
        while (part.next())
        {
            final int run = (int)part.length();
            grow(length + run);
            final long target = Memory.address(scratch) + length;
            if (0 == part.address())
            {
                Memory.set(target, run, (byte)0);
            }
            else
            {
                Memory.copy(part.address(), target, run);
            }

            length += run;
        }

        element = Hashing.hash(element, Memory.address(scratch), length);
    }

    @Override
    public void onScore(final double score)
    {
        element = mix(element + Double.doubleToRawLongBits(score));
    }

    @Override
    public void onDeadline(final long deadlineMs)
    {
        element = mix(element + 31 * deadlineMs);
    }

    @Override
    public void onEnd()
    {
        value = isOrdered ? mix(31 * value + element) : value + mix(element);
        element = elementSeed;
    }

    private void grow(final int length)
    {
        if (length > scratch.capacity())
        {
            final ByteBuffer larger = ByteBuffer.allocateDirect(2 * length);
            Memory.copy(Memory.address(scratch), Memory.address(larger), scratch.capacity());
            scratch = larger;
        }
    }

    private static long mix(final long value)
    {
        final long product = (value ^ value >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return product ^ product >>> 32;
    }
}
