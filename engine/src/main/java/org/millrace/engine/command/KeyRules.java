package org.millrace.engine.command;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ArgVector;

/** The rules for keys of those commands whose specifications do not tell all, in Redis's manner. */
public final class KeyRules
{
    /** First argument of each that may be an option, or an operation of BITFIELD. */
    private static final int SET_OPTIONS = 3;
    private static final int BITFIELD_OPERATIONS = 2;
    private static final int SORT_OPTIONS = 2;
    private static final int GEORADIUS_OPTIONS = 6;
    private static final int GEORADIUS_BY_MEMBER_OPTIONS = 5;
    private static final int MIGRATE_OPTIONS = 6;

    /** Of XREADGROUP, behind GROUP with a group and a consumer. */
    private static final int XREADGROUP_STREAMS = 4;

    /** Of MIGRATE with a single key; empty if there are more, behind a word. */
    private static final int MIGRATE_KEY = 3;

    private KeyRules()
    {
    }

    /** SET reads its key if it is to answer the old value. */
    public static boolean set(final ArgVector args, final KeyPositions found)
    {
        for (int i = SET_OPTIONS; i < args.count(); i++)
        {
            if (args.is(i, "GET"))
            {
                found.add(1, KeyFlags.CHANGE);
                return true;
            }
        }

        found.add(1, KeyFlags.OVERWRITE);
        return true;
    }

    /** BITFIELD changes nothing if all it does is GET. */
    public static boolean bitfield(final ArgVector args, final KeyPositions found)
    {
        int i = BITFIELD_OPERATIONS;
        while (i < args.count())
        {
            final int left = args.count() - i - 1;
            if (args.is(i, "GET") && left >= 2)
            {
                i += 3;
            }
            else if (args.is(i, "OVERFLOW") && left >= 1)
            {
                i += 2;
            }
            else
            {
                found.add(1, KeyFlags.CHANGE);
                return true;
            }
        }

        found.add(1, KeyFlags.READ);
        return true;
    }

    /** SORT stores under the key behind the last STORE that is no value of another option. */
    public static boolean sort(final ArgVector args, final KeyPositions found)
    {
        int target = 0;
        int i = SORT_OPTIONS;
        while (i < args.count())
        {
            if (args.is(i, "LIMIT"))
            {
                i += 2;
            }
            else if (args.is(i, "BY") || args.is(i, "GET"))
            {
                i++;
            }
            else if (args.is(i, "STORE") && i + 1 < args.count())
            {
                i++;
                target = i;
            }

            i++;
        }

        return keyAndTarget(target, found);
    }

    /** GEORADIUS stores under the key behind the last STORE or STOREDIST; all of them are found. */
    public static boolean georadius(final ArgVector args, final KeyPositions found)
    {
        return readAndStore(GEORADIUS_OPTIONS, args, found);
    }

    /** GEORADIUSBYMEMBER, as {@link #georadius}. */
    public static boolean georadiusByMember(final ArgVector args, final KeyPositions found)
    {
        return readAndStore(GEORADIUS_BY_MEMBER_OPTIONS, args, found);
    }

    private static boolean readAndStore(final int options, final ArgVector args, final KeyPositions found)
    {
        found.add(1, KeyFlags.READ);
        int i = options;
        while (i < args.count())
        {
            if (args.is(i, "COUNT"))
            {
                i++;
            }
            else if ((args.is(i, "STORE") || args.is(i, "STOREDIST")) && i + 1 < args.count())
            {
                i++;
                found.add(i, KeyFlags.OVERWRITE);
            }

            i++;
        }

        return true;
    }

    /** XREADGROUP has keys behind the STREAMS that is neither a group nor a consumer, the first half of what is there. */
    public static boolean xreadgroup(final ArgVector args, final KeyPositions found)
    {
        int i = 1;
        while (i < args.count() && !(i >= XREADGROUP_STREAMS && args.is(i, "STREAMS")))
        {
            if (args.is(i, "GROUP"))
            {
                i += 2;
            }
            else if (args.is(i, "COUNT") || args.is(i, "BLOCK"))
            {
                i++;
            }

            i++;
        }

        final int first = i + 1;
        for (int key = first; key < first + (args.count() - first) / 2; key++)
        {
            found.add(key, KeyFlags.READ);
        }

        return found.count() > 0;
    }

    /** SORT_RO has the one key that is sure; those that patterns give depend on the data. */
    public static boolean sortReadOnly(final ArgVector args, final KeyPositions found)
    {
        return keyAndTarget(0, found);
    }

    private static boolean keyAndTarget(final int target, final KeyPositions found)
    {
        found.add(1, KeyFlags.READ);
        if (target > 0)
        {
            found.add(target, KeyFlags.OVERWRITE);
        }

        return true;
    }

    /** MIGRATE moves one key, or if that is empty all behind KEYS; both at once are none. */
    public static boolean migrate(final ArgVector args, final KeyPositions found)
    {
        int i = MIGRATE_OPTIONS;
        while (i < args.count())
        {
            if (args.is(i, "AUTH"))
            {
                i++;
            }
            else if (args.is(i, "AUTH2"))
            {
                i += 2;
            }
            else if (args.is(i, "KEYS"))
            {
                return args.length(MIGRATE_KEY) == 0 && addRest(i + 1, args, found);
            }

            i++;
        }

        found.add(MIGRATE_KEY, KeyFlags.TAKE);
        return true;
    }

    private static boolean addRest(final int first, final ArgVector args, final KeyPositions found)
    {
        for (int i = first; i < args.count(); i++)
        {
            found.add(i, KeyFlags.TAKE);
        }

        return found.count() > 0;
    }

    /** EVAL, FCALL and those like them may be called with no key at all, which their specification takes for a mistake. */
    public static boolean script(final ArgVector args, final KeyPositions found)
    {
        return args.count() > 2 && Decimal.isCanonical(args.address(2), args.length(2)) &&
            0 == Decimal.parse(args.address(2), args.length(2));
    }
}
