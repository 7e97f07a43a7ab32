package org.millrace.engine.aof;

import org.millrace.engine.base.Check;
import org.millrace.engine.command.CommandBatch;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Runs the commands of an append-only file, transactions as a whole: what stands behind a MULTI runs at its EXEC, and not
 * at all if there is none. Stops at the first thing without which the data would be others. Writer thread.
 */
public final class AofApplier implements AutoCloseable
{
    /** Is told what does not go as it should. */
    public interface Listener
    {
        /** A command has been answered with an error. @return whether to go on without it. */
        boolean onError(String error, String command);
    }

    private static final int TEXT_MAX = 128;
    private static final int REPLY_CAPACITY = 4096;
    private static final int REPLY_MAX = 64 * 1024;
    private static final int DATA_FLAGS = CommandFlags.WRITE | CommandFlags.READONLY | CommandFlags.MAY_REPLICATE;

    private final CommandExecutor executor;
    private final Listener listener;
    private final AofSession session;
    private final AofReader reader = new AofReader();
    private final CommandBatch batch;
    private final ArgVector queuedArgs = new ArgVector();
    private final OutBuffer replies = new OutBuffer(REPLY_CAPACITY);
    private final ReplyWriter reply = new ReplyWriter();

    private ArgVector args;
    private long begin;

    /** Address behind what the batch has, and the notes behind that. */
    private long readTo;

    /** From {@link #begin} on: what has been looked at, of which more than {@link #applied} only in a transaction. */
    private long parsed;
    private long applied;
    private long firstQueued;
    private boolean isInMulti;
    private boolean isShort;
    private long needed;
    private String failure;
    private boolean isBadFormat;
    private long failedAt;

    /** @param id of the session, unlike those of clients. */
    public AofApplier(final CommandExecutor executor, final long id, final Listener listener)
    {
        this.executor = executor;
        this.listener = listener;
        session = new AofSession(id);
        batch = new CommandBatch(executor::resolve);
        replies.limit(REPLY_MAX);
        reply.wrap(replies, 2);
    }

    /** Another file begins: its first database is 0. */
    public void beginFile()
    {
        session.db = 0;
        isInMulti = false;
        isShort = false;
        parsed = 0;
        needed = 0;
    }

    /**
     * Run the whole commands that lie there.
     *
     * @param address of the first byte that was not taken before.
     * @param isToEnd whether the file ends where the bytes do.
     * @return bytes that are taken; the others are to be shown again, with more behind them.
     */
    public long apply(final long address, final long length, final boolean isToEnd)
    {
        begin = address;
        applied = 0;
        isShort = false;
        while (!isShort && null == failure)
        {
            final int found = read(begin + length, isToEnd);
            if (runBatch())
            {
                stop(found);
            }
        }

        parsed -= applied;
        firstQueued -= applied;
        return applied;
    }

    /** Fill the batch. @return what the reader has found last. */
    private int read(final long end, final boolean isToEnd)
    {
        batch.clear();
        long from = begin + parsed;
        readTo = from;
        int found = AofReader.COMMAND;
        while (!batch.isFull() && (AofReader.COMMAND == found || AofReader.NOTE == found))
        {
            found = reader.read(readTo, end, isToEnd, batch.next());
            if (AofReader.COMMAND == found || AofReader.NOTE == found)
            {
                readTo += reader.consumed();
            }

            if (AofReader.COMMAND == found)
            {
                // With the notes in front of it.
                batch.add((int)(readTo - from));
                from = readTo;
            }
        }

        return found;
    }

    private boolean runBatch()
    {
        final WriterState writer = executor.writer();
        batch.prepare(writer.data().keyspace(session.db), writer.values());
        for (int i = 0, count = batch.count(); i < count; i++)
        {
            args = batch.args(i);
            final long end = parsed + batch.length(i);
            if (!onCommand(batch.spec(i), end))
            {
                return false;
            }

            parsed = end;
            if (!isInMulti)
            {
                applied = end;
                writer.unitEnded();
            }
        }

        return true;
    }

    /** All that was read has been run: what has the reader stopped at? */
    private void stop(final int found)
    {
        final long at = readTo - begin;
        switch (found)
        {
            case AofReader.SHORT -> {
                isShort = true;
                needed = at + reader.needed();
                parsed = at;
                applied = isInMulti ? applied : at;
            }
            case AofReader.BAD -> {
                isBadFormat = true;
                fail(reader.error());
                failedAt = at + reader.errorAt();
            }
            default -> {
                // The batch was full.
            }
        }
    }

    /** @param end where the next command begins. */
    private boolean onCommand(final CommandSpec spec, final long end)
    {
        final ReplicationWord word = null == spec ? ReplicationWord.NONE : spec.replicationWord();
        if (isInMulti && ReplicationWord.EXEC == word)
        {
            isInMulti = false;
            return runQueued();
        }

        if (!isKnown(spec))
        {
            return fail(null == spec
                ? "Unknown command '" + argument(0) + "'"
                : "The command '" + argument(0) + "' with " + (args.count() - 1) + " arguments has no place there:");
        }

        if (ReplicationWord.MULTI == word && !isInMulti)
        {
            isInMulti = true;
            firstQueued = end;
            return true;
        }

        return isInMulti || run(spec);
    }

    private boolean runQueued()
    {
        boolean isRight = true;
        args = queuedArgs;
        for (long at = firstQueued; at < parsed && isRight; at += reader.consumed())
        {
            final int found = reader.read(begin + at, begin + parsed, false, args);
            Check.that(AofReader.COMMAND == found || AofReader.NOTE == found, "queued bytes changed", at, parsed);
            isRight = AofReader.NOTE == found || run(executor.resolve(args));
        }

        return isRight;
    }

    private boolean run(final CommandSpec spec)
    {
        switch (spec.replicationWord())
        {
            case PING, MULTI, EXEC, DISCARD -> {
                return true;
            }
            case SELECT -> {
                return select();
            }
            default -> {
                final long errors = reply.errors();
                replies.hold();
                executor.applyFromLink(session, spec, args, reply);
                replies.begin();
                replies.truncate(0);
                return errors == reply.errors() || onError();
            }
        }
    }

    private boolean onError()
    {
        replies.shrink();
        final String command = argument(0);
        if (listener.onError(reply.lastError(), command) && !reply.lastKind().isBeyondNode())
        {
            return true;
        }

        return fail("The command '" + command + "' has failed, " + reply.lastError() + ",");
    }

    private boolean select()
    {
        final boolean isNumber = 2 == args.count() && Decimal.isCanonical(args.address(1), args.length(1));
        final long number = isNumber ? Decimal.parse(args.address(1), args.length(1)) : -1;
        final int databases = executor.writer().data().databases();
        if (number < 0 || number >= databases)
        {
            return fail("Database '" + argument(1) + "' is selected, and this node has " + databases +
                " (directive databases),");
        }

        session.db = (int)number;
        return true;
    }

    /** What nobody writes there would do harm: SHUTDOWN, REPLICAOF, SUBSCRIBE. */
    private boolean isKnown(final CommandSpec spec)
    {
        return null != spec && spec.isArityRight(args.count()) && !spec.has(CommandFlags.BLOCKING) &&
            (0 != (spec.flags() & DATA_FLAGS) || isWord(spec.replicationWord()));
    }

    private static boolean isWord(final ReplicationWord word)
    {
        return switch (word)
        {
            case MULTI, EXEC, DISCARD, PING, SELECT, KEEPING -> true;
            default -> false;
        };
    }

    private String argument(final int index)
    {
        return args.text(index, TEXT_MAX);
    }

    private boolean fail(final String why)
    {
        failure = why;
        failedAt = parsed;
        return false;
    }

    /** More bytes are needed, or the file ends within a command. */
    public boolean isShort()
    {
        return isShort;
    }

    /** Bytes from the first that was not taken that it needs at least. */
    public long needed()
    {
        return needed - applied;
    }

    /** The file ends behind a MULTI without its EXEC. */
    public boolean isInMulti()
    {
        return isInMulti;
    }

    /** Why it has stopped for good, as the begin of a line; null while it has not. */
    public String failure()
    {
        return failure;
    }

    /** It has stopped at bytes that are no command. */
    public boolean isBadFormat()
    {
        return isBadFormat;
    }

    /** Where, from the first byte that was not taken. */
    public long failedAt()
    {
        return failedAt - applied;
    }

    @Override
    public void close()
    {
        replies.close();
    }
}
