package org.millrace.engine.datatype;

import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.memory.ScratchBuffer;

/**
 * Members of sets, gathered by where they lie; each text once, if they come through {@link #add}. The sets must not
 * change meanwhile. Off-heap, in the order in which members came. Writer thread; used again and again.
 * <pre>
 *   record, 16 B                                index: number of a record and 1, or 0
 *   +---------------------+------------------+  +-----+-----+-----+
 *   | address, 0, or gone | hash, or integer |  | 4 B | 4 B | ... |
 *   +---------------------+------------------+  +-----+-----+-----+
 * </pre>
 * What is an integer stands there as one, wherever it lies, so that those of intsets meet those of other sets.
 */
public final class MemberTable implements AutoCloseable
{
    private static final int RECORD_LENGTH = 16;
    private static final int KEY_AT = 8;
    private static final int SLOTS_MIN = 64;

    /** Address of an integer, and of a record that was removed. */
    private static final long INTEGER = 0;
    private static final long GONE = -1;

    private static final int NONE = -1;

    private final ScratchBuffer records = new ScratchBuffer();
    private final ScratchBuffer index = new ScratchBuffer();
    private final SetMember other;
    private long seed;
    private int count;
    private int goneCount;
    private int slots;
    private boolean hasTexts;
    private long longest;

    /** @param memory that the sets lie in. */
    MemberTable(final OffHeap memory)
    {
        other = new SetMember(memory);
    }

    /** Empty it. @param newSeed of the hashes of its members, which clients must not be able to guess. */
    public void begin(final long newSeed)
    {
        records.clear();
        index.clear();
        seed = newSeed;
        count = 0;
        goneCount = 0;
        slots = 0;
        hasTexts = false;
        longest = 0;
    }

    /** Empty it, and give back what is more than an ordinary command needs. */
    public void clear()
    {
        begin(seed);
    }

    /** Members that are in it. */
    public long size()
    {
        return count - goneCount;
    }

    /** True if not all that came through {@link #add} were integers. */
    public boolean hasTexts()
    {
        return hasTexts;
    }

    /** Bytes of the longest text that came through {@link #add}. */
    public long longest()
    {
        return longest;
    }

    /** Records that {@link #get} knows, of removed members, too. */
    public int records()
    {
        return count;
    }

    /** Let {@code member} stand for the one of a record. @return false if it was removed. */
    public boolean get(final int record, final SetMember member)
    {
        final long at = records.address() + (long)record * RECORD_LENGTH;
        final long address = Memory.getLong(at);
        if (GONE == address)
        {
            return false;
        }

        if (INTEGER == address)
        {
            member.number(Memory.getLong(at + KEY_AT));
        }
        else
        {
            member.string(address);
        }

        return true;
    }

    /** Put a member in that is not in it. To be mixed with {@link #add} and {@link #remove} only behind them. */
    public void append(final SetMember member)
    {
        final long at = records.claim(RECORD_LENGTH);
        final boolean isInteger = member.isInteger();
        Memory.putLong(at, isInteger ? INTEGER : member.at());
        Memory.putLong(at + KEY_AT, isInteger ? member.integer() : 0);
        count++;
    }

    /** Put a member in. @return false if it is in it. */
    public boolean add(final SetMember member)
    {
        if (2L * (count + 1) > slots)
        {
            grow();
        }

        final long hash = member.hash(seed);
        final int slot = find(member, hash);
        if (NONE != recordOf(slot))
        {
            return false;
        }

        append(member);
        longest = Math.max(longest, member.length());
        if (INTEGER != Memory.getLong(record(count - 1)))
        {
            hasTexts = true;
            Memory.putLong(record(count - 1) + KEY_AT, hash);
        }

        Memory.putInt(slotAddress(slot), count);
        return true;
    }

    /** Take out a member that came through {@link #add}; nothing is done if it is not in it. */
    public void remove(final SetMember member)
    {
        if (0 == slots)
        {
            return;
        }

        final int record = recordOf(find(member, member.hash(seed)));
        if (NONE != record)
        {
            // The slot stays: others may have been put behind it.
            Memory.putLong(record(record), GONE);
            goneCount++;
        }
    }

    /** The slot of a member, or the free one where it would be. */
    private int find(final SetMember member, final long hash)
    {
        int slot = (int)hash & slots - 1;
        while (NONE != recordOf(slot) && !isAt(recordOf(slot), member, hash))
        {
            slot = slot + 1 & slots - 1;
        }

        return slot;
    }

    private boolean isAt(final int record, final SetMember member, final long hash)
    {
        final long at = record(record);
        final long address = Memory.getLong(at);
        final long key = Memory.getLong(at + KEY_AT);
        if (INTEGER == address)
        {
            return member.isInteger() && key == member.integer();
        }

        return GONE != address && key == hash && !member.isInteger() && other.string(address).isSame(member);
    }

    private long record(final int record)
    {
        return records.address() + (long)record * RECORD_LENGTH;
    }

    private long slotAddress(final int slot)
    {
        return index.address() + (long)slot * Integer.BYTES;
    }

    /** Record of a slot, {@link #NONE} of a free one. */
    private int recordOf(final int slot)
    {
        return Memory.getInt(slotAddress(slot)) - 1;
    }

    private void grow()
    {
        slots = Math.max(SLOTS_MIN, 2 * slots);
        index.clear();
        Memory.set(index.claim((long)slots * Integer.BYTES), (long)slots * Integer.BYTES, (byte)0);
        for (int i = 0; i < count; i++)
        {
            final long at = record(i);
            if (GONE != Memory.getLong(at))
            {
                int slot = (int)hashOf(at) & slots - 1;
                while (NONE != recordOf(slot))
                {
                    slot = slot + 1 & slots - 1;
                }

                Memory.putInt(slotAddress(slot), i + 1);
            }
        }
    }

    private long hashOf(final long record)
    {
        final long key = Memory.getLong(record + KEY_AT);
        return INTEGER == Memory.getLong(record) ? Hashing.mix64(key ^ seed) : key;
    }

    @Override
    public void close()
    {
        records.close();
        index.close();
        other.close();
    }
}
