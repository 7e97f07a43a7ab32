package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.NearestDouble;

/** Reads collections that are one string, within which the elements lie packed: what Redis writes of small ones. */
final class BlobReader extends ValueReader
{
    /** What follows a string of the blob, if anything does. */
    enum Pairs
    {
        /** Each string is an element. */
        NONE,
        /** Fields and values in turn. */
        VALUES,
        /** Members and scores in turn. */
        SCORES
    }

    private final int type;
    private final PackedElements elements;
    private final Pairs pairs;
    private final String misfit;

    /**
     * @param type that the builder is told.
     * @param elements shared with others: it is not used between two calls.
     * @param misfit what Redis calls a blob that is not sound.
     */
    BlobReader(final int type, final PackedElements elements, final Pairs pairs, final String misfit)
    {
        this.type = type;
        this.elements = elements;
        this.pairs = pairs;
        this.misfit = misfit;
    }

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(Long.MAX_VALUE);
        return RdbInput.READY == result ? take(input, builder) : result;
    }

    private int take(final RdbInput input, final ValueBuilder builder)
    {
        final boolean isWrapped = elements.wrap(input.stringAddress, input.stringLength);
        int step = isWrapped ? elements.next() : PackedElements.BAD;
        if (PackedElements.END == step)
        {
            return EMPTY;
        }

        if (PackedElements.ELEMENT == step && !hasBegun(builder.begin(type, ValueBuilder.COUNT_UNKNOWN)))
        {
            return NOT_TAKEN;
        }

        boolean isSecond = false;
        while (PackedElements.ELEMENT == step)
        {
            final int result = add(input, builder, isSecond);
            if (GOING_ON != result)
            {
                return result;
            }

            isSecond = Pairs.NONE != pairs && !isSecond;
            step = elements.next();
        }

        if (PackedElements.END == step && !isSecond)
        {
            return done();
        }

        input.error = misfit;
        return bad(builder);
    }

    private int add(final RdbInput input, final ValueBuilder builder, final boolean isSecond)
    {
        if (!isSecond || Pairs.SCORES != pairs)
        {
            return hasAdded(builder.add(elements.textAddress(), elements.textLength()), builder) ? GOING_ON : NOT_TAKEN;
        }

        final double score = elements.isNumber()
            ? elements.number()
            : NearestDouble.parse(elements.textAddress(), elements.textLength());
        if (Double.isNaN(score))
        {
            input.error = NAN_SCORE;
            return bad(builder);
        }

        return hasAdded(builder.score(score), builder) ? GOING_ON : NOT_TAKEN;
    }

    @Override
    void reset()
    {
    }
}
