package org.millrace.engine.replication.replica;

import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.FunctionLibraries;
import org.millrace.engine.snapshot.RdbLoader;

/** Loads a snapshot into a data set. Expired keys are kept: the primary will say when they are gone. */
final class RdbPayloadLoader implements PayloadLoader
{
    private final RdbLoader loader;

    private RdbPayloadLoader(final RdbLoader loader)
    {
        this.loader = loader;
    }

    /** Makes these. */
    static final class Loaders implements Factory
    {
        @Override
        public PayloadLoader open(final DataSet target, final long nowMs, final boolean verifyChecksum)
        {
            return new RdbPayloadLoader(new RdbLoader(target, nowMs, false, verifyChecksum));
        }

        @Override
        public PayloadLoader check(
            final int databases, final FunctionLibraries libraries, final boolean verifyChecksum)
        {
            return new RdbPayloadLoader(RdbLoader.checking(databases, libraries, verifyChecksum));
        }
    }

    @Override
    public int consume(final long address, final int length)
    {
        return loader.consume(address, length);
    }

    @Override
    public boolean isAtData()
    {
        return loader.isAtData();
    }

    @Override
    public void startData()
    {
        loader.startData();
    }

    @Override
    public RdbLoader.State state()
    {
        return loader.state();
    }

    @Override
    public String error()
    {
        return loader.error();
    }

    @Override
    public boolean isUnheld()
    {
        return loader.isUnheld();
    }

    @Override
    public int streamDb()
    {
        return loader.aux().streamDb();
    }

    @Override
    public String producer()
    {
        return loader.aux().producer();
    }

    @Override
    public long keysLoaded()
    {
        return loader.keysLoaded();
    }

    @Override
    public long dataBytes()
    {
        return loader.dataBytes();
    }

    @Override
    public void close()
    {
        loader.close();
    }
}
