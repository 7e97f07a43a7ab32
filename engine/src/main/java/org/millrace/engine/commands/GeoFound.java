package org.millrace.engine.commands;

import java.util.Arrays;

/** What a search has found: addresses of elements with their distances, in an order. Writer thread. */
final class GeoFound implements PartialSort.Sequence
{
    /** Room that is kept from one search to the next. */
    private static final int KEPT_CAPACITY = 1024;

    private long[] elements = new long[KEPT_CAPACITY];
    private double[] distances = new double[KEPT_CAPACITY];
    private int[] order = new int[KEPT_CAPACITY];
    private int[] merged = new int[KEPT_CAPACITY];
    private final PartialSort partial = new PartialSort();
    private int count;
    private boolean isDescending;

    void clear()
    {
        count = 0;
        if (elements.length > KEPT_CAPACITY)
        {
            grow(KEPT_CAPACITY);
        }
    }

    /** @param meters from the center. */
    void add(final long element, final double meters)
    {
        if (count == elements.length)
        {
            grow(2 * count);
        }

        elements[count] = element;
        distances[count] = meters;
        order[count] = count;
        count++;
    }

    private void grow(final int capacity)
    {
        elements = Arrays.copyOf(elements, capacity);
        distances = Arrays.copyOf(distances, capacity);
        order = Arrays.copyOf(order, capacity);
        merged = new int[capacity];
    }

    int count()
    {
        return count;
    }

    long element(final int index)
    {
        return elements[order[index]];
    }

    /** Meters from the center. */
    double distance(final int index)
    {
        return distances[order[index]];
    }

    /**
     * By distance. If all are wanted, of equal ones that comes first which was found first; else those come first that
     * do so in Redis.
     *
     * @param wanted how many of the first ones are wanted, 1 at least.
     */
    void sort(final boolean descending, final int wanted)
    {
        isDescending = descending;
        if (wanted < count)
        {
            partial.sort(this, count, 0, wanted - 1);
        }
        else
        {
            sortAll();
        }
    }

    private void sortAll()
    {
        for (int width = 1; width < count; width *= 2)
        {
            for (int from = 0; from < count; from += 2 * width)
            {
                merge(from, Math.min(from + width, count), Math.min(from + 2 * width, count));
            }

            final int[] sorted = merged;
            merged = order;
            order = sorted;
        }
    }

    private void merge(final int from, final int middle, final int end)
    {
        int left = from;
        int right = middle;
        for (int i = from; i < end; i++)
        {
            final boolean isLeft = right >= end || left < middle && compare(left, right) <= 0;
            merged[i] = isLeft ? order[left++] : order[right++];
        }
    }

    @Override
    public int compare(final int one, final int other)
    {
        final double a = distances[order[one]];
        final double b = distances[order[other]];
        return a == b ? 0 : a > b == isDescending ? -1 : 1;
    }

    @Override
    public void swap(final int one, final int other)
    {
        final int kept = order[one];
        order[one] = order[other];
        order[other] = kept;
    }
}
