package org.millrace.kit.resp;

import java.nio.ByteBuffer;

/**
 * Counts the replies in a stream of RESP2 bytes that arrives in pieces, without making objects of them: what a load
 * generator needs. Resumable at any byte, allocation-free, not thread-safe.
 */
public final class ReplyScanner
{
    private enum State
    {
        TYPE,
        SKIP_LINE,
        NUMBER,
        BULK
    }

    private State state = State.TYPE;
    private byte type;
    private boolean isNegative;
    private long number;
    private long bulkRemaining;
    /** Values still missing until the current reply is complete; nested arrays only add to it. */
    private long outstanding = 1;
    private long errorCount;

    /**
     * Takes all bytes between position and limit.
     *
     * @return number of replies completed by them.
     * @throws IllegalStateException if the bytes are not RESP2.
     */
    public int scan(final ByteBuffer buffer)
    {
        int completed = 0;
        while (buffer.hasRemaining())
        {
            if (State.BULK == state)
            {
                final int skipped = (int)Math.min(bulkRemaining, buffer.remaining());
                buffer.position(buffer.position() + skipped);
                bulkRemaining -= skipped;
                if (0 == bulkRemaining)
                {
                    completed += valueDone();
                }
            }
            else
            {
                completed += scanByte(buffer.get());
            }
        }

        return completed;
    }

    /**
     * Error replies met so far, those inside arrays included.
     */
    public long errorCount()
    {
        return errorCount;
    }

    private int scanByte(final byte next)
    {
        switch (state)
        {
            case TYPE :
                startValue(next);
                return 0;

            case SKIP_LINE :
                return '\n' == next ? valueDone() : 0;

            default :
                return scanNumber(next);
        }
    }

    private void startValue(final byte next)
    {
        type = next;
        number = 0;
        isNegative = false;
        switch (next)
        {
            case '-' :
                errorCount++;
                state = State.SKIP_LINE;
                break;

            case '+' :
            case ':' :
                state = State.SKIP_LINE;
                break;

            case '$' :
            case '*' :
                state = State.NUMBER;
                break;

            default :
                throw new IllegalStateException("unknown reply type: byte " + next);
        }
    }

    private int scanNumber(final byte next)
    {
        if ('-' == next)
        {
            isNegative = true;
        }
        else if (next >= '0' && next <= '9')
        {
            number = number * 10 + (next - '0');
        }
        else if ('\n' == next)
        {
            return headerDone();
        }
        else if ('\r' != next)
        {
            throw new IllegalStateException("not a digit in a reply header: byte " + next);
        }

        return 0;
    }

    private int headerDone()
    {
        if (isNegative)
        {
            return valueDone();
        }

        if ('$' == type)
        {
            bulkRemaining = number + 2;
            state = State.BULK;
            return 0;
        }

        outstanding += number;
        return valueDone();
    }

    private int valueDone()
    {
        state = State.TYPE;
        if (0 == --outstanding)
        {
            outstanding = 1;
            return 1;
        }

        return 0;
    }
}
