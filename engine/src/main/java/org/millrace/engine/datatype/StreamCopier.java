package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.IdTree;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.WholeString;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamName;
import org.millrace.engine.value.StreamPending;

/** Gives all pieces of a stream to a builder, see {@link StreamPieces}. Any thread that keeps the stream; used once. */
final class StreamCopier implements AutoCloseable
{
    private final OffHeap memory;
    private final long value;
    private final ValueBuilder builder;
    private final ElementCursor names;
    private final ElementCursor pending;
    private final WholeString whole;
    private final ScratchBuffer work = new ScratchBuffer();
    private int result = ValueBuilder.OK;

    StreamCopier(final OffHeap memory, final long value, final ValueBuilder builder)
    {
        this.memory = memory;
        this.value = value;
        this.builder = builder;
        names = new ElementCursor(memory);
        pending = new ElementCursor(memory);
        whole = new WholeString(memory);
    }

    /** @return {@link ValueBuilder#OK}, or what went wrong: then the builder has been told to abort. */
    int copy()
    {
        result = builder.begin(StreamLayout.TYPE, TreeHead.count(StreamLayout.pages(value)));
        if (ValueBuilder.OK != result)
        {
            return result;
        }

        copyPages();
        copyHead();
        for (int i = 0, count = StreamLayout.groups(value); i < count && ValueBuilder.OK == result; i++)
        {
            copyGroup(i);
        }

        if (ValueBuilder.OK != result)
        {
            builder.abort();
        }

        return result;
    }

    private void add(final long address, final long length)
    {
        result = ValueBuilder.OK == result ? builder.add(address, length) : result;
    }

    private void copyPages()
    {
        final ElementCursor pages = new ElementCursor(memory);
        pages.begin(TreeHead.root(StreamLayout.pages(value)), 0);
        final long id = work.renew(StreamPending.ID_LENGTH);
        for (long at = pages.next(); HashTree.NONE != at && ValueBuilder.OK == result; at = pages.next())
        {
            StreamPending.id(id, IdTree.idFirst(at), IdTree.idSecond(at));
            add(id, StreamPending.ID_LENGTH);
            add(whole.set(IdTree.value(at)), whole.length());
        }
    }

    private void copyHead()
    {
        final long head = work.renew(StreamPieces.HEAD_LENGTH);
        Memory.putLong(head, StreamLayout.entries(value));
        Memory.putLong(head + 8, StreamLayout.lastMs(value));
        Memory.putLong(head + 16, StreamLayout.lastSeq(value));
        Memory.putLong(head + 24, StreamLayout.firstMs(value));
        Memory.putLong(head + 32, StreamLayout.firstSeq(value));
        Memory.putLong(head + 40, StreamLayout.deletedMs(value));
        Memory.putLong(head + 48, StreamLayout.deletedSeq(value));
        Memory.putLong(head + 56, StreamLayout.added(value));
        add(head, StreamPieces.HEAD_LENGTH);
    }

    /** Give a name's record. @return the number of the group or consumer. */
    private long addName(final int kind, final long place)
    {
        names.begin(TreeHead.root(StreamLayout.names(value)), place);
        final long record = whole.set(names.next());
        final long at = work.renew(1 + whole.length());
        Memory.putByte(at, (byte)kind);
        Memory.copyDisjoint(record, at + 1, whole.length());
        add(at, 1 + whole.length());
        return StreamName.number(record);
    }

    private void copyGroup(final long place)
    {
        final long group = addName(StreamPieces.GROUP, place);
        addPending(StreamPieces.GIVEN, group, StreamPending.LENGTH);
        for (long i = StreamLayout.groups(value), count = TreeHead.count(StreamLayout.names(value)); i < count &&
            ValueBuilder.OK == result; i++)
        {
            names.begin(TreeHead.root(StreamLayout.names(value)), i);
            if (group == StreamName.owner(whole.set(names.next())))
            {
                addPending(StreamPieces.OWNED, addName(StreamPieces.CONSUMER, i), StreamPending.ID_LENGTH);
            }
        }
    }

    private void addPending(final int kind, final long number, final int length)
    {
        final long at = work.renew(1 + (long)length);
        pending.beginAtScore(TreeHead.root(StreamLayout.pending(value)), number);
        for (long element = pending.next(); HashTree.NONE != element && number == StreamPending.number(element) &&
            ValueBuilder.OK == result; element = pending.next())
        {
            Memory.putByte(at, (byte)kind);
            Memory.copyDisjoint(StreamPending.text(element), at + 1, length);
            add(at, 1 + (long)length);
        }
    }

    @Override
    public void close()
    {
        whole.close();
        work.close();
    }
}
