package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Trees;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamName;

/**
 * The groups of a {@link StreamValue} and their consumers: {@link #find} or {@link #load} one of the groups, then one of
 * its consumers, then ask and change. What is asked holds until something changes or another is looked at; changes come
 * behind {@link StreamValue#own}. Where a method says whether it has done
 * something, false is for want of memory: then nothing has changed. Writer thread.
 */
public final class StreamGroups implements AutoCloseable
{
    /** Nobody knows how far a group is behind. */
    public static final long UNKNOWN_LAG = Long.MIN_VALUE;

    private final StreamValue stream;
    private final StreamNames names;
    private final StreamGiven given;

    // The group.
    private long place;
    private long number;
    private long lastMs;
    private long lastSeq;
    private long entriesRead;

    // The consumer.
    private long consumerPlace;
    private long consumerNumber;
    private long seenMs;
    private long activeMs;

    /** Where the name of another consumer was found last: mostly it is asked for again. */
    private long shownPlace;

    StreamGroups(final StreamValue stream, final Trees trees, final OffHeap memory)
    {
        this.stream = stream;
        names = new StreamNames(trees, memory);
        given = new StreamGiven(trees);
    }

    /** Forget the group and the consumer. */
    void leave()
    {
        number = 0;
        consumerNumber = 0;
    }

    private void openNames()
    {
        names.open(StreamLayout.names(stream.value()));
    }

    /** What is pending in the stream. */
    public StreamGiven given()
    {
        given.open(StreamLayout.pending(stream.value()));
        return given;
    }

    /** Groups of the stream. */
    public int count()
    {
        return StreamLayout.groups(stream.value());
    }

    /** Look at a group by its place among the names of groups. */
    public void load(final long groupPlace)
    {
        openNames();
        take(groupPlace, names.record(groupPlace));
    }

    /** Look at the group of this name; false if there is none. */
    public boolean find(final long name, final int length)
    {
        openNames();
        final long at = names.place(StreamName.NOBODY, name, length);
        if (!names.isAt(at, StreamName.NOBODY, name, length))
        {
            return false;
        }

        take(at, names.record(at));
        return true;
    }

    private void take(final long groupPlace, final long record)
    {
        place = groupPlace;
        number = StreamName.number(record);
        lastMs = StreamName.lastMs(record);
        lastSeq = StreamName.lastSeq(record);
        entriesRead = StreamName.entriesRead(record);
        consumerNumber = 0;
    }

    /** Make a group, whose name is not there yet, and look at it. @param read may be {@link StreamLayout#UNKNOWN}. */
    public boolean create(final long name, final int length, final long ms, final long seq, final long read)
    {
        openNames();
        final long at = names.place(StreamName.NOBODY, name, length);
        final long record = names.begin(name, length);
        StreamName.init(record, StreamName.NOBODY, StreamLayout.nextNumber(stream.value()));
        StreamName.last(record, ms, seq);
        StreamName.entriesRead(record, read);
        if (!names.insert(at, record, length))
        {
            return false;
        }

        StreamLayout.groups(stream.value(), count() + 1);
        load(at);
        return true;
    }

    /** Let the group have read up to an id. @param read entries, or {@link StreamLayout#UNKNOWN}. */
    public boolean moveTo(final long ms, final long seq, final long read)
    {
        openNames();
        final long record = names.beginChange(place);
        StreamName.last(record, ms, seq);
        StreamName.entriesRead(record, read);
        if (!names.endChange(place, record))
        {
            return false;
        }

        lastMs = ms;
        lastSeq = seq;
        entriesRead = read;
        return true;
    }

    /** The group goes, with its consumers and what they have. */
    public boolean destroy()
    {
        final long consumers = consumerCount();
        if (!claimAll(consumers))
        {
            return false;
        }

        final StreamGiven pending = given();
        pending.removeAll(number);
        for (long i = 0; i < consumers; i++)
        {
            loadConsumer(i);
            pending.removeAll(consumerNumber);
        }

        openNames();
        names.remove(names.first(number), consumers);
        names.remove(place, 1);
        StreamLayout.groups(stream.value(), count() - 1);
        leave();
        return true;
    }

    /** See to it that the group can go without memory. */
    private boolean claimAll(final long consumers)
    {
        final StreamGiven pending = given();
        boolean isClaimed = pending.claimAll(number);
        for (long i = 0; i < consumers && isClaimed; i++)
        {
            loadConsumer(i);
            isClaimed = pending.claimAll(consumerNumber);
        }

        openNames();
        return isClaimed && names.claim(names.first(number), consumers) && names.claim(place, 1);
    }

    /** Its number among pending entries. */
    public long number()
    {
        return number;
    }

    public long lastMs()
    {
        return lastMs;
    }

    public long lastSeq()
    {
        return lastSeq;
    }

    /** Entries read, or {@link StreamLayout#UNKNOWN}. */
    public long entriesRead()
    {
        return entriesRead;
    }

    /** Look at the name of the group: {@link #nameAddress}. */
    public void showName()
    {
        openNames();
        names.record(place);
    }

    /** Look at the name of the consumer: {@link #nameAddress}. */
    public void showConsumerName()
    {
        openNames();
        names.record(consumerPlace);
    }

    /** Look at the name of the group's consumer of a number, which must be there: {@link #nameAddress}. */
    public void showConsumerName(final long ofNumber)
    {
        openNames();
        if (isConsumer(shownPlace, ofNumber) || 0 != consumerNumber && isConsumer(consumerPlace, ofNumber))
        {
            return;
        }

        // Names are in the order of names.
        shownPlace = names.first(number);
        while (StreamName.number(names.record(shownPlace)) != ofNumber)
        {
            shownPlace++;
        }
    }

    /** True if the name at a place, which is then looked at, is that of the consumer of a number. */
    private boolean isConsumer(final long at, final long ofNumber)
    {
        if (at >= names.count())
        {
            return false;
        }

        return StreamName.number(names.record(at)) == ofNumber;
    }

    /** Of the name that is looked at. */
    public long nameAddress()
    {
        return names.nameAddress();
    }

    /** Of the name that is looked at. */
    public int nameLength()
    {
        return names.nameLength();
    }

    /** Entries of the stream that the group has not read yet, as far as is known, or {@link #UNKNOWN_LAG}. */
    public long lag()
    {
        final long added = StreamLayout.added(stream.value());
        if (0 == added)
        {
            return 0;
        }

        final long read = StreamLayout.UNKNOWN != entriesRead && !stream.hasGapFrom(lastMs, lastSeq)
            ? entriesRead
            : stream.addedTo(lastMs, lastSeq);
        return StreamLayout.UNKNOWN == read ? UNKNOWN_LAG : added - read;
    }

    // Consumers.

    public long consumerCount()
    {
        openNames();
        return names.first(number + 1) - names.first(number);
    }

    /** Look at a consumer of the group by its place among their names. */
    public void loadConsumer(final long index)
    {
        openNames();
        final long at = names.first(number) + index;
        takeConsumer(at, names.record(at));
    }

    /** Look at the consumer of this name; false if the group has none. */
    public boolean findConsumer(final long name, final int length)
    {
        openNames();
        final long at = names.place(number, name, length);
        if (!names.isAt(at, number, name, length))
        {
            return false;
        }

        takeConsumer(at, names.record(at));
        return true;
    }

    private void takeConsumer(final long at, final long record)
    {
        consumerPlace = at;
        consumerNumber = StreamName.number(record);
        seenMs = StreamName.seenMs(record);
        activeMs = StreamName.activeMs(record);
    }

    /** Make a consumer of the group, which has none of this name, and look at it. */
    public boolean createConsumer(final long name, final int length, final long nowMs)
    {
        openNames();
        final long at = names.place(number, name, length);
        final long record = names.begin(name, length);
        StreamName.init(record, number, StreamLayout.nextNumber(stream.value()));
        StreamName.times(record, nowMs, StreamName.NEVER);
        if (!names.insert(at, record, length))
        {
            return false;
        }

        takeConsumer(at, names.record(at));
        return true;
    }

    /** When the consumer was seen and when it was given something. */
    public boolean setTimes(final long newSeenMs, final long newActiveMs)
    {
        openNames();
        final long record = names.beginChange(consumerPlace);
        StreamName.times(record, newSeenMs, newActiveMs);
        if (!names.endChange(consumerPlace, record))
        {
            return false;
        }

        seenMs = newSeenMs;
        activeMs = newActiveMs;
        return true;
    }

    /** The consumer goes, and what it has is nobody's. */
    public boolean removeConsumer()
    {
        openNames();
        if (!names.claim(consumerPlace, 1) || stream.isPinned() && !claimGiven())
        {
            return false;
        }

        final StreamGiven pending = given();
        while (pending.load(pending.place(consumerNumber, 0, 0), consumerNumber))
        {
            final boolean isTaken = pending.find(number, pending.ms(), pending.seq()) && pending.take();
            Check.that(isTaken, "claimed entry of a consumer cannot go: consumer, group", consumerNumber, number);
        }

        openNames();
        names.remove(consumerPlace, 1);
        return true;
    }

    /** See to it that all that the consumer has can be taken from it without memory. */
    private boolean claimGiven()
    {
        final StreamGiven pending = given();
        boolean isClaimed = true;
        for (long i = pending.place(consumerNumber, 0, 0); isClaimed && pending.load(i, consumerNumber); i++)
        {
            isClaimed = pending.find(number, pending.ms(), pending.seq()) && pending.claim();
        }

        return isClaimed;
    }

    /** Its number among pending entries. */
    public long consumerNumber()
    {
        return consumerNumber;
    }

    public long seenMs()
    {
        return seenMs;
    }

    /** When the consumer was given something, or {@link StreamName#NEVER}. */
    public long activeMs()
    {
        return activeMs;
    }

    @Override
    public void close()
    {
        names.close();
        given.close();
    }
}
