package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Categories of the access control list, as bits; the names are those of COMMAND INFO, without the at sign. A row names
 * those that its flags do not imply.
 */
public final class Category
{
    public static final int KEYSPACE = 1;
    public static final int READ = 1 << 1;
    public static final int WRITE = 1 << 2;
    public static final int SET = 1 << 3;
    public static final int SORTEDSET = 1 << 4;
    public static final int LIST = 1 << 5;
    public static final int HASH = 1 << 6;
    public static final int STRING = 1 << 7;
    public static final int BITMAP = 1 << 8;
    public static final int HYPERLOGLOG = 1 << 9;
    public static final int GEO = 1 << 10;
    public static final int STREAM = 1 << 11;
    public static final int PUBSUB = 1 << 12;
    public static final int ADMIN = 1 << 13;
    public static final int FAST = 1 << 14;
    public static final int SLOW = 1 << 15;
    public static final int BLOCKING = 1 << 16;
    public static final int DANGEROUS = 1 << 17;
    public static final int CONNECTION = 1 << 18;
    public static final int TRANSACTION = 1 << 19;
    public static final int SCRIPTING = 1 << 20;

    /** For commands of which their flags say all. */
    public static final int NONE = 0;

    /** In Redis's order. */
    private static final String[] NAMES = {"keyspace", "read", "write", "set", "sortedset", "list", "hash", "string",
        "bitmap", "hyperloglog", "geo", "stream", "pubsub", "admin", "fast", "slow", "blocking", "dangerous",
        "connection", "transaction", "scripting"};

    private Category()
    {
    }

    /** Those that a row's {@link CommandFlags} imply. @param named categories that the row itself names. */
    static int implied(final int flags, final int named)
    {
        int implied = has(flags, CommandFlags.FAST) ? FAST : SLOW;
        implied |= has(flags, CommandFlags.WRITE) ? WRITE : 0;
        // Scripts that only read are no more readers than the others.
        implied |= has(flags, CommandFlags.READONLY) && 0 == (named & SCRIPTING) ? READ : 0;
        implied |= has(flags, CommandFlags.ADMIN) ? ADMIN | DANGEROUS : 0;
        implied |= has(flags, CommandFlags.PUBSUB) ? PUBSUB : 0;
        implied |= has(flags, CommandFlags.BLOCKING) ? BLOCKING : 0;
        return implied;
    }

    private static boolean has(final int flags, final int flag)
    {
        return 0 != (flags & flag);
    }

    /** The bit of a name in lower case without its at sign; 0 if there is none. */
    public static int of(final String name)
    {
        for (int i = 0; i < NAMES.length; i++)
        {
            if (NAMES[i].equals(name))
            {
                return 1 << i;
            }
        }

        return NONE;
    }

    /** All names, without their at signs, in Redis's order. */
    public static List<String> all()
    {
        return List.of(NAMES);
    }

    /** The names of these bits, each with its at sign. */
    static List<String> names(final int categories)
    {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES.length; i++)
        {
            if (0 != (categories & 1 << i))
            {
                names.add("@" + NAMES[i]);
            }
        }

        return names;
    }
}
