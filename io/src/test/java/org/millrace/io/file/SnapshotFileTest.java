package org.millrace.io.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.node.SnapshotStore;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.RdbLoader;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;

@Timeout(60)
class SnapshotFileTest
{
    private static final long NOW_MS = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private final Strings strings = new Strings(16);
    private Snapshots snapshots;

    @AfterEach
    void close()
    {
        if (null != snapshots)
        {
            snapshots.close();
            while (snapshots.memoryBytes() > 0)
            {
                snapshots.snapshotter().doWork();
            }
        }

        strings.close();
    }

    @Test
    void shouldReplaceTheFileOnceTheImageIsComplete() throws IOException
    {
        fill(20_000);
        final Path target = directory.resolve("dump.rdb");
        Files.writeString(target, "old");
        final Image image = begin();
        final SnapshotFile file = new SnapshotFile(image.openCursor(), target);
        while (!file.isDone())
        {
            assertEquals("old", Files.readString(target));
            turn();
            file.step();
        }

        assertNull(file.error());
        assertEquals(image.totalLength(), file.written());
        assertEquals(List.of("dump.rdb"), names());
        assertEquals(0, file.step());
        assertLoads(target);
    }

    @Test
    void shouldSaveOnAThreadOfItsOwnAndLoadAgain() throws IOException
    {
        fill(20_000);
        final SnapshotStore store = new SnapshotFiles();
        final String path = directory.resolve("data.rdb").toString();
        assertNull(store.open(path));
        final SnapshotStore.Save save = store.save(begin().openCursor(), path);
        while (!save.isDone())
        {
            turn();
        }

        assertNull(save.error());
        try (SnapshotStore.Source source = store.open(path))
        {
            assertEquals(save.written(), source.length());
            final ByteBuffer buffer = ByteBuffer.allocateDirect(9);
            assertEquals(9, source.read(buffer));
            assertEquals('R', buffer.get(0));
        }

        assertLoads(Path.of(path));
    }

    /** Once a build failed because a directory got a file while it was being deleted. */
    @Test
    void shouldLeaveNothingThatGoesOnOnceClosed() throws IOException
    {
        fill(20_000);
        final Path target = directory.resolve("data.rdb");
        final SnapshotFiles files = new SnapshotFiles();
        files.close();
        // Nobody writes more of the image: without an end of its own this save would wait for ever.
        final SnapshotStore.Save save = files.save(begin().openCursor(), target.toString());

        files.close();

        assertTrue(save.isDone());
        assertEquals("the node is closing", save.error());
        assertEquals(List.of(), names());
    }

    @Test
    void shouldLeaveTheOldFileWhenTheImageIsAborted() throws IOException
    {
        fill(20_000);
        final Path target = directory.resolve("dump.rdb");
        Files.writeString(target, "old");
        final SnapshotFile file = new SnapshotFile(begin().openCursor(), target);
        turn();
        file.step();
        assertEquals(2, names().size());
        snapshots.abort("FLUSHALL");
        file.step();

        assertTrue(file.isDone());
        assertEquals("FLUSHALL", file.error());
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("dump.rdb"), names());
    }

    @Test
    void shouldReportADirectoryThatIsNotThere()
    {
        fill(10);
        final SnapshotFile file = new SnapshotFile(
            begin().openCursor(), directory.resolve("missing").resolve("dump.rdb"));
        turn();
        file.run();

        assertTrue(file.error().contains("No such file or directory"), file.error());
    }

    @Test
    void shouldReportATargetThatCannotBeReplaced() throws IOException
    {
        fill(10);
        final Path target = Files.createDirectory(directory.resolve("dump.rdb"));
        Files.writeString(target.resolve("inside"), "x");
        final SnapshotFile file = new SnapshotFile(begin().openCursor(), target);
        while (!file.isDone())
        {
            turn();
            file.step();
        }

        assertFalse(file.error().isEmpty());
        assertEquals(List.of("dump.rdb"), names());
    }

    @Test
    void shouldFailToLoadAFileThatIsCutShort() throws IOException
    {
        fill(1000);
        final Path target = directory.resolve("dump.rdb");
        final SnapshotFile file = new SnapshotFile(begin().openCursor(), target);
        while (!file.isDone())
        {
            turn();
            file.step();
        }

        final byte[] all = Files.readAllBytes(target);
        Files.write(target, Arrays.copyOf(all, all.length - 20));
        try (Strings other = new Strings(16); RdbLoader loader = new RdbLoader(other.data, NOW_MS, true, true))
        {
            SnapshotFile.load(target, loader, done ->
            {
            });
            assertEquals(RdbLoader.State.FAILED, loader.state());
            assertTrue(loader.error().startsWith("short read"), loader.error());
        }
    }

    private void fill(final int keys)
    {
        for (int i = 0; i < keys; i++)
        {
            strings.set(i % 3, "key" + i, "value" + i, i % 5 > 0 ? Entry.NO_DEADLINE : NOW_MS + i);
        }
    }

    private Image begin()
    {
        snapshots = new Snapshots(
            strings.data, new FileSpoolStorage(directory, new SilentLog()), new SilentLog(), 4 << 20);
        return snapshots.begin(new SnapshotHeader(null, 0, 0, NOW_MS, 1000, 11, true));
    }

    private void turn()
    {
        snapshots.doWork(NOW_MS);
        snapshots.snapshotter().doWork();
    }

    private List<String> names() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void assertLoads(final Path path) throws IOException
    {
        try (Strings other = new Strings(16); RdbLoader loader = new RdbLoader(other.data, NOW_MS, false, true))
        {
            final List<Long> progress = new ArrayList<>();
            SnapshotFile.load(path, loader, progress::add);

            assertEquals(RdbLoader.State.DONE, loader.state(), loader.error());
            assertEquals(Files.size(path), progress.get(progress.size() - 1));
            for (int i = 0; i < 16; i++)
            {
                assertEquals(strings.contents(i), other.contents(i));
            }
        }

        assertArrayEquals(new byte[]{'R', 'E', 'D', 'I', 'S'}, Arrays.copyOf(Files.readAllBytes(path), 5));
    }
}
