package org.millrace.engine.tree;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** A sorted set of players, told by numbers, its writer and one reader, for {@link RankReaderRaces}. */
final class RaceBoard
{
    static final int ABSENT = -1;

    /** More than a leaf holds. */
    static final int MANY = 60;

    private static final int NAME_LENGTH = 16;
    private static final int RETIRED_BYTES_MAX = 1 << 12;
    private static final long SEED = 42;
    private static final long NAMES = Memory.reserve((long)MANY * NAME_LENGTH);

    static
    {
        for (int i = 0; i < MANY; i++)
        {
            // They begin alike for longer than a separator says.
            Memory.putLong(NAMES + (long)i * NAME_LENGTH, 0x6161_6161_6161_6161L);
            Memory.putLong(NAMES + (long)i * NAME_LENGTH + Long.BYTES, Long.reverseBytes(0x6262_6262_6262_6262L + i));
        }
    }

    private final OffHeap memory = new OffHeap(0);
    private final Epochs epochs = new Epochs(memory, RETIRED_BYTES_MAX);
    private final Pins pins = new Pins();
    private final NodeStore nodes = new NodeStore(memory, epochs, pins);
    private final TreeRelease release = new TreeRelease(nodes);
    private final Trees trees = new Trees(nodes, release, SEED);
    private final ScoredMembers scored = new ScoredMembers(trees);
    private final Member member = new Member(trees);
    private final long heads = Memory.reserve(ScoredMembers.HEADS_LENGTH);
    private final long slot = epochs.open();
    private final TreeReader reader = new TreeReader(memory, slot);
    private final Member sought = new Member(SEED);

    RaceBoard()
    {
        ScoredMembers.init(heads, pins.stamp());
    }

    void put(final int player, final double score)
    {
        member.set(NAMES + (long)player * NAME_LENGTH, NAME_LENGTH);
        scored.put(heads, member, score);
    }

    void remove(final int player)
    {
        member.set(NAMES + (long)player * NAME_LENGTH, NAME_LENGTH);
        scored.remove(heads, member);
    }

    void removeRange(final int from, final int to)
    {
        scored.removeRange(heads, from, to);
        release.finish();
        epochs.reclaim();
    }

    /** Reader: the player's rank or {@link #ABSENT}. */
    int rank(final int player)
    {
        sought.set(NAMES + (long)player * NAME_LENGTH, NAME_LENGTH);
        long rank;
        do
        {
            reader.entered(epochs.enter(slot));
            rank = reader.rank(ScoredMembers.byMember(heads), ScoredMembers.byScore(heads), sought);
            Epochs.exit(slot);
        }
        while (TreeReader.RETRY == rank);
        return (int)rank;
    }

    /** As it was when it was new. */
    void clear()
    {
        release.retire(TreeHead.root(ScoredMembers.byMember(heads)));
        release.retire(TreeHead.root(ScoredMembers.byScore(heads)));
        release.finish();
        while (epochs.reclaim() > 0)
        {
            Thread.onSpinWait();
        }

        ScoredMembers.init(heads, pins.stamp());
    }
}
