package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.ExpiringFields;
import org.millrace.engine.tree.HashScan;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ExpiringHashLayout;
import org.millrace.engine.value.Thresholds;

/**
 * The hash of one key, in either form: {@link #open} it, or {@link #read} one, then ask and change. An element is a field
 * and its value, told by its address, which holds until something changes. Writer thread.
 */
public final class HashValue
{
    private static final int TYPE = CollectionLayout.HASH;

    private final CollectionEditor editor;
    private final HashTree tree;
    private final ExpiringFields expiring;
    private final HashScan scan;
    private final Member field;
    private final ElementForm form;
    private final Values values;

    /** Deadline that the field which is put has afterwards. */
    private long newDeadlineMs = Element.NO_DEADLINE;

    HashValue(final Values values)
    {
        this.values = values;
        editor = new CollectionEditor(values);
        tree = values.collectionTrees().fields();
        expiring = values.collectionTrees().expiring();
        scan = new HashScan(values.trees());
        field = values.own(new Member(values.trees()));
        form = values.own(new ElementForm());
    }

    /**
     * The key whose hash is asked about and changed from now on; its name stays where it is meanwhile.
     *
     * @param entry that the key has: a hash, or {@link Entry#NO_ENTRY}.
     * @return this.
     */
    public HashValue open(final Keyspace keyspace, final long keyAddress, final int keyLength, final long entry)
    {
        editor.open(keyspace, keyAddress, keyLength, entry);
        return this;
    }

    /** A hash that is only looked at from now on; or none, with {@link Entry#NO_ENTRY}. @return this. */
    public HashValue read(final long entry)
    {
        editor.read(entry);
        return this;
    }

    /** The entry that the key has by now; {@link Entry#NO_ENTRY} if it has none. */
    public long entry()
    {
        return editor.entry();
    }

    /** Fields; 0 without an entry. */
    public long size()
    {
        return editor.count();
    }

    /** The element of a field, or {@link HashTree#NONE}. */
    public long find(final long address, final long length)
    {
        field.set(address, length);
        return find();
    }

    private long find()
    {
        return editor.isLarge() ? tree().find(editor.head(), field) : editor.find(field);
    }

    /** The tree of fields of a large hash of its type. */
    private HashTree tree()
    {
        return editor.isExpiring() ? expiring.fields() : tree;
    }

    /** True if there are fields with a deadline. */
    public boolean isExpiring()
    {
        return editor.isExpiring();
    }

    /** Deadline of an element in epoch ms, or {@link Element#NO_DEADLINE}. */
    public static long deadlineMs(final long element)
    {
        return Element.deadlineMs(element);
    }

    /** Fields whose deadline is before this moment. */
    public long countBefore(final long ms)
    {
        if (!editor.isExpiring())
        {
            return 0;
        }

        return editor.isLarge()
            ? expiring.countBefore(editor.head(), ms)
            : ExpiringHashLayout.compactDeadlines(editor.value(), ms);
    }

    /** Turn to the field with the earliest deadline, if that is before this moment: {@link #removeFound}. */
    public boolean findBefore(final long ms)
    {
        if (!editor.isExpiring() || ExpiringHashLayout.earliestMs(values.memory(), editor.value()) >= ms)
        {
            return false;
        }

        // Of the tree of deadlines an element begins with its field as well.
        field.setString(editor.isLarge()
            ? expiring.first(editor.head())
            : ExpiringHashLayout.compactEarliest(editor.value()));
        return true;
    }

    /** Take out the field that {@link #findBefore} has found. @return as {@link #remove}. */
    public int removeFound()
    {
        return removeField();
    }

    /** Text of the field that was found or put last, until another one is asked about. */
    public long fieldText()
    {
        return field.text();
    }

    /** Bytes of it. */
    public int fieldLength()
    {
        return (int)field.textLength();
    }

    /** The string that an element has as its value. */
    public static long value(final long element)
    {
        return Element.secondString(element);
    }

    /** An element of a number below the size: each as likely as its number. */
    public long at(final long number)
    {
        return editor.isLarge()
            ? tree().at(editor.head(), number)
            : CollectionLayout.at(editor.type(), editor.value(), number);
    }

    /**
     * So many fields are about to be put: a number beyond the threshold makes it a large one, as Redis has it, whatever
     * becomes of them.
     *
     * @param bytes of them and their values, with a byte or two for each length.
     * @return false if memory ran out: nothing has changed.
     */
    public boolean expect(final long fields, final long bytes)
    {
        editor.expect(bytes);
        if (fields <= values.thresholds().hashEntries || !editor.isNamedCompact())
        {
            return true;
        }

        return Entry.NO_ENTRY == editor.entry() ? editor.makeLarge(TYPE, false) : editor.nameLarge();
    }

    /**
     * Give a field a value; a deadline that it has goes.
     *
     * @return {@link HashTree#ADDED}, {@link HashTree#REPLACED}, or {@link HashTree#NO_MEMORY}: nothing has changed.
     */
    public int put(
        final long fieldAddress, final long fieldLength, final long valueAddress, final long valueLength)
    {
        field.set(fieldAddress, fieldLength);
        newDeadlineMs = Element.NO_DEADLINE;
        final boolean mayBeLast = editor.isExpiring();
        final int result = putField(valueAddress, valueLength);
        if (mayBeLast)
        {
            settle();
        }

        return result;
    }

    /** As {@link #put}, but the field keeps a deadline that it has. */
    public int putKeeping(
        final long fieldAddress, final long fieldLength, final long valueAddress, final long valueLength)
    {
        field.set(fieldAddress, fieldLength);
        final long old = editor.isExpiring() ? find() : HashTree.NONE;
        newDeadlineMs = HashTree.NONE == old ? Element.NO_DEADLINE : Element.deadlineMs(old);
        return putField(valueAddress, valueLength);
    }

    /** A hash without a deadline is a plain one. Where memory is too short for that, it will be once there is some. */
    private void settle()
    {
        if (editor.isExpiring() && 0 == ExpiringHashLayout.deadlines(editor.value()))
        {
            editor.retype(TYPE);
        }
    }

    private int putField(final long valueAddress, final long valueLength)
    {
        final Thresholds thresholds = values.thresholds();
        final boolean isNameKept = !editor.isNamedCompact() ||
            field.textLength() <= thresholds.hashValue && valueLength <= thresholds.hashValue;
        final int result = putAs(isNameKept, valueAddress, valueLength);
        if (HashTree.ADDED == result && editor.isNamedCompact() && editor.count() > thresholds.hashEntries)
        {
            // Where memory is too short for the tree it stays what it is.
            editor.nameLarge();
        }

        return result;
    }

    private int putAs(final boolean isNameKept, final long valueAddress, final long valueLength)
    {
        if (!isNameKept && Entry.NO_ENTRY != editor.entry() && !editor.nameLarge())
        {
            return HashTree.NO_MEMORY;
        }

        if (isNameKept && !editor.isLarge())
        {
            final long old = find();
            if (HashTree.NONE == old ? canAdd(valueAddress, valueLength) : canReplace(old, valueAddress, valueLength))
            {
                return putCompact(old);
            }
        }

        return putLarge(isNameKept, valueAddress, valueLength);
    }

    /** Make the compact form of a new element. @return false if there is none, or no room. */
    private boolean canAdd(final long valueAddress, final long valueLength)
    {
        form.begin().member(field).string(valueAddress, valueLength);
        return !form.isTooLong() && editor.fits(form.length());
    }

    /** Make the compact form of a value. @return false if there is none, or no room. */
    private boolean canReplace(final long old, final long valueAddress, final long valueLength)
    {
        form.begin().deadline(newDeadlineMs).string(valueAddress, valueLength);
        return !form.isTooLong() && editor.fits(form.length() - lengthBehindField(old));
    }

    /** Bytes of an element behind its field. */
    private static int lengthBehindField(final long element)
    {
        final long second = value(element);
        return (int)(second - Element.behindFirst(element)) + ElementString.length(second);
    }

    private int putCompact(final long old)
    {
        if (Entry.NO_ENTRY == editor.entry())
        {
            return editor.make(TYPE, form.address(), form.length(), 1) ? HashTree.ADDED : HashTree.NO_MEMORY;
        }

        if (HashTree.NONE == old)
        {
            return editor.splice(editor.end(), 0, form.address(), form.length(), 1)
                ? HashTree.ADDED
                : HashTree.NO_MEMORY;
        }

        return editor.splice(Element.behindFirst(old), lengthBehindField(old), form.address(), form.length(), 0)
            ? HashTree.REPLACED
            : HashTree.NO_MEMORY;
    }

    private int putLarge(final boolean isNamedCompact, final long valueAddress, final long valueLength)
    {
        final boolean isNew = Entry.NO_ENTRY == editor.entry();
        if (isNew ? !editor.makeLarge(TYPE, isNamedCompact) : !editor.isLarge() && !editor.convert(isNamedCompact))
        {
            return HashTree.NO_MEMORY;
        }

        final int result = editor.own() ? putInTree(valueAddress, valueLength) : HashTree.NO_MEMORY;
        if (isNew && HashTree.NO_MEMORY == result)
        {
            editor.remove();
        }

        return result;
    }

    private int putInTree(final long valueAddress, final long valueLength)
    {
        return editor.isExpiring()
            ? expiring.put(editor.head(), field, valueAddress, valueLength, newDeadlineMs)
            : tree.put(editor.head(), field, valueAddress, valueLength);
    }

    /**
     * Give a field that is there a deadline.
     *
     * @param deadlineMs epoch ms, 0 or later; {@link Element#NO_DEADLINE} takes the one away that it has.
     * @return {@link HashTree#REPLACED}, or {@link HashTree#NO_MEMORY}: nothing has changed.
     */
    public int deadline(final long address, final long length, final long deadlineMs)
    {
        field.set(address, length);
        if (!editor.isExpiring() && !editor.retype(CollectionLayout.EXPIRING_HASH))
        {
            return HashTree.NO_MEMORY;
        }

        final int result = putDeadline(deadlineMs);
        if (HashTree.NO_MEMORY == result || Element.NO_DEADLINE == deadlineMs)
        {
            settle();
        }
        else
        {
            editor.due(deadlineMs);
        }

        return result;
    }

    private int putDeadline(final long deadlineMs)
    {
        if (!editor.isLarge())
        {
            final long element = find();
            final long at = Element.behindFirst(element);
            final int oldLength = (int)(value(element) - at);
            form.begin().deadline(deadlineMs);
            if (editor.fits(form.length() - oldLength))
            {
                return editor.splice(at, oldLength, form.address(), form.length(), 0)
                    ? HashTree.REPLACED
                    : HashTree.NO_MEMORY;
            }

            if (!editor.convert(editor.isNamedCompact()))
            {
                return HashTree.NO_MEMORY;
            }
        }

        return editor.own() ? expiring.deadline(editor.head(), field, deadlineMs) : HashTree.NO_MEMORY;
    }

    /**
     * Take a field out; with the last one the key goes.
     *
     * @return {@link HashTree#REMOVED}, {@link HashTree#NOTHING}, or {@link HashTree#NO_MEMORY}: nothing has changed.
     */
    public int remove(final long address, final long length)
    {
        field.set(address, length);
        return removeField();
    }

    private int removeField()
    {
        final boolean mayBeLast = editor.isExpiring();
        final int result = takeOut();
        if (mayBeLast)
        {
            settle();
        }

        return result;
    }

    private int takeOut()
    {
        if (editor.isLarge() && editor.count() > 1)
        {
            return editor.own() ? removeFromTree() : HashTree.NO_MEMORY;
        }

        final long element = find();
        if (HashTree.NONE == element)
        {
            return HashTree.NOTHING;
        }

        if (1 == editor.count())
        {
            editor.remove();
            return HashTree.REMOVED;
        }

        final int elementLength = Element.length(element, CollectionLayout.kind(editor.type()));
        return editor.splice(element, elementLength, form.address(), 0, -1) ? HashTree.REMOVED : HashTree.NO_MEMORY;
    }

    /** See to it that {@link #remove} of all these fields of a large hash succeeds. @return false if memory ran out. */
    public boolean claim(final ArgVector names, final int from)
    {
        boolean isClaimed = editor.claim(tree(), field, names, from);
        for (int i = from; isClaimed && editor.isExpiring() && editor.isLarge() && i < names.count(); i++)
        {
            field.set(names.address(i), names.length(i));
            isClaimed = expiring.claimDeadline(editor.head(), field);
        }

        return isClaimed;
    }

    private int removeFromTree()
    {
        return editor.isExpiring() ? expiring.remove(editor.head(), field) : tree.remove(editor.head(), field);
    }

    /** The key goes, with all fields. */
    public void removeKey()
    {
        editor.remove();
    }

    /**
     * Go to the elements from a position of a scan on, {@link #nextScanned} gives them; a compact hash comes whole.
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

        values.walk().begin(editor.entry());
        return HashScan.START;
    }

    /** The next element of the step; {@link HashTree#NONE} if there is none. */
    public long nextScanned()
    {
        return editor.isLarge() ? scan.next() : values.walk().next();
    }
}
