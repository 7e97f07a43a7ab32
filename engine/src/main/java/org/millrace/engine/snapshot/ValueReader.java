package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.ValueBuilder;

/**
 * Reads values in one wire form out of bytes that arrive in pieces split anywhere, and has a builder make them. Memory
 * beyond what the builder takes is bounded by one element, and grows with the bytes that came, never by what a length
 * promises. Never throws on bad input. Owned by one loader; one value at a time.
 */
abstract class ValueReader
{
    /** All of the piece was taken, the value goes on. */
    static final int NEED_MORE = RdbInput.NEED_MORE;

    /** The builder has the whole value and waits for commit or abort. */
    static final int DONE = RdbInput.READY;

    /** {@link RdbInput#error} says what is wrong with the bytes; the builder is not open. */
    static final int BAD = RdbInput.BAD;

    /** {@link #builderResult} says why the builder has not taken it; it is not open. */
    static final int NOT_TAKEN = 4;

    /** All of it was read and there is no element in it, which no key holds; the builder is not open. */
    static final int EMPTY = 5;

    /** Of a reader's own steps: on to the next one. */
    static final int GOING_ON = -1;

    /** What Redis says of a score that is no number. */
    static final String NAN_SCORE = "Zset with NAN score detected";

    /** No collection has more: counts of 32 bits, and what claims more will not come. */
    private static final long COUNT_MAX = 0xFFFF_FFFFL;

    private int builderResult;
    private boolean isOpen;

    /** Take what there is of the value. @return one of the constants above. */
    abstract int read(RdbInput input, ValueBuilder builder);

    /** {@link ValueBuilder#DUPLICATE} or {@link ValueBuilder#NO_MEMORY}. */
    final int builderResult()
    {
        return builderResult;
    }

    /** Give up the value under way, if there is one, and have the builder do so. */
    final void abandon(final ValueBuilder builder)
    {
        if (isOpen)
        {
            isOpen = false;
            builder.abort();
        }

        reset();
    }

    /** Forget the value under way. */
    abstract void reset();

    /** The builder has begun a value, or not. @return true if it has. */
    final boolean hasBegun(final int result)
    {
        builderResult = result;
        isOpen = ValueBuilder.OK == result;
        return isOpen;
    }

    /** The builder has added to the value, or not and is told to give it up. @return true if it has. */
    final boolean hasAdded(final int result, final ValueBuilder builder)
    {
        builderResult = result;
        if (ValueBuilder.OK != result)
        {
            abandon(builder);
        }

        return ValueBuilder.OK == result;
    }

    /**
     * A count of elements or parts that the value begins with is to be read.
     *
     * @return {@link #NEED_MORE}, {@link #GOING_ON}: {@link RdbInput#length} is a count, {@link #EMPTY} or {@link #BAD}.
     */
    static int readCount(final RdbInput input)
    {
        if (!input.readLength())
        {
            return NEED_MORE;
        }

        if (input.isEncoded || input.length < 0 || input.length > COUNT_MAX)
        {
            input.error = "an impossible number of elements";
            return BAD;
        }

        return 0 == input.length ? EMPTY : GOING_ON;
    }

    /** The value is whole: the builder is somebody else's to close. */
    final int done()
    {
        isOpen = false;
        reset();
        return DONE;
    }

    /** The bytes are wrong. */
    final int bad(final ValueBuilder builder)
    {
        abandon(builder);
        return BAD;
    }
}
