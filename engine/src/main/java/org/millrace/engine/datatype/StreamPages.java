package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.IdTree;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.Trees;
import org.millrace.engine.tree.WholeString;

/**
 * The pages of one stream, by number: looked at where they lie, changed where they lie or replaced. Writer thread; one
 * page at a time.
 */
final class StreamPages implements AutoCloseable
{
    private final IdTree tree;
    private final WholeString whole;
    private long head;
    private long ms;
    private long seq;

    StreamPages(final Trees trees, final OffHeap memory)
    {
        tree = new IdTree(trees);
        whole = new WholeString(memory);
    }

    /** @param treeHead of the pages that are asked about from now on. */
    void open(final long treeHead)
    {
        head = treeHead;
    }

    long count()
    {
        return TreeHead.count(head);
    }

    /** Number of the last page whose id is not above this one, -1 if there is none. */
    long floor(final long idMs, final long idSeq)
    {
        return tree.floor(head, idMs, idSeq);
    }

    /** Look at a page. @return its address, until the next call or change. */
    long page(final long number)
    {
        final long element = tree.at(head, number);
        ms = IdTree.idFirst(element);
        seq = IdTree.idSecond(element);
        return whole.set(IdTree.value(element));
    }

    /** Of the page that is looked at. */
    long ms()
    {
        return ms;
    }

    /** Of the page that is looked at. */
    long seq()
    {
        return seq;
    }

    /** Bytes of the page that is looked at. */
    long length()
    {
        return whole.length();
    }

    /**
     * The page that is looked at is to have another length.
     *
     * @return where its bytes are to be changed, at once, before {@link #endChange}; 0 if it cannot be changed where it
     *         lies: then {@link #put}.
     */
    long beginChange(final long newLength)
    {
        return newLength > Integer.MAX_VALUE ? 0 : tree.beginChange(head, (int)newLength);
    }

    void endChange()
    {
        TreeHead.endChange(head);
    }

    /** Put these bytes in the place of the page that is looked at. False if memory ran out: nothing has changed. */
    boolean replace(final long source, final long newLength, final int room)
    {
        final long address = beginChange(newLength);
        if (0 == address)
        {
            return put(ms, seq, source, newLength, room);
        }

        Memory.copyDisjoint(source, address, newLength);
        endChange();
        return true;
    }

    /** Put a page. @param room bytes that it may grow to. @return false if memory ran out: nothing has changed. */
    boolean put(final long idMs, final long idSeq, final long source, final long length, final int room)
    {
        return HashTree.NO_MEMORY != tree.put(head, idMs, idSeq, source, length, room);
    }

    /** Remove the page that is looked at. @return false if memory ran out: nothing has changed. */
    boolean remove()
    {
        return HashTree.NO_MEMORY != tree.remove(head, ms, seq);
    }

    /** See to it that {@link #removeFirst} of so many pages succeeds. @return false if memory ran out. */
    boolean claimFirst(final long pages)
    {
        return pages == count() || tree.ownRange(head, 0, pages);
    }

    /** Remove so many pages, which were claimed, from the beginning on. */
    void removeFirst(final long pages)
    {
        final boolean isRemoved = tree.removeRange(head, 0, pages);
        Check.that(isRemoved, "claimed pages have no memory to go: pages, of", pages, count());
    }

    /** The page that is looked at grows no more: give back what it does not need, if that is much. */
    void trim(final int slackMax)
    {
        if (tree.slack() > slackMax)
        {
            // Without memory it stays as long as it is.
            put(ms, seq, whole.address(), whole.length(), 0);
        }
    }

    @Override
    public void close()
    {
        whole.close();
    }
}
