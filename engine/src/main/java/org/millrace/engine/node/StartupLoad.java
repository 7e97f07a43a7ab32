package org.millrace.engine.node;

import java.io.IOException;
import java.util.Locale;
import org.millrace.engine.aof.AofManifestException;
import org.millrace.engine.backlog.LogException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * How a node begins: what is there is loaded, a bounded step a duty cycle, while clients already get -LOADING; then the
 * node is what the configuration says (primary or replica). What is there is the data set file, and behind it the log of a
 * durable node; or, before such a node has a log, the append-only files of a Redis. Writer thread.
 */
final class StartupLoad implements AutoCloseable
{
    private static final double MS_PER_SECOND = 1000;
    private static final long DISK_POLL_MS = 1;

    private final NodeParts parts;
    private final ExpiredAtLoad expired = new ExpiredAtLoad();
    private final LogRecovery recovery;
    private Runnable onReady;

    /** Null before and after. */
    private DataLoad load;

    /** Null if no append-only files are loaded. */
    private AofDirectory appendOnlyFiles;

    /** Null if there is no data set file to be loaded. */
    private RdbLoader loader;
    private long beganMs;

    /** Bytes of files that were loaded, 0 if there were none. */
    private long loadedBytes;

    StartupLoad(final NodeParts parts)
    {
        this.parts = parts;
        recovery = new LogRecovery(parts);
    }

    /** @param ready called once, when clients are served. */
    void begin(final Runnable ready)
    {
        onReady = ready;
        beganMs = parts.nowMs();
        try
        {
            recovery.open();
            if (recovery.isNeeded())
            {
                beginFile();
                return;
            }
        }
        catch (final IOException | LogException e)
        {
            failLog(e.getMessage());
            return;
        }

        if (!parts.config().is(ConfigOption.APPENDONLY) || !beginAppendOnlyFiles())
        {
            beginFile();
        }
    }

    /** @return false if there are none that no earlier start has taken over. */
    private boolean beginAppendOnlyFiles()
    {
        try
        {
            final AofDirectory directory = AofDirectory.find(parts.snapshotStore(), parts.config());
            if (null == directory || directory.isTaken(parts.snapshotStore(), parts.config()))
            {
                return false;
            }

            appendOnlyFiles = directory;
            begin(new AofLoad(parts, directory), directory.bytes());
            return true;
        }
        catch (final AofManifestException e)
        {
            e.logLines().forEach(parts.log()::warning);
        }
        catch (final IOException e)
        {
            parts.log().warning(e.getMessage());
        }

        exit();
        return true;
    }

    private void beginFile()
    {
        try
        {
            final SnapshotStore.Source source = parts.snapshotStore().open(path());
            if (null == source)
            {
                goOnWithLog();
                return;
            }

            // What has expired is left to the log that follows: it says when.
            final boolean isPrimary = null == parts.config().primaryHost() && !recovery.hasFound();
            final boolean isChecked = parts.config().is(ConfigOption.RDBCHECKSUM);
            loader = new RdbLoader(parts.data(), parts.nowMs(), isPrimary, isChecked);
            loader.onExpiredKey(expired::add);
            loader.onEmptyKey((key) -> parts.log().warning("Loading, skipping empty key: " + key));
            begin(new FileLoad(source, loader, isChecked), source.length());
        }
        catch (final IOException e)
        {
            fail(e.getMessage());
        }
    }

    private void begin(final DataLoad newLoad, final long bytes)
    {
        load = newLoad;
        parts.state().isLoading = true;
        parts.nodeData().beginLoad(parts.nowMs(), bytes);
    }

    private String path()
    {
        return parts.config().path(parts.config().text(ConfigOption.DBFILENAME));
    }

    private void fail(final String error)
    {
        parts.log().warning("Fatal error loading the DB (" + path() + "): " + error + ". Exiting.");
        parts.log().notice("Terminating server after rdb file reading failure.");
        exit();
    }

    private void failLog(final String error)
    {
        parts.log().warning("Fatal error with the log of writes: " + error + ". Exiting.");
        exit();
    }

    /** Nobody is served or saves what is there before the end: it is not whole. */
    private void exit()
    {
        parts.state().isLoading = true;
        parts.host().exit(1);
    }

    boolean isRunning()
    {
        return null != load || recovery.isRunning();
    }

    /** How long the duty cycle may sleep while it runs, ms. */
    long idleMs()
    {
        return null != load && load.hasWaited() ? DISK_POLL_MS : 0;
    }

    /** One step of the load, if one is running. @return work count. */
    int doWork()
    {
        if (null == load)
        {
            return recovery.isRunning() ? applyLog() : 0;
        }

        final boolean isOver = load.step();
        final int work = load.hasWaited() ? 0 : 1;
        parts.nodeData().progress(load.loaded(), load.keysLoaded());
        if (isOver)
        {
            try (DataLoad ended = load)
            {
                load = null;
                end(ended);
            }
        }

        return work;
    }

    private void end(final DataLoad ended)
    {
        parts.nodeData().endLoad(ended.keysLoaded(), null == loader ? 0 : loader.keysExpired());
        loadedBytes = ended.loaded();
        if (null != loader)
        {
            endFile(ended.error());
        }
        else if (null != ended.error())
        {
            parts.log().warning(ended.error());
            exit();
        }
        else
        {
            final double seconds = (parts.host().clock().wallMs() - beganMs) / MS_PER_SECOND;
            parts.log().notice(
                String.format(Locale.ROOT, "DB loaded from append only file: %.3f seconds", seconds));
            started();
        }
    }

    private void endFile(final String error)
    {
        if (null != error)
        {
            fail(error);
            return;
        }

        parts.log().notice("Loading RDB produced by version " + loader.aux().producer());
        parts.log().notice("Done loading RDB, keys loaded: " + loader.keysLoaded() + ", keys expired: " +
            loader.keysExpired() +
            (0 == loader.keysEmpty() ? "." : ", empty keys skipped: " + loader.keysEmpty() + "."));
        parts.log().notice("DB loaded from disk");
        goOnWithLog();
    }

    /** The data set file is loaded, or there is none. */
    private void goOnWithLog()
    {
        try
        {
            if (null == loader ? !recovery.beginWithout() : !beginLog())
            {
                started();
                return;
            }

            parts.state().isLoading = true;
            parts.nodeData().beginLoad(parts.nowMs(), recovery.total());
        }
        catch (final IOException | LogException e)
        {
            failLog(e.getMessage());
        }
    }

    private boolean beginLog() throws IOException, LogException
    {
        final boolean hasPlace = Replication.hasPlace(loader);
        return recovery.begin(
            hasPlace ? loader.aux().replid() : null, loader.aux().replOffset(), loader.aux().streamDb());
    }

    private int applyLog()
    {
        final boolean isOver = recovery.step();
        parts.nodeData().progress(recovery.applied(), parts.nodeData().loadedKeys());
        if (isOver)
        {
            try
            {
                recovery.end();
            }
            catch (final LogException e)
            {
                failLog(e.getMessage());
                return 1;
            }

            parts.persistence().loaded();
            parts.durability().beganWith(loadedBytes);
            parts.replication().startRecovered(parts.nowNs());
            serve();
        }

        return 1;
    }

    private void started()
    {
        parts.persistence().loaded();
        parts.replication().start(loader, parts.nowNs());
        if (parts.streamLog().isOn() && !parts.durability().begin(loader, loadedBytes))
        {
            failLog("it cannot be begun");
            return;
        }

        if (null != appendOnlyFiles)
        {
            try
            {
                appendOnlyFiles.take(parts.snapshotStore(), parts.config());
            }
            catch (final IOException e)
            {
                failLog("that the append-only files are taken over cannot be noted: " + e.getMessage());
                return;
            }
        }

        expired.propagate(parts.writer());
        serve();
    }

    private void serve()
    {
        parts.state().isLoading = false;
        parts.durability().begun();
        onReady.run();
    }

    @Override
    public void close()
    {
        if (null != load)
        {
            load.close();
            load = null;
        }

        recovery.close();
    }
}
