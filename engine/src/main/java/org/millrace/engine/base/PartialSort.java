package org.millrace.engine.base;

/**
 * Puts in order what is wanted of a sequence, where Redis does so: Bentley and McIlroy's quicksort, which leaves parts
 * without wanted places as they are. It is not stable, and a command that stores what it has found goes into the stream
 * as it is. So it takes the very steps that Redis takes: which of several equal elements stand at the wanted places is
 * then the same in both. Writer thread; used again and again.
 * <pre>
 *   while a part is divided by the pivot in front of it        and after that
 *   +-----+-------+------+-----+---------+-------+             +------+-------+---------+
 *   | p   | equal | less |  ?  | greater | equal |             | less | equal | greater |
 *   +-----+-------+------+-----+---------+-------+             +------+-------+---------+
 *     from          equalEnd low   high    equalBegin
 * </pre>
 */
public final class PartialSort
{
    /** What is sorted: elements at places from 0 on. */
    public interface Sequence
    {
        /** Negative, 0 or positive: what stands at one place comes before the other, is equal, comes behind it. */
        int compare(int one, int other);

        void swap(int one, int other);
    }

    /** Fewer elements than that are sorted by insertion. */
    private static final int INSERTED_BELOW = 7;

    /** Of more elements than that the pivot is the median of three medians. */
    private static final int NINE_LOOKED_AT_ABOVE = 40;

    /** The larger part waits, so that no more wait than a length has bits. */
    private static final int WAITING_MAX = 32;

    private final int[] waitingFrom = new int[WAITING_MAX];
    private final int[] waitingCount = new int[WAITING_MAX];
    private int waiting;
    private Sequence sequence;
    private int first;
    private int last;

    /** Elements that are less than the pivot of the part divided last, and those that are greater. */
    private int less;
    private int greater;

    /**
     * Sort so far that the right elements stand at the wanted places.
     *
     * @param count elements of the sequence.
     * @param firstWanted place.
     * @param lastWanted place, not before the first.
     */
    public void sort(final Sequence elements, final int count, final int firstWanted, final int lastWanted)
    {
        sequence = elements;
        first = firstWanted;
        last = lastWanted;
        waiting = 0;
        await(0, count);
        while (waiting > 0)
        {
            waiting--;
            sortPart(waitingFrom[waiting], waitingCount[waiting]);
        }

        sequence = null;
    }

    private void await(final int from, final int count)
    {
        if (count > 1 && first < from + count && last >= from)
        {
            waitingFrom[waiting] = from;
            waitingCount[waiting] = count;
            waiting++;
        }
    }

    private void sortPart(final int from, final int count)
    {
        if (count < INSERTED_BELOW)
        {
            insert(from, count);
            return;
        }

        sequence.swap(from, pivot(from, count));
        divide(from, from + count);
        final int behind = from + count - greater;
        if (less > greater)
        {
            await(from, less);
            await(behind, greater);
        }
        else
        {
            await(behind, greater);
            await(from, less);
        }
    }

    private void insert(final int from, final int count)
    {
        for (int i = from + 1; i < from + count; i++)
        {
            for (int to = i; to > from && sequence.compare(to - 1, to) > 0; to--)
            {
                sequence.swap(to, to - 1);
            }
        }
    }

    private int pivot(final int from, final int count)
    {
        final int middle = from + count / 2;
        final int end = from + count - 1;
        if (INSERTED_BELOW == count)
        {
            return middle;
        }

        if (count <= NINE_LOOKED_AT_ABOVE)
        {
            return median(from, middle, end);
        }

        final int step = count / 8;
        return median(
            median(from, from + step, from + 2 * step),
            median(middle - step, middle, middle + step),
            median(end - 2 * step, end - step, end));
    }

    /** Of equal ones it is not any: the one that Redis takes. */
    private int median(final int a, final int b, final int c)
    {
        if (sequence.compare(a, b) < 0)
        {
            return sequence.compare(b, c) < 0 ? b : sequence.compare(a, c) < 0 ? c : a;
        }

        return sequence.compare(b, c) > 0 ? b : sequence.compare(a, c) < 0 ? a : c;
    }

    /** By the pivot, which stands at {@code from}: less, equal, greater. */
    private void divide(final int from, final int end)
    {
        int equalEnd = from + 1;
        int low = from + 1;
        int high = end - 1;
        int equalBegin = end;
        while (true)
        {
            for (int order; low <= high && (order = sequence.compare(low, from)) <= 0; low++)
            {
                if (0 == order)
                {
                    sequence.swap(equalEnd++, low);
                }
            }

            for (int order; low <= high && (order = sequence.compare(high, from)) >= 0; high--)
            {
                if (0 == order)
                {
                    sequence.swap(high, --equalBegin);
                }
            }

            if (low > high)
            {
                break;
            }

            sequence.swap(low++, high--);
        }

        // What is equal goes from both ends into the middle.
        less = low - equalEnd;
        greater = equalBegin - low;
        swapAll(from, low, Math.min(equalEnd - from, less));
        swapAll(low, end, Math.min(greater, end - equalBegin));
    }

    /** The first of a range change places with as many last ones before {@code end}. */
    private void swapAll(final int from, final int end, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            sequence.swap(from + i, end - count + i);
        }
    }
}
