package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamPage;

/**
 * A stream: its entries, and what it says of itself; {@link StreamGroups} are its groups. {@link #open} a key, then ask
 * and change; whatever changes comes behind {@link #own}. Where a method says whether it has done something, false is for
 * want of memory: then nothing has changed. Writer thread; one stream at a time.
 */
public final class StreamValue
{
    /** Fits every stream: what {@link #trim} takes for no limit. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    /** What {@link #delete} and {@link #trim} say if memory ran out: nothing has changed. */
    public static final long NO_MEMORY = StreamRemover.NO_MEMORY;

    private final Values values;
    private final CollectionEditor editor;
    private final StreamPages pages;
    private final StreamAppender appender;
    private final StreamRemover remover;
    private final StreamCursor edge;
    private final StreamCursor cursor;
    private final StreamGroups groups;
    private Keyspace keyspace;
    private int keyLength;

    // What was found last.
    private long foundMs;
    private long foundSeq;

    StreamValue(final Values values)
    {
        this.values = values;
        editor = new CollectionEditor(values);
        pages = values.own(new StreamPages(values.trees(), values.memory()));
        appender = values.own(new StreamAppender(pages));
        remover = values.own(new StreamRemover(pages));
        edge = values.own(new StreamCursor(values.trees(), values.memory()));
        cursor = values.own(new StreamCursor(values.trees(), values.memory()));
        groups = values.own(new StreamGroups(this, values.trees(), values.memory()));
    }

    /**
     * The key that is asked about and changed from now on; its name stays where it is meanwhile.
     *
     * @param entry that it has now, or {@link Entry#NO_ENTRY}.
     * @return this.
     */
    public StreamValue open(final Keyspace keyspace, final long keyAddress, final int keyLength, final long entry)
    {
        this.keyspace = keyspace;
        this.keyLength = keyLength;
        editor.open(keyspace, keyAddress, keyLength, entry);
        groups.leave();
        return this;
    }

    /** An entry that is only looked at from now on. @return this. */
    public StreamValue read(final long entry)
    {
        editor.read(entry);
        groups.leave();
        return this;
    }

    /** True if there is a stream. */
    public boolean exists()
    {
        return 0 != editor.value();
    }

    /** Give the key that has none an empty stream. */
    public boolean make()
    {
        final long offset = EntryStore.offsetOfValue(keyLength, Entry.NO_DEADLINE);
        final long value = editor.rewrite(StreamLayout.TYPE, StreamLayout.lengthAt(offset));
        if (0 == value)
        {
            return false;
        }

        StreamLayout.init(value, values.data().entries().nodes().pins().stamp());
        return editor.publish();
    }

    /** The entry that the key has now, or {@link Entry#NO_ENTRY}. */
    public long entry()
    {
        return editor.entry();
    }

    /** The stream may be changed from here on, until the handler returns. */
    public boolean own()
    {
        return editor.own();
    }

    /** See {@link StreamLayout}; holds until something changes. */
    public long value()
    {
        return editor.value();
    }

    public StreamGroups groups()
    {
        return groups;
    }

    /** Goes over its entries; for the caller's own use. */
    public StreamCursor cursor()
    {
        return cursor;
    }

    OffHeap memory()
    {
        return values.memory();
    }

    /** True if what is to go takes memory first, unless it is the writer's own. */
    public boolean isPinned()
    {
        return values.isPinned();
    }

    /** Entries. */
    public long length()
    {
        return StreamLayout.entries(value());
    }

    public long lastMs()
    {
        return StreamLayout.lastMs(value());
    }

    public long lastSeq()
    {
        return StreamLayout.lastSeq(value());
    }

    /** Pages, which Redis calls keys of a radix tree. */
    public long pageCount()
    {
        pages.open(StreamLayout.pages(value()));
        return pages.count();
    }

    /** First half of the id of a page. */
    public long pageMs(final long number)
    {
        pages.page(number);
        return pages.ms();
    }

    /** Second half of the id of the page asked for last. */
    public long pageSeq()
    {
        return pages.seq();
    }

    /** Add an entry with an id above the last one. The arguments from an index on are its fields and values. */
    public boolean append(final ArgVector args, final int from, final long ms, final long seq)
    {
        pages.open(StreamLayout.pages(value()));
        if (!appender.append(
            args, from, ms, seq, values.thresholds().streamNodeBytes, values.thresholds().streamNodeEntries))
        {
            return false;
        }

        final long value = value();
        StreamLayout.added(value, StreamLayout.added(value) + 1);
        StreamLayout.last(value, ms, seq);
        StreamLayout.entries(value, StreamLayout.entries(value) + 1);
        if (1 == StreamLayout.entries(value))
        {
            StreamLayout.first(value, ms, seq);
        }

        return true;
    }

    /** True if there is an entry of this id. */
    public boolean contains(final long ms, final long seq)
    {
        edge.begin(value(), ms, seq, ms, seq, false);
        return edge.next();
    }

    /** Delete an entry; {@link #settleFirst} follows, once for all. @return 1, 0 if it was not there, or NO_MEMORY. */
    public long delete(final long ms, final long seq)
    {
        final long value = value();
        pages.open(StreamLayout.pages(value));
        final long removed = remover.remove(ms, seq);
        if (removed > 0)
        {
            StreamLayout.entries(value, StreamLayout.entries(value) - removed);
            if (StreamIds.compare(ms, seq, StreamLayout.deletedMs(value), StreamLayout.deletedSeq(value)) > 0)
            {
                StreamLayout.deleted(value, ms, seq);
            }
        }

        return removed;
    }

    /** Entries have been deleted: the stream may have another first one. */
    public void settleFirst()
    {
        final boolean isFound = length() > 0 && findFirst();
        StreamLayout.first(value(), isFound ? foundMs : 0, isFound ? foundSeq : 0);
    }

    /**
     * Delete entries from the beginning on.
     *
     * @param most entries that are to stay, or {@link #NO_LIMIT} if {@code belowMs} and {@code belowSeq} tell: the first
     *            id that is to stay.
     * @param isApproximate only whole pages.
     * @param limit of entries to delete as whole pages; 0 for none.
     * @return how many were deleted, or {@link #NO_MEMORY}: then nothing has changed.
     */
    public long trim(
        final long most, final long belowMs, final long belowSeq, final boolean isApproximate, final long limit)
    {
        final long value = value();
        final long length = StreamLayout.entries(value);
        pages.open(StreamLayout.pages(value));
        final long count = pages.count();
        long whole = 0;
        long gone = 0;
        boolean isPartial = false;
        while (whole < count && !isPartial && length - gone > (NO_LIMIT == most ? -1 : most))
        {
            final long page = pages.page(whole);
            final long entries = StreamPage.entries(page);
            if (0 != limit && gone + entries > limit)
            {
                break;
            }

            isPartial = NO_LIMIT == most
                ? StreamIds.compare(lastMsOf(page), lastSeqOf(page), belowMs, belowSeq) >= 0
                : length - gone - entries < most;
            whole += isPartial ? 0 : 1;
            gone += isPartial ? 0 : entries;
        }

        if (!pages.claimFirst(whole))
        {
            return NO_MEMORY;
        }

        // The one that may fail comes first.
        final long marked = isPartial && !isApproximate
            ? trimPage(pages.page(whole), most, length - gone, belowMs, belowSeq)
            : 0;
        return NO_MEMORY == marked ? NO_MEMORY : removeTrimmed(whole, gone + marked);
    }

    private long removeTrimmed(final long wholePages, final long entries)
    {
        if (entries > 0)
        {
            pages.removeFirst(wholePages);
            StreamLayout.entries(value(), length() - entries);
            settleFirst();
        }

        return entries;
    }

    private long trimPage(
        final long page, final long most, final long length, final long belowMs, final long belowSeq)
    {
        return NO_LIMIT == most
            ? remover.trimPage(page, NO_LIMIT, belowMs, belowSeq)
            : remover.trimPage(page, length - most, StreamIds.MAX, StreamIds.MAX);
    }

    private long lastMsOf(final long page)
    {
        return StreamPage.ms(StreamPage.previousEntry(StreamPage.end(page)), pages.ms());
    }

    private long lastSeqOf(final long page)
    {
        return StreamPage.seq(StreamPage.previousEntry(StreamPage.end(page)), pages.seq());
    }

    /** The first entry that is there: {@link #foundMs}. False if there is none. */
    public boolean findFirst()
    {
        return find(false);
    }

    /** The last entry that is there: {@link #foundMs}. False if there is none. */
    public boolean findLast()
    {
        return find(true);
    }

    private boolean find(final boolean isLast)
    {
        edge.begin(value(), 0, 0, StreamIds.MAX, StreamIds.MAX, isLast);
        final boolean isFound = edge.next();
        foundMs = isFound ? edge.ms() : 0;
        foundSeq = isFound ? edge.seq() : 0;
        return isFound;
    }

    /** Where the first page begins, also with an entry that is deleted: {@link #foundMs}. The highest id if empty. */
    public void findEdge()
    {
        pages.open(StreamLayout.pages(value()));
        foundMs = StreamIds.MAX;
        foundSeq = StreamIds.MAX;
        if (pages.count() > 0)
        {
            final long entry = StreamPage.firstEntry(pages.page(0));
            foundMs = StreamPage.ms(entry, pages.ms());
            foundSeq = StreamPage.seq(entry, pages.seq());
        }
    }

    public long foundMs()
    {
        return foundMs;
    }

    public long foundSeq()
    {
        return foundSeq;
    }

    /** True if an entry behind this id, and not before the first, has been deleted by its own. */
    public boolean hasGapFrom(final long ms, final long seq)
    {
        final long value = value();
        final long deletedMs = StreamLayout.deletedMs(value);
        final long deletedSeq = StreamLayout.deletedSeq(value);
        return StreamLayout.entries(value) > 0 && !StreamIds.isZero(deletedMs, deletedSeq) &&
            StreamIds.compare(StreamLayout.firstMs(value), StreamLayout.firstSeq(value), deletedMs, deletedSeq) <= 0 &&
            StreamIds.compare(ms, seq, deletedMs, deletedSeq) <= 0;
    }

    /** Entries that were ever added up to an id, itself included; {@link StreamLayout#UNKNOWN} if that is not known. */
    public long addedTo(final long ms, final long seq)
    {
        final long value = value();
        final long added = StreamLayout.added(value);
        if (0 == added)
        {
            return 0;
        }

        final int last = StreamIds.compare(ms, seq, StreamLayout.lastMs(value), StreamLayout.lastSeq(value));
        if (0 == length() && last < 1)
        {
            return added;
        }

        return 0 == last ? added : last > 0 ? StreamLayout.UNKNOWN : addedToFirst(ms, seq);
    }

    /** As {@link #addedTo}, which is known up to the first entry if none behind it was deleted. */
    private long addedToFirst(final long ms, final long seq)
    {
        final long deletedMs = StreamLayout.deletedMs(value());
        final long deletedSeq = StreamLayout.deletedSeq(value());
        final long firstMs = StreamLayout.firstMs(value());
        final long firstSeq = StreamLayout.firstSeq(value());
        final int first = StreamIds.compare(ms, seq, firstMs, firstSeq);
        final boolean isWhole = StreamIds.isZero(deletedMs, deletedSeq) ||
            StreamIds.compare(deletedMs, deletedSeq, firstMs, firstSeq) < 0;
        if (!isWhole || first > 0)
        {
            return StreamLayout.UNKNOWN;
        }

        return StreamLayout.added(value()) - length() + (0 == first ? 1 : 0);
    }
}
