package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.CompactReader;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.tree.TreeReader;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.IntsetLayout;
import org.millrace.engine.value.StreamLayout;

/**
 * Lock-free reads of single elements of collections, in either form, from one foreign thread while the writer writes:
 * through a {@link KeyReader} whose thread and place in an epoch it shares, and with its results. No garbage.
 *
 * <p>Either it finds the entry itself ({@link #field} and so on by the key), or whoever is within an epoch has found it
 * ({@link #entered}, then {@link #fieldOf} and so on).
 */
public final class ElementReader implements AutoCloseable
{
    /** There is no such key, or no such element. */
    public static final int ABSENT = KeyReader.ABSENT;

    /** The data set is no longer in service. */
    public static final int SHUT = KeyReader.SHUT;

    /** The key holds something else. */
    public static final int WRONG_TYPE = KeyReader.WRONG_TYPE;

    /** Nothing was found out: find the entry again. */
    public static final long RETRY = TreeReader.RETRY;

    /** Bytes behind a key that a compact value has at most: its count, and the elements. */
    private static final int COMPACT_LENGTH_MAX = Long.BYTES + CollectionLayout.COMPACT_MAX;

    private static final int INTSET_HEADER_MAX = 5 + IntsetLayout.HEADER_LENGTH;
    private static final int LENGTH_MAX = 5;

    private enum Question
    {
        COUNT,
        VALUE,
        MEMBER,
        SCORE,
        RANK,
        ITEM
    }

    private final KeyReader keys;
    private final OffHeap memory;
    private final TreeReader trees;
    private final CompactReader compact;
    private final Member member;
    private boolean isClosed;

    // The entry at hand.
    private int type;
    private long value;
    private long end;

    // What is asked.
    private int wantedType;
    private long text;
    private int textLength;
    private long index;
    private long target;
    private long capacity;
    private double score;
    private long fieldDeadlineMs;

    public ElementReader(final KeyReader keys)
    {
        this.keys = keys;
        memory = keys.memory();
        trees = new TreeReader(memory, keys.slot());
        compact = trees.compact();
        member = new Member(keys.hashSeed());
    }

    /** Value of a hash's field: its length, more than the capacity if nothing was copied. Else as the others. */
    public long field(
        final int database,
        final long keyAddress,
        final int keyLength,
        final long fieldAddress,
        final long fieldLength,
        final long targetAddress,
        final long targetCapacity)
    {
        into(targetAddress, targetCapacity);
        sought(fieldAddress, fieldLength);
        return ask(Question.VALUE, CollectionLayout.HASH, database, keyAddress, keyLength);
    }

    /** 0 if a hash has the field, a set or a sorted set, by its type, the member. Else as the others. */
    public long find(
        final int collectionType,
        final int database,
        final long keyAddress,
        final int keyLength,
        final long memberAddress,
        final long memberLength)
    {
        sought(memberAddress, memberLength);
        return ask(Question.MEMBER, collectionType, database, keyAddress, keyLength);
    }

    /** 0 if a sorted set has the member: then {@link #lastScore} is its score. Else as the others. */
    public long score(
        final int database,
        final long keyAddress,
        final int keyLength,
        final long memberAddress,
        final long memberLength)
    {
        sought(memberAddress, memberLength);
        return ask(Question.SCORE, CollectionLayout.SORTED_SET, database, keyAddress, keyLength);
    }

    /** What {@link #score} has found. */
    public double lastScore()
    {
        return score;
    }

    /** Members before this one of a sorted set. Else as the others. */
    public long rank(
        final int database,
        final long keyAddress,
        final int keyLength,
        final long memberAddress,
        final long memberLength)
    {
        sought(memberAddress, memberLength);
        return ask(Question.RANK, CollectionLayout.SORTED_SET, database, keyAddress, keyLength);
    }

    /** A list's item, from the end if the index is negative, as {@link #field}. */
    public long item(
        final int database,
        final long keyAddress,
        final int keyLength,
        final long itemIndex,
        final long targetAddress,
        final long targetCapacity)
    {
        into(targetAddress, targetCapacity);
        index = itemIndex;
        return ask(Question.ITEM, CollectionLayout.LIST, database, keyAddress, keyLength);
    }

    /**
     * Elements of a collection of this type; of a hash fields, of a stream entries.
     *
     * @return them, {@link #ABSENT}, {@link #WRONG_TYPE} or {@link #SHUT}.
     */
    public long count(final int collectionType, final int database, final long keyAddress, final int keyLength)
    {
        return ask(Question.COUNT, collectionType, database, keyAddress, keyLength);
    }

    /** Deadline of the key that was found last, or {@link Entry#NO_DEADLINE}. */
    public long deadlineMs()
    {
        return keys.deadlineMs();
    }

    /** Deadline of the field of a hash that was found last, or {@link Entry#NO_DEADLINE}: also of what else was asked. */
    public long fieldDeadlineMs()
    {
        return fieldDeadlineMs;
    }

    private void sought(final long address, final long length)
    {
        if (!isClosed)
        {
            member.set(address, length);
        }

        text = address;
        textLength = (int)length;
    }

    private void into(final long address, final long room)
    {
        target = address;
        capacity = room;
    }

    private long ask(
        final Question question,
        final int collectionType,
        final int database,
        final long keyAddress,
        final int keyLength)
    {
        long result;
        do
        {
            final long entered = keys.enterAsReader();
            if (KeyReader.OUT_OF_SERVICE == entered)
            {
                return SHUT;
            }

            trees.entered(entered);
            final long entry = keys.seek(database, keyAddress, keyLength);
            result = entry > 0 ? ask(question, collectionType, entry, keyLength) : entry < 0 ? RETRY : ABSENT;
            keys.leave();
        }
        while (RETRY == result);

        return result;
    }

    private long ask(final Question question, final int collectionType, final long entry, final int keyLength)
    {
        if (!open(entry, keys.foundRef(), keyLength))
        {
            return RETRY;
        }

        wantedType = collectionType;
        fieldDeadlineMs = Entry.NO_DEADLINE;
        if (!isWanted())
        {
            return WRONG_TYPE;
        }

        return switch (type)
        {
            case IntsetLayout.TYPE -> askIntset(question);
            case StreamLayout.TYPE -> streamEntries();
            default -> askCollection(question);
        };
    }

    /** The thread has entered an epoch by its {@link KeyReader}, which finds the entries that are asked about from here on. */
    public void entered()
    {
        trees.entered(keys.entered());
    }

    /** As {@link #field}, of the entry that was found last. Like the others it may say {@link #RETRY}. */
    public long fieldOf(
        final long entry,
        final int keyLength,
        final long fieldAddress,
        final long fieldLength,
        final long targetAddress,
        final long targetCapacity)
    {
        into(targetAddress, targetCapacity);
        sought(fieldAddress, fieldLength);
        return ask(Question.VALUE, CollectionLayout.HASH, entry, keyLength);
    }

    /** As {@link #find}, of the entry that was found last. */
    public long findIn(
        final int collectionType,
        final long entry,
        final int keyLength,
        final long memberAddress,
        final long memberLength)
    {
        sought(memberAddress, memberLength);
        return ask(Question.MEMBER, collectionType, entry, keyLength);
    }

    /** As {@link #score}, of the entry that was found last. */
    public long scoreIn(
        final long entry, final int keyLength, final long memberAddress, final long memberLength)
    {
        sought(memberAddress, memberLength);
        return ask(Question.SCORE, CollectionLayout.SORTED_SET, entry, keyLength);
    }

    /** As {@link #rank}, of the entry that was found last. */
    public long rankIn(final long entry, final int keyLength, final long memberAddress, final long memberLength)
    {
        sought(memberAddress, memberLength);
        return ask(Question.RANK, CollectionLayout.SORTED_SET, entry, keyLength);
    }

    /** As {@link #item}, of the entry that was found last. */
    public long itemOf(
        final long entry,
        final int keyLength,
        final long itemIndex,
        final long targetAddress,
        final long targetCapacity)
    {
        into(targetAddress, targetCapacity);
        index = itemIndex;
        return ask(Question.ITEM, CollectionLayout.LIST, entry, keyLength);
    }

    /** As {@link #count}, of the entry that was found last. */
    public long countOf(final int collectionType, final long entry, final int keyLength)
    {
        return ask(Question.COUNT, collectionType, entry, keyLength);
    }

    /** The entry that is asked about from now on. False if nothing of it can be told: {@link #RETRY}. */
    private boolean open(final long entry, final int ref, final int keyLength)
    {
        keys.noteDeadline(entry);
        // Not from the key length in the entry, which could be anything by now.
        final long typeAddress = Entry.typeAddress(entry);
        type = Memory.getUnsignedByte(typeAddress);
        value = typeAddress + 1 + RdbLength.sizeOf(keyLength) + keyLength;
        final long length = value - entry + COMPACT_LENGTH_MAX;
        end = entry + (memory.isReadable(ref, length) ? length : memory.capacity(ref));
        return keys.isProtected() && value + LENGTH_MAX <= end;
    }

    private boolean isWanted()
    {
        return wantedType == type || CollectionLayout.SET == wantedType && IntsetLayout.TYPE == type ||
            CollectionLayout.HASH == wantedType && CollectionLayout.EXPIRING_HASH == type;
    }

    private long askCollection(final Question question)
    {
        final boolean isLarge = CollectionLayout.isLargeForm(value);
        if (!isLarge)
        {
            final long count = RdbLength.decode(value);
            final long first = CollectionLayout.first(value);
            if (!keys.isProtected())
            {
                return RETRY;
            }

            compact.begin(first, end, count, CollectionLayout.kind(type));
            return askCompact(question, count);
        }

        final long head = CollectionLayout.head(value);
        return keys.isProtected() ? askTree(question, head) : RETRY;
    }

    private long askTree(final Question question, final long head)
    {
        return switch (question)
        {
            case COUNT -> trees.count(head);
            case VALUE -> noteDeadline(head) ? trees.value(head, member, target, capacity) : RETRY;
            case MEMBER -> noteDeadline(head) ? trees.find(head, member) : RETRY;
            case SCORE -> keep(trees.score(head, member), trees.lastScore());
            case RANK -> trees.rank(ScoredMembers.byMember(head), ScoredMembers.byScore(head), member);
            case ITEM -> trees.at(head, index, target, capacity);
        };
    }

    /**
     * Note the deadline of a field that is sought in a large hash. Before the rest: a field whose deadline is over has the
     * value that is found then only if it has got it since, and the reader came a moment before.
     *
     * @return false if nothing can be told.
     */
    private boolean noteDeadline(final long head)
    {
        if (CollectionLayout.EXPIRING_HASH != type)
        {
            return true;
        }

        final long found = trees.deadline(head, member);
        fieldDeadlineMs = trees.lastDeadlineMs();
        return RETRY != found;
    }

    /** The same of a compact one, in which nothing changes. */
    private boolean noteDeadline()
    {
        if (CollectionLayout.EXPIRING_HASH != type)
        {
            return true;
        }

        final long found = compact.deadline(member);
        fieldDeadlineMs = 0 == found ? compact.lastDeadlineMs() : Entry.NO_DEADLINE;
        return RETRY != found;
    }

    private long askCompact(final Question question, final long count)
    {
        return switch (question)
        {
            case COUNT -> count;
            case VALUE -> noteDeadline() ? compact.value(member, target, capacity) : RETRY;
            case MEMBER -> noteDeadline() ? Math.min(0, compact.find(member)) : RETRY;
            case SCORE -> keep(compact.score(member), compact.lastScore());
            case RANK -> compact.find(member);
            case ITEM -> count + index < 0 ? ABSENT : compact.at(index < 0 ? count + index : index, target, capacity);
        };
    }

    /** Nothing else is asked of a stream. */
    private long streamEntries()
    {
        if (StreamLayout.pages(value) + StreamLayout.LENGTH > end)
        {
            return RETRY;
        }

        final long entries = StreamLayout.entriesInHalves(value);
        return keys.isProtected() ? entries : RETRY;
    }

    private long keep(final long result, final double found)
    {
        score = found;
        return result;
    }

    private long askIntset(final Question question)
    {
        final long blob = IntsetLayout.blob(value);
        final int width = Memory.getInt(blob);
        final long count = Memory.getInt(blob + Integer.BYTES) & 0xFFFF_FFFFL;
        if (!keys.isProtected())
        {
            return RETRY;
        }

        if (Question.COUNT == question)
        {
            return count;
        }

        final long found = Decimal.isCanonical(text, textLength)
            ? halve(blob + IntsetLayout.HEADER_LENGTH, width, count)
            : ABSENT;
        return keys.isProtected() ? found : RETRY;
    }

    private long halve(final long first, final int width, final long count)
    {
        final long wanted = Decimal.parse(text, textLength);
        long low = 0;
        long high = count;
        while (low < high)
        {
            final long middle = low + high >>> 1;
            final long number = IntsetLayout.numberAt(first + middle * width, width);
            if (number == wanted)
            {
                return 0;
            }

            if (number < wanted)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return ABSENT;
    }

    /** Does nothing if it is closed; what it reads with its reader out of service it then refuses as before. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            trees.close();
            member.close();
        }
    }
}
