package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Handler;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyRules;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.tree.HashTree;

/** Places as members of sorted sets: GEOADD and what reads them by name. One a table; writer thread. */
public final class GeoCommands
{
    private static final int MEMBER_STEP = 3;

    private final GeoArguments arguments = new GeoArguments();
    private final GeoSearch search = new GeoSearch(arguments);

    // Options of GEOADD.
    private boolean isNx;
    private boolean isXx;
    private boolean countsChanges;

    // Members so far.
    private int added;
    private int changed;

    private GeoCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final GeoCommands group = new GeoCommands();
        table.onClose(group.search::close);
        final CommandKeys read = CommandKeys.one(KeyFlags.READ);
        table.add("geoadd", -5, WRITE | DENYOOM, Category.GEO, CommandKeys.one(KeyFlags.EDIT), group::add);
        table.add("geodist", -4, READONLY, Category.GEO, read, GeoCommands::distance);
        table.add("geohash", -2, READONLY, Category.GEO, read, GeoCommands::hashes);
        table.add("geopos", -2, READONLY, Category.GEO, read, GeoCommands::places);
        table.add("georadius", -6, WRITE | DENYOOM, Category.GEO, readOrStore(6).by(KeyRules::georadius),
            group.search(GeoSearch.Form.RADIUS));
        table.add("georadius_ro", -6, READONLY, Category.GEO, read, group.search(GeoSearch.Form.RADIUS_RO));
        table.add("georadiusbymember", -5, WRITE | DENYOOM, Category.GEO,
            readOrStore(5).by(KeyRules::georadiusByMember), group.search(GeoSearch.Form.BY_MEMBER));
        table.add("georadiusbymember_ro", -5, READONLY, Category.GEO, read, group.search(GeoSearch.Form.BY_MEMBER_RO));
        table.add("geosearch", -7, READONLY, Category.GEO, read, group.search(GeoSearch.Form.SEARCH));
        table.add("geosearchstore", -8, WRITE | DENYOOM, Category.GEO,
            CommandKeys.of(KeySpec.at(1, KeyFlags.OVERWRITE), KeySpec.at(2, KeyFlags.READ)),
            group.search(GeoSearch.Form.SEARCH_STORE));
    }

    /** @param options index of the first of them. */
    private static CommandKeys readOrStore(final int options)
    {
        return CommandKeys.of(
            KeySpec.at(1, KeyFlags.READ),
            KeySpec.behind("STORE", options, 0, 0, KeyFlags.OVERWRITE),
            KeySpec.behind("STOREDIST", options, 0, 0, KeyFlags.OVERWRITE));
    }

    private Handler search(final GeoSearch.Form form)
    {
        return (context) -> search.run(context, form);
    }

    // GEOADD.

    void add(final CommandContext context)
    {
        final int first = readAddOptions(context);
        final int count = context.argCount() - first;
        if (count <= 0 || 0 != count % MEMBER_STEP || isNx && isXx)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        for (int i = first; i < context.argCount(); i += MEMBER_STEP)
        {
            if (!arguments.readPlace(context, i))
            {
                return;
            }
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        if (NO_ENTRY == entry && isXx)
        {
            context.reply().integer(0);
            return;
        }

        add(context, entry, first);
    }

    /** Index of the first argument that is no option. */
    private int readAddOptions(final CommandContext context)
    {
        isNx = false;
        isXx = false;
        countsChanges = false;
        int index = 2;
        while (index < context.argCount())
        {
            final boolean isNxWord = context.argIs(index, "NX");
            final boolean isXxWord = context.argIs(index, "XX");
            final boolean isChWord = context.argIs(index, "CH");
            if (!isNxWord && !isXxWord && !isChWord)
            {
                return index;
            }

            isNx |= isNxWord;
            isXx |= isXxWord;
            countsChanges |= isChWord;
            index++;
        }

        return index;
    }

    private void add(final CommandContext context, final long entry, final int first)
    {
        final SortedSetValue set = context.values().sortedSets().open(
            context.keyspace(), context.argAddress(1), context.argLength(1), entry);
        added = 0;
        changed = 0;
        int index = first;
        while (index < context.argCount() && HashTree.NO_MEMORY != put(context, set, index))
        {
            index += MEMBER_STEP;
        }

        if (added + changed > 0)
        {
            CollectionKeys.created(context, 1, entry, set.entry());
            context.changed(1, KeyEvents.SORTED_SET, "zadd");
            context.dirty(added + changed - 1);
            propagate(context, first, index);
        }

        if (index < context.argCount())
        {
            context.replyOutOfMemory();
        }
        else
        {
            context.reply().integer(countsChanges ? added + changed : added);
        }
    }

    /** @return what the sorted set says. */
    private int put(final CommandContext context, final SortedSetValue set, final int index)
    {
        final boolean isThere = HashTree.NONE != set.find(context.argAddress(index + 2), context.argLength(index + 2));
        if (isThere ? isNx : isXx)
        {
            return HashTree.NOTHING;
        }

        final int result = set.set(bits(context, index));
        added += HashTree.ADDED == result ? 1 : 0;
        changed += HashTree.REPLACED == result ? 1 : 0;
        return result;
    }

    /** As the ZADD that it is. What memory ran out for, from {@code end} on, was not done. */
    private void propagate(final CommandContext context, final int first, final int end)
    {
        context.rewrite("zadd", first + (end - first) / MEMBER_STEP * 2);
        for (int i = 1; i < first; i++)
        {
            context.rewriteArg(i);
        }

        for (int i = first; i < end; i += MEMBER_STEP)
        {
            context.rewriteArg(bits(context, i));
            context.rewriteArg(i + 2);
        }
    }

    /** The place at an index, which has been found to be one, as a score. */
    private long bits(final CommandContext context, final int index)
    {
        arguments.readPlace(context, index);
        return GeoHash.encode(arguments.first(), arguments.second(), GeoHash.STEPS);
    }

    // Reading.

    static void distance(final CommandContext context)
    {
        double unit = 1;
        if (5 == context.argCount())
        {
            unit = GeoArguments.unit(context, 4);
            if (GeoArguments.NO_UNIT == unit)
            {
                return;
            }
        }
        else if (context.argCount() > 5)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        final long one = find(context, entry, 2);
        final long other = HashTree.NONE == one ? HashTree.NONE : find(context, entry, 3);
        if (HashTree.NONE == other)
        {
            context.reply().nullBulk();
            return;
        }

        final long from = GeoHash.bits(SortedSetValue.score(one));
        final long to = GeoHash.bits(SortedSetValue.score(other));
        GeoReplies.distance(context, GeoShape.distance(
            GeoHash.longitude(from), GeoHash.latitude(from), GeoHash.longitude(to), GeoHash.latitude(to)) / unit);
    }

    static void hashes(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        context.reply().array(context.argCount() - 2);
        for (int i = 2; i < context.argCount(); i++)
        {
            final long element = find(context, entry, i);
            if (HashTree.NONE == element)
            {
                context.reply().nullBulk();
            }
            else
            {
                GeoReplies.hash(context, GeoHash.bits(SortedSetValue.score(element)));
            }
        }
    }

    static void places(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        context.reply().array(context.argCount() - 2);
        for (int i = 2; i < context.argCount(); i++)
        {
            final long element = find(context, entry, i);
            if (HashTree.NONE == element)
            {
                context.reply().nullArray();
            }
            else
            {
                GeoReplies.place(context, GeoHash.bits(SortedSetValue.score(element)));
            }
        }
    }

    /** The element of the member that an argument names, or {@link HashTree#NONE}. */
    private static long find(final CommandContext context, final long entry, final int index)
    {
        return NO_ENTRY == entry
            ? HashTree.NONE
            : context.values().sortedSets().read(entry).find(context.argAddress(index), context.argLength(index));
    }
}
