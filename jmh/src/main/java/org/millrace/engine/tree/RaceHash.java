package org.millrace.engine.tree;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * A hash and a list under one head, their writer and one reader, for {@link TreeReaderRaces}. A value tells its version:
 * it is one letter, so often as its version says; a new one is longer, so that what is behind it moves.
 */
final class RaceHash
{
    static final int ABSENT = 0;
    static final int OLD = 1;
    static final int NEW = 2;
    static final int WRONG = -9;

    /** Fields of one leaf, and of more. */
    static final int FEW = 8;
    static final int MANY = 60;

    static final int OLD_LENGTH = 20;

    private static final int NEW_LENGTH = 33;
    private static final int FIELD_LENGTH = 8;
    private static final int VALUE_LENGTH_MAX = 64;
    private static final int RETIRED_BYTES_MAX = 1 << 12;
    private static final long SEED = 42;
    private static final long FIELDS = Memory.reserve((long)MANY * FIELD_LENGTH);
    private static final long VALUES = Memory.reserve(3L * VALUE_LENGTH_MAX);

    static
    {
        for (int i = 0; i < MANY; i++)
        {
            Memory.putLong(FIELDS + (long)i * FIELD_LENGTH, 0x6161_6161_6161_6161L + i * 0x0101L);
        }

        for (int version = ABSENT; version <= NEW; version++)
        {
            Memory.set(value(version), VALUE_LENGTH_MAX, (byte)('a' + version));
        }
    }

    final OffHeap memory = new OffHeap(0);
    final Epochs epochs = new Epochs(memory, RETIRED_BYTES_MAX);
    final Pins pins = new Pins();
    private final NodeStore nodes = new NodeStore(memory, epochs, pins);
    private final TreeRelease release = new TreeRelease(nodes);
    private final Trees trees = new Trees(nodes, release, SEED);
    private final HashTree hash = new HashTree(trees, Node.TWO_STRINGS);
    private final ListTree list = new ListTree(trees);
    private final Member member = new Member(trees);
    private final long heads = Memory.reserve(2L * TreeHead.LENGTH);
    private final long slot = epochs.open();
    private final TreeReader reader = new TreeReader(memory, slot);
    private final Member sought = new Member(trees);
    private final long target = Memory.reserve(VALUE_LENGTH_MAX);

    /** Published as the reference of an entry would be. */
    private volatile long head = heads;

    RaceHash()
    {
        TreeHead.init(head, pins.stamp());
    }

    static long value(final int version)
    {
        return VALUES + (long)version * VALUE_LENGTH_MAX;
    }

    long head()
    {
        return head;
    }

    void put(final int field, final int version)
    {
        member.set(FIELDS + (long)field * FIELD_LENGTH, FIELD_LENGTH);
        hash.put(head, member, value(version), OLD == version ? OLD_LENGTH : NEW_LENGTH);
    }

    void putAll(final int from, final int to, final int version)
    {
        for (int field = from; field < to; field++)
        {
            put(field, version);
        }
    }

    void remove(final int field)
    {
        member.set(FIELDS + (long)field * FIELD_LENGTH, FIELD_LENGTH);
        hash.remove(head, member);
    }

    void push(final int version)
    {
        list.pushLast(head, value(version), OLD == version ? OLD_LENGTH : NEW_LENGTH);
    }

    void pop()
    {
        list.removeFirst(head);
    }

    /** The former head's memory stays, as an entry's does for those who know it. */
    void handOver()
    {
        final long next = heads + TreeHead.LENGTH;
        TreeHead.handOver(head, next, pins.stamp());
        head = next;
    }

    /** Reader: the version of a field's value, {@link #ABSENT}, or {@link #WRONG} if what was found is none. */
    int read(final int field)
    {
        sought.set(FIELDS + (long)field * FIELD_LENGTH, FIELD_LENGTH);
        long length;
        do
        {
            reader.entered(epochs.enter(slot));
            length = reader.value(head, sought, target, VALUE_LENGTH_MAX);
            Epochs.exit(slot);
        }
        while (TreeReader.RETRY == length);
        return versionOf(length);
    }

    /** Reader: as {@link #read}, of the list's first element. */
    int readFirst()
    {
        long length;
        do
        {
            reader.entered(epochs.enter(slot));
            length = reader.at(head, 0, target, VALUE_LENGTH_MAX);
            Epochs.exit(slot);
        }
        while (TreeReader.RETRY == length);
        return versionOf(length);
    }

    private int versionOf(final long length)
    {
        if (TreeReader.ABSENT == length)
        {
            return ABSENT;
        }

        final int version = OLD_LENGTH == length ? OLD : NEW;
        return (OLD_LENGTH == length || NEW_LENGTH == length) && Memory.equal(target, value(version), length)
            ? version
            : WRONG;
    }

    /** As it was when it was new. */
    void clear()
    {
        release.retire(TreeHead.root(head));
        release.finish();
        while (epochs.reclaim() > 0)
        {
            Thread.onSpinWait();
        }

        head = heads;
        TreeHead.init(head, pins.stamp());
    }
}
