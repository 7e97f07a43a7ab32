package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.Element;
import org.millrace.engine.value.CollectionLayout;

/**
 * Reads hashes with deadlines of fields whose parts come one after the other: the earliest deadline, a count, then for each
 * field its deadline, itself and its value. What Redis 7.4 and later write of large ones, and this node of all.
 */
final class ExpiringHashReader extends ValueReader
{
    private enum Step
    {
        EARLIEST,
        COUNT,
        DEADLINE,
        FIELD,
        VALUE
    }

    private final boolean isRelative;
    private Step step;
    private long earliestMs;
    private long deadlineMs;
    private long left;

    /** @param isRelative deadlines are distances from the earliest one, which comes first; before 7.4.0 they were not. */
    ExpiringHashReader(final boolean isRelative)
    {
        this.isRelative = isRelative;
        reset();
    }

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        int result = GOING_ON;
        while (GOING_ON == result)
        {
            result = switch (step)
            {
                case EARLIEST -> readEarliest(input);
                case COUNT -> begin(input, builder);
                case DEADLINE -> 0 == left ? done() : readDeadline(input, builder);
                case FIELD -> readField(input, builder);
                case VALUE -> readValue(input, builder);
            };
        }

        return result;
    }

    private int readEarliest(final RdbInput input)
    {
        final long address = input.fixed(Long.BYTES);
        if (0 == address)
        {
            return NEED_MORE;
        }

        earliestMs = Memory.getLong(address);
        if (!FieldDeadline.isEarliest(earliestMs))
        {
            input.error = "an impossible earliest deadline of a hash's fields";
            reset();
            return BAD;
        }

        step = Step.COUNT;
        return GOING_ON;
    }

    private int begin(final RdbInput input, final ValueBuilder builder)
    {
        final int result = readCount(input);
        if (GOING_ON != result)
        {
            return NEED_MORE == result ? result : ended(result);
        }

        left = input.length;
        step = Step.DEADLINE;
        return hasBegun(builder.begin(CollectionLayout.EXPIRING_HASH, left)) ? GOING_ON : ended(NOT_TAKEN);
    }

    private int ended(final int result)
    {
        reset();
        return result;
    }

    private int readDeadline(final RdbInput input, final ValueBuilder builder)
    {
        if (!input.readLength())
        {
            return NEED_MORE;
        }

        deadlineMs = isRelative
            ? FieldDeadline.relative(Math.min(earliestMs, FieldDeadline.MAX), input.length)
            : FieldDeadline.absolute(input.length);
        if (input.isEncoded || FieldDeadline.WRONG == deadlineMs)
        {
            input.error = "an impossible deadline of a hash's field";
            return bad(builder);
        }

        step = Step.FIELD;
        return GOING_ON;
    }

    private int readField(final RdbInput input, final ValueBuilder builder)
    {
        final int result = add(input, builder);
        if (GOING_ON == result)
        {
            step = Step.VALUE;
            if (Element.NO_DEADLINE != deadlineMs)
            {
                builder.deadline(deadlineMs);
            }
        }

        return result;
    }

    private int readValue(final RdbInput input, final ValueBuilder builder)
    {
        final int result = add(input, builder);
        if (GOING_ON == result)
        {
            step = Step.DEADLINE;
            left--;
        }

        return result;
    }

    private int add(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return RdbInput.BAD == result ? bad(builder) : NEED_MORE;
        }

        return hasAdded(builder.add(input.stringAddress, input.stringLength), builder) ? GOING_ON : NOT_TAKEN;
    }

    @Override
    void reset()
    {
        step = isRelative ? Step.EARLIEST : Step.COUNT;
        earliestMs = 0;
        left = 0;
    }
}
