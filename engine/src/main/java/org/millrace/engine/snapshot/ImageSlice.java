package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

import org.millrace.engine.memory.Memory;

/**
 * A run of image bytes in direct memory. Written by the snapshotter, immutable up to the image's published length,
 * read by cursors on other threads.
 * <p>
 * <b>Ordering.</b> {@link #users} is the guard: it counts the image and every cursor that looks at the slice right
 * now. A cursor that raised it from a number above zero, and then still finds the slice in the image's table, knows
 * that the image itself held it at that moment, so the bytes are those it looks for and stay until it lowers the
 * number again. Whoever lowers it to zero gives the memory back.
 */
final class ImageSlice
{
    private final SlicePool pool;
    private final ByteBuffer buffer;
    private final long address;
    private final AtomicInteger users = new AtomicInteger();
    private final Runnable releaser = this::release;

    ImageSlice(final SlicePool pool, final int length)
    {
        this.pool = pool;
        buffer = ByteBuffer.allocateDirect(length);
        address = Memory.address(buffer);
    }

    /** Snapshotter: taken into use by an image. */
    void open()
    {
        users.set(1);
    }

    /** Any thread: false if nobody uses it any more, so it may serve another purpose already. */
    boolean acquire()
    {
        int count = users.get();
        while (count > 0)
        {
            if (users.compareAndSet(count, count + 1))
            {
                return true;
            }

            count = users.get();
        }

        return false;
    }

    void release()
    {
        if (0 == users.decrementAndGet())
        {
            pool.recycle(this);
        }
    }

    long address()
    {
        return address;
    }

    /** A new view of the whole slice with a position and limit of its own. */
    ByteBuffer view()
    {
        return buffer.asReadOnlyBuffer();
    }

    /** {@link #release} for whoever has acquired it and hands it on. */
    Runnable releaser()
    {
        return releaser;
    }

    void free()
    {
        Memory.free(buffer);
    }
}
