package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.tree.ListTree;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.Trees;
import org.millrace.engine.tree.WholeString;
import org.millrace.engine.value.StreamName;

/**
 * The groups and consumers of one stream by place: groups first, then the consumers of each, in the order of names. Where
 * a method says whether it has done something, false is for want of memory: then nothing has changed. Writer thread.
 */
final class StreamNames implements AutoCloseable
{
    private final ListTree tree;
    private final WholeString record;
    private final ScratchBuffer work = new ScratchBuffer();
    private long head;

    StreamNames(final Trees trees, final OffHeap memory)
    {
        tree = new ListTree(trees);
        record = new WholeString(memory);
    }

    /** @param treeHead of the names that are asked about from now on. */
    void open(final long treeHead)
    {
        head = treeHead;
    }

    long count()
    {
        return TreeHead.count(head);
    }

    /** Look at a name. @return its {@link StreamName}, until the next call or change. */
    long record(final long place)
    {
        return record.set(tree.at(head, place));
    }

    /** Of the name that is looked at. */
    long nameAddress()
    {
        return record.address() + StreamName.LENGTH;
    }

    /** Of the name that is looked at. */
    int nameLength()
    {
        return (int)(record.length() - StreamName.LENGTH);
    }

    /** Place of the first name of an owner, or of a later one. */
    long first(final long owner)
    {
        return seek(owner, 0, -1);
    }

    /** Place of a name, or where it is to be put: {@link #isAt} tells. */
    long place(final long owner, final long name, final int length)
    {
        return seek(owner, name, length);
    }

    /** True if this name stands in that place, which is then looked at. */
    boolean isAt(final long place, final long owner, final long name, final int length)
    {
        return place < count() && 0 == compare(record(place), owner, name, length);
    }

    /** @param length -1: before all names of the owner. */
    private long seek(final long owner, final long name, final int length)
    {
        long low = 0;
        long high = count();
        while (low < high)
        {
            final long middle = low + high >>> 1;
            if (compare(record(middle), owner, name, length) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private int compare(final long at, final long owner, final long name, final int length)
    {
        final long own = StreamName.owner(at);
        if (own != owner)
        {
            return own < owner ? -1 : 1;
        }

        final int ownLength = nameLength();
        for (int i = 0, common = Math.min(ownLength, length); i < common; i++)
        {
            final int difference = Memory.getUnsignedByte(nameAddress() + i) - Memory.getUnsignedByte(name + i);
            if (0 != difference)
            {
                return difference;
            }
        }

        return ownLength - length;
    }

    /** Begin a record for a new name; its fields are to be set. @return its address, for {@link #insert}. */
    long begin(final long name, final int length)
    {
        final long at = work.renew((long)StreamName.LENGTH + length);
        Memory.copyDisjoint(name, at + StreamName.LENGTH, length);
        return at;
    }

    boolean insert(final long place, final long at, final int length)
    {
        return tree.insert(head, place, at, (long)StreamName.LENGTH + length);
    }

    /** Begin to change the record of a place. @return where it may be changed, for {@link #endChange}. */
    long beginChange(final long place)
    {
        final long present = record(place);
        final long at = work.renew(record.length());
        Memory.copyDisjoint(present, at, record.length());
        return at;
    }

    boolean endChange(final long place, final long at)
    {
        final long there = tree.changeable(head, place);
        if (0 != there)
        {
            // The name is as before.
            TreeHead.beginChange(head);
            Memory.copyDisjoint(at, there, StreamName.LENGTH);
            TreeHead.endChange(head);
            return true;
        }

        return tree.set(head, place, at, record.length());
    }

    /** See to it that so many names, from a place on, can be removed. @return false if memory ran out. */
    boolean claim(final long place, final long count)
    {
        return tree.ownRange(head, place, place + count);
    }

    /** Remove names that were claimed. */
    void remove(final long place, final long count)
    {
        final boolean isRemoved = tree.removeRange(head, place, place + count);
        Check.that(isRemoved, "claimed names have no memory to go: place, names", place, count());
    }

    @Override
    public void close()
    {
        record.close();
        work.close();
    }
}
