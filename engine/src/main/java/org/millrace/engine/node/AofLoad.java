package org.millrace.engine.node;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.millrace.engine.aof.AofApplier;
import org.millrace.engine.aof.FileWindow;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * Loads the append-only files of a Redis one after the other, in bounded steps: each a snapshot, commands, or commands behind
 * a snapshot. A last file that ends within a command or a transaction is taken up to there, if it may be. The files stay
 * as they are. Writer thread.
 */
final class AofLoad implements DataLoad, AofApplier.Listener
{
    private static final List<String> SNAPSHOT_BEGINS = List.of("REDIS", "VALKEY");
    private static final double NS_PER_SECOND = 1e9;

    private final NodeParts parts;
    private final EventLog log;
    private final Iterator<AofDirectory.Part> files;
    private final String oldName;
    private final boolean takesTruncated;
    private final FileWindow window = new FileWindow();
    private final AofApplier applier;

    /** Of the file under way. */
    private AofDirectory.Part file;
    private SnapshotStore.Source source;
    private RdbLoader snapshot;
    private boolean hasBegun;
    private long beganNs;

    private long loadedBefore;
    private long keysLoaded;
    private String error;

    AofLoad(final NodeParts parts, final AofDirectory directory)
    {
        this.parts = parts;
        log = parts.log();
        files = directory.parts().iterator();
        oldName = parts.config().text(ConfigOption.APPENDFILENAME);
        takesTruncated = parts.config().is(ConfigOption.AOF_LOAD_TRUNCATED);
        applier = new AofApplier(parts.executor(), parts.clients().takeId(), this);
    }

    @Override
    public boolean step()
    {
        try
        {
            return null == source ? !files.hasNext() || !open(files.next()) : !readOn();
        }
        catch (final IOException e)
        {
            return !fail("Unrecoverable error reading the append only file " + file.name() + ": " + e.getMessage());
        }
    }

    private boolean open(final AofDirectory.Part next) throws IOException
    {
        file = next;
        source = parts.snapshotStore().open(next.path());
        if (null == source)
        {
            return fail("The append log file " + next.name() + " doesn't exist: No such file or directory");
        }

        window.open(source::read, source.length());
        applier.beginFile();
        hasBegun = false;
        beganNs = parts.host().clock().monotonicNs();
        return true;
    }

    /** @return false if it has failed. */
    private boolean readOn() throws IOException
    {
        if (!window.fill(null == snapshot ? applier.needed() : 0))
        {
            return fail("a command or a transaction of " + file.name() + " is longer than 2 GiB");
        }

        if (!hasBegun)
        {
            begin();
        }

        return null == snapshot ? applyCommands() : loadSnapshot();
    }

    private void begin()
    {
        hasBegun = true;
        if (SNAPSHOT_BEGINS.stream().anyMatch(window::startsWith))
        {
            log.notice(isOld() ? "Reading RDB preamble from AOF file..." : "Reading RDB base file on AOF loading...");
            // What has expired since is in the commands, or goes by itself.
            snapshot = new RdbLoader(
                parts.data(), parts.nowMs(), false, parts.config().is(ConfigOption.RDBCHECKSUM));
        }
    }

    private boolean isOld()
    {
        return file.name().equals(oldName);
    }

    private boolean loadSnapshot()
    {
        while (RdbLoader.State.LOADING == snapshot.state() && window.length() > 0)
        {
            window.take(snapshot.consume(window.address(), (int)window.length()));
            if (snapshot.isAtData())
            {
                snapshot.startData();
            }
        }

        if (window.isAtEnd())
        {
            snapshot.endOfInput();
        }

        if (RdbLoader.State.LOADING == snapshot.state())
        {
            return true;
        }

        final String failure = snapshot.error();
        keysLoaded += snapshot.keysLoaded();
        snapshot.close();
        snapshot = null;
        if (null != failure)
        {
            return fail((isOld()
                ? "Error reading the RDB preamble of the AOF file "
                : "Error reading the RDB base file ") + file.name() + ", AOF loading aborted: " + failure);
        }

        if (isOld())
        {
            log.notice("Reading the remaining AOF tail...");
        }

        return true;
    }

    private boolean applyCommands()
    {
        final boolean isAtEnd = window.isAtEnd();
        window.take(applier.apply(window.address(), window.length(), isAtEnd));
        if (null != applier.failure())
        {
            return failAt(window.position() + applier.failedAt());
        }

        if (!isAtEnd)
        {
            return true;
        }

        final boolean isWhole = 0 == window.length() && !applier.isInMulti();
        return (isWhole || isTruncatedEndTaken()) && end();
    }

    private boolean failAt(final long at)
    {
        return fail(applier.isBadFormat()
            ? "Bad file format reading the append only file " + file.name() +
                ": make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest> (" +
                applier.failure() + ", at byte " + at + ")"
            : applier.failure() + " reading the append only file " + file.name() + " (at byte " + at + ")");
    }

    private boolean isTruncatedEndTaken()
    {
        if (applier.isInMulti())
        {
            log.warning("Revert incomplete MULTI/EXEC transaction from AOF file " + file.name());
        }

        if (!takesTruncated)
        {
            return fail("Unexpected end of file reading the append only file " + file.name() +
                ". You can: 1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. " +
                "2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the " +
                "server.");
        }

        log.warning("!!! Warning: short read while loading the AOF file " + file.name() + "!!!");
        if (files.hasNext())
        {
            return fail("Fatal error: the truncated file is not the last file");
        }

        log.warning("AOF " + file.name() + " loaded anyway because aof-load-truncated is enabled: up to byte " +
            window.position() + ", without the " + window.length() + " bytes behind it; the file stays as it is");
        return true;
    }

    /** The file is over. */
    private boolean end()
    {
        loadedBefore += source.length();
        source.close();
        source = null;
        final double seconds = (parts.host().clock().monotonicNs() - beganNs) / NS_PER_SECOND;
        log.notice(String.format(
            Locale.ROOT, "DB loaded from %s file %s: %.3f seconds", file.isBase() ? "base" : "incr", file.name(),
            seconds));
        return true;
    }

    private boolean fail(final String reason)
    {
        error = reason;
        return false;
    }

    @Override
    public boolean onError(final String reply, final String command)
    {
        parts.statistics().unexpectedErrorReplies++;
        log.warning("== CRITICAL == This server is sending an error to its AOF-loading-client: '" + reply +
            "' after processing the command '" + command + "'");
        return !"panic".equals(parts.config().print(ConfigOption.PROPAGATION_ERROR_BEHAVIOR));
    }

    @Override
    public String error()
    {
        return error;
    }

    @Override
    public long loaded()
    {
        return loadedBefore + (null == source ? 0 : window.position());
    }

    @Override
    public long keysLoaded()
    {
        return keysLoaded + (null == snapshot ? 0 : snapshot.keysLoaded());
    }

    @Override
    public void close()
    {
        if (null != snapshot)
        {
            snapshot.close();
        }

        if (null != source)
        {
            source.close();
        }

        window.close();
        applier.close();
    }
}
