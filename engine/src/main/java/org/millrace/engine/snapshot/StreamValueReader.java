package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.StreamPieces;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamName;
import org.millrace.engine.value.StreamPage;
import org.millrace.engine.value.StreamPending;

/** Reads streams in one of their three forms, which differ in what they tell of ids, groups and consumers. */
final class StreamValueReader extends ValueReader implements AutoCloseable
{
    private static final int ID_LENGTH = StreamPending.ID_LENGTH;
    private static final int TIME_LENGTH = Long.BYTES;
    private static final int HEAD_NUMBERS = 8;
    private static final int HEAD_NUMBERS_OF_1 = 3;
    private static final int NAME_START = 1 + StreamName.LENGTH;

    private enum Step
    {
        PAGES,
        PAGE_ID,
        PAGE,
        HEAD,
        GROUPS,
        GROUP,
        GROUP_NUMBERS,
        GIVEN_COUNT,
        GIVEN_ID,
        GIVEN_TIME,
        GIVEN_TIMES,
        CONSUMERS,
        CONSUMER,
        CONSUMER_SEEN,
        CONSUMER_ACTIVE,
        OWNED_COUNT,
        OWNED,
        END
    }

    private final int type;

    /** The piece that is being put together. */
    private final ScratchBuffer piece = new ScratchBuffer();
    private final long[] numbers = new long[HEAD_NUMBERS];
    private int numberCount;
    private Step step = Step.PAGES;
    private long pagesLeft;
    private long groupsLeft;
    private long consumersLeft;
    private long left;
    private long seenMs;

    /** @param type RDB type of the form. */
    StreamValueReader(final int type)
    {
        this.type = type;
    }

    @Override
    int read(final RdbInput input, final ValueBuilder builder)
    {
        int result = GOING_ON;
        while (GOING_ON == result && Step.END != step)
        {
            result = switch (step)
            {
                case PAGES, HEAD, GROUPS, GROUP_NUMBERS, GIVEN_COUNT, GIVEN_TIMES, CONSUMERS, OWNED_COUNT -> readNumber(
                    input, builder);
                case PAGE, GROUP, CONSUMER -> readString(input, builder);
                default -> readFixed(input, builder);
            };
        }

        return GOING_ON == result ? done() : result;
    }

    private int readNumber(final RdbInput input, final ValueBuilder builder)
    {
        if (!input.readLength())
        {
            return NEED_MORE;
        }

        if (input.isEncoded)
        {
            return bad(input, builder, "a number of a stream that is none");
        }

        return switch (step)
        {
            case PAGES -> beginPages(input, builder);
            case HEAD -> takeHeadNumber(input.length, builder);
            case GROUP_NUMBERS -> takeGroupNumber(input.length, builder);
            case GIVEN_TIMES -> addGiven(input.length, builder);
            default -> takeCount(input, builder);
        };
    }

    private int badCount(final RdbInput input, final ValueBuilder builder)
    {
        return bad(input, builder, "a stream with an impossible count: " + Long.toUnsignedString(input.length));
    }

    private int beginPages(final RdbInput input, final ValueBuilder builder)
    {
        final long count = input.length;
        if (count < 0)
        {
            return badCount(input, builder);
        }

        if (!hasBegun(builder.begin(StreamLayout.TYPE, count)))
        {
            return NOT_TAKEN;
        }

        pagesLeft = count;
        numberCount = 0;
        step = 0 == count ? Step.HEAD : Step.PAGE_ID;
        return GOING_ON;
    }

    private int takeHeadNumber(final long number, final ValueBuilder builder)
    {
        numbers[numberCount++] = number;
        final boolean isShort = StreamLayout.TYPE == type;
        if (numberCount < (isShort ? HEAD_NUMBERS_OF_1 : HEAD_NUMBERS))
        {
            return GOING_ON;
        }

        piece.reserve(StreamPieces.HEAD_LENGTH);
        for (int i = 0; i < HEAD_NUMBERS; i++)
        {
            Memory.putLong(piece.address() + (long)i * Long.BYTES, i < numberCount ? numbers[i] : StreamLayout.UNKNOWN);
        }

        step = Step.GROUPS;
        return add(StreamPieces.HEAD_LENGTH, builder);
    }

    private int takeCount(final RdbInput input, final ValueBuilder builder)
    {
        final long count = input.length;
        if (count < 0)
        {
            return badCount(input, builder);
        }

        switch (step)
        {
            case GROUPS -> {
                groupsLeft = count;
                nextGroup();
            }
            case GIVEN_COUNT -> {
                left = count;
                step = 0 == count ? Step.CONSUMERS : Step.GIVEN_ID;
            }
            case CONSUMERS -> {
                consumersLeft = count;
                nextConsumer();
            }
            default -> {
                left = count;
                nextOwned();
            }
        }

        return GOING_ON;
    }

    private void nextGroup()
    {
        step = 0 == groupsLeft ? Step.END : Step.GROUP;
        groupsLeft--;
        numberCount = 0;
    }

    private void nextConsumer()
    {
        if (0 == consumersLeft)
        {
            nextGroup();
            return;
        }

        consumersLeft--;
        step = Step.CONSUMER;
    }

    private void nextOwned()
    {
        if (0 == left)
        {
            nextConsumer();
            return;
        }

        left--;
        step = Step.OWNED;
    }

    private int takeGroupNumber(final long number, final ValueBuilder builder)
    {
        numbers[numberCount++] = number;
        final boolean isShort = StreamLayout.TYPE == type;
        if (numberCount < (isShort ? 2 : 3))
        {
            return GOING_ON;
        }

        final long name = piece.address() + 1;
        StreamName.init(name, 0, 0);
        StreamName.last(name, numbers[0], numbers[1]);
        StreamName.entriesRead(name, isShort ? StreamPieces.GUESSED : numbers[2]);
        step = Step.GIVEN_COUNT;
        return addPiece(StreamPieces.GROUP, piece.length(), builder);
    }

    private int addGiven(final long times, final ValueBuilder builder)
    {
        StreamPending.delivery(piece.address() + 1, StreamPending.timeMs(piece.address() + 1), times, 0);
        left--;
        step = 0 == left ? Step.CONSUMERS : Step.GIVEN_ID;
        return addPiece(StreamPieces.GIVEN, 1 + (long)StreamPending.LENGTH, builder);
    }

    private int readString(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(Integer.MAX_VALUE - NAME_START);
        if (RdbInput.LARGE == result)
        {
            return bad(input, builder, "a page or a name of a stream that is too long");
        }

        if (RdbInput.READY != result)
        {
            return RdbInput.BAD == result ? bad(builder) : result;
        }

        if (Step.PAGE == step)
        {
            return addPage(input, builder);
        }

        piece.clear();
        piece.reserve(NAME_START);
        piece.append(piece.address(), NAME_START);
        piece.append(input.stringAddress, input.stringLength);
        step = Step.GROUP == step ? Step.GROUP_NUMBERS : Step.CONSUMER_SEEN;
        return GOING_ON;
    }

    private int addPage(final RdbInput input, final ValueBuilder builder)
    {
        if (!StreamPage.isWhole(input.stringAddress, input.stringLength))
        {
            return bad(input, builder, "Stream listpack integrity check failed.");
        }

        pagesLeft--;
        step = 0 == pagesLeft ? Step.HEAD : Step.PAGE_ID;
        return hasAdded(builder.add(input.stringAddress, input.stringLength), builder) ? GOING_ON : NOT_TAKEN;
    }

    /** Ids and times; the id of a page is a string of one byte of length. */
    private int readFixed(final RdbInput input, final ValueBuilder builder)
    {
        return switch (step)
        {
            case PAGE_ID -> readPageId(input, builder);
            case GIVEN_ID, OWNED -> readId(input, builder);
            default -> readTime(input, builder);
        };
    }

    private int readPageId(final RdbInput input, final ValueBuilder builder)
    {
        final int result = input.readString(ID_LENGTH);
        if (RdbInput.READY != result && RdbInput.LARGE != result)
        {
            return RdbInput.BAD == result ? bad(builder) : result;
        }

        if (ID_LENGTH != input.stringLength)
        {
            return bad(input, builder, "Stream node key entry is not the size of a stream ID");
        }

        step = Step.PAGE;
        return hasAdded(builder.add(input.stringAddress, ID_LENGTH), builder) ? GOING_ON : NOT_TAKEN;
    }

    private int readId(final RdbInput input, final ValueBuilder builder)
    {
        final long id = input.fixed(ID_LENGTH);
        if (0 == id)
        {
            return NEED_MORE;
        }

        piece.reserve(1 + StreamPending.LENGTH);
        Memory.copyDisjoint(id, piece.address() + 1, ID_LENGTH);
        if (Step.GIVEN_ID == step)
        {
            step = Step.GIVEN_TIME;
            return GOING_ON;
        }

        nextOwned();
        return addPiece(StreamPieces.OWNED, 1 + ID_LENGTH, builder);
    }

    private int readTime(final RdbInput input, final ValueBuilder builder)
    {
        final long at = input.fixed(TIME_LENGTH);
        if (0 == at)
        {
            return NEED_MORE;
        }

        final long timeMs = Memory.getLong(at);
        if (Step.GIVEN_TIME == step)
        {
            StreamPending.delivery(piece.address() + 1, timeMs, 0, 0);
            step = Step.GIVEN_TIMES;
            return GOING_ON;
        }

        if (Step.CONSUMER_SEEN == step)
        {
            seenMs = timeMs;
            if (StreamLayout.TYPE_3 == type)
            {
                step = Step.CONSUMER_ACTIVE;
                return GOING_ON;
            }
        }

        step = Step.OWNED_COUNT;
        StreamName.init(piece.address() + 1, 0, 0);
        StreamName.times(piece.address() + 1, seenMs, timeMs);
        return addPiece(StreamPieces.CONSUMER, piece.length(), builder);
    }

    private int addPiece(final byte kind, final long length, final ValueBuilder builder)
    {
        Memory.putByte(piece.address(), kind);
        return add(length, builder);
    }

    private int add(final long length, final ValueBuilder builder)
    {
        return hasAdded(builder.add(piece.address(), length), builder) ? GOING_ON : NOT_TAKEN;
    }

    private int bad(final RdbInput input, final ValueBuilder builder, final String error)
    {
        input.error = error;
        return bad(builder);
    }

    @Override
    void reset()
    {
        step = Step.PAGES;
        piece.clear();
    }

    @Override
    public void close()
    {
        piece.close();
    }
}
