package org.millrace.io.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.Segment;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.memory.Memory;

class MappedSegmentStorageTest
{
    private static final int LENGTH = 1 << 14;

    @TempDir
    Path directory;

    private final WarningLog log = new WarningLog();

    @Test
    void shouldUnmapWhatIsReleasedButAFew() throws IOException
    {
        final Path maps = Path.of("/proc/self/maps");
        assumeTrue(Files.isReadable(maps), "no list of mappings on this system");
        try (MappedSegmentStorage storage = MappedSegmentStorage.open(directory, 7000, 16 << 20, 0, log))
        {
            final List<Segment> segments = new ArrayList<>();
            for (int i = 0; i < 4; i++)
            {
                segments.add(storage.allocate());
            }

            assertEquals(4, mappings(maps));
            segments.forEach(Segment::release);
            // The library unmaps on a thread of its own.
            BackgroundResourceReleaser.releasePendingResources();
            assertEquals(2, mappings(maps));
        }

        BackgroundResourceReleaser.releasePendingResources();
        assertEquals(0, mappings(maps));
    }

    @Test
    void shouldGiveAgainWhatCameBack() throws IOException
    {
        try (MappedSegmentStorage storage = open(0))
        {
            final Segment first = storage.allocate();
            final long address = first.address();
            first.release();
            assertEquals(address, storage.allocate().address());
            assertEquals(List.of("backlog-7000.0", "backlog-7000.header"), names());
        }

        assertEquals(List.of(), names());
    }

    private long mappings(final Path maps) throws IOException
    {
        try (Stream<String> lines = Files.lines(maps))
        {
            return lines.filter((line) -> line.contains(directory.toString())).count();
        }
    }

    @Test
    void shouldShowAddressAndBufferOfTheSameMemory() throws IOException
    {
        try (MappedSegmentStorage storage = open(0))
        {
            final Segment segment = storage.allocate();
            Memory.putLong(segment.address() + LENGTH - 8, 0x0102030405060708L);
            final ByteBuffer buffer = segment.buffer();
            assertTrue(buffer.isDirect());
            assertEquals(LENGTH, buffer.remaining());
            assertEquals(8, buffer.get(LENGTH - 8));
            assertEquals(segment.address(), Memory.address(buffer));
            buffer.put(0, (byte)7);
            assertEquals(7, Memory.getByte(segment.address()));
            buffer.position(5);
            assertEquals(0, segment.buffer().position());
            // The mapping is the file's, so that another process (or a later life) can read it.
            assertEquals(7, Files.readAllBytes(directory.resolve("backlog-7000.0"))[0]);
        }

        assertEquals(List.of(), names());
        assertEquals(List.of(), log.warnings);
    }

    @Test
    void shouldMakeFilesOfFullLengthForTheOwnerOnly() throws IOException
    {
        try (MappedSegmentStorage storage = open(0))
        {
            storage.allocate();
            storage.allocate();
            assertEquals(List.of("backlog-7000.0", "backlog-7000.1", "backlog-7000.header"), names());
            for (final String name : names())
            {
                final Path path = directory.resolve(name);
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }

            assertEquals(LENGTH, Files.size(directory.resolve("backlog-7000.1")));
        }
    }

    @Test
    void shouldTakeFreshNameWithWarningWhenLockIsTaken() throws IOException
    {
        try (MappedSegmentStorage one = open(0))
        {
            final Segment segment = one.allocate();
            try (MappedSegmentStorage two = open(0))
            {
                assertEquals("backlog-7000", one.name());
                assertEquals("backlog-7000-2", two.name());
                assertEquals(1, log.warnings.size());
                assertNotEquals(segment.address(), two.allocate().address());
                assertTrue(names().containsAll(List.of("backlog-7000.0", "backlog-7000-2.0")));
            }

            assertEquals(List.of("backlog-7000.0", "backlog-7000.header"), names());
        }
    }

    @Test
    void shouldServeTwoPortsInOneDirectory() throws IOException
    {
        try (MappedSegmentStorage one = open(0);
            MappedSegmentStorage two = MappedSegmentStorage.open(directory, 7001, LENGTH, 0, log))
        {
            one.allocate();
            two.allocate();
            assertEquals("backlog-7001", two.name());
            assertEquals(4, names().size());
        }

        assertEquals(List.of(), names());
        assertEquals(List.of(), log.warnings);
    }

    @Test
    void shouldDeleteLeftoversOfAFormerRunOnly() throws IOException
    {
        for (final String name : List.of(
            "backlog-7000.0", "backlog-7000.17", "backlog-7000.header", "backlog-70001.0", "backlog-7000.txt"))
        {
            Files.writeString(directory.resolve(name), "old");
        }

        open(0).close();
        assertEquals(List.of("backlog-7000.txt", "backlog-70001.0"), names());
    }

    @Test
    void shouldGiveNoSegmentPastTheLimit() throws IOException
    {
        try (MappedSegmentStorage storage = open(2L * LENGTH))
        {
            final Segment first = storage.allocate();
            assertNotNull(storage.allocate());
            assertNull(storage.allocate());
            assertEquals(1, log.warnings.size());
            first.release();
            assertNotNull(storage.allocate());
        }
    }

    @Test
    void shouldGiveNoSegmentWhenTheFileCannotBeMade() throws IOException
    {
        try (MappedSegmentStorage storage = open(0))
        {
            Files.createDirectory(directory.resolve("backlog-7000.0"));
            assertNull(storage.allocate());
            assertEquals(1, log.warnings.size());
            assertNotNull(storage.allocate());
        }
    }

    @Test
    void shouldAlternateHeaderSlots() throws IOException
    {
        final Path header = directory.resolve("backlog-7000.header");
        final String a = "a".repeat(40);
        final String b = "b".repeat(40);
        try (MappedSegmentStorage storage = open(0))
        {
            storage.describe(a, b, 77, 5);
            assertEquals(new BacklogDescription(1, a, b, 77, 5, LENGTH), read(header));
            storage.describe(a, b, 77, 5);
            assertEquals(1, read(header).sequence());
            storage.describe(b, a, 78, 6);
            assertEquals(new BacklogDescription(2, b, a, 78, 6, LENGTH), read(header));

            // A torn write of the newer slot leaves the older one.
            final byte[] bytes = Files.readAllBytes(header);
            bytes[30] ^= 1;
            assertEquals(1, BacklogDescription.decode(ByteBuffer.wrap(bytes)).sequence());
            bytes[512 + 30] ^= 1;
            assertNull(BacklogDescription.decode(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void shouldHoldAStreamAcrossManySegments() throws IOException
    {
        try (MappedSegmentStorage storage = open(0);
            ReplicationStream stream = new ReplicationStream(new ReplicationHistory("c".repeat(40)), 3 * LENGTH))
        {
            storage.warmUp();
            assertTrue(stream.activate(storage));
            final BacklogReader reader = stream.openReader(1);
            long read = 0;
            for (int i = 0; i < 20_000; i++)
            {
                stream.ping();
                for (ByteBuffer view = reader.next(LENGTH); null != view && 0 == i % 100; view = reader.next(LENGTH))
                {
                    for (int at = view.position(); at < view.limit(); at++)
                    {
                        assertEquals("*1\r\n$4\r\nping\r\n".charAt((int)(read++ % 14)), view.get(at));
                    }

                    reader.advance(view.remaining());
                }

                stream.doWork();
            }

            reader.close();
            assertFalse(stream.isBroken());
            assertTrue(names().size() < 10, () -> "files: " + names().size());
        }
    }

    private MappedSegmentStorage open(final long maxBytes) throws IOException
    {
        return MappedSegmentStorage.open(directory, 7000, LENGTH, maxBytes, log);
    }

    private static BacklogDescription read(final Path header) throws IOException
    {
        return BacklogDescription.decode(ByteBuffer.wrap(Files.readAllBytes(header)));
    }

    private List<String> names()
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
        catch (final IOException e)
        {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Keeps warnings. */
    private static final class WarningLog extends SilentLog
    {
        final List<String> warnings = new ArrayList<>();

        @Override
        public void warning(final String message)
        {
            warnings.add(message);
        }
    }
}
