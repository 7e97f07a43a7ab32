package org.millrace.engine.replication.replica;

import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.FunctionLibraries;
import org.millrace.engine.snapshot.RdbLoader;

/** Takes in the bytes of a snapshot; {@link RdbLoader}, or a script in tests. The contract is RdbLoader's. */
interface PayloadLoader extends AutoCloseable
{
    /** Makes the loaders of one resync. */
    interface Factory
    {
        PayloadLoader open(DataSet target, long nowMs, boolean verifyChecksum);

        /** One that keeps nothing: whether a node with so many databases, and these libraries, could load the image. */
        PayloadLoader check(int databases, FunctionLibraries libraries, boolean verifyChecksum);
    }

    int consume(long address, int length);

    boolean isAtData();

    void startData();

    RdbLoader.State state();

    String error();

    /** It has failed at something that this node does not hold: the same snapshot will fail for ever. */
    boolean isUnheld();

    int streamDb();

    String producer();

    long keysLoaded();

    /** Of one that only checks: bytes that the data take at least. */
    long dataBytes();

    @Override
    void close();
}
