package org.millrace.io.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import org.millrace.engine.snapshot.RdbCensus;
import org.millrace.engine.snapshot.RdbLoader;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.TemporaryFile;

/**
 * Takes a snapshot as a replica does, all of it at one offset of the stream, and looks at every byte while it is written. It
 * gets its name once it is whole, right and on the disk. One thread.
 */
final class Backup
{
    private static final int MARK_LENGTH = 40;
    private static final double MEGABYTE = 1e6;
    private static final String MARK = "$EOF:";
    private static final String FULL_RESYNC = "+FULLRESYNC ";

    private final SyncStream stream;
    private final PrintStream out;

    /** The way a snapshot that has no length ends; null for one that has. */
    private String mark;

    /** Bytes that the server says to come, -1 if unknown. */
    private long length = -1;
    private long written;

    Backup(final SyncStream stream, final PrintStream out)
    {
        this.stream = stream;
        this.out = out;
    }

    /** Log in. @param user null for the default one. @param password null for none. */
    void login(final String user, final String password) throws IOException
    {
        if (null != password)
        {
            final String reply = null == user ? stream.ask("AUTH", password) : stream.ask("AUTH", user, password);
            if (reply.startsWith("-") && !reply.contains("without any password configured"))
            {
                throw new IOException("the server does not let us in: " + reply.substring(1));
            }
        }
    }

    /** Ask for the snapshot. */
    void begin() throws IOException
    {
        stream.ask("REPLCONF", "capa", "eof");
        // A server before 7.0 does not know it, and begins to send its stream: until we have gone.
        stream.ask("REPLCONF", "rdb-only", "1");
        final String reply = stream.ask("PSYNC", "?", "-1");
        if (!reply.startsWith(FULL_RESYNC))
        {
            throw new IOException("the server gives no snapshot: " + reply.substring(1));
        }

        out.println("snapshot of history and offset " + reply.substring(FULL_RESYNC.length()));
        final String head = stream.line();
        if (head.startsWith(MARK) && head.length() == MARK.length() + MARK_LENGTH)
        {
            mark = head.substring(MARK.length());
        }
        else if (head.matches("\\$\\d{1,18}"))
        {
            length = Long.parseLong(head.substring(1));
        }
        else
        {
            throw new IOException("the server gives no snapshot: " + head.substring(1));
        }
    }

    /**
     * Write it.
     *
     * @param target which must not be there, unless it may be replaced.
     */
    void writeTo(final Path target, final boolean mayReplace) throws IOException
    {
        final Path directory = target.toAbsolutePath().getParent();
        final RdbCensus census = new RdbCensus(0, 0);
        try (TemporaryFile file = TemporaryFile.create(directory, "rdb");
            RdbLoader loader = RdbLoader.counting(census, true))
        {
            while (RdbLoader.State.LOADING == loader.state())
            {
                write(file, loader);
            }

            if (null != loader.error())
            {
                throw new IOException("what the server sends is damaged: " + loader.error());
            }

            readEnd();
            if (!mayReplace && Files.exists(target, LinkOption.NOFOLLOW_LINKS))
            {
                throw new IOException("File exists");
            }

            file.moveTo(target.toAbsolutePath());
            out.printf(
                Locale.ROOT, "%,d keys in %.1f MB, checked, synced: %s%n", loader.keysLoaded(), written / MEGABYTE,
                HostFiles.text(target));
        }
    }

    private void write(final TemporaryFile file, final RdbLoader loader) throws IOException
    {
        final ByteBuffer bytes = stream.bytes();
        final int consumed = loader.consume(stream.address(), bytes.remaining());
        if (loader.isAtData())
        {
            loader.startData();
        }

        final int end = bytes.limit();
        bytes.limit(bytes.position() + consumed);
        while (bytes.hasRemaining())
        {
            file.channel().write(bytes);
        }

        bytes.limit(end);
        written += consumed;
    }

    private void readEnd() throws IOException
    {
        if (null == mark)
        {
            if (length != written)
            {
                throw new IOException("the snapshot has " + written + " bytes, and " + length + " were to come");
            }

            return;
        }

        for (int i = 0; i < MARK_LENGTH; i++)
        {
            if ((stream.bytes().get() & 0xFF) != mark.charAt(i))
            {
                throw new IOException("the snapshot does not end where it should");
            }
        }
    }
}
