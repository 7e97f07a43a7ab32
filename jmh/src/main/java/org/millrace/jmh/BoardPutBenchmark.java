package org.millrace.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A member of a leaderboard that is chosen at random gets another score.
 * <p>
 * Question: what does a new score cost the writer of a sorted set of ours; what a node, to which it is handed over, one
 * after the other as fast as it runs them; what those of the JDK?
 */
@State(Scope.Thread)
public class BoardPutBenchmark extends EngineBenchmark
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
    public void newScore()
    {
        board.members.next();
        board.put(board.anyScore());
    }

    @TearDown
    public void release()
    {
        check(board.size() == entries, "members", board.size(), entries);
        board.close();
    }
}
