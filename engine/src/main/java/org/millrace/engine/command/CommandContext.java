package org.millrace.engine.command;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * All that a handler may touch while it runs one command: arguments, keys, reply, stream. One per writer thread,
 * pointed at the running command by {@link CommandExecutor}. Handlers must not keep it.
 * <p>
 * Rules for a handler that writes: check everything first (a reply of an error means that nothing changed); change
 * the keyspace; say so with {@link #changed}; put the command into the stream with {@link #propagate} or one of the
 * {@code rewrite} methods; reply.
 */
public final class CommandContext
{
    /** Bytes at {@link #scratch()}. */
    public static final int SCRATCH_LENGTH = 128 * 1024;

    private static final long NS_PER_MS = 1_000_000;

    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_LENGTH);
    private final long scratchAddress = BufferUtil.address(scratch);
    private StringEditor editor;
    private final ReplicationStream stream;
    private final Settings settings;
    private final Watches watches;
    private final KeyEvents events;
    private final ReplicationRole role;
    private final EventLog log;
    private final Statistics statistics;
    private final ReplicaKeys replicaKeys = new ReplicaKeys();
    private final ReadGate readGate = new ReadGate();
    private DataSet data;

    private Session session;
    private ArgVector args;
    private ReplyWriter reply;
    private CommandSpec spec;
    private long nowMs;
    private long nowNs;
    private long steadyMs;
    private long longValue;
    private long randomState = 1;
    private boolean isPaused;
    private boolean hasPropagated;
    private long errorsCounted;
    private CommandTable names;

    public CommandContext(
        final DataSet data,
        final StringEditor editor,
        final ReplicationStream stream,
        final Settings settings,
        final Watches watches,
        final KeyEvents events,
        final ReplicationRole role,
        final EventLog log,
        final Statistics statistics)
    {
        this.data = data;
        this.editor = editor;
        this.stream = stream;
        this.settings = settings;
        this.watches = watches;
        this.events = events;
        this.role = role;
        this.log = log;
        this.statistics = statistics;
    }

    void begin(final Session session, final CommandSpec spec, final ArgVector args, final ReplyWriter reply)
    {
        this.session = session;
        this.spec = spec;
        this.args = args;
        this.reply = reply;
        hasPropagated = false;
    }

    /** Back to EXEC after the last of its commands: what they propagated counts as its own. */
    public void resume(
        final Session session,
        final CommandSpec spec,
        final ArgVector args,
        final ReplyWriter reply,
        final boolean hasPropagated)
    {
        begin(session, spec, args, reply);
        this.hasPropagated = hasPropagated;
        errorsCounted = reply.errors();
    }

    /** Error replies up to here are those of commands within EXEC. */
    long errorsCounted()
    {
        return errorsCounted;
    }

    /** One cached clock for a command or transaction, set by the duty cycle, and between commands that take long. */
    public void time(final long wallMs, final long monotonicNs)
    {
        nowMs = wallMs;
        nowNs = monotonicNs;
        steadyMs = monotonicNs / NS_PER_MS;
    }

    /** While writes are paused nothing expires: expired keys just look missing. */
    public void paused(final boolean paused)
    {
        isPaused = paused;
    }

    // Arguments.

    public int argCount()
    {
        return args.count();
    }

    public ArgVector args()
    {
        return args;
    }

    public long argAddress(final int index)
    {
        return args.address(index);
    }

    public int argLength(final int index)
    {
        return args.length(index);
    }

    /** True if the argument is this upper-case word in any case. */
    public boolean argIs(final int index, final String upperCaseWord)
    {
        return args.is(index, upperCaseWord);
    }

    /** A copy as text, one char a byte. */
    public String argText(final int index)
    {
        return args.text(index);
    }

    /** Parse a 64-bit integer into {@link #longValue()}; on failure reply the usual error and return false. */
    public boolean readLong(final int index)
    {
        return readLong(index, Replies.NOT_AN_INTEGER);
    }

    /** As {@link #readLong(int)} with another error. */
    public boolean readLong(final int index, final String error)
    {
        if (!Decimal.isCanonical(args.address(index), args.length(index)))
        {
            reply.error(error);
            return false;
        }

        longValue = Decimal.parse(args.address(index), args.length(index));
        return true;
    }

    public long longValue()
    {
        return longValue;
    }

    // Surroundings.

    public CommandSpec spec()
    {
        return spec;
    }

    public Session session()
    {
        return session;
    }

    public ReplyWriter reply()
    {
        return reply;
    }

    public DataSet data()
    {
        return data;
    }

    /** Another data set takes over (swapdb load). */
    public void data(final DataSet newData)
    {
        data = newData;
        editor = new StringEditor(newData);
    }

    /** The selected database. */
    public Keyspace keyspace()
    {
        return data.keyspace(session.db);
    }

    public StringEditor editor()
    {
        return editor;
    }

    public ReplicationStream stream()
    {
        return stream;
    }

    public Settings settings()
    {
        return settings;
    }

    public Watches watches()
    {
        return watches;
    }

    public ReplicationRole role()
    {
        return role;
    }

    /** What clients have written to this replica. */
    public ReplicaKeys replicaKeys()
    {
        return replicaKeys;
    }

    /** What reader threads ask whether they may serve. */
    public ReadGate readGate()
    {
        return readGate;
    }

    public EventLog log()
    {
        return log;
    }

    public Statistics statistics()
    {
        return statistics;
    }

    /** Wall clock, epoch ms, the same during one command or transaction. */
    public long nowMs()
    {
        return nowMs;
    }

    public long nowNs()
    {
        return nowNs;
    }

    /** Monotonic time in ms, for timeouts and ages: somebody may set the wall clock. */
    public long steadyMs()
    {
        return steadyMs;
    }

    /** Work memory of {@link #SCRATCH_LENGTH} bytes; its content lasts until the handler returns. */
    public long scratch()
    {
        return scratchAddress;
    }

    /** Start of the sequence of {@link #random()}: from the node's entropy, or the simulator's seed. */
    public void seed(final long seed)
    {
        randomState = seed;
    }

    /** Evenly spread bits for RANDOMKEY and the like; not for secrets. */
    public long random()
    {
        randomState += 0x9E37_79B9_7F4A_7C15L;
        long mixed = (randomState ^ randomState >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }

    // Keys.

    /** Entry of the key for a read, or 0: hides (and on a primary removes) an expired one, counts, touches. */
    public long lookupRead(final int index)
    {
        return lookupRead(keyspace(), args.address(index), args.length(index));
    }

    public long lookupRead(final Keyspace keyspace, final long keyAddress, final int keyLength)
    {
        final long entry = lookup(keyspace, keyAddress, keyLength);
        if (Entry.NO_ENTRY == entry)
        {
            statistics.keyspaceMisses++;
            notify(KeyEvents.KEY_MISS, "keymiss", keyspace.index(), keyAddress, keyLength);
            return Entry.NO_ENTRY;
        }

        statistics.keyspaceHits++;
        touch(keyspace, entry);
        return entry;
    }

    /** As {@link #lookupRead(int)} but not touched: EXISTS, TTL, TYPE. */
    public long lookupNoTouch(final int index)
    {
        final long entry = lookupUnnoticed(index);
        if (Entry.NO_ENTRY == entry)
        {
            notify(KeyEvents.KEY_MISS, "keymiss", session.db, args.address(index), args.length(index));
        }

        return entry;
    }

    /** As {@link #lookupNoTouch} and without a word to those who listen for misses: OBJECT. */
    public long lookupUnnoticed(final int index)
    {
        final long entry = lookup(keyspace(), args.address(index), args.length(index));
        if (Entry.NO_ENTRY == entry)
        {
            statistics.keyspaceMisses++;
        }
        else
        {
            statistics.keyspaceHits++;
        }

        return entry;
    }

    /** Entry of the key for a write, or 0; an expired one is removed first (not for the link, not on a replica). */
    public long lookupWrite(final int index)
    {
        return lookupWrite(keyspace(), args.address(index), args.length(index));
    }

    public long lookupWrite(final Keyspace keyspace, final long keyAddress, final int keyLength)
    {
        final long entry = lookup(keyspace, keyAddress, keyLength);
        if (Entry.NO_ENTRY != entry)
        {
            touch(keyspace, entry);
        }

        return entry;
    }

    /** As {@link #lookupRead} but neither counted nor touched. */
    public long lookupQuiet(final Keyspace keyspace, final long keyAddress, final int keyLength)
    {
        return lookup(keyspace, keyAddress, keyLength);
    }

    /** True if the deadline has passed and this command must treat the key as gone. */
    public boolean isExpired(final long entry)
    {
        return Entry.isVolatile(entry) && !session.isPrimaryLink && nowMs > Entry.deadlineMs(entry);
    }

    /** True for no entry or a string; else replies WRONGTYPE and returns false. */
    public boolean isStringOrAbsent(final long entry)
    {
        if (Entry.NO_ENTRY == entry || Entry.TYPE_STRING == Entry.type(entry))
        {
            return true;
        }

        reply.error(Replies.WRONG_TYPE);
        return false;
    }

    /** Reply -OOM: memory or references ran out before anything was changed. */
    public void replyOutOfMemory()
    {
        reply.error(Replies.OUT_OF_MEMORY);
    }

    /** Tell of one changed key: dirty counter, WATCH, notification. */
    public void changed(final int keyIndex, final int eventClass, final String event)
    {
        changed(session.db, args.address(keyIndex), args.length(keyIndex), eventClass, event);
    }

    public void changed(
        final int database, final long keyAddress, final int keyLength, final int eventClass, final String event)
    {
        statistics.dirty++;
        watches.touch(database, keyAddress, keyLength);
        if (role.isReplica() && !session.isPrimaryLink)
        {
            replicaKeys.written(data.keyspace(database), keyAddress, keyLength);
        }

        notify(eventClass, event, database, keyAddress, keyLength);
    }

    /** A further notification without a change of its own. */
    public void notify(
        final int eventClass, final String event, final int database, final long keyAddress, final int keyLength)
    {
        if (0 != (settings.notifyEvents & eventClass))
        {
            events.publish(eventClass, event, database, keyAddress, keyLength);
        }
    }

    /** Remove an expired key on the spot: the deletion goes into the stream before the running command. */
    public void expire(final Keyspace keyspace, final long entry)
    {
        final int database = keyspace.index();
        final long keyAddress = Entry.keyAddress(entry);
        final int keyLength = Entry.keyLength(entry);
        if (isPropagating())
        {
            stream.beginCommand(database, 2);
            stream.arg(nameOf(settings.lazyExpire ? "UNLINK" : "DEL"));
            stream.arg(keyAddress, keyLength);
        }

        statistics.expiredKeys++;
        statistics.dirty++;
        notify(KeyEvents.EXPIRED, "expired", database, keyAddress, keyLength);
        watches.expired(database, keyAddress, keyLength);
        keyspace.remove(keyAddress, keyLength);
        if (null != spec && spec.has(CommandFlags.TOUCHES_ARBITRARY_KEYS))
        {
            stream.endUnit();
        }
    }

    // Stream.

    /** True if effects of commands are to be encoded: a primary with a ring. */
    public boolean isPropagating()
    {
        return stream.isActive() && !role.isReplica();
    }

    /** Commands have other names than their own: {@code rename-command}. The table says which. */
    public void renamed(final CommandTable table)
    {
        names = table;
    }

    private String nameOf(final String command)
    {
        return null == names ? command : names.streamName(command);
    }

    /** The command as the client sent it, with the name that the client has used. */
    public void propagate()
    {
        hasPropagated = true;
        if (isPropagating())
        {
            stream.beginCommand(session.db, args.count());
            for (int i = 0, count = args.count(); i < count; i++)
            {
                stream.arg(args.address(i), args.length(i));
            }
        }
    }

    /** Begin a rewritten command: follow with {@code argCount} calls of {@code rewriteArg}. */
    public void rewrite(final String name, final int argCount)
    {
        hasPropagated = true;
        if (isPropagating())
        {
            stream.beginCommand(session.db, argCount);
            stream.arg(nameOf(name));
        }
    }

    /** As {@link #rewrite(String, int)}, the name being the first of the arguments that follow. */
    public void rewrite(final int argCount)
    {
        hasPropagated = true;
        if (isPropagating())
        {
            stream.beginCommand(session.db, argCount);
        }
    }

    /** An argument of the command, as sent. */
    public void rewriteArg(final int index)
    {
        rewriteArg(args.address(index), args.length(index));
    }

    public void rewriteArg(final long address, final int length)
    {
        if (isPropagating())
        {
            stream.arg(address, length);
        }
    }

    public void rewriteArg(final String word)
    {
        if (isPropagating())
        {
            stream.arg(word);
        }
    }

    public void rewriteArg(final long number)
    {
        if (isPropagating())
        {
            stream.arg(number);
        }
    }

    /** True if the running command has put something into the stream (or would have, had there been one). */
    public boolean hasPropagated()
    {
        return hasPropagated;
    }

    private long lookup(final Keyspace keyspace, final long keyAddress, final int keyLength)
    {
        final long entry = keyspace.find(keyAddress, keyLength);
        if (Entry.NO_ENTRY == entry || !isExpired(entry))
        {
            return entry;
        }

        if (!role.isReplica() && !isPaused)
        {
            expire(keyspace, entry);
        }

        return Entry.NO_ENTRY;
    }

    private void touch(final Keyspace keyspace, final long entry)
    {
        if (!session.isNoTouch)
        {
            keyspace.touch(entry, AccessClock.next(Entry.clock(entry), nowMs, settings));
        }
    }
}
