package org.millrace.races;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Things that are too dear to be made for every state of a race, such as data sets: a state takes one when it is made
 * and its arbiter gives it back. Both run on any thread, while no actor of a state in the same stride is at work.
 */
public final class Pool<T>
{
    /** States at a time that {@link RacesMain} allows for: strides times states in a stride, and some to spare. */
    public static final int STATES_MAX = 4 * RacesMain.STRIDE_SIZE * RacesMain.STRIDE_COUNT;

    private final Supplier<T> factory;
    private final int sizeMax;
    private final ArrayDeque<T> free = new ArrayDeque<>();
    private int made;

    public Pool(final Supplier<T> factory)
    {
        this(1, factory);
    }

    /** @param perState how many of them a state may hold. */
    public Pool(final int perState, final Supplier<T> factory)
    {
        this.factory = factory;
        sizeMax = perState * STATES_MAX;
    }

    /** One that nobody has; a new one if need be. */
    public synchronized T take()
    {
        final T pooled = free.poll();
        if (null != pooled)
        {
            return pooled;
        }

        if (made == sizeMax)
        {
            throw new IllegalStateException("more states at a time than " + STATES_MAX + ": run " + RacesMain.class);
        }

        made++;
        return factory.get();
    }

    /** As it was when it was new. */
    public synchronized void give(final T used)
    {
        free.add(used);
    }
}
