package org.millrace.engine.replication.replica;

import org.millrace.engine.command.PeerSession;
import org.millrace.engine.keyspace.DataSet;

/** What the link to a primary needs of the node around it. Called on the writer thread. */
public interface LinkHost
{
    /** The data set in service. */
    DataSet data();

    /** There is a key in the data set in service. */
    boolean hasKeys();

    /** An empty second data set with as many databases, or null if there is no memory for one (logged). */
    DataSet newDataSet();

    /** Empty the data set in service: a running cut is aborted, watched keys are touched. */
    void flushData();

    /**
     * A bounded step in giving back the memory of what {@link #flushData} has emptied.
     *
     * @return true if there is none, or if it need not be waited for (replica-lazy-flush).
     */
    boolean isOldDataReleased();

    /** What is in service is what is left of a load that has failed: nothing, in the place of data. */
    void onDataLost();

    /** Put {@code loaded} into service; the old one is closed as readers leave it. Aborts a running cut. */
    void switchData(DataSet loaded);

    /**
     * A snapshot begins to be loaded.
     *
     * @param totalBytes length announced, 0 if it was not.
     * @param isAsync true if the old data goes on answering reads; else clients get -LOADING.
     */
    void onLoadBegin(long totalBytes, boolean isAsync);

    void onLoadProgress(long loadedBytes, long keys);

    /** The load has ended, with all data in service or none of it. */
    void onLoadEnd(boolean isComplete);

    /** The last save has failed, and writes are to stop for that. */
    boolean isDiskRefusing();

    /** The link's session for CLIENT LIST and CLIENT KILL; null when the link is down. */
    void onLinkSession(PeerSession session);

    /** Identity for the link's session. */
    long nextSessionId();

    /** This node has become a replica (clients blocked in WAIT are to be thrown out) or a primary. */
    void onRoleChange(boolean isReplica);
}
