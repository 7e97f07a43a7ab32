package org.millrace.jmh;

import java.util.SplittableRandom;

/**
 * A leaderboard under test: members of 16 bytes, told by their numbers, with scores. Names are bytes of the caller's or,
 * where a map wants objects, made anew for each call. Thread-confined.
 */
abstract class Board implements AutoCloseable
{
    /** Members that the top shows. */
    static final int TOP = 10;

    private static final int SCORES = 1_000_000;

    final int entries;
    final KeySequence members;
    private final SplittableRandom random = new SplittableRandom(Store.SEED);

    Board(final int entries)
    {
        this.entries = entries;
        members = new KeySequence(entries, Store.SEED);
    }

    /** The boards by the names that the benchmarks' parameters give them, with all their members. */
    static Board filled(final String name, final int entries)
    {
        final Board board = switch (name)
        {
            case Stores.MILLRACE -> new MillraceBoard(entries);
            case Stores.READER -> new MillraceBoard(entries).readAsForeigner();
            case Stores.NODE -> new NodeBoard(entries);
            case Stores.SKIP_LIST -> JdkBoard.concurrent(entries);
            case Stores.TREE_MAP -> JdkBoard.plain(entries);
            default -> throw new IllegalArgumentException("no such board: " + name);
        };
        for (int i = 0; i < entries; i++)
        {
            board.members.at(i);
            board.put(board.anyScore());
        }

        EngineBenchmark.check(board.size() == entries, "members", board.size(), entries);
        return board;
    }

    final double anyScore()
    {
        return random.nextInt(SCORES);
    }

    /** Give the present member a score. */
    abstract void put(double score);

    /** Score of the present member. */
    abstract double score();

    /** How many have less than the present member. */
    abstract long rank();

    /** Sum of the ten highest scores, which are gone through one by one. */
    abstract double top();

    abstract long size();

    @Override
    public abstract void close();
}
