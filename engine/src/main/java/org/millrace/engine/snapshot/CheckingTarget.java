package org.millrace.engine.snapshot;

/** Keeps nothing: to see whether an image could be loaded, before anything is given up for it. */
final class CheckingTarget implements RdbTarget
{
    private final int databases;
    private long bytes;

    CheckingTarget(final int databases)
    {
        this.databases = databases;
    }

    /** Bytes of keys and values so far: whoever loads them needs more than that. */
    long bytes()
    {
        return bytes;
    }

    @Override
    public int databases()
    {
        return databases;
    }

    @Override
    public void select(final int database)
    {
    }

    @Override
    public void prefetch(final long keyAddress, final int keyLength)
    {
    }

    @Override
    public int set(
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs)
    {
        bytes += keyLength + valueLength;
        return OK;
    }

    @Override
    public boolean begin(final long keyAddress, final int keyLength, final long valueLength, final long deadlineMs)
    {
        bytes += keyLength + valueLength;
        return true;
    }

    @Override
    public boolean write(final long offset, final long source, final long length)
    {
        return true;
    }

    @Override
    public int commit()
    {
        return OK;
    }

    @Override
    public void abort()
    {
    }
}
