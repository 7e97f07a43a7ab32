package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.HashScan;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.value.CollectionLayout;
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
    private final HashScan scan;
    private final Member field;
    private final ElementForm form;
    private final Values values;

    HashValue(final Values values)
    {
        this.values = values;
        editor = new CollectionEditor(values);
        tree = values.collectionTrees().fields();
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
        return editor.isLarge() ? tree.find(editor.head(), field) : editor.find(field);
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
            ? tree.at(editor.head(), number)
            : CollectionLayout.at(TYPE, editor.value(), number);
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
     * Give a field a value.
     *
     * @return {@link HashTree#ADDED}, {@link HashTree#REPLACED}, or {@link HashTree#NO_MEMORY}: nothing has changed.
     */
    public int put(
        final long fieldAddress, final long fieldLength, final long valueAddress, final long valueLength)
    {
        final Thresholds thresholds = values.thresholds();
        field.set(fieldAddress, fieldLength);
        final boolean isNameKept = !editor.isNamedCompact() ||
            fieldLength <= thresholds.hashValue && valueLength <= thresholds.hashValue;
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
        form.begin().string(valueAddress, valueLength);
        return !form.isTooLong() && editor.fits(form.length() - ElementString.length(value(old)));
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

        final long at = value(old);
        return editor.splice(at, ElementString.length(at), form.address(), form.length(), 0)
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

        final int result = editor.own()
            ? tree.put(editor.head(), field, valueAddress, valueLength)
            : HashTree.NO_MEMORY;
        if (isNew && HashTree.NO_MEMORY == result)
        {
            editor.remove();
        }

        return result;
    }

    /**
     * Take a field out; with the last one the key goes.
     *
     * @return {@link HashTree#REMOVED}, {@link HashTree#NOTHING}, or {@link HashTree#NO_MEMORY}: nothing has changed.
     */
    public int remove(final long address, final long length)
    {
        if (editor.isLarge() && editor.count() > 1)
        {
            field.set(address, length);
            return editor.own() ? tree.remove(editor.head(), field) : HashTree.NO_MEMORY;
        }

        final long element = find(address, length);
        if (HashTree.NONE == element)
        {
            return HashTree.NOTHING;
        }

        if (1 == editor.count())
        {
            editor.remove();
            return HashTree.REMOVED;
        }

        final int elementLength = Element.length(element, CollectionLayout.kind(TYPE));
        return editor.splice(element, elementLength, form.address(), 0, -1) ? HashTree.REMOVED : HashTree.NO_MEMORY;
    }

    /** See to it that {@link #remove} of all these fields of a large hash succeeds. @return false if memory ran out. */
    public boolean claim(final ArgVector names, final int from)
    {
        return editor.claim(tree, field, names, from);
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
