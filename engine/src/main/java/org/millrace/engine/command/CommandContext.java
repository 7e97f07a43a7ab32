package org.millrace.engine.command;

import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Check;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.KeySignals;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * All that a handler may touch while it runs one command: arguments, keys, reply, stream. It is the frame of that
 * command on the {@link FrameStack}, used again for others: handlers must not keep it.
 * <p>
 * Rules for a handler that writes: check everything first (a reply of an error means that nothing changed); change
 * the keyspace; say so with {@link #changed}; put the command into the stream with {@link #propagate} or one of the
 * {@code rewrite} methods; reply. A reply that cannot be held is an exception before the first of these, which has so
 * changed nothing, and none behind it.
 */
public final class CommandContext
{
    /** Bytes at {@link #scratch()}. */
    public static final int SCRATCH_LENGTH = 128 * 1024;

    private final WriterState writer;
    private final ReplicationStream stream;
    private final Settings settings;
    private final KeySignals keySignals;
    private final ReplicationRole role;
    private final Statistics statistics;
    private final CommandContext outer;
    private Session session;
    private ArgVector args;
    private ReplyWriter reply;
    private CommandSpec spec;
    private DataSet data;
    private long nowMs;
    private long longValue;
    private long errorsBefore;
    private long errorsWithin;
    private boolean hasPropagated;
    private boolean isWaiting;
    private boolean isRunningAgain;
    private boolean isErrorCounted;

    /** @param outer frame of the commands that run others in this one; null for the outermost. */
    CommandContext(final WriterState writer, final CommandContext outer)
    {
        this.writer = writer;
        this.outer = outer;
        // Nearer by a load than in the writer's state; what changes between commands is taken over in begin.
        stream = writer.stream();
        settings = writer.settings();
        keySignals = writer.keySignals();
        role = writer.role();
        statistics = writer.statistics();
    }

    void begin(final Session session, final CommandSpec spec, final ArgVector args, final ReplyWriter reply)
    {
        this.session = session;
        this.spec = spec;
        this.args = args;
        this.reply = reply;
        data = writer.data();
        // A unit has one time, also where others are served while it goes on.
        nowMs = null == outer ? writer.nowMs() : outer.nowMs;
        errorsBefore = reply.errors();
        errorsWithin = 0;
        hasPropagated = false;
        isWaiting = false;
        isRunningAgain = false;
        isErrorCounted = false;
    }

    /** The command has run. What it propagated counts as the outer command's own, and its errors are counted already. */
    void end()
    {
        if (null != outer)
        {
            outer.hasPropagated |= hasPropagated;
            if (outer.reply == reply)
            {
                outer.errorsWithin += reply.errors() - errorsBefore;
            }
        }
    }

    /** True if the command itself has replied an error; one within it has not made it fail. */
    boolean hasFailed()
    {
        return reply.errors() - errorsBefore != errorsWithin;
    }

    /** The error that this command answers is that of one within it: it has failed, but statistics have the error already. */
    public void errorIsCounted()
    {
        isErrorCounted = true;
    }

    boolean isErrorCounted()
    {
        return isErrorCounted;
    }

    /**
     * True for a command that runs within another, such as EXEC: it answers at once, with one reply, and turns the
     * connection into nothing else.
     */
    public boolean isNested()
    {
        return null != outer;
    }

    /** Answer later: no further command of this session runs until then. Never nested. */
    public void block(final BlockedCommand blocked)
    {
        Check.that(!isNested(), "a command blocks within another: session, database", session.id(), session.db);
        isWaiting = true;
        session.block(blocked);
    }

    /**
     * Answer later, by running again with the same arguments once one of the keys is fed and in a wanted state then; a
     * null array after the deadline. To be called again, with the same keys, if there is nothing for it then either: it
     * waits on, behind those who wait already, and its first deadline stays. Never nested.
     *
     * @param firstKey index of the first key among the arguments.
     * @param keyCount how many follow each other there.
     * @param wanted {@link KeyInterest#ofType}, {@link KeyInterest#ABSENT}, several, or {@link KeyInterest#ANY}.
     * @param deadlineNs monotonic ns; Long.MAX_VALUE for never.
     */
    public void blockOnKeys(final int firstKey, final int keyCount, final long wanted, final long deadlineNs)
    {
        blockOnKeys(args, firstKey, keyCount, wanted, deadlineNs);
    }

    /** As the other, to run again with these arguments: those of now may mean something else later, as the id $ does. */
    public void blockOnKeys(
        final ArgVector laterArgs,
        final int firstKey,
        final int keyCount,
        final long wanted,
        final long deadlineNs)
    {
        if (isRunningAgain)
        {
            isWaiting = true;
        }
        else
        {
            block(new BlockedOnKeys(session.db, laterArgs, firstKey, keyCount, wanted, deadlineNs));
        }
    }

    /** What a blocked command waited for may have come. @return false if it has not: it waits on. */
    boolean runAgain()
    {
        isRunningAgain = true;
        spec.handler().run(this);
        return !isWaiting;
    }

    /** The command has been run and will answer later. */
    boolean isWaiting()
    {
        return isWaiting;
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

    /** The data set that was in service when the command began, also to the one that puts another in its place. */
    public DataSet data()
    {
        return data;
    }

    /** The selected database. */
    public Keyspace keyspace()
    {
        return data.keyspace(session.db);
    }

    public StringEditor editor()
    {
        return writer.editor();
    }

    /** What collections are looked at and changed with. */
    public Values values()
    {
        return writer.values();
    }

    /** Makes values of any type. */
    public EntryBuilder builder()
    {
        return writer.builder();
    }

    /** Walks over the bytes of values of any type; for the command's own use. */
    public ValueRuns runs()
    {
        return writer.runs();
    }

    public Settings settings()
    {
        return settings;
    }

    /** For changes that {@link #changed} does not tell. */
    public KeySignals keySignals()
    {
        return keySignals;
    }

    /** True if this node follows a primary. */
    public boolean isReplica()
    {
        return role.isReplica();
    }

    /** Wall clock, epoch ms, the same during one command or transaction. */
    public long nowMs()
    {
        return nowMs;
    }

    public long nowNs()
    {
        return writer.nowNs();
    }

    /** Monotonic time in ms, for timeouts and ages: somebody may set the wall clock. */
    public long steadyMs()
    {
        return writer.steadyMs();
    }

    /** Work memory of {@link #SCRATCH_LENGTH} bytes; its content lasts until the handler returns or runs a command. */
    public long scratch()
    {
        return writer.scratch();
    }

    /** A payload is looked through, every byte of it, before anything is made of it. */
    public void payloadChecked()
    {
        statistics.payloadsChecked++;
    }

    /** Into the log, for who runs the node. */
    public void warning(final String message)
    {
        writer.log().warning(message);
    }

    /** Evenly spread bits for RANDOMKEY and the like; not for secrets. */
    public long random()
    {
        return writer.random();
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

    /** True if this moment has passed, a deadline of a field, which this command must then treat as gone. */
    public boolean isOver(final long fieldDeadlineMs)
    {
        return Entry.NO_DEADLINE != fieldDeadlineMs && !session.isPrimaryLink && nowMs > fieldDeadlineMs;
    }

    /** Takes out fields of hashes whose time is over. */
    public FieldExpiry fieldExpiry()
    {
        return writer.fieldExpiry();
    }

    /** True for no entry or a string; else replies WRONGTYPE and returns false. */
    public boolean isStringOrAbsent(final long entry)
    {
        if (Entry.NO_ENTRY == entry || StringLayout.TYPE == Entry.type(entry))
        {
            return true;
        }

        reply.error(Replies.WRONG_TYPE);
        return false;
    }

    /** True for no entry or one of this type, as {@link ValueType#HASH}; else replies WRONGTYPE and returns false. */
    public boolean isOfTypeOrAbsent(final long entry, final int type)
    {
        if (Entry.NO_ENTRY == entry || type == ValueType.of(entry).redisNumber())
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

    /** Tell of one changed key: dirty counter, who watches or waits for it, notification. */
    public void changed(final int keyIndex, final int eventClass, final String event)
    {
        changed(session.db, args.address(keyIndex), args.length(keyIndex), eventClass, event);
    }

    public void changed(
        final int database, final long keyAddress, final int keyLength, final int eventClass, final String event)
    {
        hold();
        statistics.dirty++;
        keySignals.changed(database, keyAddress, keyLength);
        if (role.isReplica() && !session.isPrimaryLink)
        {
            writer.replicaKeys().written(data.keyspace(database), keyAddress, keyLength);
        }

        notify(eventClass, event, database, keyAddress, keyLength);
    }

    /** Tell of a change that nobody watches or waits for: of the groups of a stream, or of its last id. */
    public void changedUnwatched(final int keyIndex, final int eventClass, final String event)
    {
        statistics.dirty++;
        notify(eventClass, event, session.db, args.address(keyIndex), args.length(keyIndex));
    }

    /** A further notification without a change of its own. */
    public void notify(
        final int eventClass, final String event, final int database, final long keyAddress, final int keyLength)
    {
        writer.notify(eventClass, event, database, keyAddress, keyLength);
    }

    /** So many changes beside those that {@link #changed} has told of: the counter that save points look at. */
    public void dirty(final long changes)
    {
        hold();
        statistics.dirty += changes;
    }

    /** All data are about to go (FLUSHALL). */
    public void beginFlushAll()
    {
        role.onFlushAll();
    }

    private void expire(final Keyspace keyspace, final long entry)
    {
        writer.expire(keyspace, entry);
        if (spec.has(CommandFlags.TOUCHES_ARBITRARY_KEYS) && !isNested())
        {
            stream.endUnit();
        }
    }

    // Stream.

    /** True if effects of commands are to be encoded: a primary with a ring. */
    public boolean isPropagating()
    {
        return stream.isActive() && !role.isReplica() && !session.isBesideStream;
    }

    /** What the unit holds so far is one of its own, of the data and the history before what now comes. */
    public void splitUnit()
    {
        stream.endUnit();
    }

    /** The command as the client sent it, with the name that the client has used. */
    public void propagate()
    {
        propagate(args.count());
    }

    /** As {@link #propagate()}, with only the first arguments. @param argCount of them, with the name. */
    public void propagate(final int argCount)
    {
        beginPropagated();
        if (isPropagating())
        {
            stream.beginCommand(session.db, argCount);
            for (int i = 0; i < argCount; i++)
            {
                stream.arg(args.address(i), args.length(i));
            }
        }
    }

    /** Begin a rewritten command: follow with {@code argCount} calls of {@code rewriteArg}. */
    public void rewrite(final String name, final int argCount)
    {
        beginPropagated();
        if (isPropagating())
        {
            stream.beginCommand(session.db, argCount);
            stream.arg(writer.streamName(name));
        }
    }

    private void beginPropagated()
    {
        hold();
        hasPropagated = true;
    }

    /** Something has changed: too long a reply is the client's end from here on, but the command goes on to its own. */
    private void hold()
    {
        reply.buffer().hold();
    }

    /** As {@link #rewrite(String, int)}, the name being the first of the arguments that follow. */
    public void rewrite(final int argCount)
    {
        beginPropagated();
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

        if (writer.isExpiring())
        {
            expire(keyspace, entry);
        }

        return Entry.NO_ENTRY;
    }

    private void touch(final Keyspace keyspace, final long entry)
    {
        if (!session.isNoTouch)
        {
            final long random = settings.clock.isByFrequency ? writer.random() : 0;
            keyspace.touch(entry, AccessClock.next(Entry.clock(entry), nowMs, settings.clock, random));
        }
    }
}
