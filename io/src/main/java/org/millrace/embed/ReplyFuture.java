package org.millrace.embed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The reply of a command, or what hangs on one. A thread of the node that waited for it would wait for ever, as it is the
 * one that is to complete it: it gets an exception instead.
 */
final class ReplyFuture<T> extends CompletableFuture<T>
{
    private final BooleanSupplier isOwnThread;

    /** @param isOwnThread whether the calling thread is one of the node's. */
    ReplyFuture(final BooleanSupplier isOwnThread)
    {
        this.isOwnThread = isOwnThread;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture()
    {
        return new ReplyFuture<>(isOwnThread);
    }

    @Override
    public T join()
    {
        checkWait();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException
    {
        checkWait();
        return super.get();
    }

    @Override
    public T get(final long timeout, final TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException
    {
        checkWait();
        return super.get(timeout, unit);
    }

    private void checkWait()
    {
        if (!isDone() && isOwnThread.getAsBoolean())
        {
            throw CommandInbox.mustNotWait();
        }
    }
}
