package org.millrace.engine.config;

/**
 * How the words of one option become a value, its default and its names. Written while the table is built and never
 * after.
 */
final class OptionRow
{
    static final long INT_MAX = Integer.MAX_VALUE;
    static final long INT_MIN = Integer.MIN_VALUE;
    static final long LONG_MAX = Long.MAX_VALUE;
    static final long UINT_MAX = 0xFFFF_FFFFL;

    /** 2^64 - 1 in the two's complement that unsigned comparisons read. */
    static final long UNSIGNED_MAX = -1L;

    /** Lists and defaults that are too long for a row. */
    static final String EVICTION_POLICIES = "volatile-lru,volatile-lfu,volatile-random,volatile-ttl," +
        "allkeys-lru,allkeys-lfu,allkeys-random,noeviction";
    static final String LOAD_WORDS = "disabled,on-empty-db,swapdb";
    static final String LOG_LEVELS = "debug,verbose,notice,warning,nothing";
    static final String OUTPUT_LIMITS_DEFAULT = "normal 0 0 0 replica 256mb 64mb 60 pubsub 32mb 8mb 60";
    static final String SHUTDOWN_WORDS = "default,save,nosave,now,force";
    static final String SYSLOG_FACILITIES = "user,local0,local1,local2,local3,local4,local5,local6,local7";

    private static final String[] NO_CHOICES = {};

    final OptionType type;
    final String defaultText;
    final long defaultNumber;
    final long min;
    final long max;
    final String[] choices;
    String name;
    String alias;

    private OptionRow(
        final OptionType type,
        final String defaultText,
        final long defaultNumber,
        final long min,
        final long max,
        final String[] choices)
    {
        this.type = type;
        this.defaultText = defaultText;
        this.defaultNumber = defaultNumber;
        this.min = min;
        this.max = max;
        this.choices = choices;
    }

    static OptionRow bool(final boolean isYes)
    {
        return new OptionRow(OptionType.BOOL, isYes ? "yes" : "no", isYes ? 1 : 0, 0, 1, NO_CHOICES);
    }

    static OptionRow integer(final long value, final long min, final long max)
    {
        return number(OptionType.INTEGER, value, min, max);
    }

    /** From none to as many as an int can hold. */
    static OptionRow count(final long value)
    {
        return integer(value, 0, INT_MAX);
    }

    static OptionRow unsigned(final long value, final long min, final long max)
    {
        return number(OptionType.UNSIGNED, value, min, max);
    }

    static OptionRow memory(final long value, final long min, final long max)
    {
        return number(OptionType.MEMORY, value, min, max);
    }

    static OptionRow unsignedMemory(final long value, final long min, final long max)
    {
        return number(OptionType.UNSIGNED_MEMORY, value, min, max);
    }

    static OptionRow memoryOrPercent(final long value, final long min, final long max)
    {
        return number(OptionType.MEMORY_OR_PERCENT, value, min, max);
    }

    static OptionRow octal(final long value, final long min, final long max)
    {
        return number(OptionType.OCTAL, value, min, max);
    }

    /** {@code words} is the list in the order Redis's error message has it, separated by commas. */
    static OptionRow choice(final String value, final String words)
    {
        final String[] choices = words.split(",");
        int index = 0;
        while (!choices[index].equals(value))
        {
            index++;
        }

        return new OptionRow(OptionType.CHOICE, value, index, 0, choices.length, choices);
    }

    /** As {@link #choice}, but any number of words; the first one stands for none of the others. */
    static OptionRow choices(final String value, final String words)
    {
        final String[] choices = words.split(",");
        return new OptionRow(OptionType.CHOICES, value, 0, 0, choices.length, choices);
    }

    static OptionRow text(final String value)
    {
        return new OptionRow(OptionType.TEXT, value, 0, 0, 0, NO_CHOICES);
    }

    static OptionRow optionalText()
    {
        return new OptionRow(OptionType.OPTIONAL_TEXT, "", 0, 0, 0, NO_CHOICES);
    }

    static OptionRow special(final OptionType type, final String value)
    {
        return new OptionRow(type, value, 0, 0, 0, NO_CHOICES);
    }

    static OptionRow fileOnly()
    {
        return new OptionRow(OptionType.FILE_ONLY, "", 0, 0, 0, NO_CHOICES);
    }

    private static OptionRow number(final OptionType type, final long value, final long min, final long max)
    {
        return new OptionRow(type, "", value, min, max, NO_CHOICES);
    }

    /** An older or other name. */
    OptionRow alias(final String other)
    {
        alias = other;
        return this;
    }

    /** The name, where it is not that of the constant. */
    OptionRow spelled(final String own)
    {
        name = own;
        return this;
    }

    /** The name that it has if no other is said. */
    OptionRow named(final String usual)
    {
        name = null == name ? usual : name;
        return this;
    }

    /** The form in which {@link Config#print} shows the default; for types that have one value. */
    String printedDefault()
    {
        final boolean isNumber = defaultText.isEmpty() && OptionType.TEXT != type && OptionType.OPTIONAL_TEXT != type;
        return isNumber ? OptionNumbers.print(type, defaultNumber) : defaultText;
    }
}
