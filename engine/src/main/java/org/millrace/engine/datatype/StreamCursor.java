package org.millrace.engine.datatype;

import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Trees;
import org.millrace.engine.value.Listpack;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamPage;

/**
 * Goes over the entries of a stream between two ids, both of them included, in either direction; deleted ones are left
 * out. The entries must not change meanwhile. Writer thread.
 */
public final class StreamCursor implements AutoCloseable
{
    private final StreamPages pages;
    private long startMs;
    private long startSeq;
    private long endMs;
    private long endSeq;
    private boolean isReverse;

    private long pageNumber;
    private long page;
    private long headFields;

    /** Where to go on in the page, 0 if it is to be looked at first. */
    private long at;

    /** Where to stop in it: its end or, going backwards, its first entry. */
    private long stop;

    // The entry found.
    private long ms;
    private long seq;
    private long fieldCount;
    private boolean hasOwnFields;
    private long field;
    private long fieldValue;
    private long next;

    StreamCursor(final Trees trees, final OffHeap memory)
    {
        pages = new StreamPages(trees, memory);
    }

    /** All entries from one id to another, of a stream's value. */
    public void begin(
        final long value,
        final long fromMs,
        final long fromSeq,
        final long toMs,
        final long toSeq,
        final boolean isBackwards)
    {
        pages.open(StreamLayout.pages(value));
        startMs = fromMs;
        startSeq = fromSeq;
        endMs = toMs;
        endSeq = toSeq;
        isReverse = isBackwards;
        at = 0;
        pageNumber = isBackwards ? pages.floor(toMs, toSeq) : Math.max(0, pages.floor(fromMs, fromSeq));
    }

    /** On to the next entry; false if there is none. */
    public boolean next()
    {
        while (true)
        {
            if (0 == at && !enterPage())
            {
                return false;
            }

            if (at == stop)
            {
                pageNumber += isReverse ? -1 : 1;
                at = 0;
                continue;
            }

            final long entry = step();
            ms = StreamPage.ms(entry, pages.ms());
            seq = StreamPage.seq(entry, pages.seq());
            if (isBeyond())
            {
                // Nothing further on is within.
                pageNumber = -1;
                at = 0;
                return false;
            }

            if (!StreamPage.isDeleted(entry) && isReached())
            {
                enterEntry(entry);
                return true;
            }
        }
    }

    private boolean enterPage()
    {
        if (pageNumber < 0 || pageNumber >= pages.count())
        {
            return false;
        }

        page = pages.page(pageNumber);
        headFields = StreamPage.fieldCount(page);
        final long first = StreamPage.firstEntry(page);
        final long end = StreamPage.end(page);
        at = isReverse ? end : first;
        stop = isReverse ? first : end;
        return true;
    }

    private long step()
    {
        if (isReverse)
        {
            at = StreamPage.previousEntry(at);
            return at;
        }

        final long entry = at;
        at = StreamPage.nextEntry(entry, headFields);
        return entry;
    }

    private boolean isBeyond()
    {
        return isReverse
            ? StreamIds.compare(ms, seq, startMs, startSeq) < 0
            : StreamIds.compare(ms, seq, endMs, endSeq) > 0;
    }

    private boolean isReached()
    {
        return isReverse
            ? StreamIds.compare(ms, seq, endMs, endSeq) <= 0
            : StreamIds.compare(ms, seq, startMs, startSeq) >= 0;
    }

    private void enterEntry(final long entry)
    {
        long element = Listpack.next(Listpack.next(Listpack.next(entry)));
        hasOwnFields = 0 == (Listpack.number(entry) & StreamPage.SAME_FIELDS);
        if (hasOwnFields)
        {
            fieldCount = Listpack.number(element);
            element = Listpack.next(element);
        }
        else
        {
            fieldCount = headFields;
            field = 0;
        }

        next = element;
    }

    public long ms()
    {
        return ms;
    }

    public long seq()
    {
        return seq;
    }

    /** Pairs of field and value. */
    public long fieldCount()
    {
        return fieldCount;
    }

    /** On to the next pair of the entry, of which there must be one. */
    public void nextField()
    {
        if (hasOwnFields)
        {
            field = next;
            fieldValue = Listpack.next(field);
        }
        else
        {
            field = 0 == field ? StreamPage.firstField(page) : Listpack.next(field);
            fieldValue = next;
        }

        next = Listpack.next(fieldValue);
    }

    /** The field, an element of a {@link Listpack}. */
    public long field()
    {
        return field;
    }

    /** The value, an element of a {@link Listpack}. */
    public long fieldValue()
    {
        return fieldValue;
    }

    @Override
    public void close()
    {
        pages.close();
    }
}
