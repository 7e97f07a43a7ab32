package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.Memory;

/** Keeps what it is told as texts and scores, and knows what may be called when. */
final class RecordingBuilder implements ValueBuilder
{
    private final List<Object> elements = new ArrayList<>();
    private final StringBuilder string = new StringBuilder();
    private int type = -1;
    private long count;
    private boolean isOpen;
    private int callsLeft = Integer.MAX_VALUE;
    private int refusal = NO_MEMORY;

    /** Take so many calls and answer the next with this. */
    RecordingBuilder refusingAfter(final int calls, final int result)
    {
        callsLeft = calls;
        refusal = result;
        return this;
    }

    /** RDB type of the value, -1 if there is none. */
    int type()
    {
        return type;
    }

    /** Elements that were promised, or {@link #COUNT_UNKNOWN}. */
    long count()
    {
        return count;
    }

    boolean isOpen()
    {
        return isOpen;
    }

    /** Strings (bytes as ISO-8859-1) and, behind members, scores, behind fields deadlines; of a string one element, its bytes. */
    List<Object> elements()
    {
        return RdbDescriptor.TYPE_STRING == type ? List.of(string.toString()) : elements;
    }

    private int take()
    {
        return callsLeft-- > 0 ? OK : refusal;
    }

    @Override
    public int begin(final int newType, final long newCount)
    {
        assertFalse(isOpen);
        elements.clear();
        string.setLength(0);
        type = newType;
        count = newCount;
        isOpen = callsLeft-- > 0;
        return isOpen ? OK : NO_MEMORY;
    }

    @Override
    public int add(final long address, final long length)
    {
        assertTrue(isOpen);
        final byte[] bytes = new byte[(int)length];
        Memory.copy(address, bytes, 0, bytes.length);
        final int result = take();
        if (OK == result && RdbDescriptor.TYPE_STRING == type)
        {
            assertTrue(length > 0);
            string.append(new String(bytes, ISO_8859_1));
        }
        else if (OK == result)
        {
            elements.add(new String(bytes, ISO_8859_1));
        }

        return result;
    }

    @Override
    public int addZeros(final long length)
    {
        throw new AssertionError("no form has them");
    }

    @Override
    public void deadline(final long deadlineMs)
    {
        assertTrue(isOpen && RdbDescriptor.TYPE_HASH_EXPIRING == type && deadlineMs >= 0);
        assertTrue(elements.get(elements.size() - 1) instanceof String);
        elements.add(deadlineMs);
    }

    @Override
    public int score(final double score)
    {
        assertTrue(isOpen && RdbDescriptor.TYPE_ZSET == type);
        assertFalse(Double.isNaN(score));
        assertTrue(elements.get(elements.size() - 1) instanceof String);
        final int result = take();
        if (OK == result)
        {
            elements.add(score);
        }

        return result;
    }

    @Override
    public int string(final long address, final long length)
    {
        if (OK != begin(RdbDescriptor.TYPE_STRING, length))
        {
            return NO_MEMORY;
        }

        final byte[] bytes = new byte[(int)length];
        Memory.copy(address, bytes, 0, bytes.length);
        string.append(new String(bytes, ISO_8859_1));
        return OK;
    }

    @Override
    public int commit()
    {
        assertTrue(isOpen);
        isOpen = false;
        return OK;
    }

    @Override
    public void abort()
    {
        assertTrue(isOpen);
        isOpen = false;
        type = -1;
    }
}
