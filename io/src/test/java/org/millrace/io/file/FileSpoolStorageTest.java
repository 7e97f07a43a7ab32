package org.millrace.io.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.snapshot.SpoolFile;
import org.millrace.kit.Await;

class FileSpoolStorageTest
{
    @TempDir
    private Path directory;

    private final List<String> warnings = new ArrayList<>();
    private final EventLog log = new SilentLog()
    {
        @Override
        public void warning(final String message)
        {
            warnings.add(message);
        }
    };

    @Test
    void shouldReadBackWhatWasAppended() throws InterruptedException
    {
        final byte[] content = new byte[100_000];
        new Random(5).nextBytes(content);
        try (SpoolFile file = new FileSpoolStorage(directory, log).create())
        {
            final CountDownLatch written = new CountDownLatch(2);
            assertTrue(file.append(ByteBuffer.wrap(content, 0, 60_000), written::countDown));
            assertTrue(file.append(ByteBuffer.wrap(content, 60_000, 40_000), written::countDown));
            assertTrue(written.await(30, TimeUnit.SECONDS));
            assertEquals(content.length, file.length());

            final byte[] middle = new byte[30_000];
            final ByteBuffer target = ByteBuffer.wrap(middle);
            assertEquals(middle.length, file.read(45_000, target));
            assertArrayEquals(Arrays.copyOfRange(content, 45_000, 75_000), middle);
            assertNull(file.failure());
        }
    }

    @Test
    void shouldLeaveNoNameBehind() throws IOException
    {
        final FileSpoolStorage storage = new FileSpoolStorage(directory, log);
        try (SpoolFile first = storage.create(); SpoolFile second = storage.create())
        {
            assertNotNull(first);
            assertNotNull(second);
            try (Stream<Path> files = Files.list(directory))
            {
                assertEquals(0, files.count());
            }
        }
    }

    @Test
    void shouldSayWhyThereIsNoFile()
    {
        assertNull(new FileSpoolStorage(directory.resolve("missing"), log).create());
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).endsWith(": No such file or directory"), warnings.get(0));
    }

    @Test
    void shouldReportAFailureInsteadOfThrowing() throws InterruptedException
    {
        final SpoolFile file = new FileSpoolStorage(directory, log).create();
        file.close();

        final CountDownLatch written = new CountDownLatch(2);
        assertTrue(file.append(ByteBuffer.allocate(1), written::countDown), "not known before it was tried");
        Await.until("the failure", 20, () -> null != file.failure());

        assertFalse(file.append(ByteBuffer.allocate(1), written::countDown));
        assertTrue(written.await(30, TimeUnit.SECONDS));
        assertEquals(0, file.length());
        assertNotNull(file.failure());
        assertEquals(-1, file.read(0, ByteBuffer.allocate(1)));
    }
}
