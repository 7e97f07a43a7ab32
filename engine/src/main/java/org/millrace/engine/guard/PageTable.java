package org.millrace.engine.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From addresses to blocks, in two steps as a processor does it: 1 GiB, then 4 KiB. A page has no block, one, or an
 * array of those that share it. Any thread looks without a lock; changes exclude each other.
 */
final class PageTable
{
    private static final int ADDRESS_BITS = 47;
    private static final int PAGE_SHIFT = 12;
    private static final int LEAF_SHIFT = 30;
    private static final int LEAF_MASK = (1 << LEAF_SHIFT - PAGE_SHIFT) - 1;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final Object[] leaves = new Object[1 << ADDRESS_BITS - LEAF_SHIFT];

    /** The block that the address is in, or null. */
    Block find(final long address)
    {
        final Object entry = entry(address);
        if (entry instanceof Block)
        {
            final Block block = (Block)entry;
            return block.contains(address) ? block : null;
        }

        return null == entry ? null : findIn((Block[])entry, address);
    }

    private static Block findIn(final Block[] blocks, final long address)
    {
        for (final Block block : blocks)
        {
            if (block.contains(address))
            {
                return block;
            }
        }

        return null;
    }

    /** All blocks in the page of this address. */
    List<Block> inPage(final long address)
    {
        final Object entry = entry(address);
        return null == entry ? List.of() : entry instanceof Block ? List.of((Block)entry) : List.of((Block[])entry);
    }

    /** All blocks that have a byte in the range. */
    synchronized List<Block> overlapping(final long start, final long end)
    {
        final List<Block> found = new ArrayList<>();
        for (long page = start >>> PAGE_SHIFT; page <= end - 1 >>> PAGE_SHIFT; page++)
        {
            for (final Block block : inPage(page << PAGE_SHIFT))
            {
                if (block.overlaps(start, end) && !found.contains(block))
                {
                    found.add(block);
                }
            }
        }

        return found;
    }

    synchronized void add(final Block block)
    {
        for (long page = block.start >>> PAGE_SHIFT; page <= block.end - 1 >>> PAGE_SHIFT; page++)
        {
            final Object[] leaf = leaf(page);
            final int index = (int)page & LEAF_MASK;
            final Object entry = leaf[index];
            if (null == entry)
            {
                ELEMENT.setRelease(leaf, index, block);
                continue;
            }

            final Block[] old = entry instanceof Block ? new Block[]{(Block)entry} : (Block[])entry;
            final Block[] blocks = Arrays.copyOf(old, old.length + 1);
            blocks[old.length] = block;
            ELEMENT.setRelease(leaf, index, blocks);
        }
    }

    synchronized void remove(final Block block)
    {
        for (long page = block.start >>> PAGE_SHIFT; page <= block.end - 1 >>> PAGE_SHIFT; page++)
        {
            final Object[] leaf = leaf(page);
            final int index = (int)page & LEAF_MASK;
            ELEMENT.setRelease(leaf, index, without(leaf[index], block));
        }
    }

    private static Object without(final Object entry, final Block block)
    {
        if (null == entry || block == entry)
        {
            return null;
        }

        if (entry instanceof Block)
        {
            return entry;
        }

        final Block[] rest = Arrays.stream((Block[])entry).filter((other) -> other != block).toArray(Block[]::new);
        return 0 == rest.length ? null : 1 == rest.length ? rest[0] : rest;
    }

    private Object entry(final long address)
    {
        if (0 != address >>> ADDRESS_BITS)
        {
            return null;
        }

        final Object[] leaf = (Object[])ELEMENT.getAcquire(leaves, (int)(address >>> LEAF_SHIFT));
        return null == leaf ? null : ELEMENT.getAcquire(leaf, (int)(address >>> PAGE_SHIFT) & LEAF_MASK);
    }

    private Object[] leaf(final long page)
    {
        final int index = (int)(page >>> LEAF_SHIFT - PAGE_SHIFT);
        Object leaf = leaves[index];
        if (null == leaf)
        {
            leaf = new Object[LEAF_MASK + 1];
            ELEMENT.setRelease(leaves, index, leaf);
        }

        return (Object[])leaf;
    }
}
