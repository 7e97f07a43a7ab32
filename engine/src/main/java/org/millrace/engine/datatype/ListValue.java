package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.ListTree;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.value.CollectionLayout;

/**
 * One list, whichever form it has. Positions count from 0. What changes it says false if memory has run out; then nothing
 * has changed. Element addresses hold until something changes. Writer thread; one list at a time.
 *
 * <p>When OBJECT ENCODING calls it a quicklist, and when a listpack again, follows Redis: it grows by what is to come,
 * before anything is looked for, and shrinks at half of the limit.
 */
public final class ListValue implements AutoCloseable
{
    /** A position that no list has. */
    public static final long NOWHERE = -1;

    /** What {@link #removeSought} says if memory ran out: nothing has changed. */
    public static final long NO_MEMORY = -1;

    /** A large list becomes compact again once it could be with so many times its bytes and elements. */
    private static final int COMPACT_AGAIN = 2;

    private final Values values;
    private final CollectionEditor editor;
    private final ListTree tree;
    private final ElementForm element;
    private final SoughtText sought;
    private final ArgVector single = new ArgVector();

    /** Elements that come together. */
    private final long batch = Memory.reserve(CollectionLayout.COMPACT_MAX);
    private int batchLength;

    ListValue(final Values values)
    {
        this.values = values;
        editor = new CollectionEditor(values);
        tree = values.collectionTrees().items();
        element = values.own(new ElementForm());
        sought = values.own(new SoughtText(values.secondText()));
        values.own(this);
    }

    /** The list of a key, to be changed. @param entry that the key has now, a list, or 0 for none. @return this. */
    public ListValue open(final Keyspace keyspace, final long keyAddress, final int keyLength, final long entry)
    {
        editor.open(keyspace, keyAddress, keyLength, entry);
        return this;
    }

    /** A list only to be looked at. @return this. */
    public ListValue read(final long entry)
    {
        editor.read(entry);
        return this;
    }

    /** What the key has now; 0 if nothing. */
    public long entry()
    {
        return editor.entry();
    }

    /** Elements. */
    public long count()
    {
        return editor.count();
    }

    /** The element at a position that there is. */
    public long at(final long position)
    {
        return editor.isLarge()
            ? tree.at(editor.head(), position)
            : CollectionLayout.at(CollectionLayout.LIST, editor.value(), position);
    }

    /** The first element, or the last, of a list that has some. */
    public long end(final boolean isFirst)
    {
        if (editor.isLarge())
        {
            return isFirst ? tree.first(editor.head()) : tree.last(editor.head());
        }

        return at(isFirst ? 0 : editor.count() - 1);
    }

    // Search.

    /** Look for this text, by {@link #isSought}; it must stay where it is. @return this. */
    public ListValue seek(final long text, final long length)
    {
        sought.set(text, length);
        return this;
    }

    /** True if the element has the text that is sought. */
    public boolean isSought(final long at)
    {
        return sought.is(at);
    }

    /** Where the sought text stands first, from a position on; {@link #NOWHERE} if it does not. */
    public long find(final long from)
    {
        final ElementWalk walk = values.walk();
        walk.begin(editor.entry(), from);
        long position = from;
        for (long at = walk.next(); 0 != at; at = walk.next())
        {
            if (sought.is(at))
            {
                return position;
            }

            position++;
        }

        return NOWHERE;
    }

    /** Where the sought text stands last, before a position; {@link #NOWHERE} if it does not. */
    public long findLast(final long before)
    {
        final ElementWalk walk = values.walk();
        walk.begin(editor.entry(), before);
        long position = before;
        for (long at = walk.previous(); 0 != at; at = walk.previous())
        {
            position--;
            if (sought.is(at))
            {
                return position;
            }
        }

        return NOWHERE;
    }

    // Growth.

    /** Put a text before the first element or behind the last. It must not stand in a list. */
    public boolean push(final boolean isFirst, final long text, final int length)
    {
        single.clear();
        single.add(text, length);
        return push(isFirst, single, 0);
    }

    /** As the other, with all of these from an index on, one after the other. */
    public boolean push(final boolean isFirst, final ArgVector texts, final int from)
    {
        return push(isSmallWith(textBytes(texts, from), texts.count() - from), isFirst, texts, from);
    }

    private boolean push(final boolean isSmall, final boolean isFirst, final ArgVector texts, final int from)
    {
        if (isSmall && !editor.isLarge() && encode(isFirst, texts, from) && fits(batchLength, texts.count() - from))
        {
            final int count = texts.count() - from;
            return Entry.NO_ENTRY == editor.entry()
                ? editor.make(CollectionLayout.LIST, batch, batchLength, count)
                : editor.splice(compactEnd(isFirst), 0, batch, batchLength, count);
        }

        return beLarge(isSmall) && pushToTree(isFirst, texts, from);
    }

    /** Take the first element and put it behind the last, or the other way round. */
    public boolean rotate(final boolean isFirst)
    {
        final long at = end(isFirst);
        final ElementText text = values.secondText();
        text.set(at);
        // It counts as taken out already when it is put in.
        final boolean isSmall = isSmallWith(text.length() - ListpackSize.of(at), 0);
        return isSmall && !editor.isLarge() ? rotateCompact(isFirst, at) : rotateLarge(isSmall, isFirst, text);
    }

    /** The same bytes in another order. */
    private boolean rotateCompact(final boolean isFirst, final long at)
    {
        final long first = CollectionLayout.first(editor.value());
        final int length = ElementString.length(at);
        batchLength = (int)(editor.end() - first);
        final int rest = batchLength - length;
        Memory.copyDisjoint(at, isFirst ? batch + rest : batch, length);
        Memory.copyDisjoint(isFirst ? first + length : first, isFirst ? batch : batch + length, rest);
        return editor.splice(first, batchLength, batch, batchLength, 0);
    }

    private boolean rotateLarge(final boolean isSmall, final boolean isFirst, final ElementText text)
    {
        long address = text.address();
        if (text.length() <= ElementString.INLINE_MAX)
        {
            // It may stand in the entry that is about to change.
            address = element.address();
            Memory.copy(text.address(), address, text.length());
        }

        single.clear();
        single.add(address, (int)text.length());
        if (!beLarge(isSmall) || !claimEnd(isFirst) || !pushToTree(!isFirst, single, 0))
        {
            return false;
        }

        removeClaimed(isFirst);
        return true;
    }

    private static long textBytes(final ArgVector texts, final int from)
    {
        long bytes = 0;
        for (int i = from; i < texts.count(); i++)
        {
            bytes += texts.length(i);
        }

        return bytes;
    }

    /** Put them together as they are to stand in a compact list; false if they cannot. */
    private boolean encode(final boolean isFirst, final ArgVector texts, final int from)
    {
        batchLength = 0;
        for (int i = from; i < texts.count(); i++)
        {
            final int index = isFirst ? texts.count() - 1 - (i - from) : i;
            final int length = texts.length(index);
            if (length > ElementString.INLINE_MAX ||
                batchLength + ElementString.LENGTH_MAX > CollectionLayout.COMPACT_MAX)
            {
                return false;
            }

            batchLength += ElementString.encode(batch + batchLength, texts.address(index), length);
        }

        return true;
    }

    /** True if a compact list, or one that is to be made, is one with so much more. */
    private boolean fits(final int bytes, final int elements)
    {
        final long count = editor.count() + elements;
        final long present = 0 == editor.value() ? 0 : bytes();
        return CollectionRules.isCompact(CollectionLayout.LIST, count, RdbLength.sizeOf(count) + present + bytes);
    }

    private long compactEnd(final boolean isFirst)
    {
        return isFirst
            ? CollectionLayout.first(editor.value())
            : editor.end();
    }

    private boolean pushToTree(final boolean isFirst, final ArgVector texts, final int from)
    {
        final long head = editor.head();
        for (int i = from; i < texts.count(); i++)
        {
            final boolean isPushed = isFirst
                ? tree.pushFirst(head, texts.address(i), texts.length(i))
                : tree.pushLast(head, texts.address(i), texts.length(i));
            if (!isPushed)
            {
                takeBack(head, isFirst, i - from);
                return false;
            }
        }

        return true;
    }

    /** What has just been put into leaves of its own goes without memory. */
    private void takeBack(final long head, final boolean isFirst, final int count)
    {
        if (count == editor.count())
        {
            editor.remove();
            return;
        }

        for (int i = 0; i < count; i++)
        {
            removeEnd(head, isFirst);
        }
    }

    private boolean removeEnd(final long head, final boolean isFirst)
    {
        return isFirst ? tree.removeFirst(head) : tree.removeLast(head);
    }

    /** Put a text before the element at a position, or behind the last. The list is there. */
    public boolean insert(final long position, final long text, final int length)
    {
        final boolean isSmall = isSmallWith(length, 1);
        if (isSmall && !editor.isLarge() && encodeOne(text, length) && fits(element.length(), 1))
        {
            return editor.splice(at(position), 0, element.address(), element.length(), 1);
        }

        return beLarge(isSmall) && tree.insert(editor.head(), position, text, length);
    }

    /** Put a text in the place of the element at a position. */
    public boolean set(final long position, final long text, final int length)
    {
        final boolean isSmall = isSmallWith(length, 1);
        if (isSmall && !editor.isLarge() && encodeOne(text, length))
        {
            final long at = at(position);
            final int oldLength = ElementString.length(at);
            if (fits(element.length() - oldLength, 0))
            {
                return editor.splice(at, oldLength, element.address(), element.length(), 0);
            }
        }

        if (!beLarge(isSmall) || !tree.set(editor.head(), position, text, length))
        {
            return false;
        }

        shrink();
        return true;
    }

    private boolean encodeOne(final long text, final int length)
    {
        return !element.begin().string(text, length).isTooLong();
    }

    /** Make it a large one that may be changed. */
    private boolean beLarge(final boolean isSmall)
    {
        if (Entry.NO_ENTRY == editor.entry())
        {
            return editor.makeLarge(CollectionLayout.LIST, isSmall);
        }

        return (editor.isLarge() || editor.convert(isSmall)) && editor.own() && (isSmall || editor.nameLarge());
    }

    // Its name.

    /** True if Redis would still call it small before it adds so many texts of so many bytes. */
    private boolean isSmallWith(final long textBytes, final int texts)
    {
        final int limit = values.thresholds().listSize;
        final long bytesMax = ListpackSize.bytesMax(limit) - textBytes;
        final long count = count();
        if (count + texts > ListpackSize.countMax(limit))
        {
            return false;
        }

        if (0 == count)
        {
            return ListpackSize.EMPTY <= bytesMax;
        }

        if (!editor.isNamedCompact())
        {
            return false;
        }

        return ListpackSize.atMost(bytes(), count) <= bytesMax || measure(bytesMax) <= bytesMax;
    }

    /** Bytes of the elements, as they go out. */
    private long bytes()
    {
        return editor.isLarge()
            ? TreeHead.bytes(editor.head())
            : editor.end() - CollectionLayout.first(editor.value());
    }

    /** Bytes that it takes in a listpack, looked at until there are more than that. */
    private long measure(final long bytesMax)
    {
        final ElementWalk walk = values.walk();
        walk.begin(editor.entry());
        long bytes = ListpackSize.EMPTY;
        for (long at = walk.next(); 0 != at && bytes <= bytesMax; at = walk.next())
        {
            bytes += ListpackSize.of(at);
        }

        return bytes;
    }

    /** Something was taken out of a large one: it may be small again, by its name and by its form. */
    private void shrink()
    {
        if (!editor.isLarge())
        {
            return;
        }

        final long bytes = TreeHead.bytes(editor.head());
        if (!editor.isNamedCompact())
        {
            final int limit = values.thresholds().listSize;
            final long count = editor.count();
            if (count > ListpackSize.countMax(limit) / 2 ||
                ListpackSize.about(bytes, count) > ListpackSize.bytesMax(limit) / 2)
            {
                return;
            }

            CollectionLayout.nameCompact(editor.value(), true);
        }

        if (!TreeHead.mayRefer(editor.head()) &&
            CollectionRules.isCompact(CollectionLayout.LIST, COMPACT_AGAIN * editor.count(), COMPACT_AGAIN * bytes))
        {
            // It stays as it is if there is no memory for that.
            editor.convertToCompact();
        }
    }

    // Removal.

    /** Take out so many elements from a position on; the key goes with the last one. */
    public boolean remove(final long position, final long elements)
    {
        if (0 == elements)
        {
            return true;
        }

        if (elements == editor.count())
        {
            editor.remove();
            return true;
        }

        if (!editor.isLarge())
        {
            final long at = at(position);
            final long end = CollectionLayout.hop(CollectionLayout.kind(CollectionLayout.LIST), at, elements);
            return editor.splice(at, (int)(end - at), 0, 0, (int)-elements);
        }

        if (!editor.own() || !tree.removeRange(editor.head(), position, position + elements))
        {
            return false;
        }

        shrink();
        return true;
    }

    /**
     * See to it that {@link #removeClaimed} succeeds as the next change of the list, or behind elements that are pushed to
     * a large one, whatever becomes of the memory until then; {@link #endClaim} follows.
     *
     * @return false if memory ran out: nothing has changed.
     */
    public boolean claimEnd(final boolean isFirst)
    {
        if (1 == editor.count())
        {
            return true;
        }

        return editor.isLarge()
            ? editor.own() && tree.own(editor.head(), isFirst ? 0 : editor.count() - 1)
            : editor.reserve();
    }

    /** Take out the first element, or the last one, which was claimed. */
    public void removeClaimed(final boolean isFirst)
    {
        final boolean isRemoved = removeEnd(isFirst, 1);
        Check.that(isRemoved, "claimed element has no memory to go: elements, form", editor.count(),
            editor.isLarge() ? 1 : 0);
    }

    /** What was claimed is not to be removed any more. */
    public void endClaim()
    {
        editor.giveBackReserved();
    }

    /** Take out the first elements, or the last ones. */
    public boolean removeEnd(final boolean isFirst, final long elements)
    {
        if (1 == elements && editor.isLarge() && editor.count() > 1)
        {
            // What pops do: the way to an end needs no counts.
            if (!editor.own() || !removeEnd(editor.head(), isFirst))
            {
                return false;
            }

            shrink();
            return true;
        }

        return remove(isFirst ? 0 : editor.count() - elements, elements);
    }

    /** Take out so many elements at the beginning, and so many at the end; the key goes with the last one. */
    public boolean trim(final long left, final long right)
    {
        final long count = editor.count();
        if (0 == left || 0 == right || left + right == count)
        {
            return remove(0 == left ? count - right : 0, left + right);
        }

        if (!editor.isLarge())
        {
            return trimCompact(left, count - right);
        }

        if (!editor.own() || !tree.keepRange(editor.head(), left, count - right))
        {
            return false;
        }

        shrink();
        return true;
    }

    private boolean trimCompact(final long from, final long to)
    {
        final long first = CollectionLayout.first(editor.value());
        final long kept = at(from);
        batchLength = (int)(at(to) - kept);
        Memory.copyDisjoint(kept, batch, batchLength);
        return editor.splice(
            first, (int)(editor.end() - first), batch, batchLength, (int)(to - from - editor.count()));
    }

    /**
     * Take out elements that have the sought text.
     *
     * @param isFromEnd the last of them, else the first.
     * @param most so many at most.
     * @return how many, or {@link #NO_MEMORY}.
     */
    public long removeSought(final boolean isFromEnd, final long most)
    {
        return editor.isLarge() ? removeFromLarge(isFromEnd, most) : removeFromCompact(isFromEnd, most);
    }

    private long removeFromLarge(final boolean isFromEnd, final long most)
    {
        long removed = 0;
        long position = isFromEnd ? findLast(editor.count()) : find(0);
        if (NOWHERE == position)
        {
            return 0;
        }

        if (!editor.own() || values.isPinned() && !claimSought(isFromEnd, most, position))
        {
            return NO_MEMORY;
        }

        while (NOWHERE != position && removed < most)
        {
            if (1 == editor.count())
            {
                editor.remove();
                return removed + 1;
            }

            final boolean isRemoved = tree.remove(editor.head(), position);
            Check.that(isRemoved, "element of an owned leaf has no memory to go: position, count", position,
                editor.count());
            removed++;
            position = isFromEnd ? findLast(position) : find(position);
        }

        if (removed > 0)
        {
            shrink();
        }

        return removed;
    }

    /** Where no pin knows the leaves that elements are taken from, that needs no memory. */
    private boolean claimSought(final boolean isFromEnd, final long most, final long first)
    {
        long position = first;
        for (long claimed = 0; NOWHERE != position && claimed < most; claimed++)
        {
            if (!tree.own(editor.head(), position))
            {
                return false;
            }

            position = isFromEnd ? findLast(position) : find(position + 1);
        }

        return true;
    }

    private long removeFromCompact(final boolean isFromEnd, final long most)
    {
        final long found = countSought();
        final long removed = Math.min(found, most);
        if (0 == removed || removed == editor.count())
        {
            return remove(0, removed) ? removed : NO_MEMORY;
        }

        final long first = CollectionLayout.first(editor.value());
        final long length = keepOthers(isFromEnd ? found - removed : 0, removed);
        return editor.splice(first, (int)length, batch, batchLength, (int)-removed) ? removed : NO_MEMORY;
    }

    private long countSought()
    {
        final ElementWalk walk = values.walk();
        walk.begin(editor.entry());
        long found = 0;
        for (long at = walk.next(); 0 != at; at = walk.next())
        {
            found += sought.is(at) ? 1 : 0;
        }

        return found;
    }

    /** Put together what stays if of those sought so many stay and so many then go. @return bytes of all. */
    private long keepOthers(final long spared, final long removed)
    {
        final ElementWalk walk = values.walk();
        walk.begin(editor.entry());
        batchLength = 0;
        long found = 0;
        long bytes = 0;
        for (long at = walk.next(); 0 != at; at = walk.next())
        {
            final int length = ElementString.length(at);
            bytes += length;
            final boolean isSought = sought.is(at);
            found += isSought ? 1 : 0;
            if (!isSought || found <= spared || found > spared + removed)
            {
                Memory.copyDisjoint(at, batch + batchLength, length);
                batchLength += length;
            }
        }

        return bytes;
    }

    @Override
    public void close()
    {
        Memory.release(batch);
    }
}
