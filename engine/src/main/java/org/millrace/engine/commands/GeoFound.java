package org.millrace.engine.commands;

import java.util.Arrays;

/** What a search has found: addresses of elements with their distances, in an order. Writer thread. */
final class GeoFound
{
    /** Room that is kept from one search to the next. */
    private static final int KEPT_CAPACITY = 1024;

    private long[] elements = new long[KEPT_CAPACITY];
    private double[] distances = new double[KEPT_CAPACITY];
    private int[] order = new int[KEPT_CAPACITY];
    private int[] merged = new int[KEPT_CAPACITY];
    private int count;

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

    /** By distance; of equal ones that comes first which was found first. */
    void sort(final boolean isDescending)
    {
        for (int width = 1; width < count; width *= 2)
        {
            for (int from = 0; from < count; from += 2 * width)
            {
                merge(from, Math.min(from + width, count), Math.min(from + 2 * width, count), isDescending);
            }

            final int[] sorted = merged;
            merged = order;
            order = sorted;
        }
    }

    private void merge(final int from, final int middle, final int end, final boolean isDescending)
    {
        int left = from;
        int right = middle;
        for (int i = from; i < end; i++)
        {
            final boolean isLeft = right >= end || left < middle && !isBefore(order[right], order[left], isDescending);
            merged[i] = isLeft ? order[left++] : order[right++];
        }
    }

    private boolean isBefore(final int one, final int other, final boolean isDescending)
    {
        return isDescending ? distances[one] > distances[other] : distances[one] < distances[other];
    }
}
