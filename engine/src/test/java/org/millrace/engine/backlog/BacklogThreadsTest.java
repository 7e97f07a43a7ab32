package org.millrace.engine.backlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.memory.Memory;

/** A writer and two readers on threads of their own: byte n of the stream is a function of n. */
class BacklogThreadsTest
{
    private static final long LENGTH = 64L << 20;

    @Test
    @Timeout(60)
    void shouldShowReadersOnOtherThreadsTheStream() throws InterruptedException
    {
        final MemorySegmentStorage memory = new MemorySegmentStorage(1 << 14);
        final PreparedSegments storage = new PreparedSegments(memory, 2);
        final ReplicationStream stream = new ReplicationStream(new ReplicationHistory(StreamRig.REPLID), 1 << 15);
        stream.activate(storage);
        final AtomicReference<String> failure = new AtomicReference<>();
        final Thread[] threads = {
            reader(stream.openReader(1), 60_000, failure), reader(stream.openReader(1), 777, failure)};
        final Thread supplier = new Thread(() ->
        {
            while (!Thread.currentThread().isInterrupted())
            {
                if (0 == storage.doWork())
                {
                    Thread.onSpinWait();
                }
            }

        });
        supplier.start();
        for (final Thread thread : threads)
        {
            thread.start();
        }

        final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 13);
        final long address = Memory.address(buffer);
        long n = 1;
        int size = 1;
        while (n <= LENGTH)
        {
            size = 1 + (size * 31 & (1 << 13) - 1);
            final int length = (int)Math.min(size, LENGTH + 1 - n);
            for (int i = 0; i < length; i++)
            {
                Memory.putByte(address + i, expected(n + i));
            }

            stream.appendVerbatim(address, length);
            stream.doWork();
            n += length;
        }

        for (final Thread thread : threads)
        {
            thread.join();
        }

        assertNull(failure.get());
        supplier.interrupt();
        supplier.join();
        stream.close();
        storage.close();
        assertEquals(0, memory.live());
    }

    private static Thread reader(
        final BacklogReader reader, final int step, final AtomicReference<String> failure)
    {
        return new Thread(() ->
        {
            while (reader.nextOffset() <= LENGTH)
            {
                final ByteBuffer view = reader.next(step);
                if (null == view)
                {
                    Thread.onSpinWait();
                    continue;
                }

                final int length = view.remaining();
                for (int i = 0; i < length; i++)
                {
                    final long n = reader.nextOffset() + i;
                    if (expected(n) != view.get(view.position() + i))
                    {
                        failure.compareAndSet(null, "wrong byte at " + n + ", step " + step);
                        reader.close();
                        return;
                    }
                }

                reader.advance(length);
            }

            reader.close();
        });
    }

    private static byte expected(final long n)
    {
        return (byte)(n * 0x9E37_79B9_7F4A_7C15L >>> 56);
    }
}
