package org.millrace.bench.workload;

import org.millrace.kit.resp.CommandBuffer;

/**
 * One command on values of a {@link Shape}, again and again: each time with a key and an element chosen evenly. Not
 * thread-safe.
 */
public final class ShapeWorkload implements Workload
{
    private static final int NONE_NEW = -1;

    private final SplitMix random;
    private final CommandTemplate template;
    private final Shape shape;
    private final Values values;
    private int range;
    private int lengthMin;
    private int lengthSpan = 1;

    /** Number of the next element if all are new, else {@link #NONE_NEW}. */
    private int nextNew = NONE_NEW;

    private ShapeWorkload(final String command, final Shape shape, final Values values, final long seed)
    {
        this.shape = shape;
        this.values = values;
        template = CommandTemplate.of(command);
        random = new SplitMix(seed);
        range = shape.perKey();
        lengthMin = shape.valueLength();
    }

    /**
     * A command on what a value has been filled with.
     *
     * @param command name and arguments with blanks between them; {@code key}, {@code name} (field or member),
     *                {@code value}, {@code score} and {@code id} stand for those of the chosen element.
     * @param seed    of the choice of keys, elements, values and scores.
     */
    public static ShapeWorkload of(final String command, final Shape shape, final Values values, final long seed)
    {
        return new ShapeWorkload(command, shape, values, seed);
    }

    /**
     * From now on with elements out of so many, the last of which are not there when a value has just been filled.
     */
    public ShapeWorkload outOf(final int elements)
    {
        range = elements;
        return this;
    }

    /**
     * From now on with a new element each time, numbered upwards from those that values have been filled with.
     */
    public ShapeWorkload growing()
    {
        nextNew = shape.perKey();
        return this;
    }

    /**
     * From now on with values of evenly spread lengths.
     */
    public ShapeWorkload lengths(final int min, final int max)
    {
        lengthMin = min;
        lengthSpan = max - min + 1;
        return this;
    }

    /** {@inheritDoc} */
    @Override
    public void append(final CommandBuffer buffer)
    {
        final int key = random.nextInt(shape.keyCount());
        final int element = NONE_NEW == nextNew ? random.nextInt(range) : nextNew++;
        final int length = lengthMin + random.nextInt(lengthSpan);
        buffer.begin(template.length());
        template.append(buffer, shape, values, key, element, random.next(), length);
    }
}
