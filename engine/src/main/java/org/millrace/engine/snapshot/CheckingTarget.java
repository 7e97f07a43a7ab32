package org.millrace.engine.snapshot;

import java.util.List;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.FunctionLibraries;

/** Keeps nothing: to see whether an image could be loaded, before anything is given up for it. */
final class CheckingTarget implements RdbTarget, ValueBuilder
{
    private final int databases;
    private final FunctionLibraries libraries;
    private long bytes;

    /** @param libraries that would be replaced. */
    CheckingTarget(final int databases, final FunctionLibraries libraries)
    {
        this.databases = databases;
        this.libraries = libraries;
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
    public void prefetch(final long[] keyAddresses, final int[] keyLengths, final int count)
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
    public ValueBuilder value(final long keyAddress, final int keyLength, final long deadlineMs)
    {
        bytes += keyLength;
        return this;
    }

    @Override
    public String functions(final List<byte[]> sources)
    {
        return libraries.check(sources);
    }

    @Override
    public int begin(final int type, final long count)
    {
        return OK;
    }

    @Override
    public int add(final long address, final long length)
    {
        bytes += length;
        return OK;
    }

    @Override
    public int addZeros(final long length)
    {
        bytes += length;
        return OK;
    }

    @Override
    public void deadline(final long deadlineMs)
    {
        bytes += Long.BYTES;
    }

    @Override
    public int score(final double score)
    {
        bytes += Double.BYTES;
        return OK;
    }

    @Override
    public int string(final long address, final long length)
    {
        bytes += length;
        return OK;
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
