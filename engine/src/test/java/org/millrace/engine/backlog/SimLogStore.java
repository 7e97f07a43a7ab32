package org.millrace.engine.backlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.millrace.engine.memory.Memory;

/**
 * Logs on a simulated disk: what a process has written is in the system's memory until it is forced, {@link #cut} loses what
 * was not, sector by sector, {@link #kill} loses nothing. A node's death ends its hold on everything.
 */
public final class SimLogStore implements LogStore
{
    public static final int SECTOR = 512;
    public static final int PAGE = 4096;

    private final int segmentLength;
    private final List<SimLog> logs = new ArrayList<>();
    private boolean isHeld;
    private boolean isDead;
    private long boot = 1;
    private long identities = 1;
    private int live;

    /** What the disk does next; null while it is well. */
    public String failure;

    /** It takes its time: nothing is synced while this is set. */
    public boolean isSlow;

    /** Segments that fit on it. */
    public int segmentsMax = Integer.MAX_VALUE;

    /** Logs that are deleted stay: the process ends before. */
    public boolean isNothingDeleted;

    /** Syncs so far. */
    public int forces;

    public SimLogStore(final int segmentLength)
    {
        this.segmentLength = segmentLength;
    }

    /** The process is gone: what it does from here on does not happen. To be called before its parts are closed. */
    public void kill()
    {
        isDead = true;
    }

    /** Another process may begin. */
    public void revive()
    {
        isDead = false;
        isHeld = false;
    }

    /**
     * The machine has lost its power after {@link #kill}: of each piece of the disk either what was forced is there or what
     * was written since, whichever.
     *
     * @param piece bytes that are never torn, {@link #SECTOR} or {@link #PAGE}.
     * @param keptOneIn of the pieces that were not forced, this many are there; 0: none.
     */
    public void cut(final SplittableRandom random, final int piece, final int keptOneIn)
    {
        boot++;
        for (final SimLog log : logs)
        {
            for (final SimSegment segment : log.segments)
            {
                for (int at = 0; at < segment.disk.length; at += piece)
                {
                    if (keptOneIn > 0 && 0 == random.nextInt(keptOneIn))
                    {
                        System.arraycopy(segment.cache, at, segment.disk, at, piece);
                    }
                }

                segment.cache = segment.disk.clone();
            }
        }
    }

    /** The machine has lost its power: the pages are there as they were written, of the bytes only what was forced. */
    public void cutBytes()
    {
        boot++;
        for (final SimLog log : logs)
        {
            for (final SimSegment segment : log.segments)
            {
                System.arraycopy(segment.cache, segmentLength, segment.disk, segmentLength, LogPage.LENGTH);
                segment.cache = segment.disk.clone();
            }
        }
    }

    /** The logs are a copy of what they were. */
    public void copied()
    {
        logs.forEach((log) -> log.identity = ++identities);
    }

    /** Flip a bit of the newest log, in the system's memory and on disk. @param at of a byte of all its segments. */
    public void damage(final int segment, final int at)
    {
        final SimSegment target = logs.get(logs.size() - 1).segments.get(segment);
        target.cache[at] ^= 1;
        target.disk[at] ^= 1;
    }

    /** Somebody deletes a segment of the newest log, or all of its bytes and its page. */
    public void lose(final int segment, final boolean isFileThere)
    {
        final List<SimSegment> segments = logs.get(logs.size() - 1).segments;
        if (isFileThere)
        {
            Arrays.fill(segments.get(segment).cache, (byte)0);
            Arrays.fill(segments.get(segment).disk, (byte)0);
        }
        else
        {
            segments.remove(segment);
        }
    }

    /** Segments of all logs. */
    public int segments()
    {
        return logs.stream().mapToInt((log) -> log.segments.size()).sum();
    }

    public int logs()
    {
        return logs.size();
    }

    /** Segments that are mapped. */
    public int live()
    {
        return live;
    }

    @Override
    public boolean exists()
    {
        return !logs.isEmpty();
    }

    @Override
    public List<LogGeneration> open() throws IOException
    {
        if (isHeld)
        {
            throw new IOException("another server writes the log");
        }

        isHeld = true;
        logs.removeIf((log) -> log.records.isEmpty());
        return new ArrayList<>(logs);
    }

    @Override
    public LogGeneration create(final long logId) throws IOException
    {
        check();
        final SimLog log = new SimLog(logId, ++identities);
        logs.add(log);
        return log;
    }

    @Override
    public long boot()
    {
        return boot;
    }

    @Override
    public void close()
    {
        isHeld = false;
    }

    private void check() throws IOException
    {
        if (isDead || null != failure)
        {
            throw new IOException(isDead ? "the process is dead" : failure);
        }
    }

    /** One log. */
    private final class SimLog implements LogGeneration
    {
        private final long logId;
        private final List<LogRecord> records = new ArrayList<>();
        private final List<SimSegment> segments = new ArrayList<>();
        private long identity;

        SimLog(final long logId, final long identity)
        {
            this.logId = logId;
            this.identity = identity;
        }

        @Override
        public long logId()
        {
            return logId;
        }

        @Override
        public String name()
        {
            return "log " + Long.toHexString(logId);
        }

        @Override
        public long identity()
        {
            return identity;
        }

        @Override
        public List<LogRecord> records()
        {
            return List.copyOf(records);
        }

        @Override
        public void append(final LogRecord record) throws IOException
        {
            check();
            records.add(LogRecord.decode(record.encode()));
        }

        @Override
        public List<Segment> map()
        {
            segments.forEach(SimSegment::map);
            return new ArrayList<>(segments);
        }

        @Override
        public Segment allocate()
        {
            if (segments() >= segmentsMax || isDead)
            {
                return null;
            }

            final SimSegment segment = new SimSegment(this);
            segment.map();
            segments.add(segment);
            return segment;
        }

        @Override
        public int segmentLength()
        {
            return segmentLength;
        }

        @Override
        public void delete()
        {
            if (!isDead && !isNothingDeleted)
            {
                logs.remove(this);
            }
        }

        @Override
        public void close()
        {
        }
    }

    /** One segment: as the process sees it, as the system has it, as it is on disk. */
    private final class SimSegment implements Segment
    {
        private final SimLog log;
        private byte[] disk = new byte[segmentLength + LogPage.LENGTH];
        private byte[] cache = disk.clone();
        private ByteBuffer memory;
        private LogPage page;

        SimSegment(final SimLog log)
        {
            this.log = log;
        }

        void map()
        {
            live++;
            memory = ByteBuffer.allocateDirect(cache.length);
            Memory.copy(cache, 0, Memory.address(memory), cache.length);
            page = new LogPage(memory.slice(segmentLength, LogPage.LENGTH));
        }

        @Override
        public long address()
        {
            return Memory.address(memory);
        }

        @Override
        public ByteBuffer buffer()
        {
            return memory.slice(0, segmentLength);
        }

        @Override
        public LogPage page()
        {
            return page;
        }

        @Override
        public void force() throws IOException
        {
            check();
            forces++;
            write();
            disk = cache.clone();
        }

        private void write()
        {
            Memory.copy(Memory.address(memory), cache, 0, cache.length);
        }

        @Override
        public void detach()
        {
            live--;
            write();
            Memory.free(memory);
            memory = null;
        }

        @Override
        public void release()
        {
            detach();
            if (!isDead)
            {
                log.segments.remove(this);
            }
        }
    }
}
