package org.millrace.engine.config;

import java.util.List;
import java.util.Locale;

/**
 * The limits of {@code client-output-buffer-limit}: for each class of clients the unsent bytes at which it is closed
 * at once, and those at which it is closed after some seconds. 0 means no limit. Immutable.
 */
public final class OutputLimits
{
    public static final int NORMAL = 0;
    public static final int REPLICA = 1;
    public static final int PUBSUB = 2;

    private static final int CLASS_COUNT = 3;
    private static final int FIELD_COUNT = 3;
    private static final int WORD_COUNT = 4;

    /** Names as CONFIG GET shows them: the wire keeps the old word for replicas. */
    private static final String[] WIRE_NAMES = {"normal", "slave", "pubsub"};
    private static final String[] FILE_NAMES = {"normal", "replica", "pubsub"};

    private static final OutputLimits UNLIMITED = new OutputLimits(new long[CLASS_COUNT * FIELD_COUNT]);

    private final long[] limits;

    private OutputLimits(final long[] limits)
    {
        this.limits = limits;
    }

    /**
     * Reads groups of class, hard limit, soft limit and seconds; classes that are not named keep what {@code base}
     * says.
     */
    static OutputLimits parse(final OutputLimits base, final List<String> words) throws ConfigException
    {
        if (0 != words.size() % WORD_COUNT)
        {
            throw new ConfigException("Wrong number of arguments in buffer limit configuration.");
        }

        final String error = "Error in hard, soft or soft_seconds setting in buffer limit configuration.";
        final long[] limits = (null == base ? UNLIMITED : base).limits.clone();
        for (int i = 0; i < words.size(); i += WORD_COUNT)
        {
            final int first = classOf(words.get(i)) * FIELD_COUNT;
            limits[first] = OptionNumbers.memory(words.get(i + 1), error);
            limits[first + 1] = OptionNumbers.memory(words.get(i + 2), error);
            limits[first + 2] = OptionNumbers.integer(words.get(i + 3), error);
            if (limits[first + 2] < 0)
            {
                throw new ConfigException(error);
            }
        }

        return new OutputLimits(limits);
    }

    private static int classOf(final String name) throws ConfigException
    {
        return switch (name.toLowerCase(Locale.ROOT))
        {
            case "normal" -> NORMAL;
            case "slave", "replica" -> REPLICA;
            case "pubsub" -> PUBSUB;
            default -> throw new ConfigException("Invalid client class specified in buffer limit configuration.");
        };
    }

    /** Bytes at which a client is closed at once, 0 for no limit. */
    public long hard(final int clientClass)
    {
        return limits[clientClass * FIELD_COUNT];
    }

    /** Bytes at which the seconds start to count, 0 for no limit. */
    public long soft(final int clientClass)
    {
        return limits[clientClass * FIELD_COUNT + 1];
    }

    /** Seconds a client may stay at its soft limit. */
    public long softSeconds(final int clientClass)
    {
        return limits[clientClass * FIELD_COUNT + 2];
    }

    /** Bytes as CONFIG REWRITE writes them: in the largest unit that divides them. */
    public static String withUnit(final long length)
    {
        return OptionNumbers.printWithUnit(length);
    }

    /** The line CONFIG REWRITE writes for a class, without the directive's name. */
    public String fileLine(final int clientClass)
    {
        return FILE_NAMES[clientClass] + " " + OptionNumbers.printWithUnit(hard(clientClass)) + " " +
            OptionNumbers.printWithUnit(soft(clientClass)) + " " + softSeconds(clientClass);
    }

    /** The form CONFIG GET shows. */
    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < CLASS_COUNT; i++)
        {
            text.append(0 == i ? "" : " ").append(WIRE_NAMES[i]).append(' ').append(Long.toUnsignedString(hard(i)))
                .append(' ').append(Long.toUnsignedString(soft(i))).append(' ').append(softSeconds(i));
        }

        return text.toString();
    }
}
