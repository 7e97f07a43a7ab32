package org.millrace.engine.config;

import java.util.Arrays;
import java.util.List;

/** The pairs of {@code save}: so many seconds after a change, if so many changes were made. Immutable. */
public final class SavePoints
{
    /** {@link #due}: no pair asks for a save. */
    public static final int NOT_DUE = -1;

    static final SavePoints NONE = new SavePoints(new long[0]);

    private final long[] pairs;

    private SavePoints(final long[] pairs)
    {
        this.pairs = pairs;
    }

    /** Reads seconds and changes in turn; a single empty word means that there are no pairs. */
    static SavePoints parse(final List<String> words) throws ConfigException
    {
        if (words.isEmpty() || 1 == words.size() && words.get(0).isEmpty())
        {
            return NONE;
        }

        final long[] pairs = new long[words.size()];
        for (int i = 0; i < pairs.length; i++)
        {
            pairs[i] = OptionNumbers.integer(words.get(i), "Invalid save parameters");
            if (pairs[i] < (0 == (i & 1) ? 1 : 0))
            {
                throw new ConfigException("Invalid save parameters");
            }
        }

        if (0 != (pairs.length & 1))
        {
            throw new ConfigException("Invalid save parameters");
        }

        return new SavePoints(pairs);
    }

    SavePoints plus(final SavePoints other)
    {
        final long[] all = Arrays.copyOf(pairs, pairs.length + other.pairs.length);
        System.arraycopy(other.pairs, 0, all, pairs.length, other.pairs.length);
        return new SavePoints(all);
    }

    public int count()
    {
        return pairs.length / 2;
    }

    public long seconds(final int index)
    {
        return pairs[2 * index];
    }

    public long changes(final int index)
    {
        return pairs[2 * index + 1];
    }

    /**
     * The first pair by which {@code changes} made and {@code seconds} gone since the last save ask for another, or
     * {@link #NOT_DUE}. Allocates nothing.
     */
    public int due(final long changes, final long seconds)
    {
        for (int i = 0; i < pairs.length; i += 2)
        {
            if (changes >= pairs[i + 1] && seconds > pairs[i])
            {
                return i / 2;
            }
        }

        return NOT_DUE;
    }

    /** The form CONFIG GET shows. */
    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        for (final long number : pairs)
        {
            text.append(text.length() > 0 ? " " : "").append(number);
        }

        return text.toString();
    }
}
