package org.millrace.engine.replication.replica;

import java.util.function.BooleanSupplier;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.ReadGate;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.config.RedisCommands;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.resp.RespReader;

/**
 * Runs the commands of the primary's stream and moves the position over their bytes. Whole units only: the bytes of an
 * open transaction stay in the input and run at its EXEC, so neither data nor offset ever stand inside one. Stops for
 * good at the first thing that would let the data of this node differ from its primary's. Writer thread.
 */
final class StreamApplier implements AutoCloseable
{
    enum Result
    {
        /** Nothing has stopped it. */
        APPLIED,
        /** The bytes are no replication stream; see {@link #failure()}. */
        CORRUPT,
        /** The stream holds what this node cannot do; see {@link #failure()}. */
        UNSUPPORTED
    }

    /** Whoever sends the answer to GETACK. */
    @FunctionalInterface
    interface AckSender
    {
        void onGetAck(long offset);
    }

    /** Longest bulk string that fits the reader's ints; the stream is not held to proto-max-bulk-len. */
    private static final int BULK_MAX = Integer.MAX_VALUE - 2048;

    /** Bytes after which a duty cycle's share is done, some 200 us of small commands; the rest waits for the next. */
    private static final long SHARE = 64 * 1024;

    private static final int STREAM_FLAGS = CommandFlags.WRITE | CommandFlags.READONLY | CommandFlags.MAY_REPLICATE;
    private static final int DUMP_MAX = 256;
    private static final int NAME_MAX = 64;
    private static final int REPLY_CAPACITY = 4096;
    private static final long DISK_REMINDER_MS = 10_000;

    private final CommandExecutor executor;
    private final StreamPosition position;
    private final ReplicaSettings settings;
    private final Statistics statistics;
    private final EventLog log;
    private final BooleanSupplier isDiskRefusing;
    private final AckSender ackSender;
    private final RespReader reader;
    private final RespReader queuedReader;
    private final ArgVector queuedArgs = new ArgVector();

    private final CommandBatch batch;
    private final OutBuffer replies = new OutBuffer(REPLY_CAPACITY);
    private final ReplyWriter reply = new ReplyWriter();

    /** Takes turns with the batch: what has begun there stays here until more of it has come. */
    private ArgVector begun = new ArgVector();
    private ArgVector args;
    private LinkSession session;
    private LinkInput input;
    private boolean isInMulti;
    private boolean hasMore;
    /** Bytes of the input that have been looked at command by command; more than applied only inside MULTI. */
    private long parsed;
    /** Bytes of the input whose effects are in the data; not yet taken from it. */
    private long applied;
    private long firstQueued;
    private Result result = Result.APPLIED;
    private String failure;
    private String readFailure;
    private boolean isWithoutDisk;
    private long toldOfDiskMs;

    StreamApplier(final ReplicaContext context, final StreamPosition position, final AckSender ackSender)
    {
        this.position = position;
        this.ackSender = ackSender;
        executor = context.executor();
        settings = context.settings();
        statistics = context.statistics();
        log = context.log();
        isDiskRefusing = context.host()::isDiskRefusing;
        final RespLimits limits = new RespLimits();
        limits.bulkMax = BULK_MAX;
        reader = new RespReader(limits);
        queuedReader = new RespReader(limits);
        batch = new CommandBatch(executor::resolve);
        reply.wrap(replies, 2);
    }

    /** A connection begins to stream from the byte after the position's offset. */
    void begin(final LinkSession newSession, final LinkInput newInput)
    {
        session = newSession;
        session.db = position.db();
        input = newInput;
        reader.reset();
        isInMulti = false;
        parsed = 0;
        applied = 0;
        result = Result.APPLIED;
        failure = null;
        readFailure = null;
    }

    /** Apply complete units of the input, a duty cycle's share of them, and take their bytes from it. */
    Result apply()
    {
        final long shareEnd = parsed + SHARE;
        isWithoutDisk = isDiskRefusing.getAsBoolean();
        hasMore = Result.APPLIED == result;
        while (hasMore && parsed < shareEnd)
        {
            hasMore = applyBatch();
        }

        if (applied > 0)
        {
            position.append(input.address(), applied);
            input.take(applied);
            parsed -= applied;
            firstQueued -= applied;
            applied = 0;
        }

        return result;
    }

    /** The share ended before the input did: call again, also if nothing new has come. */
    boolean hasMore()
    {
        return hasMore;
    }

    boolean isInMulti()
    {
        return isInMulti;
    }

    /** What stopped it, for log and INFO. */
    String failure()
    {
        return failure;
    }

    @Override
    public void close()
    {
        replies.close();
    }

    /** Read some commands ahead, let their cache misses overlap, then run them; false if there are no more. */
    private boolean applyBatch()
    {
        readBatch();
        batch.prepare(executor.writer().data().keyspace(session.db));
        final int count = batch.count();
        for (int i = 0; i < count; i++)
        {
            args = batch.args(i);
            if (args.count() > 0 && !onCommand(batch.spec(i), batch.length(i)))
            {
                return false;
            }

            parsed += batch.length(i);
            if (!isInMulti)
            {
                applied = parsed;
            }
        }

        if (null != readFailure)
        {
            return corrupt(readFailure);
        }

        // A command that has begun is gone on with in the first place.
        begun = batch.exchangeNext(begun);
        return batch.isFull();
    }

    /** Fill the batch with complete commands; an empty line gives one without arguments. */
    private void readBatch()
    {
        batch.clear();
        begun = batch.exchangeNext(begun);
        long at = parsed;
        while (!batch.isFull() && readCommand(at))
        {
            final int length = reader.consumed();
            batch.add(length);
            at += length;
        }
    }

    /** Read the command that begins at this place of the input; false if it is not complete or none. */
    private boolean readCommand(final long at)
    {
        final long available = input.length() - at;
        if (0 == available)
        {
            return false;
        }

        final long address = input.address() + at;
        if (!reader.isInCommand() && !isCommandStart(Memory.getByte(address)))
        {
            readFailure = "WARNING: Receiving inline protocol from master, master stream corruption? " +
                "Closing the master connection and discarding the cached master.";
            return false;
        }

        final ArgVector target = batch.next();
        switch (reader.read(address, (int)Math.min(available, Integer.MAX_VALUE), target, true))
        {
            case RespReader.COMMAND :
                readFailure = reader.wasInline() ? "an inline command stands in the replication stream" : null;
                return null == readFailure;

            case RespReader.NOTHING :
                target.clear();
                return true;

            case RespReader.INCOMPLETE :
                readFailure = available < Integer.MAX_VALUE ? null : "a command is longer than 2 GiB";
                return false;

            default :
                readFailure = reader.error();
                return false;
        }
    }

    private boolean onCommand(final CommandSpec spec, final int length)
    {
        if (isInMulti)
        {
            return onQueued(spec);
        }

        switch (word(spec))
        {
            case MULTI -> {
                isInMulti = true;
                firstQueued = parsed + length;
                return true;
            }
            case EXEC -> {
                return corrupt("EXEC without MULTI stands in the replication stream");
            }
            default -> {
                return run(spec, parsed);
            }
        }
    }

    /** Inside MULTI: everything is checked before anything of it is run. */
    private boolean onQueued(final CommandSpec spec)
    {
        switch (word(spec))
        {
            case EXEC -> {
                isInMulti = false;
                final ReadGate gate = executor.writer().readGate();
                gate.beginUnit();
                final boolean isRun = runQueued(firstQueued, parsed);
                gate.endUnit();
                return isRun;
            }
            case DISCARD -> {
                isInMulti = false;
                return true;
            }
            case MULTI -> {
                return corrupt("MULTI inside MULTI stands in the replication stream");
            }
            case SELECT, PING, REPLCONF -> {
                return true;
            }
            default -> {
                return isKnown(spec) || unsupported(describeUnknown(spec));
            }
        }
    }

    private boolean runQueued(final long from, final long to)
    {
        final long transactionAt = applied;
        long at = from;
        args = queuedArgs;
        while (at < to)
        {
            final int length = (int)Math.min(to - at, Integer.MAX_VALUE);
            final int found = queuedReader.read(input.address() + at, length, args, true);
            Check.that(found != RespReader.ERROR && found != RespReader.INCOMPLETE, "queued bytes changed", at, to);
            if (RespReader.COMMAND == found && !run(executor.resolve(args), transactionAt))
            {
                // A part of the transaction is in the data, which so belongs to no history any more.
                position.leaveHistory();
                return false;
            }

            at += queuedReader.consumed();
        }

        return true;
    }

    /** @param unitAt where in the input the unit begins that this command belongs to. */
    private boolean run(final CommandSpec spec, final long unitAt)
    {
        switch (word(spec))
        {
            case PING -> {
                return true;
            }
            case SELECT -> {
                return select();
            }
            case REPLCONF -> {
                if (args.count() > 1 && args.is(1, "GETACK"))
                {
                    // Without the bytes of GETACK itself, as Redis counts.
                    ackSender.onGetAck(position.offset() + unitAt);
                }

                return true;
            }
            default -> {
                return isKnown(spec) ? execute(spec) : unsupported(describeUnknown(spec));
            }
        }
    }

    private boolean execute(final CommandSpec spec)
    {
        if (isWithoutDisk && spec.has(CommandFlags.WRITE))
        {
            onWriteWithoutDisk();
        }

        final long errors = reply.errors();
        executor.applyFromLink(session, spec, args, reply);
        replies.truncate(0);
        return errors == reply.errors() || onErrorReply();
    }

    /** The last save has failed: as configured this node ends here, or goes on and says so now and then. */
    private void onWriteWithoutDisk()
    {
        if (!settings.ignoresDiskErrors)
        {
            log.warning("Replica was unable to write command to disk. (replica-ignore-disk-write-errors is no)");
            Check.that(false, "the last save failed, and the primary writes on: offset, database",
                position.offset(), session.db);
        }

        final long nowMs = executor.writer().nowMs();
        if (nowMs - toldOfDiskMs > DISK_REMINDER_MS)
        {
            toldOfDiskMs = nowMs;
            log.warning("Replica is applying a command even though it is unable to write to disk.");
        }
    }

    private boolean onErrorReply()
    {
        final String error = reply.lastError();
        replies.shrink();
        statistics.unexpectedErrorReplies++;
        log.warning(
            "== CRITICAL == This replica is sending an error to its master: '" + error +
                "' after processing the command '" + commandName() + "'");
        log.warning("Latest backlog is: '" + dump() + "'");

        final boolean isBeyondUs = reply.lastKind().isBeyondNode();
        if (settings.panicsOnError && !isBeyondUs)
        {
            Check.that(false, "an error was to be sent to the primary: offset, database", position.offset(),
                session.db);
        }

        // The command has done nothing here: to go on would be to differ from the primary.
        return !isBeyondUs ||
            unsupported("'" + commandName() + "' with first argument '" + argument(1) + "' failed: " + error);
    }

    private boolean select()
    {
        final boolean isNumber = 2 == args.count() && Decimal.isCanonical(args.address(1), args.length(1));
        final long number = isNumber ? Decimal.parse(args.address(1), args.length(1)) : -1;
        if (number < 0 || number >= settings.databases)
        {
            return unsupported(
                "the primary selects database '" + argument(1) + "' but this node has " + settings.databases +
                    " databases");
        }

        session.db = (int)number;
        position.selectDb((int)number);
        return true;
    }

    /** What is the link's own business. */
    private static ReplicationWord word(final CommandSpec spec)
    {
        return null == spec ? ReplicationWord.NONE : spec.replicationWord();
    }

    /** What no primary sends (SUBSCRIBE, REPLICAOF, SHUTDOWN...) would do harm from inside the link. */
    private boolean isKnown(final CommandSpec spec)
    {
        return null != spec && spec.isArityRight(args.count()) && 0 != (spec.flags() & STREAM_FLAGS) &&
            !spec.has(CommandFlags.BLOCKING);
    }

    private String describeUnknown(final CommandSpec spec)
    {
        final String what = null == spec
            ? RedisCommands.has(args.text(0)) ? "does not hold: it holds strings only" : "does not know"
            : spec.isArityRight(args.count())
                ? "takes from clients only"
                : "does not know with " + args.count() + " arguments";
        return "the primary sends the command '" + commandName() + "' (first argument '" + argument(1) +
            "') which this node " + what;
    }

    private String commandName()
    {
        return argument(0);
    }

    private String argument(final int index)
    {
        if (index >= args.count())
        {
            return "";
        }

        final int length = Math.min(args.length(index), NAME_MAX);
        return printable(args.address(index), length) + (length < args.length(index) ? "..." : "");
    }

    /** The last bytes of the stream up to and with the command that has just run. */
    private String dump()
    {
        final int last = args.count() - 1;
        final long end = args.address(last) + args.length(last);
        final long begin = Math.max(input.address(), end - DUMP_MAX);
        return printable(begin, (int)(end - begin));
    }

    private static String printable(final long address, final int length)
    {
        final StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            final int c = Memory.getUnsignedByte(address + i);
            if ('\r' == c)
            {
                text.append("\\r");
            }
            else if ('\n' == c)
            {
                text.append("\\n");
            }
            else if (c < ' ' || c > '~')
            {
                text.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
            else
            {
                text.append((char)c);
            }
        }

        return text.toString();
    }

    private static boolean isCommandStart(final int c)
    {
        return '*' == c || '\r' == c || '\n' == c;
    }

    private boolean corrupt(final String why)
    {
        result = Result.CORRUPT;
        failure = why;
        return false;
    }

    private boolean unsupported(final String why)
    {
        result = Result.UNSUPPORTED;
        failure = why;
        return false;
    }
}
