package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tree.ByteTree;
import org.millrace.engine.value.Listpack;
import org.millrace.engine.value.StreamPage;

/**
 * Adds an entry behind the last one of a stream: to the last page, where that lies if it may be, or as the first of a new
 * page. When a page is full is decided as Redis does, so that both have the same pages. Writer thread.
 */
final class StreamAppender implements AutoCloseable
{
    /** No page is longer than this but one of a single entry. */
    private static final long PAGE_MAX = 1 << 30;

    /** Elements of a page's head beside fields: entries, deleted, number of fields, and what ends the fields. */
    private static final int HEAD_ELEMENTS = 4;

    /**
     * A page that is to grow gets room for an eighth more, or for half of it if it is long: copying it is to cost little
     * beside filling it, and of many short streams each has such a page.
     */
    private static final int GROWTH_PART = 8;
    private static final int LONG_PAGE = 1024;
    private static final int LONG_GROWTH_PART = 2;

    /** A page that is full gives back what it does not use, if that is more than this part of it. */
    private static final int SLACK_PART = 16;

    private final StreamPages pages;
    private final ScratchBuffer entryWork = new ScratchBuffer();
    private final ScratchBuffer pageWork = new ScratchBuffer();

    // The entry that is added.
    private ArgVector args;
    private int firstArg;
    private int fields;
    private long argBytes;
    private long bytesMax;

    StreamAppender(final StreamPages pages)
    {
        this.pages = pages;
    }

    /**
     * @param from index of the first of the arguments that are fields and values in turn, to the last.
     * @param pageBytesMax a page of so many bytes takes no more; 0 for no limit.
     * @param pageEntriesMax nor does one of so many entries; 0 for no limit.
     * @return false if memory ran out: nothing has changed.
     */
    boolean append(
        final ArgVector arguments,
        final int from,
        final long ms,
        final long seq,
        final long pageBytesMax,
        final long pageEntriesMax)
    {
        args = arguments;
        firstArg = from;
        fields = (arguments.count() - from) / 2;
        argBytes = 0;
        for (int i = from, count = arguments.count(); i < count; i++)
        {
            argBytes += arguments.length(i);
        }

        bytesMax = pageBytesMax <= 0 || pageBytesMax > PAGE_MAX ? PAGE_MAX : pageBytesMax;
        final long count = pages.count();
        if (0 == count)
        {
            return addPage(ms, seq);
        }

        final long page = pages.page(count - 1);
        if (!isFull(page, pageEntriesMax))
        {
            return addEntry(page, ms, seq);
        }

        if (!addPage(ms, seq))
        {
            return false;
        }

        pages.page(count - 1);
        pages.trim((int)Math.min(Integer.MAX_VALUE, pages.length() / SLACK_PART));
        return true;
    }

    private boolean isFull(final long page, final long pageEntriesMax)
    {
        return pages.length() + argBytes >= bytesMax ||
            pageEntriesMax > 0 && StreamPage.entries(page) + StreamPage.deleted(page) >= pageEntriesMax;
    }

    private boolean addPage(final long ms, final long seq)
    {
        final long page = pageWork.renew(2 * argBytes + (long)(HEAD_ELEMENTS + 3 * fields + 4) * Listpack.OVERHEAD_MAX +
            Listpack.EMPTY_LENGTH);
        long at = Listpack.putNumber(Listpack.first(page), 1);
        at = Listpack.putNumber(at, 0);
        at = Listpack.putNumber(at, fields);
        for (int i = 0; i < fields; i++)
        {
            at = Listpack.putText(at, args.address(firstArg + 2 * i), args.length(firstArg + 2 * i));
        }

        at = Listpack.putNumber(at, 0);
        at = putEntry(at, true, 0, 0);
        final long length = at + 1 - page;
        Listpack.seal(page, length, (long)HEAD_ELEMENTS + fields + elements(true));
        return pages.put(ms, seq, page, length, room(length));
    }

    private long elements(final boolean hasSameFields)
    {
        return StreamPage.FIXED_ELEMENTS + 1L + (hasSameFields ? fields : 1 + 2 * fields);
    }

    /** Write the entry. @return behind it. */
    private long putEntry(final long target, final boolean hasSameFields, final long msDelta, final long seqDelta)
    {
        long at = Listpack.putNumber(target, hasSameFields ? StreamPage.SAME_FIELDS : 0);
        at = Listpack.putNumber(at, msDelta);
        at = Listpack.putNumber(at, seqDelta);
        at = hasSameFields ? at : Listpack.putNumber(at, fields);
        for (int i = 0; i < 2 * fields; i++)
        {
            if (!hasSameFields || 1 == (i & 1))
            {
                at = Listpack.putText(at, args.address(firstArg + i), args.length(firstArg + i));
            }
        }

        return Listpack.putNumber(at, elements(hasSameFields) - 1);
    }

    private boolean addEntry(final long page, final long ms, final long seq)
    {
        final boolean hasSameFields = hasSameFields(page);
        final long entry = entryWork.renew(argBytes + (long)(2 * fields + 8) * Listpack.OVERHEAD_MAX);
        final int entryLength = (int)(putEntry(entry, hasSameFields, ms - pages.ms(), seq - pages.seq()) - entry);
        final long entries = StreamPage.entries(page);
        final long first = Listpack.first(page);
        final int shift = Listpack.sizeOfNumber(entries + 1) - (int)(Listpack.next(first) - first);
        final long oldLength = pages.length();
        final long newLength = oldLength + entryLength + shift;
        final int count = Listpack.count(page);
        final long newCount = count < 0 ? count : count + elements(hasSameFields);
        final long inPlace = 0 == shift ? pages.beginChange(newLength) : 0;
        if (0 == inPlace)
        {
            return replacePage(page, oldLength, entry, entryLength, newLength, newCount);
        }

        Listpack.putNumber(Listpack.first(inPlace), entries + 1);
        Memory.copyDisjoint(entry, inPlace + oldLength - 1, entryLength);
        Listpack.seal(inPlace, newLength, newCount);
        pages.endChange();
        return true;
    }

    private boolean replacePage(
        final long page,
        final long oldLength,
        final long entry,
        final int entryLength,
        final long newLength,
        final long newCount)
    {
        final long copy = pageWork.renew(newLength);
        final long rest = Listpack.next(Listpack.first(page));
        final long restLength = page + oldLength - 1 - rest;
        final long at = Listpack.putNumber(Listpack.first(copy), StreamPage.entries(page) + 1);
        Memory.copyDisjoint(rest, at, restLength);
        Memory.copyDisjoint(entry, at + restLength, entryLength);
        Listpack.seal(copy, newLength, newCount);
        return pages.put(pages.ms(), pages.seq(), copy, newLength, room(newLength));
    }

    private boolean hasSameFields(final long page)
    {
        if (fields != StreamPage.fieldCount(page))
        {
            return false;
        }

        long field = StreamPage.firstField(page);
        for (int i = 0; i < fields; i++)
        {
            if (!Listpack.isEqual(field, args.address(firstArg + 2 * i), args.length(firstArg + 2 * i)))
            {
                return false;
            }

            field = Listpack.next(field);
        }

        return true;
    }

    /** Bytes that a page of this length is to have room for: no more than it may have. */
    private int room(final long length)
    {
        final long most = Math.max(length, Math.min(bytesMax, ByteTree.LEAF_BYTES));
        final long more = length / (length < LONG_PAGE ? GROWTH_PART : LONG_GROWTH_PART);
        return (int)Math.min(Integer.MAX_VALUE, Math.min(most, length + more));
    }

    @Override
    public void close()
    {
        entryWork.close();
        pageWork.close();
    }
}
