package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.value.CollectionLayout;

/**
 * Reads hashes with deadlines of fields as Valkey 9 writes them: a count, then for each field itself, its value and its
 * deadline, 8 bytes, -1 for none. The value waits for the deadline, which the builder wants to know first.
 */
final class ValkeyHashReader extends ValueReader implements AutoCloseable
{
    private static final long NONE = -1;

    private enum Step
    {
        COUNT,
        FIELD,
        VALUE,
        DEADLINE
    }

    private final ScratchBuffer value = new ScratchBuffer();
    private Step step = Step.COUNT;
    private long left;

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        int result = GOING_ON;
        while (GOING_ON == result)
        {
            result = switch (step)
            {
                case COUNT -> begin(input, builder);
                case FIELD -> 0 == left ? done() : readField(input, builder);
                case VALUE -> readValue(input, builder);
                case DEADLINE -> readDeadline(input, builder);
            };
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

        left = input.length;
        step = Step.FIELD;
        if (hasBegun(builder.begin(CollectionLayout.EXPIRING_HASH, left)))
        {
            return GOING_ON;
        }

        reset();
        return NOT_TAKEN;
    }

    private int readField(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return RdbInput.BAD == result ? bad(builder) : NEED_MORE;
        }

        step = Step.VALUE;
        return hasAdded(builder.add(input.stringAddress, input.stringLength), builder) ? GOING_ON : NOT_TAKEN;
    }

    private int readValue(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return RdbInput.BAD == result ? bad(builder) : NEED_MORE;
        }

        value.clear();
        value.append(input.stringAddress, input.stringLength);
        step = Step.DEADLINE;
        return GOING_ON;
    }

    private int readDeadline(final RdbInput input, final ValueBuilder builder)
    {
        final long address = input.fixed(Long.BYTES);
        if (0 == address)
        {
            return NEED_MORE;
        }

        final long deadlineMs = Memory.getLong(address);
        if (deadlineMs < NONE || deadlineMs > FieldDeadline.MAX)
        {
            input.error = "an impossible deadline of a hash's field";
            return bad(builder);
        }

        if (NONE != deadlineMs)
        {
            builder.deadline(deadlineMs);
        }

        step = Step.FIELD;
        left--;
        return hasAdded(builder.add(value.address(), value.length()), builder) ? GOING_ON : NOT_TAKEN;
    }

    @Override
    void reset()
    {
        step = Step.COUNT;
        left = 0;
        value.clear();
    }

    @Override
    public void close()
    {
        value.close();
    }
}
