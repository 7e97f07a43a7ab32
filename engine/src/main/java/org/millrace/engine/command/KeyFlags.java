package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command does to a key, as bits; the names are those of COMMAND INFO. One of the first four says how the key as
 * a whole is used, one of the next four what happens to the data of its value.
 */
public final class KeyFlags
{
    /** Read only. */
    public static final int RO = 1;
    /** Read and written: a value that is there may be changed. */
    public static final int RW = 1 << 1;
    /** Overwritten: what was there does not matter. */
    public static final int OW = 1 << 2;
    /** Removed. */
    public static final int RM = 1 << 3;

    /** Data of the value goes to the client, or elsewhere. */
    public static final int ACCESS = 1 << 4;
    /** Data of the value is changed. */
    public static final int UPDATE = 1 << 5;
    /** Data is added, none is changed. */
    public static final int INSERT = 1 << 6;
    /** Data is removed. */
    public static final int DELETE = 1 << 7;

    /** No key: a channel, which decides about a shard only. */
    public static final int NOT_KEY = 1 << 8;
    /** The specification does not find all keys of every call. */
    public static final int INCOMPLETE = 1 << 9;
    /** What is done to the key depends on other arguments. */
    public static final int VARIABLE = 1 << 10;

    /** What most commands do: the value is answered, changed and answered, changed, added to, taken from. */
    public static final int READ = RO | ACCESS;
    public static final int CHANGE = RW | ACCESS | UPDATE;
    public static final int EDIT = RW | UPDATE;
    public static final int ADD = RW | INSERT;
    public static final int TAKE = RW | ACCESS | DELETE;

    /** The key is given another value, a value if it has none, or removed. */
    public static final int OVERWRITE = OW | UPDATE;
    public static final int CREATE = OW | INSERT;
    public static final int REMOVE = RM | DELETE;

    private static final String[] NAMES = {"RO", "RW", "OW", "RM", "access", "update", "insert", "delete", "not_key",
        "incomplete", "variable_flags"};

    private KeyFlags()
    {
    }

    /** The words of COMMAND INFO and COMMAND GETKEYSANDFLAGS for these bits. */
    public static List<String> names(final int flags)
    {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES.length; i++)
        {
            if (0 != (flags & 1 << i))
            {
                names.add(NAMES[i]);
            }
        }

        return names;
    }

    /** True if the value may be another one afterwards, or gone. */
    public static boolean isWrite(final int flags)
    {
        return 0 == (flags & RO);
    }
}
