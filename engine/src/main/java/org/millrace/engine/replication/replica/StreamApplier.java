package org.millrace.engine.replication.replica;

import java.util.function.BooleanSupplier;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.command.ReadGate;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
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

    /** Bytes after which a duty cycle's share is done, some 200 us of small commands; the rest waits for the next. */
    private static final long SHARE = 64 * 1024;

    private static final int STREAM_FLAGS = CommandFlags.WRITE | CommandFlags.READONLY | CommandFlags.MAY_REPLICATE;
    private static final int REPLY_CAPACITY = 4096;

    /** Nobody reads what a command replies; of one that pops millions of elements the most is dropped. */
    private static final int REPLY_MAX = 64 * 1024;

    private final CommandExecutor executor;
    private final StreamPosition position;
    private final ReplicaSettings settings;
    private final StreamMisfits misfits;
    private final BooleanSupplier isDiskRefusing;
    private final AckSender ackSender;
    private final StreamSource source;
    private final RespReader queuedReader = StreamSource.reader();
    private final ArgVector queuedArgs = new ArgVector();
    private final OutBuffer replies = new OutBuffer(REPLY_CAPACITY);
    private final ReplyWriter reply = new ReplyWriter();

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
    private boolean isWithoutDisk;

    StreamApplier(final ReplicaContext context, final StreamPosition position, final AckSender ackSender)
    {
        this.position = position;
        this.ackSender = ackSender;
        executor = context.executor();
        settings = context.settings();
        misfits = new StreamMisfits(context, position);
        isDiskRefusing = context.host()::isDiskRefusing;
        source = new StreamSource(executor::resolve);
        replies.limit(REPLY_MAX);
        reply.wrap(replies, 2);
    }

    /** A connection begins to stream from the byte after the position's offset. */
    void begin(final LinkSession newSession, final LinkInput newInput)
    {
        session = newSession;
        session.db = position.db();
        input = newInput;
        source.reset();
        isInMulti = false;
        parsed = 0;
        applied = 0;
        result = Result.APPLIED;
        failure = null;
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
        final CommandBatch batch = source.read(input, parsed);
        final WriterState writer = executor.writer();
        batch.prepare(writer.data().keyspace(session.db), writer.values());
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
                executor.writer().unitEnded();
            }
        }

        if (null != source.failure())
        {
            return corrupt(source.failure());
        }

        source.keepBegun();
        return batch.isFull();
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
                return isKnown(spec) || unsupported(StreamText.unknown(args, spec));
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
                return isKnown(spec) ? execute(spec) : unsupported(StreamText.unknown(args, spec));
            }
        }
    }

    private boolean execute(final CommandSpec spec)
    {
        if (isWithoutDisk && spec.has(CommandFlags.WRITE))
        {
            misfits.onWriteWithoutDisk();
        }

        final long errors = reply.errors();
        replies.hold();
        executor.applyFromLink(session, spec, args, reply);
        replies.begin();
        replies.truncate(0);
        return errors == reply.errors() || onError();
    }

    private boolean onError()
    {
        replies.shrink();
        // To go on without what the primary has done would be to differ from it.
        return misfits.onError(reply, args, input) ||
            unsupported(StreamText.command(args) + " failed: " + reply.lastError());
    }

    private boolean select()
    {
        final boolean isNumber = 2 == args.count() && Decimal.isCanonical(args.address(1), args.length(1));
        final long number = isNumber ? Decimal.parse(args.address(1), args.length(1)) : -1;
        if (number < 0 || number >= settings.databases)
        {
            return unsupported(
                "the primary selects database '" + StreamText.argument(args, 1) + "' but this node has " +
                    settings.databases +
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
        return null != spec && spec.isArityRight(args.count()) && !spec.has(CommandFlags.BLOCKING) &&
            (0 != (spec.flags() & STREAM_FLAGS) || ReplicationWord.KEEPING == spec.replicationWord());
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
