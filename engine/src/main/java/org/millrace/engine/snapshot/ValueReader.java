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
