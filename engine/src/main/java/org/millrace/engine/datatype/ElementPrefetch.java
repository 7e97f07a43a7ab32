package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.value.CollectionLayout;

/**
 * Loads what looking for members and fields of large values will read, so that cache misses overlap: {@link #add} some,
 * those of one value one after the other, then {@link #finish}, then look for them. Writer thread.
 */
public final class ElementPrefetch
{
    private final CollectionTrees trees;
    private final Member member;
    private final long[] hashes = new long[HashTree.PREFETCH_MAX];
    private long head;
    private int type;
    private boolean isPlaced;
    private int count;

    ElementPrefetch(final Values values)
    {
        trees = values.collectionTrees();
        member = values.own(new Member(values.trees()));
    }

    /** A member or field of the value of an entry; what is not found by its hash, or lies in the entry, is passed over. */
    public void add(final long entry, final long address, final long length)
    {
        add(entry, address, length, false);
    }

    /**
     * As the other.
     *
     * @param isPlaceWanted of a sorted set: where it stands in the order of scores is looked for, too.
     */
    public void add(final long entry, final long address, final long length, final boolean isPlaceWanted)
    {
        if (Entry.NO_ENTRY != entry && isTree(entry))
        {
            member.set(address, length);
            add(entry, isPlaceWanted);
        }
    }

    /** As the other, for the element at {@code at} of the large value of an entry. */
    public void addElement(final long entry, final long at)
    {
        member.setString(at);
        add(entry, false);
    }

    private void add(final long entry, final boolean isPlaceWanted)
    {
        final long entryHead = CollectionLayout.head(Entry.value(entry));
        if (entryHead != head || isPlaceWanted != isPlaced || HashTree.PREFETCH_MAX == count)
        {
            finish();
            head = entryHead;
            type = Entry.type(entry);
            isPlaced = isPlaceWanted;
        }

        hashes[count++] = member.hash();
    }

    private static boolean isTree(final long entry)
    {
        final int type = Entry.type(entry);
        return CollectionLayout.LIST != type && CollectionLayout.isCollection(type) &&
            CollectionLayout.isLargeForm(Entry.value(entry));
    }

    /** Load what was added. */
    public void finish()
    {
        // One alone is looked for as quickly.
        if (count > 1)
        {
            load();
        }

        count = 0;
        head = 0;
    }

    /** By the tree that is asked next, to which the ways are handed over. */
    private void load()
    {
        if (isPlaced && CollectionLayout.SORTED_SET == type)
        {
            trees.scored().prefetch(head, hashes, count);
        }
        else
        {
            trees.byHash(type).prefetch(head, hashes, count);
        }
    }
}
