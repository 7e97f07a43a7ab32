package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.value.StringLayout;

/**
 * Reads strings in all their encodings: as they are, as integers, compressed. One that is large and not compressed goes
 * to the builder as it arrives.
 */
final class StringReader extends ValueReader
{
    private boolean isLarge;
    private long left;

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        return isLarge ? readOn(input, builder) : readHead(input, builder);
    }

    private int readHead(final RdbInput input, final ValueBuilder builder)
    {
        final int read = input.readString(StringLayout.COMPACT_MAX);
        switch (read)
        {
            case RdbInput.READY -> {
                return hasBegun(builder.string(input.stringAddress, input.stringLength)) ? done() : NOT_TAKEN;
            }
            case RdbInput.LARGE -> {
                isLarge = true;
                left = input.stringLength;
                return hasBegun(builder.begin(StringLayout.TYPE, left)) ? readOn(input, builder) : NOT_TAKEN;
            }
            default -> {
                return read;
            }
        }
    }

    private int readOn(final RdbInput input, final ValueBuilder builder)
    {
        final long taken = Math.min(input.end - input.at, left);
        if (taken > 0 && !hasAdded(builder.add(input.at, taken), builder))
        {
            return NOT_TAKEN;
        }

        input.at += taken;
        left -= taken;
        return 0 == left ? done() : NEED_MORE;
    }

    @Override
    void reset()
    {
        isLarge = false;
        left = 0;
    }
}
