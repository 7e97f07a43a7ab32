package org.millrace.engine.datatype;

/**
 * How many nodes the radix tree would have in which Redis keeps the pages of a stream, since XINFO tells. The keys are ids
 * of 16 bytes: a node where keys part, one for what they have in common behind such a place, one at the end of each key.
 * Stateless; goes over all pages.
 */
public final class StreamRadixTree
{
    private static final int KEY_LENGTH = 16;

    private StreamRadixTree()
    {
    }

    /** Nodes for the pages of a stream. */
    public static long nodes(final StreamValue stream)
    {
        final long pages = stream.pageCount();
        if (0 == pages)
        {
            return 1;
        }

        // Depths of the open nodes where keys part, from the root down to the key looked at last.
        final int[] depths = new int[KEY_LENGTH + 1];
        int open = 0;
        long nodes = pages;
        long ms = stream.pageMs(0);
        long seq = stream.pageSeq();
        for (long i = 1; i < pages; i++)
        {
            final long nextMs = stream.pageMs(i);
            final long nextSeq = stream.pageSeq();
            final int common = common(ms, seq, nextMs, nextSeq);
            int below = KEY_LENGTH;
            while (open > 0 && depths[open - 1] > common)
            {
                open--;
                // The way from this node down is complete, and what is above it follows.
                nodes += edge(depths[open], below);
                below = depths[open];
            }

            nodes += edge(common, below);
            if (0 == open || depths[open - 1] < common)
            {
                depths[open] = common;
                open++;
                nodes++;
            }

            ms = nextMs;
            seq = nextSeq;
        }

        int below = KEY_LENGTH;
        while (open > 0)
        {
            open--;
            nodes += edge(depths[open], below);
            below = depths[open];
        }

        // From the root to the first node where keys part, or to the end of the only key.
        return nodes + (below > 0 ? 1 : 0);
    }

    /** 1 if there is more than the byte that tells the way between a node and the one below it. */
    private static int edge(final int from, final int to)
    {
        return to - from > 1 ? 1 : 0;
    }

    private static int common(final long ms, final long seq, final long otherMs, final long otherSeq)
    {
        return ms != otherMs
            ? Long.numberOfLeadingZeros(ms ^ otherMs) / Byte.SIZE
            : Long.BYTES + Long.numberOfLeadingZeros(seq ^ otherSeq) / Byte.SIZE;
    }
}
