package org.millrace.engine.commands;

import java.util.Arrays;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Rights;
import org.millrace.engine.memory.Memory;

/** What a call of SORT or SORT_RO asks for. Writer thread; for one command at a time. */
final class SortArguments
{
    private static final int GETS_MIN = 8;

    private int[] gets = new int[GETS_MIN];
    private int getCount;
    private int byIndex;
    private int storeIndex;
    private boolean isDescending;
    private boolean isAlpha;
    private boolean isSorted;

    /** The option whose keys the user may not read, whatever they are; null if there is none. */
    private String denied;
    private long limitStart;
    private long limitCount;

    /** False if something is wrong with them, which has been replied. */
    boolean read(final CommandContext context, final boolean mayStore)
    {
        clear();
        for (int i = 2, count = context.argCount(); i < count; i++)
        {
            final int left = count - i - 1;
            if (context.argIs(i, "ASC") || context.argIs(i, "DESC"))
            {
                isDescending = context.argIs(i, "DESC");
            }
            else if (context.argIs(i, "ALPHA"))
            {
                isAlpha = true;
            }
            else if (context.argIs(i, "LIMIT") && left >= 2)
            {
                if (!readLimit(context, i))
                {
                    return false;
                }

                i += 2;
            }
            else if (left >= 1 && readWord(context, i, mayStore))
            {
                i++;
            }
            else
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }

            if (null != denied)
            {
                context.reply().error("ERR " + denied + " option of SORT denied due to insufficient ACL permissions.");
                return false;
            }
        }

        return true;
    }

    private void clear()
    {
        getCount = 0;
        byIndex = 0;
        storeIndex = 0;
        denied = null;
        isDescending = false;
        isAlpha = false;
        isSorted = true;
        limitStart = 0;
        limitCount = -1;
    }

    private boolean readLimit(final CommandContext context, final int index)
    {
        if (!context.readLong(index + 1))
        {
            return false;
        }

        limitStart = context.longValue();
        if (!context.readLong(index + 2))
        {
            return false;
        }

        limitCount = context.longValue();
        return true;
    }

    /** One of the words that are followed by another. */
    private boolean readWord(final CommandContext context, final int index, final boolean mayStore)
    {
        if (mayStore && context.argIs(index, "STORE"))
        {
            storeIndex = index + 1;
        }
        else if (context.argIs(index, "BY"))
        {
            byIndex = index + 1;
            // Once a pattern without a star has been named, no other one brings the order back.
            final boolean isPattern = hasStar(context, byIndex);
            isSorted &= isPattern;
            denied = isPattern && !mayReadAllKeys(context) ? "BY" : null;
        }
        else if (context.argIs(index, "GET"))
        {
            gets = getCount == gets.length ? Arrays.copyOf(gets, 2 * getCount) : gets;
            gets[getCount++] = index + 1;
            denied = mayReadAllKeys(context) ? null : "GET";
        }
        else
        {
            return false;
        }

        return true;
    }

    /** Which keys a pattern leads to nobody knows before they are read. */
    private static boolean mayReadAllKeys(final CommandContext context)
    {
        final Rights rights = context.session().rights;
        return rights.isUnlimited() || rights.mayReadAllKeys(context.spec(), context.args());
    }

    private static boolean hasStar(final CommandContext context, final int index)
    {
        final long address = context.argAddress(index);
        for (int i = 0; i < context.argLength(index) && 0 != Memory.getByte(address + i); i++)
        {
            if ('*' == Memory.getByte(address + i))
            {
                return true;
            }
        }

        return false;
    }

    /** Sort by the texts of the elements themselves. */
    void sortByText()
    {
        isSorted = true;
        isAlpha = true;
        byIndex = 0;
    }

    int getCount()
    {
        return getCount;
    }

    /** Argument that a GET has. */
    int get(final int index)
    {
        return gets[index];
    }

    /** Argument that BY has, 0 if elements are sorted by themselves. */
    int byIndex()
    {
        return byIndex;
    }

    /** Argument that STORE has, 0 without one. */
    int storeIndex()
    {
        return storeIndex;
    }

    boolean isDescending()
    {
        return isDescending;
    }

    /** True if texts are compared, not numbers. */
    boolean isAlpha()
    {
        return isAlpha;
    }

    /** False if elements stay in the order that they have. */
    boolean isSorted()
    {
        return isSorted;
    }

    /** Number of the first element that is wanted, of so many. */
    long start(final long size)
    {
        return Math.min(Math.max(limitStart, 0), size);
    }

    /** Behind the last one that is wanted, of so many. */
    long end(final long size)
    {
        final long start = start(size);
        return limitCount < 0 ? size : start + Math.min(limitCount, size - start);
    }
}
