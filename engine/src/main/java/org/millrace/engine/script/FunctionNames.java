package org.millrace.engine.script;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** Functions by their names in any case, made once for a set of libraries. A lookup allocates nothing. Writer thread. */
final class FunctionNames
{
    private static final int SLOTS_MIN = 16;

    private final LibraryFunction[] slots;
    private int count;

    /** @param expected functions. */
    FunctionNames(final int expected)
    {
        slots = new LibraryFunction[Math.max(SLOTS_MIN, Integer.highestOneBit(Math.max(1, expected)) * 4)];
    }

    void add(final LibraryFunction function)
    {
        final String name = function.folded();
        int hash = 0;
        for (int i = 0; i < name.length(); i++)
        {
            hash = hash * 31 + name.charAt(i);
        }

        final int slot = slot(hash);
        function.next = slots[slot];
        slots[slot] = function;
        count++;
    }

    /** The function that the argument names, or null. */
    LibraryFunction find(final ArgVector args, final int index)
    {
        final long address = args.address(index);
        final int length = args.length(index);
        int hash = 0;
        for (int i = 0; i < length; i++)
        {
            hash = hash * 31 + lower(Memory.getUnsignedByte(address + i));
        }

        LibraryFunction function = slots[slot(hash)];
        while (null != function && !function.isNamed(address, length))
        {
            function = function.next;
        }

        return function;
    }

    int count()
    {
        return count;
    }

    private int slot(final int hash)
    {
        return (hash ^ hash >>> 16) & slots.length - 1;
    }

    static int lower(final int c)
    {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
}
