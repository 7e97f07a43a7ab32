package org.millrace.bench.rig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;

/**
 * Keeps a primary busy with full resyncs, one set of draining replicas after another, on a thread of its own: at least
 * one, and then until a time is over. Between two of them it waits until the primary has nothing left to do for the
 * last and its stream has moved on, so that each needs a pass over the data of its own.
 */
public final class ResyncLoop implements AutoCloseable
{
    private static final long TIMEOUT_MS = 600_000;
    private static final long GAP_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final DrainFleet fleet;
    private final ServerProcess server;
    private final int count;
    private final long durationNs;
    private final Windows windows;
    private final Thread thread = new Thread(this::run, "resync-loop");
    private final List<Sync> syncs = new ArrayList<>();
    private volatile boolean isDone;
    private volatile String failure;

    /**
     * One full resync of all replicas of a set.
     *
     * @param seconds      from connecting to the last replica's last byte.
     * @param payloadBytes snapshot bytes received by all together.
     * @param passCount    snapshots that the replicas were promised.
     */
    public record Sync(double seconds, long payloadBytes, int passCount)
    {
    }

    private ResyncLoop(
        final DrainFleet fleet,
        final ServerProcess server,
        final int count,
        final long durationNs,
        final Windows windows)
    {
        this.fleet = fleet;
        this.server = server;
        this.count = count;
        this.durationNs = durationNs;
        this.windows = windows;
        thread.setDaemon(true);
    }

    /**
     * Starts it.
     *
     * @param count   replicas of a set.
     * @param windows is opened while a full resync goes on.
     */
    public static ResyncLoop start(
        final DrainFleet fleet,
        final ServerProcess server,
        final int count,
        final long durationNs,
        final Windows windows)
    {
        final ResyncLoop loop = new ResyncLoop(fleet, server, count, durationNs, windows);
        loop.thread.start();
        return loop;
    }

    /**
     * One full resync, waited for.
     */
    public static Sync once(final DrainFleet fleet, final ServerProcess server, final int count, final Windows windows)
        throws IOException
    {
        // Before the first replica connects: a reply that comes before the window is open is not counted.
        windows.open(System.nanoTime());
        try (DrainFleet.Group group = fleet.attach(ServerProcess.HOST, server.port(), count, DrainRig.UNLIMITED))
        {
            final DrainStatus status = group.awaitSynced(TIMEOUT_MS);
            windows.close(status.lastSyncedNs());
            return new Sync(
                (status.lastSyncedNs() - status.startNs()) / 1e9,
                status.payloadBytes(),
                status.snapshotOffsets().length);
        }
        finally
        {
            windows.close(System.nanoTime());
        }
    }

    /**
     * Waits until the server has no forked child left that writes a snapshot.
     */
    public static void awaitNoChild(final ServerProcess server) throws IOException
    {
        try (RespClient client = server.connect())
        {
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (client.info("persistence").is("rdb_bgsave_in_progress", "1") &&
                System.nanoTime() - deadlineNs < 0)
            {
                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    /** True when it has ended by itself. */
    public boolean isDone()
    {
        return isDone;
    }

    /** Full resyncs that ended; once it is done. */
    public List<Sync> syncs()
    {
        return syncs;
    }

    /** What went wrong, or null. */
    public String failure()
    {
        return failure;
    }

    /** Waits for its end. */
    @Override
    public void close()
    {
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try
        {
            final long endNs = System.nanoTime() + durationNs;
            do
            {
                syncs.add(once(fleet, server, count, windows));
                awaitNoChild(server);
                LockSupport.parkNanos(GAP_NS);
            }
            while (System.nanoTime() - endNs < 0);
        }
        catch (final IOException ex)
        {
            failure = ex.getMessage();
        }
        finally
        {
            isDone = true;
        }
    }
}
