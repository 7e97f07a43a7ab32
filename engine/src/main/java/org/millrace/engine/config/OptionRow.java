package org.millrace.engine.config;

/**
 * The facts of one row of {@link ConfigOption}, put together by chained calls. Written while the table is built and
 * never after.
 */
final class OptionRow
{
    static final long INT_MAX = Integer.MAX_VALUE;
    static final long INT_MIN = Integer.MIN_VALUE;
    static final long UINT_MAX = 0xFFFF_FFFFL;

    /** 2^64 - 1 in the two's complement that unsigned comparisons read. */
    static final long UNSIGNED_MAX = -1L;

    private static final String[] NO_CHOICES = {};

    final String name;
    final OptionType type;
    final String defaultText;
    final long defaultNumber;
    final long min;
    final long max;
    final String[] choices;
    String alias;
    OptionEffect effect = OptionEffect.HELD;
    String refusal;
    boolean isImmutable;
    boolean isGuarded;
    boolean isHidden;
    boolean isSensitive;
    boolean isDeniedWhileLoading;
    boolean isMultiple;

    private OptionRow(
        final String name,
        final OptionType type,
        final String defaultText,
        final long defaultNumber,
        final long min,
        final long max,
        final String[] choices)
    {
        this.name = name;
        this.type = type;
        this.defaultText = defaultText;
        this.defaultNumber = defaultNumber;
        this.min = min;
        this.max = max;
        this.choices = choices;
    }

    static OptionRow bool(final String name, final boolean isYes)
    {
        return new OptionRow(name, OptionType.BOOL, isYes ? "yes" : "no", isYes ? 1 : 0, 0, 1, NO_CHOICES);
    }

    static OptionRow integer(final String name, final long value, final long min, final long max)
    {
        return number(name, OptionType.INTEGER, value, min, max);
    }

    static OptionRow unsigned(final String name, final long value, final long min, final long max)
    {
        return number(name, OptionType.UNSIGNED, value, min, max);
    }

    static OptionRow memory(final String name, final long value, final long min, final long max)
    {
        return number(name, OptionType.MEMORY, value, min, max);
    }

    static OptionRow unsignedMemory(final String name, final long value, final long min, final long max)
    {
        return number(name, OptionType.UNSIGNED_MEMORY, value, min, max);
    }

    static OptionRow memoryOrPercent(final String name, final long value, final long min, final long max)
    {
        return number(name, OptionType.MEMORY_OR_PERCENT, value, min, max);
    }

    static OptionRow octal(final String name, final long value, final long min, final long max)
    {
        return number(name, OptionType.OCTAL, value, min, max);
    }

    /** {@code words} is the list in the order Redis's error message has it, separated by commas. */
    static OptionRow choice(final String name, final String value, final String words)
    {
        final String[] choices = words.split(",");
        int index = 0;
        while (!choices[index].equals(value))
        {
            index++;
        }

        return new OptionRow(name, OptionType.CHOICE, value, index, 0, choices.length, choices);
    }

    /** As {@link #choice}, but any number of words; the first one stands for none of the others. */
    static OptionRow choices(final String name, final String value, final String words)
    {
        final String[] choices = words.split(",");
        return new OptionRow(name, OptionType.CHOICES, value, 0, 0, choices.length, choices);
    }

    static OptionRow text(final String name, final String value)
    {
        return new OptionRow(name, OptionType.TEXT, value, 0, 0, 0, NO_CHOICES);
    }

    static OptionRow optionalText(final String name)
    {
        return new OptionRow(name, OptionType.OPTIONAL_TEXT, "", 0, 0, 0, NO_CHOICES);
    }

    static OptionRow special(final String name, final OptionType type, final String value)
    {
        return new OptionRow(name, type, value, 0, 0, 0, NO_CHOICES);
    }

    static OptionRow fileOnly(final String name)
    {
        return new OptionRow(name, OptionType.FILE_ONLY, "", 0, 0, 0, NO_CHOICES);
    }

    private static OptionRow number(
        final String name, final OptionType type, final long value, final long min, final long max)
    {
        return new OptionRow(name, type, "", value, min, max, NO_CHOICES);
    }

    OptionRow alias(final String alias)
    {
        this.alias = alias;
        return this;
    }

    OptionRow immutable()
    {
        isImmutable = true;
        return this;
    }

    OptionRow guarded()
    {
        isGuarded = true;
        return this;
    }

    OptionRow hidden()
    {
        isHidden = true;
        return this;
    }

    OptionRow sensitive()
    {
        isSensitive = true;
        return this;
    }

    OptionRow deniedWhileLoading()
    {
        isDeniedWhileLoading = true;
        return this;
    }

    OptionRow multiple()
    {
        isMultiple = true;
        return this;
    }

    OptionRow withoutMeaning()
    {
        effect = OptionEffect.WITHOUT_MEANING;
        return this;
    }

    OptionRow warned()
    {
        effect = OptionEffect.WARNED;
        return this;
    }

    /** @param reason why no other value is accepted: a sentence without its full stop. */
    OptionRow onlyDefault(final String reason)
    {
        effect = OptionEffect.ONLY_DEFAULT;
        refusal = reason;
        return this;
    }

    /** The form in which {@link Config#print} shows the default; for types that have one value. */
    String printedDefault()
    {
        final boolean isNumber = defaultText.isEmpty() && OptionType.TEXT != type && OptionType.OPTIONAL_TEXT != type;
        return isNumber ? OptionNumbers.print(type, defaultNumber) : defaultText;
    }
}
