package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.IdTree;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.WholeString;
import org.millrace.engine.value.Listpack;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamPage;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/** The row of streams. */
final class StreamType extends ValueType
{
    StreamType()
    {
        super(StreamLayout.TYPE, "stream", STREAM, true);
    }

    @Override
    public String encodingName(final long entry)
    {
        return "stream";
    }

    @Override
    public int refCount(final long entry)
    {
        return 1;
    }

    @Override
    public long contentLength(final long entry)
    {
        return ValueLayout.of(StreamLayout.TYPE).recordLength(Entry.value(entry));
    }

    /** Id, fields and values of each entry; what groups have to do with it is no part of the content. */
    @Override
    public void elements(final long entry, final ValueRuns runs, final ElementVisitor visitor)
    {
        final ElementCursor pages = new ElementCursor(runs.memory());
        pages.begin(TreeHead.root(StreamLayout.pages(Entry.value(entry))), 0);
        try (WholeString whole = new WholeString(runs.memory()))
        {
            for (long at = pages.next(); HashTree.NONE != at; at = pages.next())
            {
                final long page = whole.set(IdTree.value(at));
                final long headFields = StreamPage.fieldCount(page);
                final long end = StreamPage.end(page);
                long next;
                for (long element = StreamPage.firstEntry(page); element < end; element = next)
                {
                    next = StreamPage.nextEntry(element, headFields);
                    if (!StreamPage.isDeleted(element))
                    {
                        tell(page, element, IdTree.idFirst(at), IdTree.idSecond(at), runs, visitor);
                    }
                }
            }
        }
    }

    private static void tell(
        final long page,
        final long entry,
        final long pageMs,
        final long pageSeq,
        final ValueRuns runs,
        final ElementVisitor visitor)
    {
        tellId(StreamPage.ms(entry, pageMs), StreamPage.seq(entry, pageSeq), runs, visitor);
        long at = Listpack.next(Listpack.next(Listpack.next(entry)));
        final boolean hasOwnFields = 0 == (Listpack.number(entry) & StreamPage.SAME_FIELDS);
        long count = StreamPage.fieldCount(page);
        long field = StreamPage.firstField(page);
        if (hasOwnFields)
        {
            count = Listpack.number(at);
            at = Listpack.next(at);
        }

        for (long i = 0; i < count; i++)
        {
            if (hasOwnFields)
            {
                field = at;
                at = Listpack.next(at);
            }

            tellElement(field, runs, visitor);
            tellElement(at, runs, visitor);
            field = Listpack.next(field);
            at = Listpack.next(at);
        }

        visitor.onEnd();
    }

    private static void tellId(final long ms, final long seq, final ValueRuns runs, final ElementVisitor visitor)
    {
        final long text = runs.small();
        int length = StreamIds.formatHalf(text, ms);
        Memory.putByte(text + length, (byte)'.');
        length++;
        length += StreamIds.formatHalf(text + length, seq);
        runs.range(text, length);
        visitor.onPart(runs);
    }

    private static void tellElement(final long at, final ValueRuns runs, final ElementVisitor visitor)
    {
        if (Listpack.isText(at))
        {
            runs.range(Listpack.textAddress(at), Listpack.textLength(at));
        }
        else
        {
            runs.range(runs.small(), Decimal.format(runs.small(), Listpack.number(at)));
        }

        visitor.onPart(runs);
    }

    @Override
    public int copy(final long entry, final ValueRuns runs, final ValueBuilder builder)
    {
        try (StreamCopier copier = new StreamCopier(runs.memory(), Entry.value(entry), builder))
        {
            return copier.copy();
        }
    }
}
