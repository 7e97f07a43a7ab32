package org.millrace.io.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigStore;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.node.Node;
import org.millrace.io.host.JvmFlags;
import org.millrace.io.host.Supervision;
import org.millrace.io.host.SystemHost;
import org.millrace.io.thread.AgentThread;
import org.millrace.io.thread.Waits;

/**
 * A node with its reactors, listeners, files and threads. Open, {@link #listen}, then {@link #run} on a thread of the
 * caller's, which becomes the writer's; {@link #stop} ends it from any thread.
 */
public final class NodeRuntime implements AutoCloseable
{
    /** Stack of a thread that runs the writer: scripts may call as deep as in Redis. What is not used takes no memory. */
    public static final long WRITER_STACK_BYTES = 16 << 20;

    private static final long JOIN_MS = 5_000;
    private static final long READERS_POLL_NS = 100_000;

    private final EventLog log;
    private final SystemHost host;
    private final Closer closer;
    private final NodeParts parts;
    private final Node node;
    private final NodeThreads threads;
    private final Listeners listeners;
    private final PidFile pidFile;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Set<Thread> agentThreads = ConcurrentHashMap.newKeySet();
    private Runnable beforeEnd = () ->
    {
    };
    private volatile int exitCode;
    private volatile long readersLimitMs = JOIN_MS;
    private volatile String readerInside;

    /**
     * @param executable shown by INFO.
     * @param configFile absolute path shown by INFO, or empty.
     */
    public NodeRuntime(
        final Config config,
        final ConfigStore configStore,
        final EventLog log,
        final String executable,
        final String configFile)
    {
        JvmFlags.check();
        this.log = log;
        host = new SystemHost(this::exit);
        closer = new Closer(log);
        try
        {
            parts = new NodeParts(config, configStore, log, host, closer, executable, configFile);
            node = parts.node();
            threads = parts.makeThreads(new AgentLife());
            host.busy(threads::serveWhileBusy, threads::isStopped);
            listeners = parts.makeListeners();
            pidFile = parts.makePidFile();
        }
        catch (final RuntimeException | Error e)
        {
            closer.close();
            throw e;
        }
    }

    /**
     * Listen on what the configuration says.
     *
     * @return false if an address is taken; the log says which.
     */
    public boolean listen()
    {
        return listeners.open();
    }

    /** As {@link #listen}, on a port that is free. */
    public boolean listenAnywhere()
    {
        return listeners.openAnywhere();
    }

    /** Whether there is any way in for clients, once {@link #listen} has been called. */
    public boolean isListening()
    {
        return listeners.isListening();
    }

    /** Be the writer's thread until the node ends. @return the exit code. */
    public int run(final Runnable onReady)
    {
        try
        {
            threads.start();
            node.start(() ->
            {
                onReady.run();
                warmUp();
            });
            threads.run();
            if (0 == exitCode)
            {
                beforeEnd.run();
            }
        }
        finally
        {
            shutDown();
        }

        return exitCode;
    }

    /** The first mapped segment loads classes for a quarter of a second: not on the writer's time. */
    private void warmUp()
    {
        final Thread thread = new Thread(parts.segments()::warmUp, "millrace-warm-up");
        thread.setDaemon(true);
        thread.start();
        closer.add(() -> Waits.join(thread, JOIN_MS));
    }

    /** What becomes of the agents' threads. */
    private final class AgentLife implements AgentThread.Listener
    {
        @Override
        public void onStart(final String roleName)
        {
            agentThreads.add(Thread.currentThread());
            host.figures().register(roleName);
        }

        /** A bug of ours on another thread: a node that goes on would be wrong. */
        @Override
        public void onFailure(final Throwable failure)
        {
            log.warning("Guru meditation: an agent has failed: " + failure + " " + stackOf(failure));
            exit(1);
        }
    }

    public static String stackOf(final Throwable e)
    {
        final StringBuilder text = new StringBuilder();
        for (final StackTraceElement element : e.getStackTrace())
        {
            text.append(" at ").append(element);
        }

        return null == e.getCause() ? text.toString() : text + " caused by " + e.getCause() + stackOf(e.getCause());
    }

    private void exit(final int code)
    {
        exitCode = code;
        threads.stop();
    }

    /** On the writer's thread: end once this duty cycle is over. */
    public void exit()
    {
        exit(0);
    }

    /**
     * Before {@link #run}: on the writer's thread, behind its last turn and while all other parts are still there, unless
     * the node has failed.
     */
    public void beforeEnd(final Runnable task)
    {
        beforeEnd = task;
    }

    /** Whether the calling thread runs an agent of this node. */
    public boolean isAgentThread()
    {
        return agentThreads.contains(Thread.currentThread());
    }

    /** Run something on the writer's thread. */
    public void execute(final Runnable task)
    {
        parts.reactor().execute(task);
    }

    /** Before {@link #run}: an agent that the writer's thread runs too, after everything else of a duty cycle. */
    public void inbox(final ParkingAgent agent)
    {
        threads.addToWriter(agent);
    }

    /** Make the writer's thread go on if it sleeps; any thread, after a full fence behind what it is to see. */
    public void wakeup()
    {
        parts.reactor().wakeup();
    }

    /** How long the end waits for readers within the process that are in the middle of a read, ms. */
    public void readersLimitMs(final long value)
    {
        readersLimitMs = value;
    }

    /** After {@link #stop}: the reader that was waited for in vain, whose memory stays mapped; null if there is none. */
    public String readerInside()
    {
        return readerInside;
    }

    /** End from any thread but the writer's, without saving; returns when it has ended. */
    public void stop()
    {
        exit(0);
        Waits.await(stopped, JOIN_MS + readersLimitMs);
    }

    private void shutDown()
    {
        try
        {
            listeners.close();
            if (threads.close(JOIN_MS))
            {
                readerInside = awaitReaders();
                node.close();
            }
            else
            {
                log.warning("A thread of the node has not ended after " + JOIN_MS + " ms: its memory stays mapped.");
            }
        }
        finally
        {
            closer.close();
            pidFile.delete();
            stopped.countDown();
        }
    }

    private String awaitReaders()
    {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(readersLimitMs);
        String inside;
        while (null != (inside = node.shutReaders()) && System.nanoTime() - endNs < 0)
        {
            LockSupport.parkNanos(READERS_POLL_NS);
        }

        if (null != inside)
        {
            log.warning("Reader '" + inside + "' still looks at the data after " + readersLimitMs +
                " ms: the memory stays mapped.");
        }

        return inside;
    }

    /** Before {@link #run}: who is told how the node is. */
    public void supervised(final Supervision by)
    {
        host.supervised(by);
    }

    /** pidfile, when asked for. */
    public void writePidFile()
    {
        pidFile.write();
    }

    /** Told on the writer's thread when the node becomes a replica (true) or a primary. */
    public void onRoleChange(final Consumer<Boolean> listener)
    {
        node.onRoleChange(listener);
    }

    /** Give up before {@link #run}. */
    public void abandon()
    {
        shutDown();
    }

    public Node node()
    {
        return node;
    }

    /** The TCP port that was bound first, 0 if none. */
    public int port()
    {
        return listeners.port();
    }

    /** Turns without work of all threads so far: how busy the node is while it idles. */
    public long emptyTurns()
    {
        return threads.emptyTurns();
    }

    @Override
    public void close()
    {
        stop();
    }
}
