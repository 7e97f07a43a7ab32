package org.millrace.engine.tracking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.millrace.engine.tree.TextOrder;

/**
 * The prefixes that clients have named, in the order of bytes, in which what begins a key stands before it: the last that
 * is not behind the key is looked at, and then its parents. That is a search by halves, however many there are. Writer
 * thread.
 */
public final class Prefixes
{
    /** The order of bytes. */
    public static final Comparator<Prefix> ORDER = (a, b) -> TextOrder.compare(
        a.address(), a.length(), b.address(), b.length());

    private final List<Prefix> sorted = new ArrayList<>();

    public int size()
    {
        return sorted.size();
    }

    /** In the order of bytes. */
    public Prefix get(final int place)
    {
        return sorted.get(place);
    }

    /** A prefix with this client among those who listen. @param since number of the next change. */
    public Prefix add(final long address, final int length, final int client, final long since)
    {
        final int place = placeBehind(address, length);
        Prefix prefix = place > 0 ? sorted.get(place - 1) : null;
        if (null == prefix || prefix.length() != length || !prefix.begins(address, length))
        {
            prefix = new Prefix(address, length, since);
            sorted.add(place, prefix);
            prefix.parent = parentBehind(place - 1, prefix);
            moveChildren(place + 1, prefix, prefix.parent, prefix);
        }

        if (!prefix.clients().containsInt(client))
        {
            prefix.clients().addInt(client);
        }

        return prefix;
    }

    /** The client does not listen to it any more; with the last one the prefix goes. */
    public void remove(final Prefix prefix, final int client)
    {
        prefix.clients().removeInt(client);
        if (prefix.clients().isEmpty())
        {
            final int place = placeBehind(prefix.address(), prefix.length()) - 1;
            sorted.remove(place);
            moveChildren(place, prefix, prefix, prefix.parent);
            prefix.release();
        }
    }

    /** True if somebody wants to hear of this key. */
    public boolean isWanted(final long keyAddress, final int keyLength)
    {
        final int place = sorted.isEmpty() ? 0 : placeBehind(keyAddress, keyLength);
        Prefix prefix = 0 == place ? null : sorted.get(place - 1);
        while (null != prefix && !prefix.begins(keyAddress, keyLength))
        {
            prefix = prefix.parent;
        }

        return null != prefix;
    }

    /** How many are not behind these bytes. */
    private int placeBehind(final long address, final int length)
    {
        int from = 0;
        int to = sorted.size();
        while (from < to)
        {
            final int middle = from + to >>> 1;
            final Prefix there = sorted.get(middle);
            if (TextOrder.compare(there.address(), there.length(), address, length) <= 0)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }

    /** The parent of each is the one before it, or one of that one's parents. */
    private Prefix parentBehind(final int place, final Prefix prefix)
    {
        Prefix before = place < 0 ? null : sorted.get(place);
        while (null != before && !before.begins(prefix.address(), prefix.length()))
        {
            before = before.parent;
        }

        return before;
    }

    /** Those that {@code common} begins stand together, from this place on. */
    private void moveChildren(final int place, final Prefix common, final Prefix from, final Prefix to)
    {
        for (int i = place; i < sorted.size(); i++)
        {
            final Prefix each = sorted.get(i);
            if (!common.begins(each.address(), each.length()))
            {
                return;
            }

            if (each.parent == from)
            {
                each.parent = to;
            }
        }
    }
}
