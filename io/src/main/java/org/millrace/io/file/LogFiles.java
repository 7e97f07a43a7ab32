package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.engine.backlog.LogGeneration;
import org.millrace.engine.backlog.LogPage;
import org.millrace.engine.backlog.LogRecord;
import org.millrace.engine.backlog.LogStore;
import org.millrace.engine.backlog.Segment;
import org.millrace.engine.counters.EventLog;

/**
 * The files of one log, in a directory of its own: {@code records}, and {@code <n>.segment} for segments, each with its page
 * behind its bytes. A segment file is whole before it is used, for a hole on a full disk would end the process; the next is
 * made ahead on another thread. Thread-safe.
 */
public final class LogFiles implements LogGeneration
{
    static final String RECORDS = "records";

    /** What the records of a log are called that is being deleted. */
    private static final String DELETED = "records.deleted";

    private static final Pattern SEGMENT = Pattern.compile("(\\d{1,18})\\.segment");
    private static final int FILE_LENGTH = LogStore.SEGMENT_LENGTH + LogPage.LENGTH;
    private static final String INODE = "unix:ino";

    private final Path directory;
    private final long logId;
    private final FileChannel channel;
    private final List<LogRecord> records;
    private final Executor aside;
    private final EventLog log;
    private final ArrayDeque<LogSegment> ready = new ArrayDeque<>();
    private long recordsLength;
    private long nextNumber;
    private boolean isMaking;
    private boolean isClosed;
    private boolean isDeleted;

    private LogFiles(
        final Path directory,
        final long logId,
        final FileChannel channel,
        final List<LogRecord> records,
        final Executor aside,
        final EventLog log)
    {
        this.directory = directory;
        this.logId = logId;
        this.channel = channel;
        this.records = records;
        this.aside = aside;
        this.log = log;
    }

    /** A new log in a directory that is made for it. @param aside runs what the writer does not wait for. */
    static LogFiles create(final Path directory, final long logId, final Executor aside, final EventLog log)
        throws IOException
    {
        Files.createDirectory(directory, OwnerOnly.directory(directory.getParent()));
        DirectorySync.force(directory.getParent());
        final FileChannel channel = FileChannel.open(
            directory.resolve(RECORDS), OwnerOnly.OPTIONS, OwnerOnly.file(directory.getParent()));
        DirectorySync.force(directory);
        return new LogFiles(directory, logId, channel, List.of(), aside, log);
    }

    /**
     * What is there.
     *
     * @return null if the log was never begun.
     * @throws IOException if it cannot be read, is damaged, or is of another version.
     */
    static LogFiles open(final Path directory, final Executor aside, final EventLog log) throws IOException
    {
        final Path file = directory.resolve(RECORDS);
        if (!Files.exists(file))
        {
            new LogFiles(directory, 0, null, List.of(), aside, log).checkUnused(file);
            return null;
        }

        final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try
        {
            final List<LogRecord> records = LogRecords.read(channel, HostFiles.text(file));
            if (records.isEmpty())
            {
                new LogFiles(directory, 0, null, List.of(), aside, log).checkUnused(file);
                channel.close();
                return null;
            }

            final LogFiles files = new LogFiles(directory, records.get(0).logId(), channel, records, aside, log);
            files.recordsLength = (long)records.size() * LogRecord.LENGTH;
            files.nextNumber = files.numbers().stream().mapToLong(Long::longValue).max().orElse(-1) + 1;
            return files;
        }
        catch (final IOException e)
        {
            channel.close();
            throw e;
        }
    }

    /** It has no records: then nothing was ever written to it, or it is being deleted. */
    private void checkUnused(final Path file) throws IOException
    {
        if (Files.exists(directory.resolve(DELETED)))
        {
            aside.execute(this::remove);
        }
        else if (!numbers().isEmpty())
        {
            throw new IOException(
                HostFiles.text(file) + " is missing or empty, and there are segments. Nothing was changed. Put the " +
                    "directory back from a backup, or move it away to start from the snapshot alone");
        }
    }

    @Override
    public long logId()
    {
        return logId;
    }

    @Override
    public String name()
    {
        return HostFiles.text(directory);
    }

    @Override
    public long identity()
    {
        try
        {
            return ((Number)Files.getAttribute(directory.resolve(RECORDS), INODE)).longValue();
        }
        catch (final IOException | UnsupportedOperationException | IllegalArgumentException e)
        {
            // No such number here: then a copy is not told from what it is a copy of.
            return 0;
        }
    }

    @Override
    public List<LogRecord> records()
    {
        return records;
    }

    @Override
    public void append(final LogRecord record) throws IOException
    {
        final ByteBuffer bytes = record.encode();
        while (bytes.hasRemaining())
        {
            // At its place, so that the next one overwrites it if it cannot be written whole.
            channel.write(bytes, recordsLength + bytes.position());
        }

        channel.force(true);
        recordsLength += LogRecord.LENGTH;
    }

    @Override
    public List<Segment> map() throws IOException
    {
        final List<Segment> all = new ArrayList<>();
        for (final long number : numbers())
        {
            final Path path = segment(number);
            // One that is shorter was being made when the process ended.
            if (FILE_LENGTH == Files.size(path))
            {
                all.add(new LogSegment(path));
            }
        }

        return all;
    }

    private List<Long> numbers() throws IOException
    {
        final List<Long> numbers = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory))
        {
            for (final Path file : files)
            {
                final Matcher name = SEGMENT.matcher(file.getFileName().toString());
                if (name.matches())
                {
                    numbers.add(Long.parseLong(name.group(1)));
                }
            }
        }

        return numbers;
    }

    private Path segment(final long number)
    {
        return directory.resolve(number + ".segment");
    }

    @Override
    public int segmentLength()
    {
        return LogStore.SEGMENT_LENGTH;
    }

    @Override
    public Segment allocate()
    {
        Segment segment;
        synchronized (this)
        {
            segment = ready.poll();
        }

        segment = null == segment ? make() : segment;
        makeAhead();
        return segment;
    }

    private void makeAhead()
    {
        synchronized (this)
        {
            if (isMaking || isClosed || !ready.isEmpty())
            {
                return;
            }

            isMaking = true;
        }

        aside.execute(() ->
        {
            final LogSegment fresh = make();
            synchronized (this)
            {
                isMaking = false;
                if (null != fresh && !isClosed)
                {
                    ready.add(fresh);
                    return;
                }
            }

            if (null != fresh)
            {
                fresh.remove();
            }
        });
    }

    /** A segment of zeros that is on disk, name and all; null if there can be none (logged). */
    private LogSegment make()
    {
        final Path path;
        synchronized (this)
        {
            if (isDeleted)
            {
                return null;
            }

            path = segment(nextNumber++);
        }

        try
        {
            BacklogFiles.createFilled(path, FILE_LENGTH, ByteBuffer.allocate(64 << 10));
            final LogSegment segment = new LogSegment(path);
            segment.force();
            DirectorySync.force(directory);
            return segment;
        }
        // The library throws IllegalStateException for some failures of the operating system, and its classes refuse to
        // be loaded once the JVM is ending.
        catch (final IOException | IllegalStateException | LinkageError e)
        {
            log.warning("Can't make a segment of the log: " + e);
            removeFile(path);
            return null;
        }
    }

    private void removeFile(final Path path)
    {
        try
        {
            Files.deleteIfExists(path);
        }
        catch (final IOException e)
        {
            log.warning("Can't delete a file of the log: " + e);
        }
    }

    @Override
    public void delete()
    {
        synchronized (this)
        {
            isDeleted = true;
        }

        close();
        aside.execute(this::remove);
    }

    /** Without its records it is no log any more, however far this comes. */
    private void remove()
    {
        try
        {
            if (Files.exists(directory.resolve(RECORDS)))
            {
                Files.move(directory.resolve(RECORDS), directory.resolve(DELETED), StandardCopyOption.ATOMIC_MOVE);
                DirectorySync.force(directory);
            }

            for (final long number : numbers())
            {
                removeFile(segment(number));
            }

            if (numbers().isEmpty())
            {
                removeFile(directory.resolve(DELETED));
                removeFile(directory);
            }
        }
        catch (final IOException e)
        {
            log.warning("Can't delete an old log: " + e);
        }
    }

    /** Records are written no more; segments that are in use are given back one by one. */
    @Override
    public void close()
    {
        final List<LogSegment> unused;
        synchronized (this)
        {
            isClosed = true;
            unused = new ArrayList<>(ready);
            ready.clear();
        }

        unused.forEach(LogSegment::remove);
        try
        {
            channel.close();
        }
        catch (final IOException e)
        {
            log.warning("Failed closing a log: " + e);
        }
    }

    /** One mapped file. */
    private final class LogSegment implements Segment
    {
        private final Path path;
        private final FileChannel file;
        private final MappedFile mapped;
        private final LogPage page;

        LogSegment(final Path path) throws IOException
        {
            this.path = path;
            file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try
            {
                mapped = new MappedFile(path, FILE_LENGTH);
            }
            catch (final IOException | RuntimeException e)
            {
                file.close();
                throw e;
            }

            page = new LogPage(mapped.buffer().slice(LogStore.SEGMENT_LENGTH, LogPage.LENGTH));
        }

        @Override
        public long address()
        {
            return mapped.address();
        }

        @Override
        public ByteBuffer buffer()
        {
            return mapped.buffer().slice(0, LogStore.SEGMENT_LENGTH);
        }

        @Override
        public LogPage page()
        {
            return page;
        }

        @Override
        public void force() throws IOException
        {
            file.force(false);
        }

        @Override
        public void detach()
        {
            mapped.unmap();
            try
            {
                file.close();
            }
            catch (final IOException e)
            {
                log.warning("Failed closing a segment of the log: " + e);
            }
        }

        @Override
        public void release()
        {
            aside.execute(this::remove);
        }

        void remove()
        {
            detach();
            removeFile(path);
        }
    }
}
