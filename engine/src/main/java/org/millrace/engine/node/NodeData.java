package org.millrace.engine.node;

import java.util.Locale;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.keyspace.DataSet;

/** The data set in service, and the numbers of the load that filled it. Writer thread. */
final class NodeData
{
    private final PubSub pubSub;
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

    void replace(final DataSet newData, final CommandContext context)
    {
        current = newData;
        context.data(newData);
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
        InfoSections.line(out, "loading_loaded_perc", String.format(Locale.ROOT, "%.2f", part));
        InfoSections.line(out, "loading_eta_seconds", etaSeconds);
    }
}
