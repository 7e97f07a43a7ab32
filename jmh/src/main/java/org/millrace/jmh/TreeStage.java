package org.millrace.jmh;

import java.util.SplittableRandom;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.NodeStore;
import org.millrace.engine.tree.Pins;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRelease;
import org.millrace.engine.tree.Trees;

/**
 * Off-heap memory with what trees are changed with, two heads, and texts: members of 13 bytes, told by a number and in
 * no order, and values of 32.
 */
final class TreeStage implements AutoCloseable
{
    static final int MEMBER_LENGTH = 13;
    static final int VALUE_LENGTH = 32;

    private static final long SEED = 0x5EED;
    private static final int SCRATCH_LENGTH = 128;
    private static final int LETTERS = 16;

    final OffHeap memory = new OffHeap(0);
    final Epochs epochs = new Epochs(memory, 64L << 20);
    final Pins pins = new Pins();
    final NodeStore nodes = new NodeStore(memory, epochs, pins);
    final TreeRelease release = new TreeRelease(nodes);
    final Trees trees = new Trees(nodes, release, SEED);
    final Member member = new Member(trees);
    final long heads = Memory.reserve(2 * TreeHead.LENGTH);
    final long text = Memory.reserve(SCRATCH_LENGTH);
    final long value = Memory.reserve(SCRATCH_LENGTH);
    final SplittableRandom random = new SplittableRandom(SEED);

    TreeStage()
    {
        TreeHead.init(heads, 0);
        TreeHead.init(heads + TreeHead.LENGTH, 0);
        Memory.set(value, SCRATCH_LENGTH, (byte)'v');
        Memory.set(text, SCRATCH_LENGTH, (byte)'m');
    }

    /** The member of a number. */
    void member(final int number)
    {
        text(number);
        member.set(text, MEMBER_LENGTH);
    }

    /** The text of a number, an 'm' and twelve letters. */
    void text(final int number)
    {
        long bits = Hashing.mix64(number + 1L);
        for (int i = 1; i < MEMBER_LENGTH; i++)
        {
            Memory.putByte(text + i, (byte)('a' + (bits & LETTERS - 1)));
            bits >>>= 4;
        }
    }

    /** Put the fields of some numbers into a hash. */
    void fill(final HashTree hash, final int from, final int to)
    {
        for (int number = from; number < to; number++)
        {
            member(number);
            final int result = hash.put(heads, member, value, VALUE_LENGTH);
            EngineBenchmark.check(HashTree.ADDED == result, "result of a put", result, HashTree.ADDED);
        }
    }

    long count()
    {
        return TreeHead.count(heads);
    }

    /** The trees go. */
    void releaseTrees()
    {
        for (long head = heads; head <= heads + TreeHead.LENGTH; head += TreeHead.LENGTH)
        {
            release.retire(TreeHead.root(head));
            TreeHead.init(head, 0);
        }

        release.finish();
    }

    @Override
    public void close()
    {
        releaseTrees();
        EngineBenchmark.check(0 == memory.usedBytes(), "bytes left", memory.usedBytes(), 0);
        member.close();
        trees.close();
        epochs.close();
        memory.close();
        Memory.release(heads);
        Memory.release(text);
        Memory.release(value);
    }
}
