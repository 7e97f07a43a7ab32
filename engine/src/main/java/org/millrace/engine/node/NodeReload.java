package org.millrace.engine.node;

import java.io.IOException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.snapshot.RdbLoader;

/** DEBUG RELOAD and DEBUG CHANGE-REPL-ID. */
final class NodeReload implements DebugCommands.Reload
{
    private final Node node;

    NodeReload(final Node node)
    {
        this.node = node;
    }

    @Override
    public String reload(final boolean isSaved, final boolean isFlush)
    {
        final String refusal = isSaved ? null : node.persistence().saveLast("DEBUG RELOAD");
        if (null != refusal)
        {
            return refusal;
        }

        node.persistence().abort("DEBUG RELOAD");
        node.snapshots().abort("DEBUG RELOAD");
        node.keyInterest().flushing(-1);
        node.data().flushAll();
        final String path = node.config().path(node.config().text(ConfigOption.DBFILENAME));
        try (SnapshotStore.Source source = node.snapshotStore().open(path))
        {
            if (null == source)
            {
                return "Error trying to load the RDB dump, check server logs.";
            }

            return load(source);
        }
        catch (final IOException e)
        {
            node.log().warning("Error trying to load " + path + ": " + e.getMessage());
            return "Error trying to load the RDB dump, check server logs.";
        }
    }

    private String load(final SnapshotStore.Source source)
    {
        final RdbLoader loader = new RdbLoader(
            node.data(),
            node.nowMs(),
            !node.replication().isReplica(),
            node.config().is(ConfigOption.RDBCHECKSUM));
        try (FileLoad load = new FileLoad(source, loader))
        {
            node.log().warning("DB reloaded by DEBUG RELOAD");
            while (!load.step())
            {
                Thread.onSpinWait();
            }

            node.nodeData().endLoad(loader.keysLoaded(), loader.keysExpired());
            node.keyInterest().filled(-1);
            if (null != load.error())
            {
                node.persistence().dataLost();
                node.log().warning("Error loading the data set file: " + load.error());
                return "Error trying to load the RDB dump, check server logs.";
            }
        }

        return null;
    }

    @Override
    public void changeReplid()
    {
        node.replication().changeReplid();
    }
}
