package org.millrace.engine.value;

import org.millrace.engine.memory.Memory;

/**
 * One page of a stream: a listpack of entries whose ids are counted from the page's own. Static access, and the check of
 * one that somebody else has written.
 * <pre>
 *   head     entries | deleted | fields n | n x field | 0
 *   entry    flags | ms - page's | seq - page's | n x value | elements before this          flags: 2, fields of the head
 *   entry    flags | ms - page's | seq - page's | n | n x (field, value) | elements before this
 * </pre>
 * Everything is an element, see {@link Listpack}. A deleted entry stays where it is with flag 1; the head counts those
 * that are there and those that are not. {@code page} is the listpack's address.
 */
public final class StreamPage
{
    public static final int DELETED = 1;
    public static final int SAME_FIELDS = 1 << 1;

    /** Elements of an entry with the head's fields beside its values, but for the last. */
    public static final int FIXED_ELEMENTS = 3;

    private StreamPage()
    {
    }

    /** Entries that are there. */
    public static long entries(final long page)
    {
        return Listpack.number(Listpack.first(page));
    }

    /** Entries that are marked as deleted. */
    public static long deleted(final long page)
    {
        return Listpack.number(deletedElement(page));
    }

    public static long deletedElement(final long page)
    {
        return Listpack.next(Listpack.first(page));
    }

    private static long fieldCountElement(final long page)
    {
        return Listpack.next(deletedElement(page));
    }

    /** Fields of the head. */
    public static long fieldCount(final long page)
    {
        return Listpack.number(fieldCountElement(page));
    }

    /** The head's first field, or what ends it. */
    public static long firstField(final long page)
    {
        return Listpack.next(fieldCountElement(page));
    }

    /** The first entry, deleted or not: its flags. */
    public static long firstEntry(final long page)
    {
        long at = firstField(page);
        for (long i = fieldCount(page); i >= 0; i--)
        {
            at = Listpack.next(at);
        }

        return at;
    }

    /** Where the page ends: behind its last entry. */
    public static long end(final long page)
    {
        return page + Listpack.length(page) - 1;
    }

    /** The entry before one, or before the end; not before the first. */
    public static long previousEntry(final long at)
    {
        final long last = Listpack.previous(at);
        long entry = last;
        for (long i = Listpack.number(last); i > 0; i--)
        {
            entry = Listpack.previous(entry);
        }

        return entry;
    }

    /** The entry behind one, or the end. */
    public static long nextEntry(final long entry, final long headFields)
    {
        final long flags = Listpack.number(entry);
        long at = Listpack.next(Listpack.next(Listpack.next(entry)));
        long rest = headFields;
        if (0 == (flags & SAME_FIELDS))
        {
            rest = 2 * Listpack.number(at);
            at = Listpack.next(at);
        }

        for (; rest >= 0; rest--)
        {
            at = Listpack.next(at);
        }

        return at;
    }

    public static boolean isDeleted(final long entry)
    {
        return 0 != (Listpack.number(entry) & DELETED);
    }

    /** Mark an entry as deleted, in memory that the caller may change; the head is to be told. */
    public static void markDeleted(final long entry)
    {
        // Flags are numbers of one byte.
        Memory.putByte(entry, (byte)(Memory.getByte(entry) | DELETED));
    }

    /** First half of an entry's id. */
    public static long ms(final long entry, final long pageMs)
    {
        return pageMs + Listpack.number(Listpack.next(entry));
    }

    /** Second half of an entry's id. */
    public static long seq(final long entry, final long pageSeq)
    {
        return pageSeq + Listpack.number(Listpack.next(Listpack.next(entry)));
    }

    /**
     * True if this is a page with all that those who read pages rely on. Reads nothing beyond it.
     *
     * @param length bytes that there are.
     */
    public static boolean isWhole(final long page, final long length)
    {
        if (length < Listpack.EMPTY_LENGTH || length != Listpack.length(page) || !Listpack.isEnd(page + length - 1))
        {
            return false;
        }

        final long end = page + length - 1;
        long at = Listpack.first(page);
        long elements = 0;
        while (at < end)
        {
            at = Listpack.checkedNext(at, end);
            if (0 == at)
            {
                return false;
            }

            elements++;
        }

        final int count = Listpack.count(page);
        return (count < 0 || count == elements) && hasWholeHead(page, end) && hasWholeEntries(page, end);
    }

    private static boolean hasWholeHead(final long page, final long end)
    {
        long at = Listpack.first(page);
        for (int i = 0; i < 3; i++)
        {
            if (at == end || Listpack.isText(at) || Listpack.number(at) < 0)
            {
                return false;
            }

            at = Listpack.next(at);
        }

        for (long i = fieldCount(page); i > 0; i--)
        {
            if (at == end)
            {
                return false;
            }

            at = Listpack.next(at);
        }

        return at < end && isZero(at);
    }

    private static boolean isZero(final long at)
    {
        return !Listpack.isText(at) && 0 == Listpack.number(at);
    }

    private static boolean hasWholeEntries(final long page, final long end)
    {
        final long headFields = fieldCount(page);
        long left = entries(page);
        long leftDeleted = deleted(page);
        long at = firstEntry(page);
        if (at == end)
        {
            return false;
        }

        while (at < end)
        {
            final long next = checkedNextEntry(at, end, headFields);
            if (0 == next)
            {
                return false;
            }

            if (isDeleted(at))
            {
                leftDeleted--;
            }
            else
            {
                left--;
            }

            at = next;
        }

        return 0 == left && 0 == leftDeleted;
    }

    private static long checkedNextEntry(final long entry, final long end, final long headFields)
    {
        long at = entry;
        for (int i = 0; i < FIXED_ELEMENTS; i++)
        {
            if (at == end || Listpack.isText(at))
            {
                return 0;
            }

            at = Listpack.next(at);
        }

        // In one byte, since they are changed where they stand.
        final int flags = Memory.getUnsignedByte(entry);
        if (flags > (DELETED | SAME_FIELDS))
        {
            return 0;
        }

        long rest = headFields;
        long elements = FIXED_ELEMENTS + headFields;
        if (0 == (flags & SAME_FIELDS))
        {
            if (at == end || Listpack.isText(at) || Listpack.number(at) < 0 || Listpack.number(at) > end - at)
            {
                return 0;
            }

            rest = 2 * Listpack.number(at);
            elements = FIXED_ELEMENTS + 1 + rest;
            at = Listpack.next(at);
        }

        for (; rest > 0 && at < end; rest--)
        {
            at = Listpack.next(at);
        }

        return at < end && !Listpack.isText(at) && elements == Listpack.number(at) ? Listpack.next(at) : 0;
    }
}
