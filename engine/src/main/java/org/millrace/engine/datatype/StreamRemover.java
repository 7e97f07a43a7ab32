package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.value.Listpack;
import org.millrace.engine.value.StreamPage;

/**
 * Takes entries out of the pages of a stream as Redis does, so that both have the same pages: one that goes is marked, and
 * a page goes when none of its entries is there any more. Writer thread.
 */
final class StreamRemover implements AutoCloseable
{
    /** What {@link #remove} and {@link #trimPage} say if memory ran out: nothing has changed. */
    static final long NO_MEMORY = -1;

    private final StreamPages pages;
    private final ScratchBuffer work = new ScratchBuffer();

    StreamRemover(final StreamPages pages)
    {
        this.pages = pages;
    }

    /** Remove an entry. @return 1, 0 if it was not there, or {@link #NO_MEMORY}. */
    long remove(final long ms, final long seq)
    {
        final long number = pages.floor(ms, seq);
        if (number < 0)
        {
            return 0;
        }

        final long page = pages.page(number);
        final long entry = find(page, ms, seq);
        if (0 == entry)
        {
            return 0;
        }

        if (1 == StreamPage.entries(page))
        {
            return pages.remove() ? 1 : NO_MEMORY;
        }

        final long copy = copy(page);
        StreamPage.markDeleted(copy + (entry - page));
        return store(copy, 1) ? 1 : NO_MEMORY;
    }

    /** The entry of this id that is not deleted, or 0. */
    private long find(final long page, final long ms, final long seq)
    {
        final long headFields = StreamPage.fieldCount(page);
        final long end = StreamPage.end(page);
        for (long entry = StreamPage.firstEntry(page); entry < end; entry = StreamPage.nextEntry(entry, headFields))
        {
            if (ms == StreamPage.ms(entry, pages.ms()) && seq == StreamPage.seq(entry, pages.seq()) &&
                !StreamPage.isDeleted(entry))
            {
                return entry;
            }
        }

        return 0;
    }

    /**
     * Mark entries at the beginning of the page that is looked at, up to the first that is to stay.
     *
     * @param most entries to mark.
     * @param belowMs the first entry with this id or a higher one is to stay.
     * @return how many were marked, or {@link #NO_MEMORY}.
     */
    long trimPage(final long page, final long most, final long belowMs, final long belowSeq)
    {
        final long copy = copy(page);
        final long headFields = StreamPage.fieldCount(copy);
        final long end = StreamPage.end(copy);
        long marked = 0;
        long entry = StreamPage.firstEntry(copy);
        while (entry < end && marked < most && StreamIds.compare(StreamPage.ms(entry, pages.ms()),
            StreamPage.seq(entry, pages.seq()), belowMs, belowSeq) < 0)
        {
            if (!StreamPage.isDeleted(entry))
            {
                StreamPage.markDeleted(entry);
                marked++;
            }

            entry = StreamPage.nextEntry(entry, headFields);
        }

        return 0 == marked || store(copy, marked) ? marked : NO_MEMORY;
    }

    /** Copy the page that is looked at to where it can be changed, with room in front for a longer head. */
    private long copy(final long page)
    {
        final long copy = work.renew(pages.length() + Listpack.OVERHEAD_MAX) + Listpack.OVERHEAD_MAX;
        Memory.copyDisjoint(page, copy, pages.length());
        return copy;
    }

    /** Put the copy, in which so many entries have been marked, in the page's place. */
    private boolean store(final long copy, final long marked)
    {
        final long entries = StreamPage.entries(copy) - marked;
        final long deleted = StreamPage.deleted(copy) + marked;
        final long rest = Listpack.next(StreamPage.deletedElement(copy));
        final int count = Listpack.count(copy);
        final long end = copy + pages.length();
        final int counts = Listpack.sizeOfNumber(entries) + Listpack.sizeOfNumber(deleted);
        final long page = rest - counts - Listpack.HEAD_LENGTH;
        Listpack.putNumber(Listpack.putNumber(Listpack.first(page), entries), deleted);
        Listpack.seal(page, end - page, count);
        return pages.replace(page, end - page, 0);
    }

    @Override
    public void close()
    {
        work.close();
    }
}
