package org.millrace.bench.rig;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.CommandBuffer;
import org.millrace.bench.workload.MixedWorkload;

/**
 * Writes a mixed load at a steady rate into one database of whichever server is the primary at the moment, on a
 * thread of its own. When the connection breaks it goes on with the server that {@link #retarget} names.
 * <p>
 * Every batch ends in a SET of {@link #markKey()} to the number of commands sent so far. What a server that took over
 * holds there tells how many acknowledged writes it never saw.
 */
public final class PacedLoad implements AutoCloseable
{
    private static final int BATCHES_PER_SECOND = 500;
    private static final int TIMEOUT_MS = 5_000;
    private static final int KEY_COUNT = 20_000;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String HOST = "127.0.0.1";

    private final CommandBuffer buffer = new CommandBuffer();
    private final MixedWorkload workload;
    private final Thread thread;
    private final int database;
    private final int batchSize;
    private volatile int port;
    private volatile boolean isStopped;
    private volatile boolean isHeld;
    private volatile long ackedCount;
    private volatile long ackedMark;
    private volatile long errorCount;
    private volatile String lastError = "";
    private long sentCount;

    /**
     * @param ratePerSecond commands a second.
     * @param database      number of the database to write to.
     */
    public PacedLoad(final int port, final int database, final int ratePerSecond, final long seed)
    {
        this.port = port;
        this.database = database;
        batchSize = Math.max(1, ratePerSecond / BATCHES_PER_SECOND);
        workload = new MixedWorkload(KEY_COUNT, seed);
        thread = new Thread(this::run, "paced-load-" + database);
        thread.setDaemon(true);
    }

    /**
     * Starts writing.
     */
    public void start()
    {
        thread.start();
    }

    /**
     * Does not connect again, once the present connection has broken, before {@link #retarget}: for the time in
     * which there is no primary.
     */
    public void hold()
    {
        isHeld = true;
    }

    /**
     * Names the server to connect to when the present connection has broken.
     */
    public void retarget(final int newPort)
    {
        port = newPort;
        isHeld = false;
    }

    /** Commands acknowledged so far. */
    public long ackedCount()
    {
        return ackedCount;
    }

    /** Value of the mark in the last acknowledged batch. */
    public long ackedMark()
    {
        return ackedMark;
    }

    /** Error replies so far. */
    public long errorCount()
    {
        return errorCount;
    }

    /** Text of the last error reply, or empty. */
    public String lastError()
    {
        return lastError;
    }

    /** Database it writes to. */
    public int database()
    {
        return database;
    }

    /** Key of the mark. */
    public String markKey()
    {
        return "demo:mark:" + database;
    }

    /**
     * Stops after the batch that is under way, and waits for it.
     */
    @Override
    public void close()
    {
        isStopped = true;
        try
        {
            thread.join(2L * TIMEOUT_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        while (!isStopped)
        {
            if (!isHeld)
            {
                try (RespClient client = RespClient.connect(HOST, port, TIMEOUT_MS))
                {
                    client.callOk("SELECT", Integer.toString(database));
                    writeUntilStopped(client);
                    return;
                }
                catch (final IOException ignored)
                {
                    // The primary is gone: what was not acknowledged is not counted, and the next one is tried.
                    buffer.clear();
                }
            }

            LockSupport.parkNanos(RETRY_NS);
        }
    }

    private void writeUntilStopped(final RespClient client) throws IOException
    {
        final long intervalNs = TimeUnit.SECONDS.toNanos(1) / BATCHES_PER_SECOND;
        long nextNs = System.nanoTime();
        while (!isStopped)
        {
            writeBatch(client);
            nextNs += intervalNs;
            final long waitNs = nextNs - System.nanoTime();
            if (waitNs > 0)
            {
                LockSupport.parkNanos(waitNs);
            }
            else if (waitNs < -TimeUnit.SECONDS.toNanos(1))
            {
                // Far behind: the lost second is not made up for, a demo should not end in a burst.
                nextNs = System.nanoTime();
            }
        }
    }

    private void writeBatch(final RespClient client) throws IOException
    {
        buffer.clear();
        for (int i = 0; i < batchSize - 1 || workload.isInTransaction(); i++)
        {
            workload.append(buffer);
        }

        final long mark = sentCount + buffer.commandCount() + 1;
        buffer.command("SET", markKey(), Long.toString(mark));
        sentCount = mark;
        final int count = buffer.commandCount();
        client.send(buffer);
        for (int i = 0; i < count; i++)
        {
            final Object reply = client.readReply();
            if (reply instanceof RespError)
            {
                errorCount++;
                lastError = ((RespError)reply).message();
            }
        }

        ackedCount += count;
        ackedMark = mark;
    }
}
