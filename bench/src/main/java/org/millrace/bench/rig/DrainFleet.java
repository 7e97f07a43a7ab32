package org.millrace.bench.rig;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.millrace.bench.target.ProcFs;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;

/**
 * Draining replicas in a process of their own, so that neither their CPU time nor their garbage is the generator's.
 * Replicas come in groups, each served by one thread there. Thread-safe.
 */
public final class DrainFleet implements AutoCloseable
{
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);
    /** Descriptors of the process itself and of a server, beside its connections. */
    private static final int DESCRIPTORS_SPARE = 200;

    private final Servant servant;
    private long groupCount;

    private DrainFleet(final Servant servant)
    {
        this.servant = servant;
    }

    /**
     * Starts the process, without replicas.
     */
    public static DrainFleet open() throws IOException
    {
        return new DrainFleet(Servant.start(DrainServant.class));
    }

    /**
     * Checks that so many replicas can be attached to a server at all.
     *
     * @throws IOException that says what limit is in the way.
     */
    public void checkRoom(final int count, final long serverPid) throws IOException
    {
        final ProcFs procFs = ProcFs.ofThisMachine();
        check(count, procFs.descriptorLimit(servant.pid()), "the load generator");
        check(count, procFs.descriptorLimit(serverPid), "the server");
    }

    /**
     * Connects replicas, each of which asks for a full resync, without waiting for it.
     *
     * @param bytesPerSecond that each reads at most, or {@link DrainRig#UNLIMITED}.
     */
    public Group attach(final String host, final int port, final int count, final long bytesPerSecond)
        throws IOException
    {
        final String name;
        synchronized (this)
        {
            name = "g" + groupCount++;
        }

        servant.ask("open " + name + " " + host + " " + port + " " + count + " " + bytesPerSecond);
        return new Group(servant, name, count);
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        servant.close();
    }

    private static void check(final int count, final long limit, final String who) throws IOException
    {
        if (limit >= 0 && limit < count + DESCRIPTORS_SPARE)
        {
            throw new IOException(
                count + " replicas need " + (count + DESCRIPTORS_SPARE) + " open files, but " + who +
                    " may have only " + limit + ": raise the limit (ulimit -n) and start again");
        }
    }

    /** Replicas that were attached together; closing cuts their connections. */
    public static final class Group implements AutoCloseable
    {
        private final Servant servant;
        private final String name;
        private final int count;

        private Group(final Servant servant, final String name, final int count)
        {
            this.servant = servant;
            this.name = name;
            this.count = count;
        }

        /**
         * How far they are.
         */
        public DrainStatus status() throws IOException
        {
            return DrainStatus.ofLine(servant.ask("status " + name));
        }

        /**
         * Waits until every replica has its snapshot.
         *
         * @throws IOException if one was lost, or the time is over.
         */
        public DrainStatus awaitSynced(final long timeoutMs) throws IOException
        {
            return await(timeoutMs, "get its snapshot", (status) -> status.syncedCount() == count);
        }

        /**
         * Waits until every replica has received the stream up to an offset.
         *
         * @throws IOException if one was lost, or the time is over.
         */
        public DrainStatus awaitOffset(final long offset, final long timeoutMs) throws IOException
        {
            if (0 == count)
            {
                return status();
            }

            return await(timeoutMs, "catch up", (status) -> status.smallestOffset() >= offset);
        }

        /**
         * Waits until the replicas are as far as asked.
         *
         * @param what completes "a replica did not ...".
         */
        public DrainStatus await(
            final long timeoutMs,
            final String what,
            final Predicate<DrainStatus> condition) throws IOException
        {
            final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            while (true)
            {
                final DrainStatus status = status();
                if (null != status.failure())
                {
                    throw new IOException("a replica was lost: " + status.failure());
                }

                if (condition.test(status))
                {
                    return status;
                }

                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new IOException(
                        "a replica did not " + what + " within " + timeoutMs + " ms: " + status.toLine());
                }

                LockSupport.parkNanos(POLL_NS);
            }
        }

        /**
         * Waits until every replica has all that the primary has put into the stream by now. A primary starts to
         * stream to a new replica only after it has been told that the snapshot has arrived, which may take a second.
         *
         * @throws IOException if one was lost, or the time is over.
         */
        public DrainStatus awaitCaughtUp(final ServerProcess primary, final long timeoutMs) throws IOException
        {
            try (RespClient client = primary.connect())
            {
                return awaitOffset(client.info("replication").number("master_repl_offset", 0), timeoutMs);
            }
        }

        /** {@inheritDoc} */
        @Override
        public void close() throws IOException
        {
            servant.ask("close " + name);
        }
    }
}
