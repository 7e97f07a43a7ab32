package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.MemorySpoolStorage;
import org.millrace.engine.snapshot.SpoolFile;

/** Bytes on their way to a disk that takes its time. */
class StoredPayloadTest
{
    private static final int LENGTH = StoredPayload.BUFFER_LENGTH;

    private final MemorySpoolStorage storage = new MemorySpoolStorage();
    private final SlowFile file = new SlowFile(storage.create());
    private final StoredPayload payload = new StoredPayload(file);
    private final long source = Memory.reserve(LENGTH);

    @AfterEach
    void close()
    {
        payload.close();
        payload.close();
        file.work();
        Memory.release(source);
        assertEquals(0, storage.openFiles());
    }

    private void append(final int count, final int seed)
    {
        final byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        Memory.copy(bytes, 0, source, count);
        for (int at = 0; at < count;)
        {
            final int step = Math.min(count - at, payload.room());
            assertTrue(step > 0);
            payload.append(source + at, step);
            at += step;
        }
    }

    @Test
    void shouldGiveBackWhatItTookThroughASlowDisk()
    {
        for (int i = 0; i < 9; i++)
        {
            append(LENGTH / 2 - 1, i);
            file.work();
        }

        payload.end();
        assertFalse(payload.isWritten());
        file.work();
        assertTrue(payload.isWritten());
        final byte[] all = new byte[9 * (LENGTH / 2 - 1)];
        int at = 0;
        for (int count = payload.read(); count > 0; count = payload.read())
        {
            Memory.copy(payload.address(), all, at, count);
            at += count;
        }

        assertEquals(all.length, at);
        for (int i = 0; i < 9; i++)
        {
            final byte[] expected = new byte[LENGTH / 2 - 1];
            new Random(i).nextBytes(expected);
            assertEquals(
                ByteBuffer.wrap(expected),
                ByteBuffer.wrap(all, i * expected.length, expected.length), "part " + i);
        }
    }

    @Test
    void shouldTakeNothingWhileAllBuffersAreUnderWay()
    {
        for (int i = 0; i < 4; i++)
        {
            assertEquals(LENGTH, payload.room());
            append(LENGTH, i);
        }

        assertEquals(0, payload.room());
        file.workOnce();
        assertEquals(LENGTH, payload.room());
    }

    @Test
    void shouldFreeBuffersThatAreUnderWayWhenItIsClosed()
    {
        append(LENGTH, 1);
        append(LENGTH, 2);
        append(1, 3);
        payload.close();
        file.work();
        assertEquals(0, storage.openFiles());
    }

    @Test
    void shouldTellWhenDiskIsFull()
    {
        storage.failAfter(LENGTH);
        append(LENGTH, 1);
        append(LENGTH, 2);
        file.work();
        assertEquals("No space left on device", payload.failure());
        payload.end();
        assertFalse(payload.isWritten());
    }

    /** Does what it is told when it is told so again, in order. */
    private static final class SlowFile implements SpoolFile
    {
        private final SpoolFile file;
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        SlowFile(final SpoolFile file)
        {
            this.file = file;
        }

        void workOnce()
        {
            tasks.remove().run();
        }

        void work()
        {
            while (!tasks.isEmpty())
            {
                workOnce();
            }
        }

        @Override
        public boolean append(final ByteBuffer bytes, final Runnable written)
        {
            tasks.add(() -> file.append(bytes, written));
            return true;
        }

        @Override
        public long length()
        {
            return file.length();
        }

        @Override
        public int read(final long position, final ByteBuffer target)
        {
            return file.read(position, target);
        }

        @Override
        public String failure()
        {
            return file.failure();
        }

        @Override
        public boolean isReleased()
        {
            return file.isReleased();
        }

        @Override
        public void close()
        {
            tasks.add(file::close);
        }
    }
}
