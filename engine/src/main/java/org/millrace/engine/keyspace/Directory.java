package org.millrace.engine.keyspace;

import org.millrace.engine.base.Check;
import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * From positions to pages: a block of 2^depth words, the word of a page repeated for all prefixes it serves.
 * <pre>
 *   word of a page, and of the directory itself (the root word that readers start from):
 *
 *    63      56 55                                                       0
 *   +----------+----------------------------------------------------------+
 *   |  depth   |  address                                                 |
 *   +----------+----------------------------------------------------------+
 * </pre>
 * One load thus gives both the page and the depth that tells which bucket of it to look at; a reader takes one
 * word for the root and one for the page, each of which is right by itself. Writer thread; readers see words
 * through {@link #root}.
 */
@Layout(value = "Word of a page, repeated for all prefixes that it serves; and the root word of a database, for " +
    "its directory", length = 8)
final class Directory
{
    static final long NULL_ROOT = 0;

    /** Depth of the directory beyond which full pages get longer stashes instead. */
    static final int DEPTH_MAX = 24;

    private static final int DEPTH_SHIFT = 56;

    @Layout.Field(bytes = Long.BYTES, value = "depth and address")
    private static final int WORD_OFFSET = 0;

    @Layout.Bits("depth")
    private static final long DEPTH_MASK = -1L << DEPTH_SHIFT;

    @Layout.Bits("address")
    private static final long ADDRESS_MASK = (1L << DEPTH_SHIFT) - 1;

    private final OffHeap memory;
    private final Epochs epochs;
    private int ref;
    private long address;
    private int depth;
    private long rootCell;
    private final int[] pagesAtDepth = new int[DEPTH_MAX + 1];
    private int pages;

    Directory(final OffHeap memory, final Epochs epochs)
    {
        this.memory = memory;
        this.epochs = epochs;
    }

    /** Begin with one page for everything; false if memory ran out. */
    boolean init(final long page)
    {
        ref = memory.allocate(8, MemoryTag.INDEX);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        address = memory.address(ref);
        depth = 0;
        Memory.putLongRelease(address, word(page, 0));
        pagesAtDepth[0] = 1;
        pages = 1;
        return true;
    }

    static long word(final long address, final int depth)
    {
        return address | (long)depth << DEPTH_SHIFT;
    }

    static long addressOf(final long word)
    {
        return word & ADDRESS_MASK;
    }

    static int depthOf(final long word)
    {
        return (int)(word >>> DEPTH_SHIFT);
    }

    /** Address of the word for a position in the directory that this root word stands for. */
    static long wordAddress(final long root, final long position)
    {
        return addressOf(root) + (position >>> HashOrder.POSITION_BITS - depthOf(root) << 3);
    }

    /** Word of the page that holds the position. */
    long pageWord(final long position)
    {
        return Memory.getLong(address + (position >>> HashOrder.POSITION_BITS - depth << 3));
    }

    long pageAt(final long position)
    {
        return addressOf(pageWord(position));
    }

    int depth()
    {
        return depth;
    }

    int pages()
    {
        return pages;
    }

    /** Publish the root in this cell from now on; 0: nobody is to find it any more. */
    void rootCell(final long cell)
    {
        rootCell = cell;
        publishRoot();
    }

    /** What {@link #rootCell} publishes. */
    long rootWord()
    {
        return word(address, depth);
    }

    /** Twice as many words; false if memory ran out. */
    boolean grow()
    {
        final int grownRef = memory.allocate(16L << depth, MemoryTag.INDEX);
        if (OffHeap.NULL_REF == grownRef)
        {
            return false;
        }

        final long grown = memory.address(grownRef);
        for (long i = 0, count = 1L << depth; i < count; i++)
        {
            final long word = Memory.getLong(address + (i << 3));
            Memory.putLong(grown + (i << 4), word);
            Memory.putLong(grown + (i << 4) + 8, word);
        }

        replace(grownRef, grown, depth + 1);
        return true;
    }

    /** Half as many words while no page needs them all; not at all if memory ran out. */
    void shrink()
    {
        while (depth > 0 && 0 == pagesAtDepth[depth])
        {
            final int shrunkRef = memory.allocate(4L << depth, MemoryTag.INDEX);
            if (OffHeap.NULL_REF == shrunkRef)
            {
                return;
            }

            final long shrunk = memory.address(shrunkRef);
            for (long i = 0, count = 1L << depth - 1; i < count; i++)
            {
                Memory.putLong(shrunk + (i << 3), Memory.getLong(address + (i << 4)));
            }

            replace(shrunkRef, shrunk, depth - 1);
        }
    }

    /** This page serves its range of positions from now on. */
    void publish(final long page)
    {
        final int pageDepth = Page.depth(page);
        final long first = Page.start(page) >>> HashOrder.POSITION_BITS - depth;
        final long count = 1L << depth - pageDepth;
        final long word = word(page, pageDepth);
        for (long i = first; i < first + count; i++)
        {
            // Pairs with the acquire of readers: the page's content comes first.
            Memory.putLongRelease(address + (i << 3), word);
        }

        pagesAtDepth[pageDepth]++;
        pages++;
    }

    /** The page is about to be replaced by others. */
    void forget(final long page)
    {
        pagesAtDepth[Page.depth(page)]--;
        pages--;
    }

    /** Give the block back when nobody can find it any more. */
    void retire()
    {
        epochs.retire(ref, MemoryTag.INDEX);
        ref = OffHeap.NULL_REF;
    }

    private void replace(final int newRef, final long newAddress, final int newDepth)
    {
        final int oldRef = ref;
        ref = newRef;
        address = newAddress;
        depth = newDepth;
        publishRoot();
        epochs.retire(oldRef, MemoryTag.INDEX);
    }

    private void publishRoot()
    {
        if (0 != rootCell)
        {
            Check.that(address == addressOf(address), "address too long: address, depth", address, depth);
            Memory.putLongRelease(rootCell, word(address, depth));
        }
    }
}
