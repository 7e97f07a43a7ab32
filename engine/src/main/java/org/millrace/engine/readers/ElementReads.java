package org.millrace.engine.readers;

import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.keyspace.ElementReader;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.CollectionLayout;

/** Single elements of collections, and how many there are, for {@link SingleKeyReads}. One per reader thread. */
final class ElementReads
{
    /** Longer values are the writer's to send. */
    private static final int TEXT_MAX = 32 * 1024;

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

    /** Arguments of such a command, its name included. */
    static int argCount(final int op)
    {
        return switch (op)
        {
            case ForeignRead.HLEN, ForeignRead.SCARD, ForeignRead.ZCARD, ForeignRead.LLEN -> 2;
            default -> 3;
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
    void absent(final int op)
    {
        switch (op)
        {
            case ForeignRead.HGET, ForeignRead.ZSCORE, ForeignRead.LINDEX -> reply.nullBulk();
            default -> reply.integer(0);
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
            case ForeignRead.HEXISTS -> find(CollectionLayout.HASH, args, entry);
            case ForeignRead.SISMEMBER -> find(CollectionLayout.SET, args, entry);
            case ForeignRead.ZSCORE -> score(args, entry);
            case ForeignRead.HGET -> text(elements.fieldOf(
                entry, keyLength, args.address(2), args.length(2), text, TEXT_MAX));
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

    private boolean find(final int type, final ArgVector args, final long entry)
    {
        final long found = elements.findIn(type, entry, args.length(1), args.address(2), args.length(2));
        if (0 != found && ElementReader.ABSENT != found)
        {
            return false;
        }

        reply.integer(0 == found ? 1 : 0);
        return true;
    }

    private boolean score(final ArgVector args, final long entry)
    {
        final long found = elements.scoreIn(entry, args.length(1), args.address(2), args.length(2));
        if (0 == found)
        {
            reply.number(elements.lastScore());
            return true;
        }

        return text(found);
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
