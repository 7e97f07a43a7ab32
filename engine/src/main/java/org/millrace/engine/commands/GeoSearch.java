package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.tree.HashTree;

/** The six commands that look for members near a place. Keeps the options of the running one; writer thread. */
final class GeoSearch implements AutoCloseable
{
    /** What tells these commands apart. */
    enum Form
    {
        RADIUS(1, 6, true),
        RADIUS_RO(1, 6, false),
        BY_MEMBER(1, 5, true),
        BY_MEMBER_RO(1, 5, false),
        SEARCH(1, 2, false),
        SEARCH_STORE(2, 3, false);

        /** Index of the key to look in, and of the first option. */
        private final int source;
        private final int options;

        /** True if options name the key to store at. */
        private final boolean takesStore;

        Form(final int source, final int options, final boolean takesStore)
        {
            this.source = source;
            this.options = options;
            this.takesStore = takesStore;
        }

        private boolean isSearch()
        {
            return SEARCH == this || SEARCH_STORE == this;
        }
    }

    private enum Sort
    {
        NONE,
        ASCENDING,
        DESCENDING
    }

    /** What a part of the options says of an argument: not mine, or wrong and replied. Else how many it has taken. */
    private static final int NOT_MINE = 0;
    private static final int WRONG = -1;

    private final GeoArguments arguments;
    private final GeoShape shape = new GeoShape();
    private final GeoCells cells = new GeoCells();
    private final GeoFound found = new GeoFound();
    private final SortedSetStore stored = new SortedSetStore();

    private Form form;
    private long entry;
    private SortedSetValue set;
    private boolean hasDistance;
    private boolean hasHash;
    private boolean hasPlace;
    private boolean isFromMember;
    private boolean isFromPlace;
    private boolean isByRadius;
    private boolean isByBox;
    private boolean isAny;
    private Sort sort;

    /** Most members to find; 0 for all. */
    private long count;

    /** Index of the key to store at, 0 for none; whether with distances as scores. */
    private int target;
    private boolean storesDistances;

    GeoSearch(final GeoArguments arguments)
    {
        this.arguments = arguments;
    }

    void run(final CommandContext context, final Form newForm)
    {
        begin(newForm);
        entry = context.lookupRead(form.source);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        set = NO_ENTRY == entry ? null : context.values().sortedSets().read(entry);
        if (!readCenter(context) || !readOptions(context) || !isWhole(context))
        {
            return;
        }

        found.begin(context.data().memory());
        if (null != set && !search(context))
        {
            context.replyOutOfMemory();
        }
        else if (0 == target)
        {
            reply(context);
        }
        else
        {
            store(context);
        }

        found.clear();
    }

    @Override
    public void close()
    {
        found.close();
    }

    private void begin(final Form newForm)
    {
        form = newForm;
        shape.clear();
        hasDistance = false;
        hasHash = false;
        hasPlace = false;
        isFromMember = false;
        isFromPlace = false;
        isByRadius = false;
        isByBox = false;
        isAny = false;
        sort = Sort.NONE;
        count = 0;
        target = Form.SEARCH_STORE == form ? 1 : 0;
        storesDistances = false;
    }

    // Options.

    /** What stands at a fixed place; false if an error was replied. */
    private boolean readCenter(final CommandContext context)
    {
        return switch (form)
        {
            case RADIUS, RADIUS_RO -> readPlace(context, 2) && arguments.readCircle(context, 4, shape);
            // Without a key only the options are read, which say what to reply.
            case BY_MEMBER, BY_MEMBER_RO -> null == set ||
                readMember(context, 2) && arguments.readCircle(context, 3, shape);
            default -> true;
        };
    }

    private boolean readPlace(final CommandContext context, final int index)
    {
        if (!arguments.readPlace(context, index))
        {
            return false;
        }

        shape.longitude = arguments.first();
        shape.latitude = arguments.second();
        return true;
    }

    private boolean readMember(final CommandContext context, final int index)
    {
        final long element = set.find(context.argAddress(index), context.argLength(index));
        if (HashTree.NONE == element)
        {
            context.reply().error("ERR could not decode requested zset member");
            return false;
        }

        final long bits = GeoHash.bits(SortedSetValue.score(element));
        shape.longitude = GeoHash.longitude(bits);
        shape.latitude = GeoHash.latitude(bits);
        return true;
    }

    private boolean readOptions(final CommandContext context)
    {
        for (int i = form.options; i < context.argCount();)
        {
            int taken = readFlag(context, i);
            taken = NOT_MINE == taken ? readCount(context, i) : taken;
            taken = NOT_MINE == taken ? readStore(context, i) : taken;
            taken = NOT_MINE == taken && form.isSearch() ? readFrom(context, i) : taken;
            taken = NOT_MINE == taken && form.isSearch() ? readBy(context, i) : taken;
            if (NOT_MINE == taken)
            {
                context.reply().error(Replies.SYNTAX);
            }

            if (taken <= NOT_MINE)
            {
                return false;
            }

            i += taken;
        }

        return true;
    }

    private int readFlag(final CommandContext context, final int index)
    {
        if (context.argIs(index, "WITHDIST"))
        {
            hasDistance = true;
        }
        else if (context.argIs(index, "WITHHASH"))
        {
            hasHash = true;
        }
        else if (context.argIs(index, "WITHCOORD"))
        {
            hasPlace = true;
        }
        else if (context.argIs(index, "ANY"))
        {
            isAny = true;
        }
        else if (context.argIs(index, "ASC"))
        {
            sort = Sort.ASCENDING;
        }
        else if (context.argIs(index, "DESC"))
        {
            sort = Sort.DESCENDING;
        }
        else
        {
            return NOT_MINE;
        }

        return 1;
    }

    private int readCount(final CommandContext context, final int index)
    {
        if (!context.argIs(index, "COUNT") || !has(context, index, 1))
        {
            return NOT_MINE;
        }

        if (!context.readLong(index + 1))
        {
            return WRONG;
        }

        count = context.longValue();
        if (count <= 0)
        {
            context.reply().error("ERR COUNT must be > 0");
            return WRONG;
        }

        return 2;
    }

    private int readStore(final CommandContext context, final int index)
    {
        final boolean isDistance = context.argIs(index, "STOREDIST");
        if (isDistance && Form.SEARCH_STORE == form)
        {
            storesDistances = true;
            return 1;
        }

        if (!form.takesStore || !has(context, index, 1) || !isDistance && !context.argIs(index, "STORE"))
        {
            return NOT_MINE;
        }

        target = index + 1;
        storesDistances = isDistance;
        return 2;
    }

    private int readFrom(final CommandContext context, final int index)
    {
        if (context.argIs(index, "FROMMEMBER") && has(context, index, 1) && !isFromPlace)
        {
            isFromMember = true;
            return null == set || readMember(context, index + 1) ? 2 : WRONG;
        }

        if (context.argIs(index, "FROMLONLAT") && has(context, index, 2) && !isFromMember)
        {
            isFromPlace = true;
            return readPlace(context, index + 1) ? 3 : WRONG;
        }

        return NOT_MINE;
    }

    private int readBy(final CommandContext context, final int index)
    {
        if (context.argIs(index, "BYRADIUS") && has(context, index, 2) && !isByBox)
        {
            isByRadius = true;
            return arguments.readCircle(context, index + 1, shape) ? 3 : WRONG;
        }

        if (context.argIs(index, "BYBOX") && has(context, index, 3) && !isByRadius)
        {
            isByBox = true;
            return arguments.readBox(context, index + 1, shape) ? 4 : WRONG;
        }

        return NOT_MINE;
    }

    /** True if so many arguments follow. */
    private static boolean has(final CommandContext context, final int index, final int more)
    {
        return index + more < context.argCount();
    }

    /** False if what was read does not go together, and that was replied. */
    private boolean isWhole(final CommandContext context)
    {
        final String error;
        if (0 != target && (hasDistance || hasHash || hasPlace))
        {
            error = (Form.SEARCH_STORE == form ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS") +
                " is not compatible with WITHDIST, WITHHASH and WITHCOORD options";
        }
        else if (form.isSearch() && !isFromMember && !isFromPlace)
        {
            error = "exactly one of FROMMEMBER or FROMLONLAT can be specified for " + context.argText(0);
        }
        else if (form.isSearch() && !isByRadius && !isByBox)
        {
            error = "exactly one of BYRADIUS and BYBOX can be specified for " + context.argText(0);
        }
        else if (isAny && 0 == count)
        {
            error = "the ANY argument requires COUNT argument";
        }
        else
        {
            return true;
        }

        context.reply().error("ERR " + error);
        return false;
    }

    // The search.

    /** @return false if there is no memory for what was found. */
    private boolean search(final CommandContext context)
    {
        cells.cover(shape);
        boolean hasMemory = true;
        for (int i = 0; i < cells.count() && hasMemory && !isEnough(); i++)
        {
            hasMemory = search(context.values().walk(), cells.first(i), cells.end(i));
        }

        // To find the nearest ones they have to be sorted; any do not.
        final boolean isSorted = found.count() > 0 && (Sort.NONE != sort || 0 != count && !isAny);
        return hasMemory && (!isSorted || found.sort(Sort.DESCENDING == sort, size()));
    }

    private boolean search(final ElementWalk walk, final double from, final double to)
    {
        walk.begin(entry, set.countBelow(from, false));
        long element = walk.next();
        while (0 != element && SortedSetValue.score(element) < to && !isEnough())
        {
            final long bits = GeoHash.bits(SortedSetValue.score(element));
            final double meters = shape.distanceWithin(GeoHash.longitude(bits), GeoHash.latitude(bits));
            if (!(meters < 0) && !found.add(element, meters))
            {
                return false;
            }

            element = walk.next();
        }

        return true;
    }

    private boolean isEnough()
    {
        return isAny && found.count() >= count;
    }

    /** Members to answer or to store. */
    private int size()
    {
        return 0 == count ? found.count() : (int)Math.min(count, found.count());
    }

    private void reply(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        final int options = (hasDistance ? 1 : 0) + (hasHash ? 1 : 0) + (hasPlace ? 1 : 0);
        final int size = size();
        reply.array(size);
        for (int i = 0; i < size; i++)
        {
            if (0 != options)
            {
                reply.array(1 + options);
            }

            ElementReplies.bulk(context, found.element(i));
            replyOptions(context, i);
        }
    }

    private void replyOptions(final CommandContext context, final int index)
    {
        final double score = SortedSetValue.score(found.element(index));
        if (hasDistance)
        {
            GeoReplies.distance(context, found.distance(index) / shape.unit);
        }

        if (hasHash)
        {
            context.reply().integer((long)score);
        }

        if (hasPlace)
        {
            GeoReplies.place(context, GeoHash.bits(score));
        }
    }

    private void store(final CommandContext context)
    {
        final int size = size();
        stored.begin(context, target);
        for (int i = 0; i < size; i++)
        {
            final ElementText text = context.values().text();
            text.set(found.element(i));
            stored.add(text.address(), text.length(), storesDistances
                ? found.distance(i) / shape.unit
                : SortedSetValue.score(found.element(i)));
        }

        stored.commit(form.isSearch() ? "geosearchstore" : "georadiusstore");
    }
}
