package org.millrace.embed;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.io.runtime.NodeRuntime;
import org.millrace.io.thread.Waits;

/**
 * The writer's thread of an embedded node, from open to close. A close finishes what it has begun, whether the thread
 * that calls it is interrupted or not, and says what could not be done.
 */
final class NodeLife
{
    private static final long END_MS = 5_000;
    private static final int STACK_LINES = 8;
    private static final String CLOSED = "the node is closed";

    private final NodeRuntime runtime;
    private final NodeSetup setup;
    private final NodeFigures figures;
    private final CommandInbox inbox;
    private final OpeningLog log;
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final AtomicBoolean isReported = new AtomicBoolean();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread thread;
    private final Thread exitHook;
    private volatile Throwable failure;
    private volatile boolean isSaving;
    private volatile boolean isAllRun = true;

    /** Why the data is not saved as was asked for; null if it is, or nobody asked. */
    private volatile String unsaved;

    /** @param lock given back when the thread ends. */
    NodeLife(
        final NodeRuntime runtime,
        final NodeSetup setup,
        final NodeFigures figures,
        final CommandInbox inbox,
        final OpeningLog log,
        final DirectoryLock lock)
    {
        this.runtime = runtime;
        this.setup = setup;
        this.figures = figures;
        this.inbox = inbox;
        this.log = log;
        runtime.inbox(inbox);
        runtime.readersLimitMs(setup.closeTimeoutMs);
        runtime.beforeEnd(this::saveAtEnd);
        if (setup.isSavedOnClose)
        {
            runtime.node().saveOnShutdown();
        }

        thread = new Thread(null, () -> write(lock), "millrace-writer", NodeRuntime.WRITER_STACK_BYTES);
        exitHook = setup.isClosedOnExit ? new Thread(this::closeAtExit, "millrace-exit") : null;
    }

    /**
     * Start the thread; returns when the node serves.
     *
     * @throws IOException it does not, and has ended.
     */
    void open() throws IOException
    {
        thread.start();
        awaitReady();
        if (null != exitHook)
        {
            Runtime.getRuntime().addShutdownHook(exitHook);
        }
    }

    /** The writer's thread. */
    private void write(final DirectoryLock lock)
    {
        inbox.session(runtime.node().openLocalSession(), new HeldFutures(runtime.node()));
        try
        {
            runtime.run(() ->
            {
                figures.publish();
                ready.countDown();
            });
        }
        catch (final RuntimeException | Error e)
        {
            failure = e;
        }
        finally
        {
            inbox.abandon(
                null == failure
                    ? new IllegalStateException(CLOSED)
                    : new IllegalStateException("the node has failed: " + failure, failure));
            try (lock)
            {
                ready.countDown();
            }
            catch (final IOException e)
            {
                failure = null == failure ? e : failure;
            }
        }
    }

    private void awaitReady() throws IOException
    {
        try
        {
            if (!ready.await(setup.openTimeoutMs, TimeUnit.MILLISECONDS))
            {
                stop();
                throw new IOException("the node was not ready after " + setup.openTimeoutMs + " ms");
            }

            if (inbox.isClosed())
            {
                Waits.join(thread, END_MS);
                throw new IOException("the node did not start: " + log.lastWarning(), failure);
            }
        }
        catch (final InterruptedException e)
        {
            stop();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the node started", e);
        }
    }

    private void stop()
    {
        runtime.exit();
        awaitEnd(0);
    }

    /** See {@link MillraceNode#close}. */
    void close()
    {
        final boolean isFirst = isClosing.compareAndSet(false, true);
        if (inbox.isOwnThread())
        {
            if (isFirst)
            {
                closeFromWithin();
            }

            return;
        }

        if (isFirst)
        {
            isAllRun = runWhatIsLeft();
            runtime.exit();
        }

        // Who comes second, or after a callback that has closed the node, may rely on the end as well.
        final boolean isEnded = awaitEnd(isFirst ? 0 : setup.closeTimeoutMs);
        removeExitHook();
        if (isReported.compareAndSet(false, true))
        {
            report(isEnded);
        }
    }

    /** Nothing is taken any more; what was handed over before is run, within the close timeout. */
    private boolean runWhatIsLeft()
    {
        if (inbox.isClosed())
        {
            return true;
        }

        final ReplyFuture<Object> last = lastCommand();
        return Waits.await(last, setup.closeTimeoutMs);
    }

    private ReplyFuture<Object> lastCommand()
    {
        final ReplyFuture<Object> last = new ReplyFuture<>(inbox::isOwnThread);
        try
        {
            inbox.add(0, new byte[][]{{'P', 'I', 'N', 'G'}}, last);
        }
        catch (final IllegalStateException e)
        {
            // It has ended meanwhile, or a thread of its own finds no room: nothing more can be run.
            last.complete(null);
        }

        inbox.close(new IllegalStateException(CLOSED));
        return last;
    }

    /** A thread of the node cannot wait for its end: it only begins it. */
    private void closeFromWithin()
    {
        lastCommand().orTimeout(setup.closeTimeoutMs, TimeUnit.MILLISECONDS).whenComplete((reply, e) ->
        {
            isAllRun = null == e;
            runtime.exit();
        });
    }

    /** Writer, behind its last turn: by a close, or by itself. */
    private void saveAtEnd()
    {
        if (!setup.isSavedOnClose)
        {
            return;
        }

        if (!isClosing.get())
        {
            unsaved = runtime.node().isSavedAtShutdown() ? null : "it was shut down without saving";
            return;
        }

        isSaving = true;
        try
        {
            unsaved = runtime.node().saveBeforeEnd();
        }
        finally
        {
            isSaving = false;
        }

        if (null != unsaved)
        {
            log.warning("The data was not saved on close: " + unsaved);
        }
    }

    /** Until the writer's thread has given everything back, so that the directory can be opened anew. */
    private boolean awaitEnd(final long moreMs)
    {
        boolean wasSaving;
        boolean isEnded;
        do
        {
            // A save has no limit: it gives up by itself when the disk takes nothing any more.
            wasSaving = isSaving;
            isEnded = Waits.join(thread, moreMs + setup.closeTimeoutMs + END_MS);
        }
        while (!isEnded && wasSaving);

        return isEnded;
    }

    private void report(final boolean isEnded)
    {
        if (!isEnded)
        {
            throw new IllegalStateException("the node does not end: its thread is at " + stack());
        }

        if (null != runtime.readerInside())
        {
            throw new IllegalStateException("reader '" + runtime.readerInside() + "' was in the middle of a read for " +
                setup.closeTimeoutMs + " ms: the node is closed, the memory of its data stays mapped");
        }

        if (!setup.isSavedOnClose)
        {
            return;
        }

        if (null != failure)
        {
            throw new IllegalStateException("the node has failed, its data could not be saved: " + failure, failure);
        }

        if (null != unsaved)
        {
            throw new IllegalStateException("the node is closed, its data could not be saved: " + unsaved);
        }

        if (!isAllRun)
        {
            throw new IllegalStateException(
                "the node is closed and its data saved, but for commands that were handed " +
                    "over and could not be run within " + setup.closeTimeoutMs + " ms");
        }
    }

    private String stack()
    {
        final StringBuilder lines = new StringBuilder();
        final StackTraceElement[] frames = thread.getStackTrace();
        for (int i = 0; i < Math.min(STACK_LINES, frames.length); i++)
        {
            lines.append(0 == i ? "" : ", ").append(frames[i]);
        }

        return lines.toString();
    }

    private void closeAtExit()
    {
        try
        {
            if (!saveForWriterInExit())
            {
                close();
            }
        }
        catch (final IllegalStateException e)
        {
            if (!saveForWriterInExit())
            {
                log.warning("Closing at the end of the program: " + e.getMessage());
            }
        }
    }

    /**
     * A callback that calls System.exit waits on the writer's thread for the exit hooks, and never goes on. It stands
     * between two commands: what the writer would do at its end, its hook can do in its place.
     */
    private boolean saveForWriterInExit()
    {
        final boolean isExiting = CallbackStack.of(thread).isInExit();
        if (isExiting)
        {
            log.warning("System.exit was called by a callback of the node: what was handed over and not run is lost");
            isClosing.set(true);
            inbox.close(new IllegalStateException(CLOSED));
            saveAtEnd();
        }

        return isExiting;
    }

    private void removeExitHook()
    {
        if (null != exitHook && Thread.currentThread() != exitHook)
        {
            try
            {
                Runtime.getRuntime().removeShutdownHook(exitHook);
            }
            catch (final IllegalStateException e)
            {
                // The JVM is ending: the hook finds the node closed.
                return;
            }
        }
    }
}
