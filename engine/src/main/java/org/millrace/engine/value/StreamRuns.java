package org.millrace.engine.value;

import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRuns;
import org.millrace.engine.tree.WholeString;

/**
 * What goes out of a stream behind its pages: counts and ids, then each group with what is pending of it, and its
 * consumers. It does not lie so in memory, and three generations of Redis want it in three forms, so it is written in
 * pieces into a small buffer. Any thread that keeps the stream as it is; one per thread.
 *
 * <p>The first form, 15, has no first id, deleted id, entries added and entries read; the second, 19, has these; the third,
 * 21, has in addition when a consumer was given something.
 *
 * <p>Lengths within groups are written in one form each, longer than they need be: so how long all of it is follows from
 * counts alone.
 */
final class StreamRuns
{
    private static final int BUFFER_LENGTH = 2048;

    /** Room that is left for whatever comes next but names. */
    private static final int ITEM_MAX = 128;

    private static final int LENGTH_32 = 5;
    private static final int LENGTH_64 = 9;
    private static final int TIME_LENGTH = 8;
    private static final int GIVEN_LENGTH = StreamPending.ID_LENGTH + TIME_LENGTH + LENGTH_32;

    private enum Step
    {
        HEAD,
        GROUP,
        PENDING,
        CONSUMER,
        OWNED,
        END
    }

    private final OffHeap memory;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private final long start = Memory.address(buffer);
    private final TreeRuns name;
    private final ElementCursor names;
    private final ElementCursor pending;

    private long value;
    private int type;
    private Step step = Step.END;
    private long at;
    private boolean isNameDue;
    private long nameAddress;
    private long nameLength;
    private long address;
    private long length;

    private long group;
    private long groupNumber;
    private long consumer;
    private long consumersEnd;
    private long left;

    StreamRuns(final OffHeap memory)
    {
        this.memory = memory;
        name = new TreeRuns(memory);
        names = new ElementCursor(memory);
        pending = new ElementCursor(memory);
    }

    /** Bytes of all of a stream's record in the form of one of the three types. */
    static long recordLength(final long value, final int type)
    {
        final long pages = StreamLayout.pages(value);
        final long groups = StreamLayout.groups(value);
        final long allNames = TreeHead.count(StreamLayout.names(value));
        // Each pending entry stands there twice.
        final long given = TreeHead.count(StreamLayout.pending(value)) / 2;
        return RdbLength.sizeOf(TreeHead.count(pages)) + TreeHead.bytes(pages) + headLength(value, type) +
            TreeHead.bytes(StreamLayout.names(value)) - allNames * StreamName.LENGTH +
            groups * groupLength(type) + (allNames - groups) * consumerLength(type) +
            given * (GIVEN_LENGTH + StreamPending.ID_LENGTH);
    }

    private static long headLength(final long value, final int type)
    {
        long length = sizeOf(StreamLayout.entries(value)) + sizeOf(StreamLayout.lastMs(value)) +
            sizeOf(StreamLayout.lastSeq(value)) + sizeOf(StreamLayout.groups(value));
        if (type > StreamLayout.TYPE)
        {
            length += sizeOf(StreamLayout.firstMs(value)) + sizeOf(StreamLayout.firstSeq(value)) +
                sizeOf(StreamLayout.deletedMs(value)) + sizeOf(StreamLayout.deletedSeq(value)) +
                sizeOf(StreamLayout.added(value));
        }

        return length;
    }

    private static int groupLength(final int type)
    {
        return (type > StreamLayout.TYPE ? 3 : 2) * LENGTH_64 + 2 * LENGTH_32;
    }

    private static int consumerLength(final int type)
    {
        return (type > StreamLayout.TYPE_2 ? 2 : 1) * TIME_LENGTH + LENGTH_32;
    }

    /** Begin behind the pages. @param type of the form: 15, 19 or 21. */
    void begin(final long value, final int type)
    {
        this.value = value;
        this.type = type;
        step = Step.HEAD;
        isNameDue = false;
        group = 0;
        nameLength = 0;
        name.begin(0, 0);
    }

    /** On to the next run; false if there is none. */
    boolean next()
    {
        if (nextOfName())
        {
            return true;
        }

        at = start;
        final long limit = start + BUFFER_LENGTH - ITEM_MAX;
        while (Step.END != step && !isNameDue && at < limit)
        {
            write();
        }

        address = start;
        length = at - start;
        return length > 0;
    }

    private boolean nextOfName()
    {
        isNameDue = false;
        if (nameLength > 0)
        {
            address = nameAddress;
            length = nameLength;
            nameLength = 0;
            return true;
        }

        if (name.next())
        {
            address = name.address();
            length = name.length();
            return true;
        }

        return false;
    }

    private void write()
    {
        switch (step)
        {
            case HEAD -> writeHead();
            case GROUP -> writeGroup();
            case PENDING -> writePending();
            case CONSUMER -> writeConsumer();
            default -> writeOwned();
        }
    }

    private void writeHead()
    {
        putLength(StreamLayout.entries(value));
        putLength(StreamLayout.lastMs(value));
        putLength(StreamLayout.lastSeq(value));
        if (type > StreamLayout.TYPE)
        {
            putLength(StreamLayout.firstMs(value));
            putLength(StreamLayout.firstSeq(value));
            putLength(StreamLayout.deletedMs(value));
            putLength(StreamLayout.deletedSeq(value));
            putLength(StreamLayout.added(value));
        }

        putLength(StreamLayout.groups(value));
        beginName(Step.GROUP, group < StreamLayout.groups(value));
    }

    /** The length of the next group's name, which follows; what comes behind it is of the step. */
    private void beginName(final Step next, final boolean hasNext)
    {
        step = hasNext ? next : Step.END;
        if (hasNext)
        {
            putNameOf(group);
        }
    }

    private void putNameOf(final long number)
    {
        final long element = nameElement(number);
        final long textLength = ElementString.textLength(element);
        final long ownLength = textLength - StreamName.LENGTH;
        putNameLength(element, textLength, ownLength);
        isNameDue = true;
        if (ElementString.isReference(element))
        {
            name.beginBytes(ElementString.root(element), textLength, StreamName.LENGTH);
        }
        else
        {
            nameAddress = ElementString.textAddress(element) + StreamName.LENGTH;
            nameLength = ownLength;
        }
    }

    /** In as many bytes as that of the element goes out in, so that the sum of all is known. */
    private void putNameLength(final long element, final long textLength, final long ownLength)
    {
        if (ElementString.isReference(element))
        {
            put32(ownLength);
        }
        else if (1 == RdbLength.sizeOf(textLength))
        {
            at += RdbLength.encode(at, ownLength);
        }
        else
        {
            at += RdbLength.encode14(at, (int)ownLength);
        }
    }

    private long nameElement(final long number)
    {
        names.begin(TreeHead.root(StreamLayout.names(value)), number);
        return names.next();
    }

    private long record(final long number)
    {
        return WholeString.start(memory, nameElement(number));
    }

    private void writeGroup()
    {
        final long record = record(group);
        groupNumber = StreamName.number(record);
        put64(StreamName.lastMs(record));
        put64(StreamName.lastSeq(record));
        if (type > StreamLayout.TYPE)
        {
            put64(StreamName.entriesRead(record));
        }

        beginPending(groupNumber);
        step = Step.PENDING;
    }

    /** How many are pending of a group or consumer; the first of them comes next. */
    private void beginPending(final long number)
    {
        final int root = TreeHead.root(StreamLayout.pending(value));
        pending.beginAtScore(root, number + 1);
        final long end = pending.number();
        pending.beginAtScore(root, number);
        left = end - pending.number();
        put32(left);
    }

    private void writePending()
    {
        if (left > 0)
        {
            final long given = StreamPending.text(pending.next());
            putBytes(given, StreamPending.ID_LENGTH);
            putTime(StreamPending.timeMs(given));
            put32(Math.min(StreamPending.deliveries(given), TreeHead.COUNT_MAX));
            left--;
            return;
        }

        consumer = firstOf(groupNumber);
        consumersEnd = firstOf(groupNumber + 1);
        put32(consumersEnd - consumer);
        goOn();
    }

    /** Number of the first name whose owner is this one or a later one. */
    private long firstOf(final long owner)
    {
        long low = StreamLayout.groups(value);
        long high = TreeHead.count(StreamLayout.names(value));
        while (low < high)
        {
            final long middle = low + high >>> 1;
            if (StreamName.owner(record(middle)) < owner)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /** The next consumer, or the next group. */
    private void goOn()
    {
        if (consumer < consumersEnd)
        {
            putNameOf(consumer);
            step = Step.CONSUMER;
            return;
        }

        group++;
        beginName(Step.GROUP, group < StreamLayout.groups(value));
    }

    private void writeConsumer()
    {
        final long record = record(consumer);
        putTime(StreamName.seenMs(record));
        if (type > StreamLayout.TYPE_2)
        {
            putTime(StreamName.activeMs(record));
        }

        beginPending(StreamName.number(record));
        step = Step.OWNED;
    }

    private void writeOwned()
    {
        if (left > 0)
        {
            putBytes(StreamPending.text(pending.next()), StreamPending.ID_LENGTH);
            left--;
            return;
        }

        consumer++;
        goOn();
    }

    private static int sizeOf(final long number)
    {
        return number < 0 ? LENGTH_64 : RdbLength.sizeOf(number);
    }

    private void putLength(final long number)
    {
        if (number < 0)
        {
            put64(number);
        }
        else
        {
            at += RdbLength.encode(at, number);
        }
    }

    private void put32(final long number)
    {
        Memory.putByte(at, (byte)0x80);
        Memory.putInt(at + 1, Integer.reverseBytes((int)number));
        at += LENGTH_32;
    }

    private void put64(final long number)
    {
        Memory.putByte(at, (byte)0x81);
        Memory.putLong(at + 1, Long.reverseBytes(number));
        at += LENGTH_64;
    }

    private void putTime(final long ms)
    {
        Memory.putLong(at, ms);
        at += TIME_LENGTH;
    }

    private void putBytes(final long from, final int count)
    {
        Memory.copyDisjoint(from, at, count);
        at += count;
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
