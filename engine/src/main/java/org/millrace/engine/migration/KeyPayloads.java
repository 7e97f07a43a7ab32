package org.millrace.engine.migration;

import org.millrace.engine.command.WriterState;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.snapshot.DumpPayload;
import org.millrace.engine.value.ValueRuns;

/** Writes keys with their values as RESTORE commands, as they are at that moment. Writer thread, between units. */
final class KeyPayloads
{
    enum Outcome
    {
        WRITTEN,
        /** There is no such key, or its time is over. */
        ABSENT,
        /** More than can be held on its way; nothing has been written. */
        TOO_LONG
    }

    private final WriterState writer;
    private final ArgVector args;
    private final int database;
    private final boolean isReplace;
    private DataSet runsOf;
    private ValueRuns runs;
    private long deadlineMs;

    KeyPayloads(final WriterState writer, final ArgVector args, final int database, final boolean isReplace)
    {
        this.writer = writer;
        this.args = args;
        this.database = database;
        this.isReplace = isReplace;
    }

    /** Deadline of the key that was written last, {@link Entry#NO_DEADLINE} for none. */
    long deadlineMs()
    {
        return deadlineMs;
    }

    Outcome write(final int index, final ReplyWriter out)
    {
        final DataSet data = writer.data();
        final long entry = data.keyspace(database).find(args.address(index), args.length(index));
        if (Entry.NO_ENTRY == entry || Entry.isVolatile(entry) && writer.nowMs() > Entry.deadlineMs(entry))
        {
            return Outcome.ABSENT;
        }

        if (data != runsOf)
        {
            runs = new ValueRuns(data.memory());
            runsOf = data;
        }

        deadlineMs = Entry.isVolatile(entry) ? Entry.deadlineMs(entry) : Entry.NO_DEADLINE;
        final int before = out.buffer().length();
        try
        {
            write(index, entry, out);
            return Outcome.WRITTEN;
        }
        catch (final ReplyTooLongException e)
        {
            out.buffer().truncate(before);
            return Outcome.TOO_LONG;
        }
    }

    private void write(final int index, final long entry, final ReplyWriter out)
    {
        // The least that is left is left: 0 would be for ever.
        final long ttlMs = Entry.NO_DEADLINE == deadlineMs ? 0 : Math.max(1, deadlineMs - writer.nowMs());
        out.array(isReplace ? 5 : 4);
        out.bulk("RESTORE");
        out.bulk(args.address(index), args.length(index));
        out.bulkNumber(ttlMs);
        DumpPayload.writeBulk(out, runs, entry);
        if (isReplace)
        {
            out.bulk("REPLACE");
        }
    }
}
