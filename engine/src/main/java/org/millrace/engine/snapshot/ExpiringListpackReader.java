package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.Element;
import org.millrace.engine.value.CollectionLayout;

/**
 * Reads hashes with deadlines of fields that are one listpack of fields, values and deadlines in turn: what Redis 7.4 and
 * later write of small ones.
 */
final class ExpiringListpackReader extends ValueReader implements AutoCloseable
{
    private static final String MISFIT = "Hash listpackex integrity check failed";

    private final PackedElements elements;
    private final boolean hasEarliest;

    /** Digits of a value that the listpack has as a number: its deadline comes before it is used. */
    private final long digits = Memory.reserve(Decimal.LENGTH_MAX);
    private boolean isEarliestRead;
    private long valueAddress;
    private long valueLength;

    /**
     * @param elements shared with others: it is not used between two calls.
     * @param hasEarliest the earliest deadline comes first; before 7.4.0 it did not.
     */
    ExpiringListpackReader(final PackedElements elements, final boolean hasEarliest)
    {
        this.elements = elements;
        this.hasEarliest = hasEarliest;
    }

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        if (hasEarliest && !isEarliestRead)
        {
            final long address = input.fixed(Long.BYTES);
            if (0 == address)
            {
                return NEED_MORE;
            }

            // Each field says its own deadline: this one is a matter of form.
            isEarliestRead = FieldDeadline.isEarliest(Memory.getLong(address));
            if (!isEarliestRead)
            {
                input.error = "an impossible earliest deadline of a hash's fields";
                return BAD;
            }
        }

        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            isEarliestRead &= NEED_MORE == result;
            return result;
        }

        isEarliestRead = false;
        return take(input, builder);
    }

    private int take(final RdbInput input, final ValueBuilder builder)
    {
        final boolean isWrapped = elements.wrap(input.stringAddress, input.stringLength);
        int step = isWrapped ? elements.next() : PackedElements.BAD;
        if (PackedElements.END == step)
        {
            return EMPTY;
        }

        if (PackedElements.ELEMENT == step &&
            !hasBegun(builder.begin(CollectionLayout.EXPIRING_HASH, ValueBuilder.COUNT_UNKNOWN)))
        {
            return NOT_TAKEN;
        }

        while (PackedElements.ELEMENT == step)
        {
            final int result = takeField(input, builder);
            if (GOING_ON != result)
            {
                return result;
            }

            step = elements.next();
        }

        return PackedElements.END == step ? done() : misfit(input, builder);
    }

    /** The field that the walk is at, then its value and deadline. */
    private int takeField(final RdbInput input, final ValueBuilder builder)
    {
        if (!hasAdded(builder.add(elements.textAddress(), elements.textLength()), builder))
        {
            return NOT_TAKEN;
        }

        if (PackedElements.ELEMENT != elements.next())
        {
            return misfit(input, builder);
        }

        keepValue();
        if (PackedElements.ELEMENT != elements.next() || !elements.isNumber())
        {
            return misfit(input, builder);
        }

        final long deadlineMs = FieldDeadline.absolute(elements.number());
        if (FieldDeadline.WRONG == deadlineMs)
        {
            input.error = "an impossible deadline of a hash's field";
            return bad(builder);
        }

        if (Element.NO_DEADLINE != deadlineMs)
        {
            builder.deadline(deadlineMs);
        }

        return hasAdded(builder.add(valueAddress, valueLength), builder) ? GOING_ON : NOT_TAKEN;
    }

    private void keepValue()
    {
        valueLength = elements.textLength();
        valueAddress = elements.textAddress();
        if (elements.isNumber())
        {
            Memory.copy(valueAddress, digits, valueLength);
            valueAddress = digits;
        }
    }

    private int misfit(final RdbInput input, final ValueBuilder builder)
    {
        input.error = MISFIT;
        return bad(builder);
    }

    @Override
    void reset()
    {
        isEarliestRead = false;
    }

    @Override
    public void close()
    {
        Memory.release(digits);
    }
}
