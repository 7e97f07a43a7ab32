package org.millrace.engine.backlog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Keeps the line before the value free of other fields. */
class PublishedOffsetLeft
{
    long p00, p01, p02, p03, p04, p05, p06, p07;
}

/** The value itself. */
class PublishedOffsetValue extends PublishedOffsetLeft
{
    long value;
}

/**
 * A stream offset that one thread publishes and others follow, alone on its cache line.
 * <p>
 * Ordering: {@link #set} (release) pairs with {@link #get} (acquire): who sees the offset sees every byte and table
 * entry written before it.
 */
final class PublishedOffset extends PublishedOffsetValue
{
    private static final VarHandle VALUE;

    long p10, p11, p12, p13, p14, p15, p16, p17;

    static
    {
        try
        {
            VALUE = MethodHandles.lookup().findVarHandle(PublishedOffsetValue.class, "value", long.class);
        }
        catch (final ReflectiveOperationException e)
        {
            throw new ExceptionInInitializerError(e);
        }
    }

    PublishedOffset(final long initial)
    {
        set(initial);
    }

    long get()
    {
        return (long)VALUE.getAcquire(this);
    }

    void set(final long offset)
    {
        VALUE.setRelease(this, offset);
    }
}
