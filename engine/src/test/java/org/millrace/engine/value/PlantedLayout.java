package org.millrace.engine.value;

import org.millrace.engine.tree.TreeRelease;

/**
 * Layout of a type that this build does not have, for entries whose type byte a test has changed: what was a string is
 * moved, copied and let go of by its layout alone.
 */
public final class PlantedLayout extends ValueLayout implements AutoCloseable
{
    /** Type byte of a module's value, which this node never has. */
    public static final int TYPE = 7;

    private final StringLayout bytes = StringLayout.INSTANCE;

    /** Until closed the type is there. */
    public PlantedLayout()
    {
        plant(TYPE, this);
    }

    @Override
    public void close()
    {
        plant(TYPE, null);
    }

    @Override
    public long headLength(final long value)
    {
        return bytes.headLength(value);
    }

    @Override
    public boolean isLarge(final long value)
    {
        return bytes.isLarge(value);
    }

    @Override
    public long recordLength(final long value)
    {
        return bytes.recordLength(value);
    }

    @Override
    public long payload(final long value)
    {
        return value;
    }

    @Override
    void begin(final ValueRuns runs, final long value)
    {
        bytes.begin(runs, value);
    }

    @Override
    public void retire(final TreeRelease release, final long value)
    {
        bytes.retire(release, value);
    }

    @Override
    public void discard(final TreeRelease release, final long value)
    {
        bytes.discard(release, value);
    }
}
