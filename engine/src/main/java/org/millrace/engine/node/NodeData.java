package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.node.clients.PubSub;

/** The data set in service, those it has replaced, and the numbers of the load that filled it. Writer thread. */
final class NodeData implements AutoCloseable
{
    private final PubSub pubSub;
    private final List<DataSet> replaced = new ArrayList<>();
    private DataSet current;
    private long loadBeganMs;
    private long loadTotalBytes;
    private long loadedBytes;
    private long loadedKeys;
    private long lastLoadKeys;
    private long lastLoadKeysExpired;

    NodeData(final DataSet current, final PubSub pubSub)
    {
        this.current = current;
        this.pubSub = pubSub;
    }

    DataSet current()
    {
        return current;
    }

    /** The present one goes with {@link #closeReplaced}. */
    void replace(final DataSet newData, final WriterState writer)
    {
        replaced.add(current);
        current = newData;
        writer.data(newData);
    }

    /** Former data sets go once no reader is inside any more: whoever enters later is sent on to the new one. */
    void closeReplaced()
    {
        for (int i = replaced.size() - 1; i >= 0; i--)
        {
            if (null == replaced.get(i).shutReaders())
            {
                close(replaced.remove(i));
            }
        }
    }

    private static void close(final DataSet set)
    {
        set.discard();
        set.memory().close();
    }

    /**
     * Readers may not look at the data any more. To be asked until all have left.
     *
     * @return name of one that has not left yet, or null.
     */
    String shutReaders()
    {
        String inside = current.shutReaders();
        for (final DataSet set : replaced)
        {
            final String reader = set.shutReaders();
            inside = null == inside ? reader : inside;
        }

        return inside;
    }

    /** The memory of a data set that a reader has not left stays as it is, for good. */
    @Override
    public void close()
    {
        replaced.add(current);
        closeReplaced();
    }

    PubSub pubSub()
    {
        return pubSub;
    }

    void beginLoad(final long nowMs, final long totalBytes)
    {
        loadBeganMs = nowMs;
        loadTotalBytes = totalBytes;
        loadedBytes = 0;
        loadedKeys = 0;
    }

    void progress(final long bytes, final long keys)
    {
        loadedBytes = bytes;
        loadedKeys = keys;
    }

    void endLoad(final long keys, final long keysExpired)
    {
        lastLoadKeys = keys;
        lastLoadKeysExpired = keysExpired;
    }

    long loadedKeys()
    {
        return loadedKeys;
    }

    long lastLoadKeys()
    {
        return lastLoadKeys;
    }

    long lastLoadKeysExpired()
    {
        return lastLoadKeysExpired;
    }

    void appendLoading(final StringBuilder out, final long nowMs)
    {
        final double part = 0 == loadTotalBytes ? 0 : 100.0 * loadedBytes / loadTotalBytes;
        final long elapsedMs = Math.max(1, nowMs - loadBeganMs);
        final long etaSeconds = 0 == loadedBytes
            ? 1
            : (loadTotalBytes - loadedBytes) / Math.max(1, loadedBytes / elapsedMs) / 1000;
        InfoSections.line(out, "loading_start_time", loadBeganMs / 1000);
        InfoSections.line(out, "loading_total_bytes", loadTotalBytes);
        InfoSections.line(out, "loading_rdb_used_mem", 0);
        InfoSections.line(out, "loading_loaded_bytes", loadedBytes);
        InfoSections.line(out, "loading_loaded_perc", FixedPoint.of(part, 2));
        InfoSections.line(out, "loading_eta_seconds", etaSeconds);
    }
}
