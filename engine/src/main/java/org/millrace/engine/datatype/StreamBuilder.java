package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementBuilder;
import org.millrace.engine.tree.IdTree;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamName;
import org.millrace.engine.value.StreamPage;
import org.millrace.engine.value.StreamPending;

/** Makes streams of {@link StreamPieces}, over what their keys have now. Nothing of one shows before {@link #commit}. Writer thread. */
final class StreamBuilder
{
    private static final long NOBODY = 0;

    private final OffHeap memory;
    private final EntryStore entries;
    private final StreamValue stream;
    private final ElementBuilder pages;
    private final IdTree idTree;

    private Keyspace keyspace;
    private int ref = OffHeap.NULL_REF;
    private long value;
    private long pagesLeft;
    private boolean hasId;
    private boolean hasHead;
    private boolean arePagesOpen;
    private long idMs;
    private long idSeq;
    private long previousMs;
    private long previousSeq;
    private boolean isFirstPage;
    private long counted;

    /** Entries given out that no consumer has claimed yet. */
    private long unowned;

    StreamBuilder(final Values values)
    {
        memory = values.memory();
        entries = values.data().entries();
        stream = new StreamValue(values);
        pages = values.own(new ElementBuilder(values.trees()));
        idTree = new IdTree(values.trees());
    }

    /** Begin a stream for a key. @param count pages that come. */
    int begin(
        final Keyspace ofKeyspace,
        final long keyAddress,
        final int keyLength,
        final long deadlineMs,
        final int clock,
        final long count)
    {
        final long offset = EntryStore.offsetOfValue(keyLength, deadlineMs);
        ref = entries.allocate(
            keyAddress, keyLength, StreamLayout.TYPE, StreamLayout.lengthAt(offset), deadlineMs, clock);
        if (OffHeap.NULL_REF == ref)
        {
            return ValueBuilder.NO_MEMORY;
        }

        keyspace = ofKeyspace;
        value = Entry.value(memory.address(ref));
        StreamLayout.init(value, entries.nodes().pins().stamp());
        stream.read(memory.address(ref));
        pagesLeft = count;
        hasId = false;
        hasHead = false;
        isFirstPage = true;
        counted = 0;
        unowned = 0;
        pages.begin(idTree);
        arePagesOpen = true;
        return ValueBuilder.OK;
    }

    int add(final long address, final long length)
    {
        if (pagesLeft > 0)
        {
            return hasId ? addPage(address, length) : addId(address);
        }

        if (!hasHead)
        {
            return addHead(address);
        }

        return switch (Memory.getByte(address))
        {
            case StreamPieces.GROUP -> addGroup(address + 1, (int)length - 1);
            case StreamPieces.GIVEN -> addGiven(address + 1);
            case StreamPieces.CONSUMER -> addConsumer(address + 1, (int)length - 1);
            default -> addOwned(address + 1);
        };
    }

    private int addId(final long address)
    {
        idMs = StreamPending.ms(address);
        idSeq = StreamPending.seq(address);
        final boolean isBehind = isFirstPage || StreamIds.compare(idMs, idSeq, previousMs, previousSeq) > 0;
        previousMs = idMs;
        previousSeq = idSeq;
        isFirstPage = false;
        hasId = true;
        return isBehind ? ValueBuilder.OK : ValueBuilder.DUPLICATE;
    }

    private int addPage(final long address, final long length)
    {
        hasId = false;
        pagesLeft--;
        counted += StreamPage.entries(address);
        return pages.addId(idMs, idSeq, address, length) ? ValueBuilder.OK : ValueBuilder.NO_MEMORY;
    }

    private int addHead(final long address)
    {
        hasHead = true;
        if (!pages.finish(StreamLayout.pages(value)))
        {
            return ValueBuilder.NO_MEMORY;
        }

        arePagesOpen = false;
        // What the pages say is what is there.
        StreamLayout.entries(value, counted);
        StreamLayout.last(value, Memory.getLong(address + 8), Memory.getLong(address + 16));
        StreamLayout.first(value, Memory.getLong(address + 24), Memory.getLong(address + 32));
        StreamLayout.deleted(value, Memory.getLong(address + 40), Memory.getLong(address + 48));
        StreamLayout.added(value, Memory.getLong(address + 56));
        if (stream.findLast() && StreamIds.compare(
            stream.foundMs(), stream.foundSeq(), StreamLayout.lastMs(value), StreamLayout.lastSeq(value)) > 0)
        {
            // What comes next must come behind all that is there.
            StreamLayout.last(value, stream.foundMs(), stream.foundSeq());
        }

        if (StreamLayout.UNKNOWN == StreamLayout.added(value))
        {
            StreamLayout.added(value, counted);
            StreamLayout.deleted(value, 0, 0);
            stream.settleFirst();
        }

        return ValueBuilder.OK;
    }

    private int addGroup(final long record, final int length)
    {
        final long read = StreamName.entriesRead(record);
        final long ms = StreamName.lastMs(record);
        final long seq = StreamName.lastSeq(record);
        final StreamGroups groups = stream.groups();
        final long name = record + StreamName.LENGTH;
        final int nameLength = length - StreamName.LENGTH;
        if (unowned > 0 || groups.find(name, nameLength))
        {
            return ValueBuilder.DUPLICATE;
        }

        return result(
            groups.create(name, nameLength, ms, seq, StreamPieces.GUESSED == read ? stream.addedTo(ms, seq) : read));
    }

    private int addGiven(final long at)
    {
        final long ms = StreamPending.ms(at);
        final long seq = StreamPending.seq(at);
        final StreamGiven given = stream.groups().given();
        if (given.find(stream.groups().number(), ms, seq))
        {
            return ValueBuilder.DUPLICATE;
        }

        unowned++;
        return result(given.give(
            stream.groups().number(), NOBODY, ms, seq, StreamPending.timeMs(at), StreamPending.deliveries(at)));
    }

    private int addConsumer(final long record, final int length)
    {
        final StreamGroups groups = stream.groups();
        final long name = record + StreamName.LENGTH;
        final int nameLength = length - StreamName.LENGTH;
        final long seenMs = StreamName.seenMs(record);
        final long activeMs = StreamName.activeMs(record);
        if (groups.findConsumer(name, nameLength))
        {
            return ValueBuilder.DUPLICATE;
        }

        return result(groups.createConsumer(name, nameLength, seenMs) && groups.setTimes(seenMs, activeMs));
    }

    private int addOwned(final long at)
    {
        final StreamGroups groups = stream.groups();
        final StreamGiven given = groups.given();
        if (!given.find(groups.number(), StreamPending.ms(at), StreamPending.seq(at)) || NOBODY != given.consumer())
        {
            return ValueBuilder.DUPLICATE;
        }

        unowned--;
        return result(given.change(groups.consumerNumber(), given.timeMs(), given.deliveries()));
    }

    private static int result(final boolean isDone)
    {
        return isDone ? ValueBuilder.OK : ValueBuilder.NO_MEMORY;
    }

    int commit()
    {
        if (unowned > 0 || !hasHead)
        {
            abort();
            return ValueBuilder.DUPLICATE;
        }

        final int made = ref;
        ref = OffHeap.NULL_REF;
        return result(keyspace.put(made));
    }

    void abort()
    {
        if (arePagesOpen)
        {
            pages.abort();
            arePagesOpen = false;
        }

        entries.discard(ref);
        ref = OffHeap.NULL_REF;
    }
}
