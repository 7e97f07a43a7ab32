package org.millrace.engine.tracking;

import org.agrona.collections.IntArrayList;
import org.millrace.engine.memory.Memory;

/** A prefix of keys that clients want to hear of, with those clients. Its bytes are off-heap while there are any. */
public final class Prefix
{
    private final long address;
    private final int length;

    /** Number of the change that came first when somebody had named it. */
    private final long since;

    /** The longest of the others that begins it; null if none does. */
    Prefix parent;
    private final IntArrayList clients = new IntArrayList();

    Prefix(final long source, final int length, final long since)
    {
        this.length = length;
        this.since = since;
        address = Memory.reserve(Math.max(1, length));
        Memory.copy(source, address, length);
    }

    public long address()
    {
        return address;
    }

    public int length()
    {
        return length;
    }

    /** Changes before this one are not for its clients. */
    public long since()
    {
        return since;
    }

    /** Numbers of those who listen, in the order in which they began. */
    public IntArrayList clients()
    {
        return clients;
    }

    boolean begins(final long keyAddress, final int keyLength)
    {
        return length <= keyLength && Memory.equal(address, keyAddress, length);
    }

    /** True if there may be a key that both begin. */
    public boolean overlaps(final long otherAddress, final int otherLength)
    {
        return Memory.equal(address, otherAddress, Math.min(length, otherLength));
    }

    void release()
    {
        Memory.release(address);
    }
}
