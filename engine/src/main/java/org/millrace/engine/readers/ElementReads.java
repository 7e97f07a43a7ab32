package org.millrace.engine.readers;

import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.keyspace.ElementReader;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.StreamLayout;

/**
 * Single elements of collections, some of one collection, and how many there are, for {@link SingleKeyReads}, which sees
 * to it that nothing has changed meanwhile. One per reader thread.
 */
final class ElementReads
{
    /** Longer values are the writer's to send. */
    private static final int TEXT_MAX = 32 * 1024;

    /** More elements are the writer's to look for. */
    private static final int ELEMENTS_MAX = 64;

    private final ReplyWriter reply;
    private long text;
    private ElementReader elements;

    ElementReads(final ReplyWriter reply)
    {
        this.reply = reply;
    }

    static boolean isServed(final int op)
    {
        return op >= ForeignRead.HGET;
    }

    /** Whether such a command is served with so many arguments, its name included. */
    static boolean isServed(final int op, final int argCount)
    {
        return switch (op)
        {
            case ForeignRead.HLEN, ForeignRead.SCARD, ForeignRead.ZCARD, ForeignRead.LLEN, ForeignRead.XLEN ->
                2 == argCount;
            case ForeignRead.HMGET, ForeignRead.SMISMEMBER, ForeignRead.ZMSCORE -> argCount > 2 &&
                argCount <= 2 + ELEMENTS_MAX;
            default -> 3 == argCount;
        };
    }

    /** Another data set, or none with null. */
    void use(final KeyReader keys)
    {
        if (null != elements)
        {
            elements.close();
            Memory.release(text);
        }

        elements = null == keys ? null : new ElementReader(keys);
        text = null == keys ? 0 : Memory.reserve(TEXT_MAX);
    }

    /** Within an epoch from here on. */
    void entered()
    {
        elements.entered();
    }

    /** Answer for a key that is not there. */
    void absent(final int op, final ArgVector args)
    {
        switch (op)
        {
            case ForeignRead.HGET, ForeignRead.ZSCORE, ForeignRead.LINDEX, ForeignRead.ZRANK, ForeignRead.ZREVRANK ->
                reply
                    .nullBulk();
            case ForeignRead.HMGET, ForeignRead.ZMSCORE, ForeignRead.SMISMEMBER -> {
                reply.array(args.count() - 2);
                for (int i = 2; i < args.count(); i++)
                {
                    absentElement(op);
                }
            }
            default -> reply.integer(0);
        }
    }

    private void absentElement(final int op)
    {
        if (ForeignRead.SMISMEMBER == op)
        {
            reply.integer(0);
        }
        else
        {
            reply.nullBulk();
        }
    }

    /** Answer from an entry that was just found; false if it is the writer's. */
    boolean present(final int op, final ArgVector args, final long entry)
    {
        final int keyLength = args.length(1);
        return switch (op)
        {
            case ForeignRead.HLEN -> count(elements.countOf(CollectionLayout.HASH, entry, keyLength));
            case ForeignRead.SCARD -> count(elements.countOf(CollectionLayout.SET, entry, keyLength));
            case ForeignRead.ZCARD -> count(elements.countOf(CollectionLayout.SORTED_SET, entry, keyLength));
            case ForeignRead.LLEN -> count(elements.countOf(CollectionLayout.LIST, entry, keyLength));
            case ForeignRead.XLEN -> count(elements.countOf(StreamLayout.TYPE, entry, keyLength));
            case ForeignRead.HEXISTS -> find(CollectionLayout.HASH, args, 2, entry);
            case ForeignRead.SISMEMBER -> find(CollectionLayout.SET, args, 2, entry);
            case ForeignRead.ZSCORE -> score(args, 2, entry);
            case ForeignRead.HGET -> field(args, 2, entry);
            case ForeignRead.HSTRLEN -> fieldLength(args, entry);
            case ForeignRead.ZRANK, ForeignRead.ZREVRANK -> rank(op, args, entry);
            case ForeignRead.HMGET, ForeignRead.SMISMEMBER, ForeignRead.ZMSCORE -> each(op, args, entry);
            default -> item(args, entry);
        };
    }

    private boolean count(final long count)
    {
        if (count < 0)
        {
            return false;
        }

        reply.integer(count);
        return true;
    }

    private boolean each(final int op, final ArgVector args, final long entry)
    {
        final int count = args.count();
        reply.array(count - 2);
        boolean isAnswered = true;
        for (int i = 2; i < count && isAnswered; i++)
        {
            isAnswered = switch (op)
            {
                case ForeignRead.HMGET -> field(args, i, entry);
                case ForeignRead.SMISMEMBER -> find(CollectionLayout.SET, args, i, entry);
                default -> score(args, i, entry);
            };
        }

        return isAnswered;
    }

    private boolean find(final int type, final ArgVector args, final int index, final long entry)
    {
        final long found = elements.findIn(type, entry, args.length(1), args.address(index), args.length(index));
        if (0 != found && ElementReader.ABSENT != found || hasDeadline())
        {
            return false;
        }

        reply.integer(0 == found ? 1 : 0);
        return true;
    }

    private boolean score(final ArgVector args, final int index, final long entry)
    {
        final long found = elements.scoreIn(entry, args.length(1), args.address(index), args.length(index));
        if (0 == found)
        {
            reply.number(elements.lastScore());
            return true;
        }

        return text(found);
    }

    private boolean rank(final int op, final ArgVector args, final long entry)
    {
        final long rank = elements.rankIn(entry, args.length(1), args.address(2), args.length(2));
        if (rank < 0)
        {
            return text(rank);
        }

        // Of the same moment, else the answer does not count.
        return ForeignRead.ZRANK == op
            ? count(rank)
            : count(elements.countOf(CollectionLayout.SORTED_SET, entry, args.length(1)) - 1 - rank);
    }

    private boolean field(final ArgVector args, final int index, final long entry)
    {
        final long length = elements.fieldOf(
            entry, args.length(1), args.address(index), args.length(index), text, TEXT_MAX);
        return !hasDeadline() && text(length);
    }

    /** A field that expires one day is the writer's, who takes it out if that was before today. */
    private boolean hasDeadline()
    {
        return Entry.NO_DEADLINE != elements.fieldDeadlineMs();
    }

    private boolean fieldLength(final ArgVector args, final long entry)
    {
        final long length = elements.fieldOf(entry, args.length(1), args.address(2), args.length(2), text, 0);
        return !hasDeadline() && count(ElementReader.ABSENT == length ? 0 : length);
    }

    private boolean item(final ArgVector args, final long entry)
    {
        return Decimal.isCanonical(args.address(2), args.length(2)) && text(elements.itemOf(
            entry, args.length(1), Decimal.parse(args.address(2), args.length(2)), text, TEXT_MAX));
    }

    private boolean text(final long length)
    {
        if (ElementReader.ABSENT == length)
        {
            reply.nullBulk();
            return true;
        }

        if (length < 0 || length > TEXT_MAX)
        {
            return false;
        }

        reply.bulk(text, (int)length);
        return true;
    }
}
