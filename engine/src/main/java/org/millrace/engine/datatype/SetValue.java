package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.HashScan;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.IntsetLayout;
import org.millrace.engine.value.Thresholds;

/**
 * The set of one key, whatever its encoding: integers in order ({@link Intset}), elements one behind the other, or a
 * tree in the order of hashes. It changes its encoding when Redis does: an intset takes the first member that is no
 * integer as a listpack or, where that would be too large, as a hashtable; both become hashtables when they grow beyond
 * their limits, and no set goes back.
 *
 * <p>{@link #open} or {@link #read} first; then it is that key's until the next. Writer thread, one object for all keys.
 */
public final class SetValue
{
    private final CollectionEditor editor;
    private final IntsetEditor intset;
    private final HashTree tree;
    private final Member member;
    private final ElementForm form;
    private final SetMember found;
    private final SetWalk walk;
    private final HashScan scan;
    private final Thresholds limits;

    SetValue(final Values values)
    {
        editor = new CollectionEditor(values);
        intset = new IntsetEditor(editor);
        tree = values.collectionTrees().members();
        member = values.own(new Member(values.trees()));
        form = values.own(new ElementForm());
        found = values.own(new SetMember(values.memory()));
        walk = values.own(new SetWalk(values.memory()));
        scan = new HashScan(values.trees());
        limits = values.thresholds();
    }

    /** The set of a key, to be changed. @param entry that the key has now, {@link Entry#NO_ENTRY} if none. @return this. */
    public SetValue open(final Keyspace keyspace, final long keyAddress, final int keyLength, final long entry)
    {
        editor.open(keyspace, keyAddress, keyLength, entry);
        return this;
    }

    /** The set of an entry, to be looked at. @return this. */
    public SetValue read(final long entry)
    {
        editor.read(entry);
        return this;
    }

    /** Entry of the key now; {@link Entry#NO_ENTRY} once the last member has gone. */
    public long entry()
    {
        return editor.entry();
    }

    /** Members; 0 if there is no entry. */
    public long size()
    {
        return Entry.NO_ENTRY == editor.entry() ? 0 : size(editor.entry());
    }

    /** Members of the set that an entry has. */
    public static long size(final long entry)
    {
        final long value = Entry.value(entry);
        return isIntset(entry) ? IntsetLayout.count(value) : CollectionLayout.count(value);
    }

    /** True if the set that an entry has is a tree, in which members are looked for by their hashes. */
    public static boolean isTree(final long entry)
    {
        return !isIntset(entry) && CollectionLayout.isLargeForm(Entry.value(entry));
    }

    private static boolean isIntset(final long entry)
    {
        return IntsetLayout.TYPE == Entry.type(entry);
    }

    private boolean isIntset()
    {
        return isIntset(editor.entry());
    }

    /** True if a text is a member. */
    public boolean contains(final long address, final long length)
    {
        if (Entry.NO_ENTRY == editor.entry())
        {
            return false;
        }

        if (isIntset())
        {
            return Decimal.isCanonical(address, length) &&
                Intset.find(editor.value(), Decimal.parse(address, length)) >= 0;
        }

        member.set(address, length);
        return HashTree.NONE != findElement();
    }

    /** True if a member of another set is one of this, which has members. */
    public boolean contains(final SetMember other)
    {
        if (isIntset() && other.isInteger())
        {
            return Intset.find(editor.value(), other.integer()) >= 0;
        }

        return contains(other.address(), other.length());
    }

    /** The element that is {@link #member}; of a set that is no intset. */
    private long findElement()
    {
        return editor.isLarge()
            ? tree.find(editor.head(), member)
            : CollectionLayout.find(CollectionLayout.SET, editor.value(), member);
    }

    /** The member of this number, of those from 0 to below {@link #size}: in an order that changes with the set. */
    public SetMember at(final long number)
    {
        final long value = editor.value();
        if (isIntset())
        {
            return found.number(IntsetLayout.number(value, number));
        }

        return found.string(editor.isLarge()
            ? tree.at(editor.head(), number)
            : CollectionLayout.at(CollectionLayout.SET, value, number));
    }

    /**
     * Members are about to be added: Redis takes what is asked for as what will be there.
     *
     * @param members to add, those included that may be there already.
     * @return false if memory ran out; nothing has changed.
     */
    public boolean expect(final long members)
    {
        if (isIntset())
        {
            return members <= limits.setIntset || leaveIntset(false);
        }

        return members <= limits.setEntries || editor.nameLarge();
    }

    /**
     * Make the key's set, with its first member.
     *
     * @param members that will be added, with this one: its encoding is chosen by that.
     * @return false if memory ran out; nothing has changed.
     */
    public boolean make(final long address, final long length, final long members)
    {
        if (Decimal.isCanonical(address, length) && members <= limits.setIntset)
        {
            return intset.make(Decimal.parse(address, length));
        }

        final boolean isNamedCompact = members <= limits.setEntries && length <= limits.setValue;
        if (isNamedCompact && !form.begin().string(address, length).isTooLong())
        {
            return editor.make(CollectionLayout.SET, form.address(), form.length(), 1);
        }

        return editor.makeLarge(CollectionLayout.SET, isNamedCompact) && fillFirst(address, length);
    }

    private boolean fillFirst(final long address, final long length)
    {
        member.set(address, length);
        if (HashTree.ADDED == tree.add(editor.head(), member))
        {
            return true;
        }

        editor.remove();
        return false;
    }

    /** {@link HashTree#ADDED}, {@link HashTree#NOTHING} if it was there, or {@link HashTree#NO_MEMORY}. */
    public int add(final long address, final long length)
    {
        if (isIntset())
        {
            if (Decimal.isCanonical(address, length))
            {
                return addNumber(Decimal.parse(address, length));
            }

            if (!leaveIntset(mayBeListpack(length)))
            {
                return HashTree.NO_MEMORY;
            }
        }

        member.set(address, length);
        return editor.isLarge() ? addLarge(length) : addCompact(length);
    }

    private int addCompact(final long length)
    {
        if (HashTree.NONE != findElement())
        {
            return HashTree.NOTHING;
        }

        final boolean isNamedCompact = editor.count() < limits.setEntries && length <= limits.setValue;
        if (isNamedCompact && !form.begin().member(member).isTooLong() && editor.fits(form.length()))
        {
            return editor.splice(editor.end(), 0, form.address(), form.length(), 1)
                ? HashTree.ADDED
                : HashTree.NO_MEMORY;
        }

        return editor.convert(isNamedCompact) ? addLarge(length) : HashTree.NO_MEMORY;
    }

    private int addLarge(final long length)
    {
        if (!editor.own())
        {
            return HashTree.NO_MEMORY;
        }

        final int result = tree.add(editor.head(), member);
        if (HashTree.ADDED == result && CollectionLayout.isNamedCompact(editor.value()) &&
            (editor.count() > limits.setEntries || length > limits.setValue))
        {
            CollectionLayout.nameCompact(editor.value(), false);
        }

        return result;
    }

    private int addNumber(final long number)
    {
        final long value = editor.value();
        final long place = Intset.find(value, number);
        if (place >= 0)
        {
            return HashTree.NOTHING;
        }

        final long count = IntsetLayout.count(value);
        final int width = Math.max(IntsetLayout.width(value), Intset.widthOf(number));
        if (!Intset.isAllowed(width, count + 1, limits.setIntset))
        {
            return leaveIntset(false) ? addNumberLarge(number) : HashTree.NO_MEMORY;
        }

        return intset.insert(number, -1 - place, width) ? HashTree.ADDED : HashTree.NO_MEMORY;
    }

    private int addNumberLarge(final long number)
    {
        found.number(number);
        member.set(found.address(), found.length());
        return addLarge(found.length());
    }

    /**
     * The integers become elements of another encoding.
     *
     * @param isNamedCompact whether that is a listpack by name.
     * @return false if memory ran out; nothing has changed.
     */
    private boolean leaveIntset(final boolean isNamedCompact)
    {
        final long value = editor.value();
        final long count = IntsetLayout.count(value);
        long length = RdbLength.sizeOf(count);
        for (long i = 0; i < count; i++)
        {
            length += number(value, i).length();
        }

        return isNamedCompact && length <= CollectionLayout.COMPACT_MAX
            ? becomeCompact(value, count, length)
            : becomeLarge(value, count, isNamedCompact);
    }

    /** An integer as an element. */
    private ElementForm number(final long value, final long index)
    {
        found.number(IntsetLayout.number(value, index));
        return form.begin().string(found.address(), found.length());
    }

    private boolean becomeCompact(final long value, final long count, final long length)
    {
        final long to = editor.rewrite(CollectionLayout.SET, length);
        if (0 == to)
        {
            return false;
        }

        long at = to + RdbLength.encode(to, count);
        for (long i = 0; i < count; i++)
        {
            Memory.copyDisjoint(number(value, i).address(), at, form.length());
            at += form.length();
        }

        return editor.publish();
    }

    private boolean becomeLarge(final long value, final long count, final boolean isNamedCompact)
    {
        final long to = editor.rewriteLarge(CollectionLayout.SET, isNamedCompact);
        if (0 == to)
        {
            return false;
        }

        for (long i = 0; i < count; i++)
        {
            found.number(IntsetLayout.number(value, i));
            member.set(found.address(), found.length());
            if (HashTree.ADDED != tree.add(CollectionLayout.head(to), member))
            {
                editor.discardLarge();
                return false;
            }
        }

        return editor.publish();
    }

    /** True if an intset becomes a listpack when a member of this length, which is no integer, is added. */
    private boolean mayBeListpack(final long length)
    {
        final long value = editor.value();
        final long count = IntsetLayout.count(value);
        final int longest = 0 == count
            ? 0
            : Math.max(
                Decimal.length(IntsetLayout.number(value, 0)), Decimal.length(IntsetLayout.number(value, count - 1)));
        return count < limits.setEntries && Math.max(length, longest) <= limits.setValue;
    }

    /** {@link HashTree#REMOVED}, {@link HashTree#NOTHING} or {@link HashTree#NO_MEMORY}; the key goes with its last. */
    public int remove(final long address, final long length)
    {
        if (isIntset())
        {
            return removeNumber(address, length);
        }

        member.set(address, length);
        return removeElement(findElement());
    }

    /**
     * See to it that {@link #remove} of a member, which is there, succeeds as the next change of the set, whatever becomes
     * of the memory until then; {@link #endClaim} follows.
     *
     * @return false if memory ran out: nothing has changed.
     */
    public boolean claim(final long address, final long length)
    {
        if (1 == size())
        {
            return true;
        }

        if (isIntset() || !editor.isLarge())
        {
            return editor.reserve();
        }

        member.set(address, length);
        return editor.own() &&
            HashTree.NONE != tree.own(editor.head(), member, tree.find(editor.head(), member));
    }

    /** See to it that {@link #remove} of all these members of a large set succeeds. @return false if memory ran out. */
    public boolean claim(final ArgVector members, final int from)
    {
        return isIntset() || editor.claim(tree, member, members, from);
    }

    /** The member has been removed, or is not to be. */
    public void endClaim()
    {
        editor.giveBackReserved();
    }

    private int removeNumber(final long address, final long length)
    {
        final long index = Decimal.isCanonical(address, length)
            ? Intset.find(editor.value(), Decimal.parse(address, length))
            : -1;
        return index < 0 ? HashTree.NOTHING : removeNumberAt(index);
    }

    private int removeNumberAt(final long index)
    {
        if (1 == size())
        {
            editor.remove();
            return HashTree.REMOVED;
        }

        return intset.remove(index) ? HashTree.REMOVED : HashTree.NO_MEMORY;
    }

    private int removeElement(final long element)
    {
        if (HashTree.NONE == element)
        {
            return HashTree.NOTHING;
        }

        if (1 == size())
        {
            editor.remove();
            return HashTree.REMOVED;
        }

        if (editor.isLarge())
        {
            return editor.own() ? tree.remove(editor.head(), member) : HashTree.NO_MEMORY;
        }

        return editor.splice(element, Element.length(element, 0), 0, 0, -1) ? HashTree.REMOVED : HashTree.NO_MEMORY;
    }

    /** Remove the member of a number as {@link #at} counts. {@link HashTree#REMOVED} or {@link HashTree#NO_MEMORY}. */
    public int removeAt(final long number)
    {
        Check.that(number >= 0 && number < size(), "no such member: number, size", number, size());
        if (isIntset())
        {
            return removeNumberAt(number);
        }

        if (editor.isLarge() && size() > 1)
        {
            return editor.own() ? tree.removeAt(editor.head(), number) : HashTree.NO_MEMORY;
        }

        return removeElement(at(number).at());
    }

    /**
     * Go to the members from a position of a scan on, {@link #nextScanned} gives them; a set that is no tree comes whole.
     *
     * @param position 0 or what the last step returned; an unsigned number.
     * @return the position behind them, 0 if that is the end.
     */
    public long scan(final long position)
    {
        if (editor.isLarge())
        {
            return scan.step(editor.head(), position);
        }

        walk.begin(editor.entry());
        return HashScan.START;
    }

    /** On to the next member of the step; false if there is none. */
    public boolean nextScanned()
    {
        if (!editor.isLarge())
        {
            return walk.next();
        }

        final long at = scan.next();
        if (HashTree.NONE == at)
        {
            return false;
        }

        walk.member().string(at);
        return true;
    }

    /** The member that the scan stands at. */
    public SetMember scanned()
    {
        return walk.member();
    }

    /**
     * Redis makes a set anew of the few members that are left once most of them were popped. So it may be a listpack
     * again, which no set becomes in another way. Without memory for that it stays as it is.
     */
    public void remake()
    {
        if (isIntset() || CollectionLayout.isNamedCompact(editor.value()) || !isListpackSized())
        {
            return;
        }

        if (editor.fitsCompact())
        {
            editor.convertToCompact();
        }
        else if (editor.own())
        {
            CollectionLayout.nameCompact(editor.value(), true);
        }
    }

    private boolean isListpackSized()
    {
        final long size = size();
        boolean isSmall = size <= limits.setEntries;
        for (long i = 0; i < size && isSmall; i++)
        {
            isSmall = ElementString.textLength(tree.at(editor.head(), i)) <= limits.setValue;
        }

        return isSmall;
    }
}
