package org.millrace.engine.snapshot;

import org.millrace.engine.base.Check;
import org.millrace.engine.datatype.ValueBuilder;

/**
 * Reads lists that are a count of nodes and these, each of them a blob of packed elements or, since Redis 7, perhaps one
 * large element alone, as a number before it says.
 */
final class QuicklistReader extends ValueReader
{
    private static final int CONTAINER_PLAIN = 1;
    private static final int CONTAINER_PACKED = 2;

    private final PackedElements elements;
    private final boolean hasContainers;
    private final String misfit;
    private boolean isCounted;
    private boolean isAtNode;
    private boolean isPlain;
    private boolean hasElements;
    private long nodesLeft;

    /**
     * @param elements of a node; shared with others: it is not used between two calls.
     * @param hasContainers whether a number before each node says what it is.
     * @param misfit what Redis calls a node that is not sound.
     */
    QuicklistReader(final PackedElements elements, final boolean hasContainers, final String misfit)
    {
        this.elements = elements;
        this.hasContainers = hasContainers;
        this.misfit = misfit;
    }

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        int result = isCounted ? GOING_ON : begin(input);
        while (GOING_ON == result)
        {
            if (0 == nodesLeft)
            {
                return end();
            }

            result = isAtNode || !hasContainers ? readNode(input, builder) : readContainer(input, builder);
        }

        return result;
    }

    private int begin(final RdbInput input)
    {
        final int result = readCount(input);
        isCounted = GOING_ON == result;
        nodesLeft = isCounted ? input.length : 0;
        return result;
    }

    /** Nodes may be empty; if all of them were, so is the list. */
    private int end()
    {
        if (hasElements)
        {
            return done();
        }

        reset();
        return EMPTY;
    }

    private int readContainer(final RdbInput input, final ValueBuilder builder)
    {
        if (!input.readLength())
        {
            return NEED_MORE;
        }

        if (input.isEncoded || CONTAINER_PLAIN != input.length && CONTAINER_PACKED != input.length)
        {
            input.error = "Quicklist integrity check failed";
            return bad(builder);
        }

        isAtNode = true;
        isPlain = CONTAINER_PLAIN == input.length;
        return GOING_ON;
    }

    private int readNode(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return RdbInput.BAD == result ? bad(builder) : NEED_MORE;
        }

        isAtNode = false;
        nodesLeft--;
        if (isPlain)
        {
            return 0 == input.stringLength
                ? misfit(input, builder)
                : add(input.stringAddress, input.stringLength, builder);
        }

        return addAll(input, builder);
    }

    private int addAll(final RdbInput input, final ValueBuilder builder)
    {
        final boolean isWrapped = elements.wrap(input.stringAddress, input.stringLength);
        int step = isWrapped ? elements.next() : PackedElements.BAD;
        while (PackedElements.ELEMENT == step)
        {
            if (GOING_ON != add(elements.textAddress(), elements.textLength(), builder))
            {
                return NOT_TAKEN;
            }

            step = elements.next();
        }

        return PackedElements.END == step ? GOING_ON : misfit(input, builder);
    }

    private int add(final long address, final long length, final ValueBuilder builder)
    {
        Check.that(isCounted, "element before the count: nodes, length", nodesLeft, length);
        if (!hasElements && !hasBegun(builder.begin(RdbDescriptor.TYPE_LIST, ValueBuilder.COUNT_UNKNOWN)))
        {
            return notTaken();
        }

        hasElements = true;
        return hasAdded(builder.add(address, length), builder) ? GOING_ON : NOT_TAKEN;
    }

    private int notTaken()
    {
        reset();
        return NOT_TAKEN;
    }

    private int misfit(final RdbInput input, final ValueBuilder builder)
    {
        input.error = misfit;
        return bad(builder);
    }

    @Override
    void reset()
    {
        isCounted = false;
        isAtNode = false;
        isPlain = false;
        hasElements = false;
        nodesLeft = 0;
    }
}
