package org.millrace.engine.replication;

import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.snapshot.RdbLoader;

/** Takes in the bytes of a snapshot; {@link RdbLoader}, or a script in tests. The contract is RdbLoader's. */
interface PayloadLoader extends AutoCloseable
{
    /** Makes the loader of one resync. */
    interface Factory
    {
        PayloadLoader open(DataSet target, long nowMs, boolean verifyChecksum);
    }

    int consume(long address, int length);

    boolean isAtData();

    void startData();

    RdbLoader.State state();

    String error();

    int streamDb();

    String producer();

    long keysLoaded();

    @Override
    void close();
}
