package org.millrace.jmh;

import java.util.Arrays;
import java.util.Locale;
import org.millrace.engine.memory.Evacuation;
import org.millrace.engine.tree.ElementBuilder;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.ListTree;
import org.millrace.engine.tree.Node;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.tree.TreeMover;

/**
 * Bytes an element of large values: of blocks in use, and held in slabs, after one shape has been filled, half of it
 * deleted, and nodes moved out of sparse slabs. Prints a table; the argument is the number of elements.
 */
public final class TreeMemory
{
    private static final int MOVE_STEP = 64;

    /** Occupancy below which slabs are evacuated, one sweep after the other. */
    private static final int[] SWEEPS = {2, 4, 6, 7};

    private final int count;

    private TreeMemory(final int count)
    {
        this.count = count;
    }

    public static void main(final String[] args)
    {
        final TreeMemory memory = new TreeMemory(args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000);
        System.out.println("shape, bytes an element | in use | held");
        memory.hash();
        memory.hashInOrder();
        memory.set();
        memory.list();
        memory.scored();
    }

    private void hash()
    {
        try (TreeStage stage = new TreeStage())
        {
            final HashTree hash = new HashTree(stage.trees, Node.TWO_STRINGS);
            stage.fill(hash, 0, count);
            print("hash 13 + 32, in no order", stage, count);
            for (int number = 0; number < count; number += 2)
            {
                stage.member(number);
                hash.remove(stage.heads, stage.member);
            }

            print("  half deleted", stage, count / 2);
            compact(stage);
            print("  and compacted", stage, count / 2);
        }
    }

    /** In the order of hashes. */
    private void hashInOrder()
    {
        try (TreeStage stage = new TreeStage(); ElementBuilder builder = new ElementBuilder(stage.trees))
        {
            final long[] ranked = new long[count];
            for (int number = 0; number < count; number++)
            {
                stage.member(number);
                ranked[number] = stage.member.hash() & -1L << 20 | number;
            }

            Arrays.sort(ranked);
            builder.begin(new HashTree(stage.trees, Node.TWO_STRINGS));
            for (final long rank : ranked)
            {
                stage.member((int)rank & (1 << 20) - 1);
                builder.addField(stage.member, stage.value, TreeStage.VALUE_LENGTH);
            }

            builder.finish(stage.heads);
            print("hash 13 + 32, in order", stage, count);
        }
    }

    private void set()
    {
        try (TreeStage stage = new TreeStage())
        {
            final HashTree set = new HashTree(stage.trees, 0);
            for (int number = 0; number < count; number++)
            {
                stage.member(number);
                set.add(stage.heads, stage.member);
            }

            print("set 13", stage, count);
        }
    }

    private void list()
    {
        try (TreeStage stage = new TreeStage())
        {
            final ListTree list = new ListTree(stage.trees);
            for (int i = 0; i < count; i++)
            {
                list.pushLast(stage.heads, stage.value, TreeStage.VALUE_LENGTH);
            }

            print("list 32", stage, count);
        }
    }

    private void scored()
    {
        try (TreeStage stage = new TreeStage(); ScoredMembers set = new ScoredMembers(stage.trees))
        {
            for (int number = 0; number < count; number++)
            {
                stage.member(number);
                set.put(stage.heads, stage.member, stage.random.nextInt());
            }

            print("sorted set 13 + score", stage, count);
        }
    }

    /** As the compactor does it, from the sparsest slabs on. */
    private static void compact(final TreeStage stage)
    {
        final Evacuation evacuation = new Evacuation(stage.memory);
        final TreeMover mover = new TreeMover(stage.nodes, evacuation);
        for (final int parts : SWEEPS)
        {
            for (int number = 1; number < evacuation.slabCount(); number++)
            {
                evacuation.begin(number, parts);
            }

            long position = 0;
            while (position >= 0)
            {
                position = mover.step(stage.heads, position, MOVE_STEP);
            }
        }
    }

    private static void print(final String shape, final TreeStage stage, final int elements)
    {
        System.out.printf(
            Locale.ROOT,
            "%-28s | %5.1f | %5.1f%n",
            shape,
            (double)stage.memory.usedBytes() / elements,
            (double)stage.memory.heldBytes() / elements);
    }
}
