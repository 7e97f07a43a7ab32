package org.millrace.engine.command;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** Rows by a name each, in any case. Filled at start, then fixed. A lookup allocates nothing. */
final class CommandNames
{
    private static final int SLOTS = 1024;

    private final String[] names = new String[SLOTS];
    private final CommandSpec[] rows = new CommandSpec[SLOTS];
    private int count;

    /** Have a lower-case name, whose chars are bytes, mean a row; null for nothing. Replaces what it has meant. */
    void put(final String name, final CommandSpec row)
    {
        final int slot = place(name);
        if (null == names[slot])
        {
            count++;
            Check.that(count < SLOTS / 2, "too many names of commands: names, slots", count, SLOTS);
        }

        names[slot] = name;
        rows[slot] = row;
    }

    /** The row that the first argument names, or null. */
    CommandSpec find(final ArgVector args)
    {
        final long address = args.address(0);
        final int length = args.length(0);
        int hash = 0;
        for (int i = 0; i < length; i++)
        {
            hash = hash * 31 + CommandTable.lower(Memory.getUnsignedByte(address + i));
        }

        for (int slot = slot(hash); null != names[slot]; slot = slot + 1 & SLOTS - 1)
        {
            if (isNamed(names[slot], address, length))
            {
                return rows[slot];
            }
        }

        return null;
    }

    /** The row that this lower-case name means, or null. */
    CommandSpec find(final String name)
    {
        return rows[place(name)];
    }

    /** True if these bytes are the lower-case name in some case. */
    static boolean isNamed(final String name, final long address, final int length)
    {
        if (length != name.length())
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            if (CommandTable.lower(Memory.getUnsignedByte(address + i)) != name.charAt(i))
            {
                return false;
            }
        }

        return true;
    }

    /** Where the name is, or would be. */
    private int place(final String name)
    {
        int hash = 0;
        for (int i = 0; i < name.length(); i++)
        {
            hash = hash * 31 + name.charAt(i);
        }

        int slot = slot(hash);
        while (null != names[slot] && !names[slot].equals(name))
        {
            slot = slot + 1 & SLOTS - 1;
        }

        return slot;
    }

    private static int slot(final int hash)
    {
        return (hash ^ hash >>> 10 ^ hash >>> 20) & SLOTS - 1;
    }
}
