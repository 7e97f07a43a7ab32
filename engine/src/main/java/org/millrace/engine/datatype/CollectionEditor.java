package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.Pins;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ExpiringHashLayout;
import org.millrace.engine.value.ValueLayout;

/**
 * Changes the collection of one key, whatever its type: what the types' own classes stand on. {@link #open} a key, then
 * ask and change; {@link #entry} is what the key has by then.
 *
 * <p>A compact value is changed by {@link #splice}: in place while nobody but the writer can see its entry and the block
 * has room, else another entry takes its place. A large one is changed through its trees once its head is the writer's,
 * {@link #own}: where a cut or a view knows the head, another entry takes it over; foreign readers go by its sequence.
 *
 * <p>Where a method says whether it has done something, false is for want of memory: then nothing has changed. Whatever
 * changes an entry may put another in its place, so addresses into it hold only until then. Writer thread.
 */
public final class CollectionEditor
{
    private static final int NO_CLOCK = 0;

    /** An entry that uses less than so many eighths of its block gets a shorter one. */
    private static final int SPARSE_EIGHTHS = 5;

    private final OffHeap memory;
    private final EntryStore entries;
    private final CollectionTrees trees;
    private final Pins pins;

    private Keyspace keyspace;
    private long keyAddress;
    private int keyLength;
    private long entry;
    private long value;
    private boolean isLarge;
    private boolean isExpiring;

    /** Behind the last element of a compact value, 0 if that is not known yet. */
    private long end;

    /** Bytes that are expected to come into a compact value: where its block is made anew it gets room for them. */
    private int expected;

    /** An entry of the writer's own making that is to be published, or {@link OffHeap#NULL_REF}. */
    private int ref = OffHeap.NULL_REF;

    /** An entry like the present one that is kept for a change that must not fail, or {@link OffHeap#NULL_REF}. */
    private int reserved = OffHeap.NULL_REF;

    CollectionEditor(final Values values)
    {
        memory = values.memory();
        entries = values.data().entries();
        trees = values.collectionTrees();
        pins = entries.nodes().pins();
    }

    /**
     * The key that is asked about and changed from now on; its name stays where it is meanwhile.
     *
     * @param keyEntry that it has now, or {@link Entry#NO_ENTRY}.
     */
    void open(final Keyspace keyspace, final long keyAddress, final int keyLength, final long keyEntry)
    {
        this.keyspace = keyspace;
        this.keyAddress = keyAddress;
        this.keyLength = keyLength;
        expected = 0;
        take(keyEntry);
    }

    /** So many bytes of elements are about to come, at most: each of them then finds room where the first was put. */
    void expect(final long bytes)
    {
        expected = (int)Math.min(bytes, CollectionLayout.COMPACT_MAX);
    }

    /** Bytes of room for what is still expected once so many of them have come. */
    private int roomBehind(final int come)
    {
        expected = Math.max(0, expected - come);
        return expected;
    }

    /** An entry that is only looked at from now on. */
    void read(final long keyEntry)
    {
        keyspace = null;
        take(keyEntry);
    }

    private void take(final long newEntry)
    {
        entry = newEntry;
        end = 0;
        value = Entry.NO_ENTRY == newEntry ? 0 : Entry.value(newEntry);
        isLarge = 0 != value && CollectionLayout.isLargeForm(value);
        isExpiring = 0 != value && Entry.isExpiringHash(entry);
    }

    /** The entry that the key has now, or {@link Entry#NO_ENTRY}. */
    long entry()
    {
        return entry;
    }

    /** What lies behind its key; 0 without an entry. */
    long value()
    {
        return value;
    }

    int type()
    {
        return Entry.type(entry);
    }

    boolean isLarge()
    {
        return isLarge;
    }

    /** True of a hash that has fields with a deadline. */
    boolean isExpiring()
    {
        return isExpiring;
    }

    /** Head of the tree of a large value, or of the two of a sorted set or an expiring hash. */
    long head()
    {
        return CollectionLayout.head(value);
    }

    /** Elements; 0 without an entry. */
    long count()
    {
        return 0 == value ? 0 : CollectionLayout.count(value);
    }

    /** True if OBJECT ENCODING calls it, or would call it, by the name of a small one. */
    boolean isNamedCompact()
    {
        return 0 == value || CollectionLayout.isNamedCompact(value);
    }

    /** Of a compact value, or none, the element with this first string; or {@link HashTree#NONE}. */
    long find(final Member member)
    {
        if (0 == value)
        {
            return HashTree.NONE;
        }

        final int kind = CollectionLayout.kind(type());
        final long found = CollectionLayout.seek(kind, CollectionLayout.first(value), RdbLength.decode(value), member);
        end = found < HashTree.NONE ? -found : end;
        return Math.max(HashTree.NONE, found);
    }

    /** Behind the last element of a compact value. */
    long end()
    {
        end = 0 == end ? CollectionLayout.end(type(), value) : end;
        return end;
    }

    /** True if a compact value, or one that is to be made, with so many bytes more is still one. */
    boolean fits(final int more)
    {
        // The count may take a byte more.
        return (0 == value ? 1 : end() - value) + more < CollectionLayout.COMPACT_MAX;
    }

    /** Give a key that has no entry a compact value of these elements; no deadline. */
    boolean make(final int type, final long elements, final int length, final long count)
    {
        final int made = entries.allocate(
            keyAddress,
            keyLength,
            type,
            RdbLength.sizeOf(count) + (long)length + roomBehind(length),
            Entry.NO_DEADLINE,
            NO_CLOCK);
        if (OffHeap.NULL_REF == made)
        {
            return false;
        }

        final long at = Entry.value(memory.address(made));
        Memory.copyDisjoint(elements, at + RdbLength.encode(at, count), length);
        return put(made);
    }

    /** Give a key that has no entry a large value without elements, which are to follow, or {@link #remove}. */
    boolean makeLarge(final int type, final boolean isNamedCompact)
    {
        final int made = allocateLarge(keyAddress, keyLength, type, Entry.NO_DEADLINE, NO_CLOCK, isNamedCompact);
        return OffHeap.NULL_REF != made && put(made);
    }

    private int allocateLarge(
        final long address,
        final int length,
        final int type,
        final long deadlineMs,
        final int clock,
        final boolean isNamedCompact)
    {
        final long offset = EntryStore.offsetOfValue(length, deadlineMs);
        final int made = entries.allocate(
            address, length, type, CollectionLayout.largeLength(type, offset), deadlineMs, clock);
        if (OffHeap.NULL_REF != made)
        {
            CollectionLayout.initLarge(type, memory.address(made) + offset, isNamedCompact, pins.stamp());
        }

        return made;
    }

    private boolean put(final int made)
    {
        if (!keyspace.put(made))
        {
            return false;
        }

        take(memory.address(made));
        return true;
    }

    /** The access clock of the entry, where a new one was made. */
    void clock(final int clock)
    {
        keyspace.touch(entry, clock);
    }

    /** The key goes, with its value. */
    void remove()
    {
        keyspace.remove(Entry.keyAddress(entry), Entry.keyLength(entry));
        take(Entry.NO_ENTRY);
    }

    /**
     * Replace bytes of a compact value, which still {@link #fits} then.
     *
     * @param at where they begin: an element, a part of one, or the {@link #end}.
     * @param oldLength bytes that go.
     * @param source bytes that come; not in this entry.
     * @param countDelta elements that come, less those that go.
     */
    boolean splice(final long at, final int oldLength, final long source, final int newLength, final int countDelta)
    {
        if (newLength == oldLength && 0 == countDelta && !entries.mayBeSeen())
        {
            Memory.copyDisjoint(source, at, newLength);
            return true;
        }

        final long count = RdbLength.decode(value) + countDelta;
        final int shift = RdbLength.sizeOf(count) - RdbLength.encodedLength(value);
        final long length = end() - value + shift + newLength - oldLength;
        Check.that(length <= CollectionLayout.COMPACT_MAX, "compact value too long: length, max", length,
            CollectionLayout.COMPACT_MAX);
        if (entries.mayBeSeen())
        {
            return spliceCopy(at, oldLength, source, newLength, count, length);
        }

        final int present = keyspace.ref(entry);
        final long needed = value - entry + length;
        final long room = memory.capacity(present);
        final boolean hasRoom = needed <= room;
        final boolean isSparse = newLength < oldLength && needed * 8 < room * SPARSE_EIGHTHS;
        if ((!hasRoom || isSparse) && spliceCopy(at, oldLength, source, newLength, count, length))
        {
            return true;
        }

        if (hasRoom)
        {
            memory.extend(present, needed);
            spliceInPlace(at, oldLength, source, newLength, count, shift);
        }

        return hasRoom;
    }

    private void spliceInPlace(
        final long at, final int oldLength, final long source, final int newLength, final long count, final int shift)
    {
        final long first = CollectionLayout.first(value);
        final long behind = at + oldLength;
        final long rest = end - behind;
        if (shift < 0)
        {
            Memory.copy(first, first + shift, at - first);
        }

        if (shift + newLength != oldLength)
        {
            Memory.copy(behind, at + shift + newLength, rest);
        }

        if (shift > 0)
        {
            Memory.copy(first, first + shift, at - first);
        }

        RdbLength.encode(value, count);
        Memory.copyDisjoint(source, at + shift, newLength);
        end += shift + newLength - oldLength;
    }

    private boolean spliceCopy(
        final long at, final int oldLength, final long source, final int newLength, final long count, final long length)
    {
        final int made = allocateLike(type(), length + roomBehind(newLength));
        if (OffHeap.NULL_REF == made)
        {
            return false;
        }

        final long first = CollectionLayout.first(value);
        final long behind = at + oldLength;
        final long target = Entry.value(memory.address(made));
        long to = target + RdbLength.encode(target, count);
        Memory.copyDisjoint(first, to, at - first);
        to += at - first;
        Memory.copyDisjoint(source, to, newLength);
        to += newLength;
        Memory.copyDisjoint(behind, to, end - behind);
        to += end - behind;
        final boolean isPut = put(made);
        end = isPut ? to : end;
        return isPut;
    }

    /** An entry with the present one's key, deadline and clock. */
    private int allocateLike(final int type, final long headLength)
    {
        if (OffHeap.NULL_REF != reserved)
        {
            final int made = reserved;
            reserved = OffHeap.NULL_REF;
            return made;
        }

        return entries.allocate(Entry.keyAddress(entry), Entry.keyLength(entry), type, headLength,
            Entry.deadlineMs(entry), Entry.clock(entry));
    }

    /** The head of a large value may be changed from here on, until the handler returns. */
    boolean own()
    {
        if (pins.mayChange(TreeHead.generation(head())))
        {
            return true;
        }

        final long other = keyspace.withDeadline(entry, Entry.deadlineMs(entry));
        if (Entry.NO_ENTRY == other)
        {
            return false;
        }

        take(other);
        return true;
    }

    /**
     * See to it that these members, or fields, of a large value can be taken out of its tree without memory. Nothing is
     * done for a compact one, nor for a single member, which goes or does not.
     *
     * @param tree in the order of hashes, the first of its trees.
     * @param member for the call's own use.
     * @param from index of the first text.
     */
    boolean claim(final HashTree tree, final Member member, final ArgVector texts, final int from)
    {
        if (!isLarge || 0 == pins.youngest() || texts.count() - from < 2)
        {
            return true;
        }

        boolean isClaimed = own();
        for (int i = from; i < texts.count() && isClaimed; i++)
        {
            member.set(texts.address(i), texts.length(i));
            final long element = tree.find(head(), member);
            isClaimed = HashTree.NONE == element || HashTree.NONE != tree.own(head(), member, element);
        }

        return isClaimed;
    }

    /** Turn a compact value into a large one. */
    boolean convert(final boolean isNamedCompact)
    {
        final int type = type();
        final long to = rewriteLarge(type, isNamedCompact);
        if (0 == to)
        {
            return false;
        }

        final long newHead = CollectionLayout.head(to);
        final long last = end();
        final int kind = CollectionLayout.kind(type);
        for (long at = CollectionLayout.first(value); at < last; at = CollectionLayout.hop(kind, at, 1))
        {
            final int result = trees.add(type, newHead, at);
            if (HashTree.NO_MEMORY == result)
            {
                discardLarge();
                return false;
            }

            Check.that(HashTree.ADDED == result, "compact value with an element twice: type, count", type, count());
        }

        return publish();
    }

    /** Make a hash one of the other type: with deadlines, of which it gets the first then, or without, where it has none. */
    boolean retype(final int type)
    {
        return isLarge ? retypeLarge(type) : retypeCompact(type);
    }

    private boolean retypeCompact(final int type)
    {
        final long length = end() - value;
        final int made = allocateLike(type, length);
        if (OffHeap.NULL_REF == made)
        {
            return false;
        }

        Memory.copyDisjoint(value, Entry.value(memory.address(made)), length);
        return put(made);
    }

    private boolean retypeLarge(final int type)
    {
        final int made = allocateLarge(Entry.keyAddress(entry), Entry.keyLength(entry), type, Entry.deadlineMs(entry),
            Entry.clock(entry), isNamedCompact());
        if (OffHeap.NULL_REF == made)
        {
            return false;
        }

        ExpiringHashLayout.shareFields(value, Entry.value(memory.address(made)), pins.stamp());
        if (!keyspace.putSharing(made))
        {
            ExpiringHashLayout.takeBackFields(value);
            return false;
        }

        take(memory.address(made));
        return true;
    }

    /** A field of an expiring hash has got this deadline. */
    void due(final long deadlineMs)
    {
        keyspace.due(entry, deadlineMs);
    }

    /** Turn a large value into a compact one, if {@link #fitsCompact}. */
    boolean convertToCompact()
    {
        Check.that(fitsCompact(), "value too long for the compact form: count, max", count(),
            CollectionLayout.COMPACT_MAX);
        final int type = type();
        final long shown = CollectionLayout.shownHead(type, value);
        final long count = TreeHead.count(shown);
        final int made = allocateLike(type, RdbLength.sizeOf(count) + TreeHead.bytes(shown));
        if (OffHeap.NULL_REF == made)
        {
            return false;
        }

        final long target = Entry.value(memory.address(made));
        trees.copyElements(shown, target + RdbLength.encode(target, count));
        return put(made);
    }

    /** True if a large value, as it is now, could be a compact one. */
    boolean fitsCompact()
    {
        final long shown = CollectionLayout.shownHead(type(), value);
        return TreeHead.bytes(shown) + RdbLength.sizeOf(TreeHead.count(shown)) <= CollectionLayout.COMPACT_MAX &&
            !TreeHead.mayRefer(shown);
    }

    /** Call a value by the name of a large one from now on, whatever its form will be. */
    boolean nameLarge()
    {
        if (!isLarge)
        {
            return convert(false);
        }

        if (isNamedCompact())
        {
            if (!own())
            {
                return false;
            }

            CollectionLayout.nameCompact(value, false);
        }

        return true;
    }

    /**
     * True if the entry may be changed in place by whoever knows its layout, so that its value takes {@code newLength}
     * bytes; else {@link #rewrite}.
     */
    boolean mayChangeInPlace(final long newLength)
    {
        return mayChangeInPlace(newLength, SPARSE_EIGHTHS);
    }

    /** As {@link #mayChangeInPlace}, however little of the block the value then takes: for want of a shorter one. */
    boolean canChangeInPlace(final long newLength)
    {
        return mayChangeInPlace(newLength, 0);
    }

    private boolean mayChangeInPlace(final long newLength, final int leastEighths)
    {
        if (entries.mayBeSeen())
        {
            return false;
        }

        final int present = keyspace.ref(entry);
        final long needed = value - entry + newLength;
        final long room = memory.capacity(present);
        if (needed > room || needed * 8 < room * leastEighths)
        {
            return false;
        }

        memory.extend(present, needed);
        return true;
    }

    /**
     * See to it that something can be taken out of a value that is no tree, the next change of it, whatever becomes of
     * the memory until then; {@link #giveBackReserved} follows.
     */
    boolean reserve()
    {
        if (entries.mayBeSeen())
        {
            reserved = allocateLike(type(), ValueLayout.of(type()).headLength(value));
            return OffHeap.NULL_REF != reserved;
        }

        return true;
    }

    /** It has been taken out, or is not to be. */
    void giveBackReserved()
    {
        if (OffHeap.NULL_REF != reserved)
        {
            memory.free(reserved, MemoryTag.ENTRY);
            reserved = OffHeap.NULL_REF;
        }
    }

    /**
     * Begin another value of a length for the key, with the present one's deadline and clock; {@link #publish} follows.
     *
     * @return where it is to be written, or 0 if memory ran out.
     */
    long rewrite(final int type, final long length)
    {
        Check.that(OffHeap.NULL_REF == ref, "value begun while one is open: type, length", type, length);
        ref = Entry.NO_ENTRY == entry
            ? entries.allocate(keyAddress, keyLength, type, length, Entry.NO_DEADLINE, NO_CLOCK)
            : allocateLike(type, length);
        return OffHeap.NULL_REF == ref ? 0 : Entry.value(memory.address(ref));
    }

    /**
     * As {@link #rewrite}, a large value without elements, which are to be put into its tree before it is published.
     *
     * @return where it lies, or 0 if memory ran out.
     */
    long rewriteLarge(final int type, final boolean isNamedCompact)
    {
        Check.that(OffHeap.NULL_REF == ref, "value begun while one is open: type, entry", type, entry);
        ref = allocateLarge(Entry.keyAddress(entry), Entry.keyLength(entry), type, Entry.deadlineMs(entry),
            Entry.clock(entry), isNamedCompact);
        return OffHeap.NULL_REF == ref ? 0 : Entry.value(memory.address(ref));
    }

    /** Put what was written since {@link #rewrite} in the place of the present value. */
    boolean publish()
    {
        final int made = ref;
        ref = OffHeap.NULL_REF;
        return put(made);
    }

    /** What was begun with {@link #rewriteLarge} is not wanted. */
    void discardLarge()
    {
        entries.discard(ref);
        ref = OffHeap.NULL_REF;
    }
}
