package org.millrace.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A leaderboard is read: the score and the rank of a member that is chosen at random, and the ten highest scores.
 * <p>
 * Question: what does a sorted set cost that lies off-heap in two trees, to its writer and to a foreign thread; and where
 * do those of the JDK stand, which must count to tell a rank? The node's ten highest cost a way to the writer and back.
 */
@State(Scope.Thread)
public class BoardReadBenchmark extends EngineBenchmark
{
    @Param({Stores.MILLRACE, Stores.READER, Stores.NODE, Stores.SKIP_LIST, Stores.TREE_MAP})
    public String store;

    @Param("100000")
    public int entries;

    private Board board;

    @Setup
    public void fill()
    {
        board = Board.filled(store, entries);
    }

    @Benchmark
    public double score()
    {
        board.members.next();
        return board.score();
    }

    @Benchmark
    public long rank()
    {
        board.members.next();
        return board.rank();
    }

    @Benchmark
    public double topTen()
    {
        return board.top();
    }

    @TearDown
    public void release()
    {
        check(board.size() == entries, "members", board.size(), entries);
        board.close();
    }
}
