package org.millrace.engine.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.aof.AofFile;
import org.millrace.engine.aof.AofManifest;
import org.millrace.engine.aof.AofManifestException;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.memory.Memory;

/**
 * The append-only files that a Redis has left in the directory of the node, under the names of the configuration: those of a
 * manifest, or the one file of versions before 7. Nothing is ever written to them; a note beside them says that they have
 * been taken over, for from then on they are older than what was made of them. Immutable.
 */
final class AofDirectory
{
    /** @param name as log lines have it. @param isBase what all was at some time, not what was appended to that. */
    record Part(String name, String path, boolean isBase)
    {
    }

    /** No manifest of files that a machine can hold is longer. */
    private static final int MANIFEST_MAX = 1 << 24;

    /** Behind the base name of the files: the note. */
    private static final String TAKEN = ".taken";

    private final List<Part> parts;
    private final long bytes;
    private final String note;

    private AofDirectory(final List<Part> parts, final long bytes, final String note)
    {
        this.parts = parts;
        this.bytes = bytes;
        this.note = note;
    }

    /**
     * Looks for them.
     *
     * @return null if there are none, or nothing is in them.
     * @throws IOException one of them is missing, or cannot be read.
     */
    static AofDirectory find(final SnapshotStore store, final Config config) throws IOException, AofManifestException
    {
        final String name = config.text(ConfigOption.APPENDFILENAME);
        final String directory = config.path(config.text(ConfigOption.APPENDDIRNAME)) + "/";
        final AofManifest manifest = readManifest(store, directory + name + AofManifest.SUFFIX);
        final List<Part> parts = new ArrayList<>();
        if (isUpgrade(store, manifest, name, directory) && isThere(store, config.path(name)))
        {
            parts.add(new Part(name, config.path(name), true));
        }
        else if (null != manifest)
        {
            for (final AofFile file : manifest.files())
            {
                parts.add(new Part(file.name(), directory + file.name(), AofFile.BASE == file.type()));
            }
        }

        long bytes = 0;
        final StringBuilder note = new StringBuilder();
        for (final Part part : parts)
        {
            final long length = length(store, part);
            note.append("file ").append(part.name()).append(" bytes ").append(length).append('\n');
            bytes += length;
        }

        return 0 == bytes ? null : new AofDirectory(parts, bytes, note.toString());
    }

    /**
     * True if an earlier start has taken these files over, and the data set file holds what was made of them.
     *
     * @throws IOException they have been taken over, but what is newer cannot be told.
     */
    boolean isTaken(final SnapshotStore store, final Config config) throws IOException
    {
        final String path = notePath(config);
        final String dataSet = config.path(config.text(ConfigOption.DBFILENAME));
        try (SnapshotStore.Source source = store.open(path))
        {
            if (null == source)
            {
                return false;
            }

            final String advice = ". Nothing was changed. Move the files of " +
                config.text(ConfigOption.APPENDFILENAME) +
                " away to go on without them, or remove " + path + " to take them over again";
            if (!note.equals(text(source)))
            {
                throw new IOException(
                    "The append-only files have changed since they were taken over into " + dataSet + advice);
            }

            if (!isThere(store, dataSet))
            {
                throw new IOException("The append-only files were taken over into " + dataSet +
                    ", which is not there any more" + advice);
            }
        }

        return true;
    }

    /** What they hold is in the data set file now: never go back to them. */
    void take(final SnapshotStore store, final Config config) throws IOException
    {
        store.put(notePath(config), note);
    }

    private static String notePath(final Config config)
    {
        return config.path(config.text(ConfigOption.APPENDFILENAME) + TAKEN);
    }

    /** The file of versions before 7 counts as long as a manifest does not name it where it would have been moved to. */
    private static boolean isUpgrade(
        final SnapshotStore store, final AofManifest manifest, final String name, final String directory)
        throws IOException
    {
        final List<AofFile> files = null == manifest ? List.of() : manifest.files();
        return files.isEmpty() || 1 == files.size() && files.get(0) == manifest.base() &&
            files.get(0).name().equals(name) && !isThere(store, directory + name);
    }

    private static boolean isThere(final SnapshotStore store, final String path) throws IOException
    {
        try (SnapshotStore.Source source = store.open(path))
        {
            return null != source;
        }
    }

    private static long length(final SnapshotStore store, final Part part) throws IOException
    {
        try (SnapshotStore.Source source = store.open(part.path()))
        {
            if (null == source)
            {
                throw new IOException(
                    "Unable to obtain the AOF file " + part.name() + " length. stat: No such file or directory");
            }

            return source.length();
        }
        catch (final IOException e)
        {
            throw new IOException(e.getMessage() + " (" + part.path() + ")", e);
        }
    }

    /** Null if there is none. */
    private static AofManifest readManifest(final SnapshotStore store, final String path)
        throws IOException, AofManifestException
    {
        try (SnapshotStore.Source source = store.open(path))
        {
            return null == source ? null : AofManifest.parse(text(source));
        }
        catch (final IOException e)
        {
            throw new IOException(
                "Fatal error: can't open the AOF manifest file " + path + " for reading: " + e.getMessage(), e);
        }
    }

    private static String text(final SnapshotStore.Source source) throws IOException
    {
        if (source.length() > MANIFEST_MAX)
        {
            throw new IOException("it is too long for a manifest");
        }

        final ByteBuffer buffer = ByteBuffer.allocateDirect((int)source.length());
        try
        {
            int count = 0;
            while (buffer.hasRemaining() && count >= 0)
            {
                count = source.read(buffer);
            }

            final byte[] text = new byte[buffer.flip().remaining()];
            buffer.get(text);
            return new String(text, ISO_8859_1);
        }
        finally
        {
            Memory.free(buffer);
        }
    }

    /** In the order in which they are to be loaded. */
    List<Part> parts()
    {
        return parts;
    }

    /** Of all files. */
    long bytes()
    {
        return bytes;
    }
}
