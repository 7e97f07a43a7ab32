package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.ScoreTree;

/**
 * An entry that a group has given to a consumer: an element of {@link StreamLayout}'s tree of pending entries. Static
 * access; {@code at} is the address of the element's text, which is never a number and never lies elsewhere.
 */
@Layout(value = "An entry given to a consumer and not acknowledged, in the tree of pending entries", length = StreamPending.LENGTH, then = {})
public final class StreamPending
{
    /** Bytes of the text of a group's. */
    public static final int LENGTH = 40;

    /** Bytes of the text of a consumer's. */
    public static final int ID_LENGTH = 16;

    @Layout.Field(bytes = ID_LENGTH, value = "id, big-endian; of a consumer's element that is all")
    static final int ID_OFFSET = 0;
    @Layout.Field(bytes = Long.BYTES, value = "when it was given last, ms since 1970")
    static final int TIME_OFFSET = 16;
    @Layout.Field(bytes = Long.BYTES, value = "how often it was given")
    static final int DELIVERIES_OFFSET = 24;
    @Layout.Field(bytes = Long.BYTES, value = "number of the consumer that has it")
    static final int CONSUMER_OFFSET = 32;

    private StreamPending()
    {
    }

    /** Text of an element. */
    public static long text(final long element)
    {
        return ElementString.textAddress(element);
    }

    /** Whose element it is. */
    public static long number(final long element)
    {
        return (long)ScoreTree.score(element);
    }

    public static void id(final long at, final long ms, final long seq)
    {
        Memory.putLong(at, Long.reverseBytes(ms));
        Memory.putLong(at + Long.BYTES, Long.reverseBytes(seq));
    }

    public static long ms(final long at)
    {
        return Long.reverseBytes(Memory.getLong(at));
    }

    public static long seq(final long at)
    {
        return Long.reverseBytes(Memory.getLong(at + Long.BYTES));
    }

    public static void delivery(final long at, final long timeMs, final long deliveries, final long consumer)
    {
        Memory.putLong(at + TIME_OFFSET, timeMs);
        Memory.putLong(at + DELIVERIES_OFFSET, deliveries);
        Memory.putLong(at + CONSUMER_OFFSET, consumer);
    }

    public static long timeMs(final long at)
    {
        return Memory.getLong(at + TIME_OFFSET);
    }

    public static long deliveries(final long at)
    {
        return Memory.getLong(at + DELIVERIES_OFFSET);
    }

    public static long consumer(final long at)
    {
        return Memory.getLong(at + CONSUMER_OFFSET);
    }
}
