package org.millrace.engine.node;

import java.io.IOException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * How a node begins: the data set file is loaded, if there is one, a bounded step a duty cycle, while clients already get
 * -LOADING; then the node is what the configuration says (primary or replica). Writer thread.
 */
final class StartupLoad implements AutoCloseable
{
    private static final long DISK_POLL_MS = 1;

    private final NodeParts parts;
    private final ExpiredAtLoad expired = new ExpiredAtLoad();
    private Runnable onReady;

    /** Null before and after. */
    private FileLoad load;

    StartupLoad(final NodeParts parts)
    {
        this.parts = parts;
    }

    /** @param ready called once, when clients are served. */
    void begin(final Runnable ready)
    {
        onReady = ready;
        try
        {
            final SnapshotStore.Source source = parts.snapshotStore().open(path());
            if (null == source)
            {
                started(null);
                return;
            }

            final boolean isPrimary = null == parts.config().primaryHost();
            final boolean isChecked = parts.config().is(ConfigOption.RDBCHECKSUM);
            final RdbLoader loader = new RdbLoader(parts.data(), parts.nowMs(), isPrimary, isChecked);
            loader.onExpiredKey(expired::add);
            loader.onEmptyKey((key) -> parts.log().warning("Loading, skipping empty key: " + key));
            load = new FileLoad(source, loader, isChecked);
            parts.state().isLoading = true;
            parts.nodeData().beginLoad(parts.nowMs(), source.length());
        }
        catch (final IOException e)
        {
            fail(e.getMessage());
        }
    }

    private String path()
    {
        return parts.config().path(parts.config().text(ConfigOption.DBFILENAME));
    }

    private void fail(final String error)
    {
        parts.log().warning("Fatal error loading the DB (" + path() + "): " + error + ". Exiting.");
        parts.log().notice("Terminating server after rdb file reading failure.");
        parts.host().exit(1);
    }

    boolean isRunning()
    {
        return null != load;
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
            return 0;
        }

        final boolean isOver = load.step();
        final int work = load.hasWaited() ? 0 : 1;
        parts.nodeData().progress(load.loaded(), load.loader().keysLoaded());
        if (isOver)
        {
            try (FileLoad ended = load)
            {
                load = null;
                end(ended);
            }
        }

        return work;
    }

    private void end(final FileLoad ended)
    {
        final RdbLoader loader = ended.loader();
        parts.state().isLoading = false;
        parts.nodeData().endLoad(loader.keysLoaded(), loader.keysExpired());
        if (null != ended.error())
        {
            fail(ended.error());
            return;
        }

        parts.log().notice("Loading RDB produced by version " + loader.aux().producer());
        parts.log().notice("Done loading RDB, keys loaded: " + loader.keysLoaded() + ", keys expired: " +
            loader.keysExpired() +
            (0 == loader.keysEmpty() ? "." : ", empty keys skipped: " + loader.keysEmpty() + "."));
        parts.log().notice("DB loaded from disk");
        started(loader);
    }

    private void started(final RdbLoader loader)
    {
        parts.persistence().loaded();
        parts.replication().start(loader, parts.nowNs());
        expired.propagate(parts.writer());
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
    }
}
