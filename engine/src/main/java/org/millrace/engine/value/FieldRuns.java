package org.millrace.engine.value;

import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.ExpiringFields;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRuns;

/**
 * What goes out of a hash with deadlines: the record of RDB type 24. It does not lie so in memory, since there a deadline
 * must not change when another one does, so it is written in pieces into a small buffer. Any thread that keeps the hash as
 * it is; one per thread.
 * <pre>
 *   earliest deadline, 8 B | count | for each field: 00, or 81 and 8 B big-endian | field | value
 * </pre>
 * A deadline is written as its distance from the earliest one, plus 1, in one form, longer than it need be: so how long
 * all of it is follows from counts alone.
 */
final class FieldRuns
{
    private static final int BUFFER_LENGTH = 2048;
    private static final int LENGTH_64 = 0x81;
    private static final int EARLIEST_LENGTH = 8;
    private static final int DISTANCE_LENGTH = 9;

    /** What goes out of a reference, before its string. */
    private static final int REFERENCE_HEAD_LENGTH = 5;

    private final OffHeap memory;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private final long start = Memory.address(buffer);
    private final ElementCursor cursor;
    private final TreeRuns longString;

    private boolean isLarge;
    private boolean isLongString;
    private long earliestMs;

    /** Of a compact one the next element, and how many are left. */
    private long element;
    private long left;

    /** String of the element under way that is to be written next, 0 if the next element is; whether it is the value. */
    private long string;
    private boolean isValue;
    private long at;
    private long address;
    private long length;

    FieldRuns(final OffHeap memory)
    {
        this.memory = memory;
        cursor = new ElementCursor(memory);
        longString = new TreeRuns(memory);
    }

    /** Bytes of the record. */
    static long recordLength(final long value)
    {
        final long count = CollectionLayout.count(value);
        final long deadlines = ExpiringHashLayout.deadlines(value);
        // Within an element a deadline takes as many bytes as its distance goes out in.
        final long elements = CollectionLayout.isLargeForm(value)
            ? TreeHead.bytes(CollectionLayout.head(value))
            : CollectionLayout.end(CollectionLayout.EXPIRING_HASH, value) - CollectionLayout.first(value);
        return EARLIEST_LENGTH + RdbLength.sizeOf(count) + elements + count - deadlines;
    }

    void begin(final long value)
    {
        isLarge = CollectionLayout.isLargeForm(value);
        isLongString = false;
        string = 0;
        left = CollectionLayout.count(value);
        if (isLarge)
        {
            cursor.begin(TreeHead.root(CollectionLayout.head(value)), 0);
        }
        else
        {
            element = CollectionLayout.first(value);
        }

        final long earliest = ExpiringHashLayout.earliestMs(memory, value);
        earliestMs = ExpiringFields.NEVER == earliest ? 0 : earliest;
        Memory.putLong(start, earliestMs);
        at = start + EARLIEST_LENGTH;
        at += RdbLength.encode(at, left);
    }

    /** On to the next run; false if there is none. */
    boolean next()
    {
        if (isLongString)
        {
            isLongString = longString.next();
            if (isLongString)
            {
                address = longString.address();
                length = longString.length();
                return true;
            }
        }

        while (!isLongString && (0 != string || left > 0) && hasRoom())
        {
            write();
        }

        address = start;
        length = at - start;
        at = start;
        return length > 0 || isLongString && next();
    }

    private boolean hasRoom()
    {
        return start + BUFFER_LENGTH - at >= DISTANCE_LENGTH + ElementString.LENGTH_MAX;
    }

    private void write()
    {
        if (0 == string)
        {
            string = nextElement();
            isValue = false;
            writeDistance(Element.deadlineMs(string));
        }

        final long here = string;
        string = isValue ? 0 : Element.secondString(here);
        isValue = true;
        isLongString = ElementString.isReference(here);
        final int formLength = isLongString ? REFERENCE_HEAD_LENGTH : ElementString.length(here);
        Memory.copyDisjoint(here, at, formLength);
        at += formLength;
        if (isLongString)
        {
            longString.begin(ElementString.root(here), ElementString.textLength(here));
        }
    }

    private long nextElement()
    {
        left--;
        if (isLarge)
        {
            final long next = cursor.next();
            return HashTree.NONE == next ? 0 : next;
        }

        final long next = element;
        element = CollectionLayout.hop(CollectionLayout.kind(CollectionLayout.EXPIRING_HASH), next, 1);
        return next;
    }

    private void writeDistance(final long deadlineMs)
    {
        if (Element.NO_DEADLINE == deadlineMs)
        {
            Memory.putByte(at, (byte)0);
            at++;
            return;
        }

        Memory.putByte(at, (byte)LENGTH_64);
        Memory.putLong(at + 1, Long.reverseBytes(deadlineMs - earliestMs + 1));
        at += DISTANCE_LENGTH;
    }

    long address()
    {
        return address;
    }

    long length()
    {
        return length;
    }
}
