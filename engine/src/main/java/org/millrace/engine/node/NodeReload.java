package org.millrace.engine.node;

import java.io.IOException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.snapshot.Presence;
import org.millrace.engine.snapshot.RdbLoader;

/** What commands of DEBUG do to data and history of the node. */
final class NodeReload implements DebugCommands.Reload
{
    private final NodeParts parts;

    NodeReload(final NodeParts parts)
    {
        this.parts = parts;
    }

    @Override
    public String reload(final boolean isSaved, final Presence present)
    {
        final String refusal = isSaved ? null : parts.persistence().saveLast("DEBUG RELOAD");
        if (null != refusal)
        {
            return refusal;
        }

        parts.persistence().abort("DEBUG RELOAD");
        parts.snapshots().abort("DEBUG RELOAD");
        parts.keySignals().flushing(-1);
        if (Presence.NONE == present)
        {
            parts.data().flushAll();
        }

        final String path = parts.config().path(parts.config().text(ConfigOption.DBFILENAME));
        final String error;
        try (SnapshotStore.Source source = parts.snapshotStore().open(path))
        {
            if (null == source)
            {
                return "Error trying to load the RDB dump, check server logs.";
            }

            error = load(source, present);
        }
        catch (final IOException e)
        {
            parts.log().warning("Error trying to load " + path + ": " + e.getMessage());
            return "Error trying to load the RDB dump, check server logs.";
        }

        // What was emptied and could not be loaded is not worth a file; what was there before, and some more, is.
        final String refused = isSaved && (null == error || Presence.NONE != present) ? cover() : null;
        return null == error ? refused : error;
    }

    /** The stream does not tell of what was loaded: under a log there must be a file of what is in service now. */
    private String cover()
    {
        return parts.streamLog().isOn() ? parts.persistence().saveLast("DEBUG RELOAD") : null;
    }

    private String load(final SnapshotStore.Source source, final Presence present)
    {
        final boolean isChecked = parts.config().is(ConfigOption.RDBCHECKSUM);
        final RdbLoader loader = new RdbLoader(
            parts.data(), parts.nowMs(), !parts.replication().isReplica(), isChecked, present);
        final ExpiredAtLoad expired = new ExpiredAtLoad();
        if (Presence.NONE == present)
        {
            loader.onExpiredKey(expired::add);
        }

        try (FileLoad load = new FileLoad(source, loader, isChecked))
        {
            parts.log().warning("DB reloaded by DEBUG RELOAD");
            while (!load.step())
            {
                Thread.onSpinWait();
            }

            parts.nodeData().endLoad(loader.keysLoaded(), loader.keysExpired());
            parts.keySignals().filled(-1);
            expired.propagate(parts.writer());
            if (null != load.error())
            {
                if (Presence.NONE == present)
                {
                    parts.persistence().dataLost();
                }

                parts.log().warning("Error loading the data set file: " + load.error());
                return "Error trying to load the RDB dump, check server logs.";
            }
        }

        return null;
    }

    @Override
    public void leaveStream()
    {
        if (parts.streamLog().isOn())
        {
            parts.durability().rewrite(true);
        }
    }

    @Override
    public void changeReplid()
    {
        parts.replication().changeReplid();
    }
}
