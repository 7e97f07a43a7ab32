package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.NearestDouble;
import org.millrace.engine.memory.Memory;

/**
 * Reads collections whose elements come one after the other, each in strings of its own: what every version writes of
 * large ones, and this node of all. A count, then for each element a string, or two, or one and a score.
 */
final class PlainReader extends ValueReader
{
    /** How scores are written. */
    enum Scores
    {
        NONE,
        /** A length of one byte and a decimal number, or one byte for what is not finite: before Redis 4. */
        TEXT,
        /** 8 bytes, little-endian. */
        BINARY
    }

    private static final int SCORE_NAN = 253;
    private static final int SCORE_INFINITE = 254;
    private static final int SCORE_MINUS_INFINITE = 255;

    private final int type;
    private final int stringsEach;
    private final Scores scores;
    private boolean isCounted;
    private boolean isAtScore;
    private long stringsLeft;
    private int scoreLength;

    /**
     * @param type that the builder is told.
     * @param stringsEach of an element.
     */
    PlainReader(final int type, final int stringsEach, final Scores scores)
    {
        this.type = type;
        this.stringsEach = stringsEach;
        this.scores = scores;
    }

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        int result = isCounted ? GOING_ON : begin(input, builder);
        while (GOING_ON == result)
        {
            if (isAtScore)
            {
                result = Scores.TEXT == scores ? readScoreText(input, builder) : readScore(input, builder);
            }
            else
            {
                result = 0 == stringsLeft ? done() : readString(input, builder);
            }
        }

        return result;
    }

    private int begin(final RdbInput input, final ValueBuilder builder)
    {
        final int result = readCount(input);
        if (GOING_ON != result)
        {
            return result;
        }

        isCounted = hasBegun(builder.begin(type, input.length));
        stringsLeft = input.length * stringsEach;
        return isCounted ? GOING_ON : NOT_TAKEN;
    }

    private int readString(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return RdbInput.BAD == result ? bad(builder) : NEED_MORE;
        }

        stringsLeft--;
        isAtScore = Scores.NONE != scores;
        return hasAdded(builder.add(input.stringAddress, input.stringLength), builder) ? GOING_ON : NOT_TAKEN;
    }

    private int readScore(final RdbInput input, final ValueBuilder builder)
    {
        final long address = input.fixed(Double.BYTES);
        return 0 == address ? NEED_MORE : score(Double.longBitsToDouble(Memory.getLong(address)), input, builder);
    }

    private int readScoreText(final RdbInput input, final ValueBuilder builder)
    {
        if (0 == scoreLength)
        {
            final long address = input.fixed(1);
            if (0 == address)
            {
                return NEED_MORE;
            }

            scoreLength = Memory.getUnsignedByte(address);
            if (0 == scoreLength)
            {
                return score(Double.NaN, input, builder);
            }
        }

        return switch (scoreLength)
        {
            case SCORE_NAN -> score(Double.NaN, input, builder);
            case SCORE_INFINITE -> score(Double.POSITIVE_INFINITY, input, builder);
            case SCORE_MINUS_INFINITE -> score(Double.NEGATIVE_INFINITY, input, builder);
            default -> RdbInput.READY == input.readBytes(scoreLength)
                ? score(NearestDouble.parse(input.stringAddress, input.stringLength), input, builder)
                : NEED_MORE;
        };
    }

    private int score(final double score, final RdbInput input, final ValueBuilder builder)
    {
        if (Double.isNaN(score))
        {
            input.error = NAN_SCORE;
            return bad(builder);
        }

        isAtScore = false;
        scoreLength = 0;
        return hasAdded(builder.score(score), builder) ? GOING_ON : NOT_TAKEN;
    }

    @Override
    void reset()
    {
        isCounted = false;
        isAtScore = false;
        stringsLeft = 0;
        scoreLength = 0;
    }
}
