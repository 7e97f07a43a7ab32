package org.millrace.engine.readers;

import java.util.Arrays;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.ReadGate;
import org.millrace.engine.command.Settings;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.StringLayout;

/**
 * The commands that a reader thread answers: it reads one key, or none. What is rare, wrong, large or a decision of the
 * writer's (a key whose time is over) is not answered here. One per reader thread.
 */
final class SingleKeyReads
{
    static final int NOT_SERVED = ForeignRead.NONE;
    private static final int NAME_MAX = Long.BYTES + Short.BYTES;
    private static final int TRIES = 8;
    private static final long LOWER = 0x2020_2020_2020_2020L;

    /** More than twice as many as there are names, so that each is found at once, or not. */
    private static final int SLOTS = 64;

    /** An odd number that spreads over all bits what it is multiplied with, or added again and again. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** Of each name the first letters, and the two behind them; 0 if there are no more. */
    private final long[] words = new long[ForeignRead.COUNT];
    private final int[] tails = new int[ForeignRead.COUNT];

    /** Commands by their names' first letters; from the slot that these tell up to the next that is free. */
    private final byte[] slots = new byte[SLOTS];
    private final CommandSpec[] rows = new CommandSpec[ForeignRead.COUNT];
    private final ReplyWriter reply = new ReplyWriter();
    private final ElementReads elements = new ElementReads(reply);
    private final ReadGate gate;
    private final Settings settings;
    private final ReaderPort port;
    private KeyReader keys;
    private long seen;
    private long nowMs;

    /** For the counters of LFU. */
    private long randomState;

    /** Another data set is in service than when hashes were taken, and it has another seed. */
    private boolean areHashesStale;

    /** Of the batch that is running. */
    private int database;
    private boolean isNoTouch;
    private OutBuffer out;
    private final int[] calls = new int[ForeignRead.COUNT];
    private int hits;
    private int misses;

    /** Of the command that is running. */
    private int hit;
    private int miss;

    SingleKeyReads(final CommandTable table, final ReadGate gate, final Settings settings, final ReaderPort port)
    {
        this.gate = gate;
        this.settings = settings;
        this.port = port;
        Arrays.fill(slots, (byte)NOT_SERVED);
        for (final CommandSpec row : table.all())
        {
            final int op = row.foreignRead();
            if (ForeignRead.NONE != op)
            {
                rows[op] = row;
                if (table.isPlainlyNamed(row))
                {
                    name(op, row.name());
                }
            }
        }
    }

    private void name(final int op, final String name)
    {
        Check.that(name.length() <= NAME_MAX, "name too long to be looked for: length, max", name.length(), NAME_MAX);
        words[op] = word(name, 0);
        tails[op] = name.length() > Long.BYTES ? (int)word(name, Long.BYTES) : 0;
        int slot = slot(words[op]);
        while (NOT_SERVED != slots[slot])
        {
            slot = slot + 1 & SLOTS - 1;
        }

        slots[slot] = (byte)op;
    }

    private static int slot(final long word)
    {
        return (int)(word * SPREAD >>> 58);
    }

    /** The row of a command served here. */
    CommandSpec row(final int op)
    {
        return rows[op];
    }

    private static long word(final String name, final int from)
    {
        long word = 0;
        for (int i = from; i < Math.min(from + Long.BYTES, name.length()); i++)
        {
            word |= (long)name.charAt(i) << 8 * (i - from);
        }

        return word;
    }

    /** Commands of one client follow; entries stay where they are until {@link #end}. */
    void begin(
        final int clientDatabase,
        final int protocol,
        final boolean isClientNoTouch,
        final OutBuffer replies,
        final long wallMs)
    {
        database = clientDatabase;
        isNoTouch = isClientNoTouch;
        out = replies;
        nowMs = wallMs;
        reply.wrap(replies, protocol);
        enter();
    }

    private void enter()
    {
        if (null != keys)
        {
            keys.enter();
            elements.entered();
        }
    }

    void end(final ReadCounts counts, final long nanos)
    {
        if (null != keys)
        {
            keys.leave();
        }

        int total = 0;
        for (int op = 0; op < ForeignRead.COUNT; op++)
        {
            total += calls[op];
        }

        for (int op = 0; op < ForeignRead.COUNT; op++)
        {
            if (calls[op] > 0)
            {
                counts.add(ReadCounts.calls(op), calls[op]);
                counts.add(ReadCounts.nanos(op), nanos * calls[op] / total);
                calls[op] = 0;
            }
        }

        if (hits + misses > 0)
        {
            counts.add(ReadCounts.HITS, hits);
            counts.add(ReadCounts.MISSES, misses);
            hits = 0;
            misses = 0;
        }
    }

    /** Between batches: use what the writer has put into service, let go of what it has taken out. */
    int refresh()
    {
        final ReaderPort.Offer offer = port.hasOffer() ? port.takeOffer() : null;
        if (null == offer)
        {
            return 0;
        }

        close();
        keys = offer.keys();
        elements.use(keys);
        return 1;
    }

    /** Let the data set go; between batches. */
    void close()
    {
        if (null != keys)
        {
            elements.use(null);
            keys.close();
            keys = null;
        }
    }

    /** Hashes are taken from here on. */
    void beginHashes()
    {
        areHashesStale = false;
    }

    static boolean hasKey(final int op)
    {
        return ForeignRead.PING != op && ForeignRead.ECHO != op;
    }

    /** The hash of the command's key; 0 if it has none. */
    long hash(final int op, final ArgVector args)
    {
        return hasKey(op) && args.count() > 1 && null != keys ? keys.hash(args.address(1), args.length(1)) : 0;
    }

    /** Load what keys with these hashes need, so that cache misses overlap. */
    void load(final long[] hashes, final int count)
    {
        if (null != keys)
        {
            keys.load(database, hashes, count);
        }
    }

    /** Answer a command; false if it is the writer's, then nothing has been written. */
    boolean serve(final int op, final long hash, final ArgVector args)
    {
        final int before = out.length();
        for (int i = 0; i < TRIES; i++)
        {
            final long taken = gate.take();
            if (!ReadGate.isOpen(taken))
            {
                // A unit of the writer takes a microsecond or so; anything else takes long.
                Thread.onSpinWait();
                continue;
            }

            if (seen != taken)
            {
                seen = taken;
                renew();
            }

            hit = 0;
            miss = 0;
            final boolean isAnswered = run(op, hash, args);
            if (gate.isSame(taken))
            {
                if (isAnswered)
                {
                    calls[op]++;
                    hits += hit;
                    misses += miss;
                    return true;
                }

                break;
            }

            out.truncate(before);
        }

        out.truncate(before);
        return false;
    }

    /** The gate was closed meanwhile: there may be another data set. */
    private void renew()
    {
        if (port.hasOffer())
        {
            if (null != keys)
            {
                keys.leave();
            }

            refresh();
            areHashesStale = true;
            enter();
        }
    }

    /** The number of the command that the first argument names, or {@link #NOT_SERVED}. */
    int find(final ArgVector args)
    {
        final int length = args.length(0);
        if (length > NAME_MAX || length < 3)
        {
            return NOT_SERVED;
        }

        // The buffer goes on for some bytes behind the input.
        final long mask = -1L >>> 64 - 8 * Math.min(Long.BYTES, length);
        final long name = (Memory.getLong(args.address(0)) | LOWER) & mask;
        final int tail = length > Long.BYTES ? tail(args.address(0) + Long.BYTES, length - Long.BYTES) : 0;
        int op;
        for (int slot = slot(name); NOT_SERVED != (op = slots[slot]); slot = slot + 1 & SLOTS - 1)
        {
            if (words[op] == name && tails[op] == tail)
            {
                return op;
            }
        }

        return NOT_SERVED;
    }

    private static int tail(final long address, final int length)
    {
        return (Memory.getShort(address) | (int)LOWER & 0xFFFF) & 0xFFFF >>> 8 * (Short.BYTES - length);
    }

    private boolean run(final int op, final long hash, final ArgVector args)
    {
        final int count = args.count();
        switch (op)
        {
            case ForeignRead.PING -> {
                return ping(args, count);
            }
            case ForeignRead.ECHO -> {
                if (2 != count)
                {
                    return false;
                }

                reply.bulk(args.address(1), args.length(1));
                return true;
            }
            default -> {
                if (!isServed(op, count) || null == keys)
                {
                    return false;
                }

                final long keyHash = areHashesStale ? keys.hash(args.address(1), args.length(1)) : hash;
                final long entry = keys.find(database, keyHash, args.address(1), args.length(1));
                return Entry.NO_ENTRY == entry ? absent(op, args) : present(op, args, entry);
            }
        }
    }

    private static boolean isServed(final int op, final int argCount)
    {
        return ElementReads.isServed(op)
            ? ElementReads.isServed(op, argCount)
            : argCount == (ForeignRead.GETRANGE == op ? 4 : 2);
    }

    private boolean ping(final ArgVector args, final int count)
    {
        if (count > 2 || gate.isPingRefused())
        {
            return false;
        }

        if (1 == count)
        {
            reply.simple("PONG");
        }
        else
        {
            reply.bulk(args.address(1), args.length(1));
        }

        return true;
    }

    private boolean absent(final int op, final ArgVector args)
    {
        if (0 != (settings.notifyEvents & KeyEvents.KEY_MISS))
        {
            return false;
        }

        miss = 1;
        if (ElementReads.isServed(op))
        {
            elements.absent(op, args);
            return true;
        }

        switch (op)
        {
            case ForeignRead.GET -> reply.nullBulk();
            case ForeignRead.MGET -> {
                reply.array(1);
                reply.nullBulk();
            }
            case ForeignRead.TTL, ForeignRead.PTTL -> reply.integer(-2);
            case ForeignRead.GETRANGE -> {
                if (!Decimal.isCanonical(args.address(2), args.length(2)) ||
                    !Decimal.isCanonical(args.address(3), args.length(3)))
                {
                    return false;
                }

                reply.emptyBulk();
            }
            default -> reply.integer(0);
        }

        return true;
    }

    private boolean present(final int op, final ArgVector args, final long entry)
    {
        final long deadlineMs = Entry.deadlineMs(entry);
        if (Entry.NO_DEADLINE != deadlineMs && nowMs > deadlineMs)
        {
            return false;
        }

        hit = 1;
        if (ElementReads.isServed(op))
        {
            final boolean isAnswered = elements.present(op, args, entry);
            if (isAnswered)
            {
                touch(entry);
            }

            return isAnswered;
        }

        switch (op)
        {
            case ForeignRead.EXISTS -> {
                reply.integer(1);
                return true;
            }
            case ForeignRead.TTL, ForeignRead.PTTL -> {
                final long leftMs = deadlineMs - nowMs;
                reply.integer(
                    Entry.NO_DEADLINE == deadlineMs ? -1 : ForeignRead.PTTL == op ? leftMs : (leftMs + 500) / 1000);
                return true;
            }
            default -> {
                return StringLayout.TYPE == Entry.type(entry) && string(op, args, entry);
            }
        }
    }

    private boolean string(final int op, final ArgVector args, final long entry)
    {
        final long length = StringValue.length(entry);
        if (ForeignRead.STRLEN == op)
        {
            reply.integer(length);
        }
        else if (length > StringLayout.COMPACT_MAX)
        {
            return false;
        }
        else if (ForeignRead.GETRANGE == op)
        {
            if (!range(args, entry, length))
            {
                return false;
            }
        }
        else
        {
            if (ForeignRead.MGET == op)
            {
                reply.array(1);
            }

            reply.bulk(StringValue.content(entry), (int)length);
        }

        touch(entry);
        return true;
    }

    private boolean range(final ArgVector args, final long entry, final long length)
    {
        if (!Decimal.isCanonical(args.address(2), args.length(2)) ||
            !Decimal.isCanonical(args.address(3), args.length(3)))
        {
            return false;
        }

        final long first = Decimal.parse(args.address(2), args.length(2));
        final long last = Decimal.parse(args.address(3), args.length(3));
        final long start = first < 0 ? Math.max(0, length + first) : first;
        final long end = Math.min(last < 0 ? Math.max(0, length + last) : last, length - 1);
        if (first < 0 && last < 0 && first > last || start > end)
        {
            reply.emptyBulk();
        }
        else
        {
            reply.bulk(StringValue.content(entry) + start, (int)(end - start + 1));
        }

        return true;
    }

    private void touch(final long entry)
    {
        if (!isNoTouch)
        {
            final int clock = Entry.clock(entry);
            randomState += SPREAD;
            final int next = AccessClock.next(clock, nowMs, settings.clock, Hashing.mix64(randomState));
            if (next != clock)
            {
                KeyReader.touch(entry, next);
            }
        }
    }
}
