package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.IntsetLayout;

/**
 * Goes from member to member of a set of any encoding, which must not change meanwhile. Writer thread; used again and
 * again.
 */
public final class SetWalk implements AutoCloseable
{
    private final ElementWalk elements;
    private final SetMember member;
    private long intset;
    private long index;

    /** @param memory that the sets lie in. */
    public SetWalk(final OffHeap memory)
    {
        elements = new ElementWalk(memory);
        member = new SetMember(memory);
    }

    /** Stand before the first member of an entry that is a set. */
    public void begin(final long entry)
    {
        intset = 0;
        if (IntsetLayout.TYPE == Entry.type(entry))
        {
            intset = Entry.value(entry);
            index = 0;
        }
        else
        {
            elements.begin(entry);
        }
    }

    /** On to the next; false if there is none. */
    public boolean next()
    {
        if (0 != intset)
        {
            if (index == IntsetLayout.count(intset))
            {
                return false;
            }

            member.number(IntsetLayout.number(intset, index++));
            return true;
        }

        final long at = elements.next();
        if (0 == at)
        {
            return false;
        }

        member.string(at);
        return true;
    }

    /** The member that the walk stands at: one object for all. */
    public SetMember member()
    {
        return member;
    }

    @Override
    public void close()
    {
        member.close();
    }
}
