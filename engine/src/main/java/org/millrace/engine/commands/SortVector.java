package org.millrace.engine.commands;

import org.millrace.engine.base.PartialSort;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.tree.TextOrder;

/**
 * The elements that SORT puts in order, with what they are sorted by, off-heap. Writer thread; used again and again.
 * <pre>
 *   record, 16 B                              text
 *   +------------------+------------------+   +--------+-------------
 *   | place of its     | weight, or place |   | length | bytes
 *   | text             | of another text  |   | 4 B    |
 *   +------------------+------------------+   +--------+-------------
 * </pre>
 */
final class SortVector implements PartialSort.Sequence, AutoCloseable
{
    /** What is compared. */
    private enum By
    {
        TEXT,
        WEIGHT,
        MEMBER
    }

    private static final int RECORD_LENGTH = 16;
    private static final int WEIGHT_AT = 8;

    /** Place of a text that is not there: it comes before all others. */
    private static final long NO_TEXT = -1;

    private final ScratchBuffer texts = new ScratchBuffer();
    private ScratchBuffer records = new ScratchBuffer();
    private ScratchBuffer spare = new ScratchBuffer();
    private final PartialSort partial = new PartialSort();
    private By by;
    private boolean isDescending;

    /** Forget all, and give back what is more than an ordinary call needs. */
    void clear()
    {
        texts.clear();
        records.clear();
        spare.clear();
    }

    int count()
    {
        return (int)(records.length() / RECORD_LENGTH);
    }

    /** Put an element behind the others, to be sorted by its own text for now. */
    void add(final long address, final long length)
    {
        final long place = addText(address, length);
        final long record = records.claim(RECORD_LENGTH);
        Memory.putLong(record, place);
        Memory.putLong(record + WEIGHT_AT, place);
    }

    private long addText(final long address, final long length)
    {
        final long place = texts.length();
        final long to = texts.claim(Integer.BYTES + length);
        Memory.putInt(to, (int)length);
        Memory.copy(address, to + Integer.BYTES, length);
        return place;
    }

    /** Text of an element by its number; until another is added. */
    long address(final int index)
    {
        return textAddress(Memory.getLong(record(index)));
    }

    int length(final int index)
    {
        return textLength(Memory.getLong(record(index)));
    }

    /** Sort an element by a number. */
    void weight(final int index, final double weight)
    {
        Memory.putLong(record(index) + WEIGHT_AT, Double.doubleToRawLongBits(weight));
    }

    /** Sort an element by another text. */
    void text(final int index, final long address, final long length)
    {
        final long place = addText(address, length);
        Memory.putLong(record(index) + WEIGHT_AT, place);
    }

    /** Sort an element as one that has no text. */
    void noText(final int index)
    {
        Memory.putLong(record(index) + WEIGHT_AT, NO_TEXT);
    }

    private long record(final int index)
    {
        return records.address() + (long)index * RECORD_LENGTH;
    }

    private long textAddress(final long place)
    {
        return texts.address() + place + Integer.BYTES;
    }

    private int textLength(final long place)
    {
        return Memory.getInt(texts.address() + place);
    }

    /**
     * Put all in order, equal ones in the order that they have.
     *
     * @param byText whether each has got a text, its own or another; else each has a weight.
     */
    void sort(final boolean byText, final boolean descending)
    {
        by = byText ? By.TEXT : By.WEIGHT;
        isDescending = descending;
        sort();
    }

    /** As the other, so far that the right ones stand at some places; of equal ones those that stand there in Redis. */
    void sort(final boolean byText, final boolean descending, final int first, final int last)
    {
        by = byText ? By.TEXT : By.WEIGHT;
        isDescending = descending;
        partial.sort(this, count(), first, last);
    }

    /** Members of a set, in no order, into one that all nodes agree on: integers first, as in Redis's intsets. */
    void sortMembers()
    {
        by = By.MEMBER;
        isDescending = false;
        sort();
    }

    private void sort()
    {
        final int count = count();
        spare.clear();
        spare.claim(records.length());
        for (int width = 1; width < count; width *= 2)
        {
            for (int from = 0; from < count; from += 2 * width)
            {
                merge(from, Math.min(from + width, count), Math.min(from + 2 * width, count));
            }

            final ScratchBuffer sorted = spare;
            spare = records;
            records = sorted;
        }
    }

    /** Merge two parts that are in order and neighbours into the same place of the spare records. */
    private void merge(final int from, final int middle, final int end)
    {
        long to = spare.address() + (long)from * RECORD_LENGTH;
        int left = from;
        int right = middle;
        while (left < middle || right < end)
        {
            final boolean isLeft = right == end || left < middle && compare(left, right) <= 0;
            final long record = record(isLeft ? left : right);
            Memory.putLong(to, Memory.getLong(record));
            Memory.putLong(to + WEIGHT_AT, Memory.getLong(record + WEIGHT_AT));
            to += RECORD_LENGTH;
            left += isLeft ? 1 : 0;
            right += isLeft ? 0 : 1;
        }
    }

    @Override
    public int compare(final int one, final int other)
    {
        final long a = record(one);
        final long b = record(other);
        final int order = switch (by)
        {
            case TEXT -> compareTextWeights(Memory.getLong(a + WEIGHT_AT), Memory.getLong(b + WEIGHT_AT));
            case WEIGHT -> compareWeights(a, b);
            case MEMBER -> compareMembers(Memory.getLong(a), Memory.getLong(b));
        };
        return isDescending ? -order : order;
    }

    @Override
    public void swap(final int one, final int other)
    {
        final long a = record(one);
        final long b = record(other);
        for (int i = 0; i < RECORD_LENGTH; i += Long.BYTES)
        {
            final long kept = Memory.getLong(a + i);
            Memory.putLong(a + i, Memory.getLong(b + i));
            Memory.putLong(b + i, kept);
        }
    }

    private int compareTextWeights(final long a, final long b)
    {
        return NO_TEXT == a || NO_TEXT == b ? Long.compare(Math.min(a, 0), Math.min(b, 0)) : compareTexts(a, b);
    }

    /** Elements of equal weight are in the order of their texts. */
    private int compareWeights(final long a, final long b)
    {
        final double aWeight = Double.longBitsToDouble(Memory.getLong(a + WEIGHT_AT));
        final double bWeight = Double.longBitsToDouble(Memory.getLong(b + WEIGHT_AT));
        if (aWeight == bWeight)
        {
            return compareTexts(Memory.getLong(a), Memory.getLong(b));
        }

        return aWeight < bWeight ? -1 : 1;
    }

    private int compareMembers(final long a, final long b)
    {
        final boolean isANumber = Decimal.isCanonical(textAddress(a), textLength(a));
        final boolean isBNumber = Decimal.isCanonical(textAddress(b), textLength(b));
        if (isANumber != isBNumber)
        {
            return isANumber ? -1 : 1;
        }

        return isANumber
            ? Long.compare(
                Decimal.parse(textAddress(a), textLength(a)), Decimal.parse(textAddress(b), textLength(b)))
            : compareTexts(a, b);
    }

    private int compareTexts(final long a, final long b)
    {
        return TextOrder.compare(textAddress(a), textLength(a), textAddress(b), textLength(b));
    }

    @Override
    public void close()
    {
        texts.close();
        records.close();
        spare.close();
    }
}
