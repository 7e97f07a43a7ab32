package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ExpiringHashLayout;

/**
 * Makes one collection from its elements, which nobody sees before {@link #commit}: compact in a block of its own as long
 * as it can be, then large. The part of {@link EntryBuilder} that knows collections; results are those of
 * {@link ValueBuilder}. Writer thread; one value at a time.
 */
final class CollectionBuilder
{
    /** The compact form, and behind it one element more, on its way. */
    private static final int BLOCK_LENGTH = CollectionLayout.COMPACT_MAX + Element.LENGTH_MAX;

    private static final int FIRST_MIN = 128;

    private final Values values;
    private final OffHeap memory;
    private final EntryStore entries;
    private final CollectionTrees trees;
    private final ScoredForms scored;

    // The key that the value is for.
    private Keyspace keyspace;
    private long keyAddress;
    private int keyLength;
    private long deadlineMs;
    private int clock;

    private int type;
    private long count;
    private boolean isNamedCompact;

    /** Elements one behind the other, while the value is compact. */
    private int block = OffHeap.NULL_REF;
    private int length;

    /** The entry, once the value is large, and whether its elements are gathered before they go into trees. */
    private int entry = OffHeap.NULL_REF;
    private boolean isLoading;

    /** The first string of an element that is not whole yet, in a block that serves all of a value. */
    private int first = OffHeap.NULL_REF;
    private long firstCapacity;
    private long firstLength;
    private boolean hasFirst;

    /** Of an expiring hash: deadline of the field that is not whole yet, and whether any field has had one. */
    private long fieldDeadlineMs;
    private boolean hasDeadlines;

    CollectionBuilder(final Values values)
    {
        this.values = values;
        memory = values.memory();
        entries = values.data().entries();
        trees = values.collectionTrees();
        scored = new ScoredForms(values);
    }

    /** Which key the next value is for; its name stays where it is until commit or abort. */
    void key(final Keyspace ofKey, final long address, final int addressLength, final long deadline, final int clockNow)
    {
        keyspace = ofKey;
        keyAddress = address;
        keyLength = addressLength;
        deadlineMs = deadline;
        clock = clockNow;
    }

    /** Make the same large value once more, node by node, and {@link #commit} it. */
    int copy(final long from)
    {
        Check.that(isClosed(), "value begun while one is open: 0, 0", 0, 0);
        type = Entry.type(from);
        count = CollectionLayout.count(Entry.value(from));
        isNamedCompact = CollectionLayout.isNamedCompact(Entry.value(from));
        hasDeadlines = true;
        if (makeLarge() && trees.copy(type, CollectionLayout.head(Entry.value(from)), head()))
        {
            return commit();
        }

        abort();
        return ValueBuilder.NO_MEMORY;
    }

    /** @param expected elements that come, or {@link ValueBuilder#COUNT_UNKNOWN}. */
    int begin(final int valueType, final long expected)
    {
        Check.that(isClosed(), "value begun while one is open: type, count", valueType, expected);
        type = valueType;
        count = 0;
        length = 0;
        fieldDeadlineMs = Element.NO_DEADLINE;
        hasDeadlines = false;
        scored.begin();
        isNamedCompact = CollectionRules.isNamedCompact(values.thresholds(), type, Math.max(expected, 0));
        if (!isNamedCompact)
        {
            return beginLarge() ? ValueBuilder.OK : ValueBuilder.NO_MEMORY;
        }

        block = memory.allocate(BLOCK_LENGTH, MemoryTag.ENTRY);
        return OffHeap.NULL_REF == block ? ValueBuilder.NO_MEMORY : ValueBuilder.OK;
    }

    private boolean isClosed()
    {
        return OffHeap.NULL_REF == block && OffHeap.NULL_REF == entry && !hasFirst;
    }

    private boolean makeLarge()
    {
        final long offset = EntryStore.offsetOfValue(keyLength, deadlineMs);
        entry = entries.allocate(
            keyAddress, keyLength, type, CollectionLayout.largeLength(type, offset), deadlineMs, clock);
        if (OffHeap.NULL_REF == entry)
        {
            return false;
        }

        CollectionLayout.initLarge(
            type, memory.address(entry) + offset, isNamedCompact, entries.nodes().pins().stamp());
        return true;
    }

    private boolean beginLarge()
    {
        final boolean isMade = makeLarge();
        isLoading = isMade && values.loading().begin(type, head());
        return isMade;
    }

    long count()
    {
        return count;
    }

    /** The next string: an item, a member, a field or its value. */
    int add(final long address, final long textLength)
    {
        switch (type)
        {
            case CollectionLayout.LIST -> {
                return addElement(address, textLength, 0, 0, 0);
            }
            case CollectionLayout.HASH, CollectionLayout.EXPIRING_HASH -> {
                if (!hasFirst)
                {
                    return keepFirst(address, textLength);
                }

                final int result = addElement(firstAddress(), firstLength, address, textLength, fieldDeadlineMs);
                fieldDeadlineMs = Element.NO_DEADLINE;
                hasFirst = false;
                return result;
            }
            case CollectionLayout.SORTED_SET -> {
                return keepFirst(address, textLength);
            }
            default -> {
                return addElement(address, textLength, 0, 0, 0);
            }
        }
    }

    /** Deadline of the field whose value comes next. */
    void deadline(final long deadlineMs)
    {
        Check.that(hasFirst && CollectionLayout.EXPIRING_HASH == type, "deadline without a field: type, count", type,
            count);
        fieldDeadlineMs = deadlineMs;
        hasDeadlines = true;
    }

    /** Score of the member added last. */
    int score(final double score)
    {
        Check.that(hasFirst, "score without a member: type, count", type, count);
        final int result = addElement(firstAddress(), firstLength, 0, 0, score);
        hasFirst = false;
        return result;
    }

    private int keepFirst(final long address, final long textLength)
    {
        Check.that(!hasFirst, "element that is not whole: type, count", type, count);
        if ((OffHeap.NULL_REF == first || textLength > firstCapacity) && !allocateFirst(textLength))
        {
            return ValueBuilder.NO_MEMORY;
        }

        Memory.copyDisjoint(address, firstAddress(), textLength);
        firstLength = textLength;
        hasFirst = true;
        return ValueBuilder.OK;
    }

    private long firstAddress()
    {
        return memory.address(first);
    }

    private boolean allocateFirst(final long textLength)
    {
        freeFirst();
        first = memory.allocate(Math.max(FIRST_MIN, textLength), MemoryTag.ENTRY);
        if (OffHeap.NULL_REF == first)
        {
            return false;
        }

        memory.extend(first);
        firstCapacity = memory.capacity(first);
        return true;
    }

    private void freeFirst()
    {
        if (OffHeap.NULL_REF != first)
        {
            memory.free(first, MemoryTag.ENTRY);
            first = OffHeap.NULL_REF;
            firstCapacity = 0;
        }
    }

    private int addElement(
        final long text, final long textLength, final long second, final long secondLength, final double score)
    {
        isNamedCompact = isNamedCompact &&
            CollectionRules.isNamedCompact(values.thresholds(), type, count + 1, bytes(), textLength, secondLength);
        if (OffHeap.NULL_REF == entry)
        {
            final boolean hasForm = isNamedCompact && textLength <= ElementString.INLINE_MAX &&
                secondLength <= ElementString.INLINE_MAX;
            final int formLength = hasForm ? writeForm(text, textLength, second, secondLength, score) : 0;
            if (hasForm &&
                CollectionRules.isCompact(type, count + 1, RdbLength.sizeOf(count + 1) + length + formLength))
            {
                return appendForm(text, textLength, formLength);
            }

            if (!grow())
            {
                return ValueBuilder.NO_MEMORY;
            }
        }

        final int result = isLoading
            ? values.loading().add(text, textLength, second, secondLength, score)
            : trees.put(type, head(), text, textLength, second, secondLength, score);
        count += HashTree.ADDED == result ? 1 : 0;
        return result(result);
    }

    /** Write the compact form of an element behind the others. @return its length. */
    private int writeForm(
        final long text, final long textLength, final long second, final long secondLength, final double score)
    {
        final long at = memory.address(block) + length;
        int formLength = ElementString.encode(at, text, (int)textLength);
        if (CollectionLayout.isHash(type))
        {
            formLength += Element.NO_DEADLINE == fieldDeadlineMs
                ? 0
                : Element.encodeDeadline(at + formLength, fieldDeadlineMs);
            formLength += ElementString.encode(at + formLength, second, (int)secondLength);
        }
        else if (CollectionLayout.SORTED_SET == type)
        {
            Memory.putLong(at + formLength, Double.doubleToRawLongBits(score));
            formLength += Element.SCORE_LENGTH;
        }

        return formLength;
    }

    private int appendForm(final long text, final long textLength, final int formLength)
    {
        final long elements = memory.address(block);
        if (CollectionLayout.LIST != type &&
            CollectionLayout.isAmong(CollectionLayout.kind(type), elements, count, elements + length))
        {
            return ValueBuilder.DUPLICATE;
        }

        if (CollectionLayout.SORTED_SET == type)
        {
            // Behind what the compact form may take there is room for one element more.
            scored.place(elements, length, text, textLength, formLength, elements + CollectionLayout.COMPACT_MAX);
        }

        length += formLength;
        count++;
        return ValueBuilder.OK;
    }

    /** The value has become too large for the compact form. */
    private boolean grow()
    {
        if (!beginLarge())
        {
            return false;
        }

        final int kind = CollectionLayout.kind(type);
        final long end = memory.address(block) + length;
        for (long at = memory.address(block); at < end; at = CollectionLayout.hop(kind, at, 1))
        {
            final int result = isLoading ? values.loading().add(at) : trees.add(type, head(), at);
            if (HashTree.ADDED != result)
            {
                return false;
            }
        }

        memory.free(block, MemoryTag.ENTRY);
        block = OffHeap.NULL_REF;
        return true;
    }

    private long bytes()
    {
        if (OffHeap.NULL_REF == entry)
        {
            return length;
        }

        return isLoading ? values.loading().bytes() : TreeHead.bytes(head());
    }

    private long head()
    {
        return CollectionLayout.head(value());
    }

    /** The value of the entry that is being filled. */
    private long value()
    {
        return Entry.value(memory.address(entry));
    }

    private static int result(final int put)
    {
        return switch (put)
        {
            case HashTree.ADDED -> ValueBuilder.OK;
            case HashTree.NO_MEMORY -> ValueBuilder.NO_MEMORY;
            default -> ValueBuilder.DUPLICATE;
        };
    }

    /** Publish, over what the key has; there is an element at least. @return as of a builder: else it is given up. */
    int commit()
    {
        Check.that(count > 0 && !hasFirst, "value that is empty or not whole: type, count", type, count);
        final int loaded = isLoading ? values.loading().finish() : HashTree.ADDED;
        if (HashTree.ADDED != loaded)
        {
            abort();
            return result(loaded);
        }

        isLoading = false;
        final int made = OffHeap.NULL_REF == entry ? makeCompact() : finishLarge();
        entry = OffHeap.NULL_REF;
        abort();
        return OffHeap.NULL_REF != made && keyspace.put(made) ? ValueBuilder.OK : ValueBuilder.NO_MEMORY;
    }

    private int finishLarge()
    {
        CollectionLayout.nameCompact(value(), isNamedCompact);
        return isPlainAfterAll() ? makePlain() : entry;
    }

    /** No field has had a deadline. */
    private boolean isPlainAfterAll()
    {
        return CollectionLayout.EXPIRING_HASH == type && !hasDeadlines;
    }

    private int makePlain()
    {
        final int expiring = entry;
        type = CollectionLayout.HASH;
        if (!makeLarge())
        {
            entries.discard(expiring);
            return OffHeap.NULL_REF;
        }

        ExpiringHashLayout.shareFields(
            Entry.value(memory.address(expiring)), value(), entries.nodes().pins().stamp());
        entries.discardHead(expiring);
        return entry;
    }

    private int makeCompact()
    {
        type = isPlainAfterAll() ? CollectionLayout.HASH : type;
        final int made = entries.allocate(
            keyAddress, keyLength, type, RdbLength.sizeOf(count) + (long)length, deadlineMs, clock);
        if (OffHeap.NULL_REF != made)
        {
            final long at = Entry.value(memory.address(made));
            Memory.copyDisjoint(memory.address(block), at + RdbLength.encode(at, count), length);
        }

        return made;
    }

    /** Give up what was begun. */
    void abort()
    {
        hasFirst = false;
        freeFirst();
        if (OffHeap.NULL_REF != block)
        {
            memory.free(block, MemoryTag.ENTRY);
            block = OffHeap.NULL_REF;
        }

        if (isLoading)
        {
            values.loading().abort();
            isLoading = false;
        }

        if (OffHeap.NULL_REF != entry)
        {
            entries.discard(entry);
            entry = OffHeap.NULL_REF;
        }
    }
}
