package org.millrace.engine.memory;

/**
 * Blocks that wait to be freed, oldest first, each with a word of its own. It grows and shrinks by pieces: millions may
 * wait, and no step may take as long as copying them. Writer thread.
 */
final class RetiredQueue
{
    private static final int PIECE_LENGTH = 1024;

    private static final class Piece
    {
        private final int[] refs = new int[PIECE_LENGTH];
        private final long[] words = new long[PIECE_LENGTH];
        private Piece next;
    }

    private Piece head = new Piece();
    private Piece tail = head;

    /** The piece that was given up last, for the next that is needed: what comes and goes steadily makes no garbage. */
    private Piece spare;
    private int headIndex;
    private int tailIndex;

    boolean isEmpty()
    {
        return head == tail && headIndex == tailIndex;
    }

    void add(final int ref, final long word)
    {
        if (PIECE_LENGTH == tailIndex)
        {
            addPiece();
        }

        tail.refs[tailIndex] = ref;
        tail.words[tailIndex] = word;
        tailIndex++;
    }

    /** Reference of the oldest block of a queue that is not empty. */
    int ref()
    {
        return head.refs[headIndex];
    }

    /** Word of the oldest block of a queue that is not empty. */
    long word()
    {
        return head.words[headIndex];
    }

    /** The oldest block waits no longer. */
    void remove()
    {
        headIndex++;
        if (head == tail && headIndex == tailIndex)
        {
            headIndex = 0;
            tailIndex = 0;
        }
        else if (PIECE_LENGTH == headIndex)
        {
            final Piece left = head;
            head = left.next;
            headIndex = 0;
            left.next = null;
            spare = left;
        }
    }

    private void addPiece()
    {
        final Piece piece = null == spare ? new Piece() : spare;
        spare = null;
        tail.next = piece;
        tail = piece;
        tailIndex = 0;
    }
}
