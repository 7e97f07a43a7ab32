package org.millrace.engine.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One set of values, indexed by row. Everything stored is immutable, so a copy of the arrays is a backup. Belongs to
 * its {@link Config}.
 */
final class OptionValues
{
    private static final ConfigOption[] OPTIONS = ConfigOption.values();

    private static final int HZ_MIN = 1;
    private static final int HZ_MAX = 500;
    private static final int BACKLOG_LENGTH_MIN = 16 * 1024;
    private static final int ADDRESS_COUNT_MAX = 16;
    private static final int HOSTNAME_LENGTH = 256;

    /** {@code yes} and {@code relative} of oom-score-adj. */
    private static final int OOM_YES = 1;
    private static final int OOM_RELATIVE = 2;

    private static final int OOM_VALUE_COUNT = 3;
    private static final int OOM_VALUE_MAX = 2000;
    private static final int PORT_MAX = 65535;

    private final long[] numbers = new long[OPTIONS.length];
    private final String[] texts = new String[OPTIONS.length];
    private SavePoints savePoints = SavePoints.NONE;
    private OutputLimits outputLimits;
    private List<String> addresses;
    private double[] percentiles;
    private String primaryHost;

    private OptionValues()
    {
    }

    OptionValues(final String directory)
    {
        for (final ConfigOption option : OPTIONS)
        {
            final OptionRow row = option.row();
            numbers[option.ordinal()] = row.defaultNumber;
            texts[option.ordinal()] = row.defaultText;
        }

        texts[ConfigOption.DIR.ordinal()] = directory;
        setDefaults();
    }

    private void setDefaults()
    {
        try
        {
            for (final ConfigOption option : OPTIONS)
            {
                if (option.isMultiple() && !option.row().defaultText.isEmpty())
                {
                    set(option, List.of(option.row().defaultText.split(" ")), (current, requested) -> requested);
                }
            }
        }
        catch (final ConfigException ex)
        {
            throw new IllegalStateException(ex.getMessage(), ex);
        }
    }

    OptionValues copy()
    {
        final OptionValues copy = new OptionValues();
        copy.copyFrom(this);
        return copy;
    }

    void copyFrom(final OptionValues other)
    {
        System.arraycopy(other.numbers, 0, numbers, 0, numbers.length);
        System.arraycopy(other.texts, 0, texts, 0, texts.length);
        savePoints = other.savePoints;
        outputLimits = other.outputLimits;
        addresses = other.addresses;
        percentiles = other.percentiles;
        primaryHost = other.primaryHost;
    }

    /** Replaces a value, or throws and leaves it. The number of words was checked unless the row takes several. */
    void set(final ConfigOption option, final List<String> words, final DirectoryRules directoryRules)
        throws ConfigException
    {
        final OptionRow row = option.row();
        final int index = option.ordinal();
        switch (row.type)
        {
            case BOOL -> numbers[index] = bool(words.get(0));
            case CHOICE -> numbers[index] = normal(option, choice(row, words));
            case CHOICES -> numbers[index] = choices(row, words);
            case TEXT, OPTIONAL_TEXT -> texts[index] = text(option, words.get(0));
            case DIRECTORY -> texts[index] = directoryRules.resolve(texts[index], words.get(0));
            case SAVE_POINTS -> savePoints = SavePoints.parse(words);
            case OUTPUT_LIMITS -> outputLimits = OutputLimits.parse(outputLimits, words);
            case OOM_VALUES -> texts[index] = oomValues(words);
            case KEYSPACE_EVENTS -> numbers[index] = KeyspaceEvents.parse(words.get(0));
            case ADDRESSES -> addresses = addresses(words);
            case PRIMARY -> setPrimary(words);
            case PERCENTILES -> percentiles = percentiles(words);
            case FILE_ONLY -> throw new ConfigException("Bad directive or wrong number of arguments");
            default -> numbers[index] = normal(option, OptionNumbers.parse(row, words.get(0)));
        }
    }

    private static long bool(final String word) throws ConfigException
    {
        return switch (word.toLowerCase(Locale.ROOT))
        {
            case "yes" -> 1;
            case "no" -> 0;
            default -> throw new ConfigException("argument must be 'yes' or 'no'");
        };
    }

    private static long choice(final OptionRow row, final List<String> words) throws ConfigException
    {
        if (1 != words.size())
        {
            throw wrongChoice(row);
        }

        return indexOf(row, words.get(0));
    }

    private static long choices(final OptionRow row, final List<String> words) throws ConfigException
    {
        if (words.isEmpty())
        {
            throw wrongChoice(row);
        }

        long bits = 0;
        for (final String word : words)
        {
            bits |= (1L << indexOf(row, word)) >> 1;
        }

        if (0 != (bits & ConfigChoice.SHUTDOWN_SAVE) && 0 != (bits & ConfigChoice.SHUTDOWN_NOSAVE))
        {
            throw new ConfigException("shutdown options SAVE and NOSAVE can't be used simultaneously");
        }

        return bits;
    }

    private static int indexOf(final OptionRow row, final String word) throws ConfigException
    {
        for (int i = 0; i < row.choices.length; i++)
        {
            if (row.choices[i].equalsIgnoreCase(word))
            {
                return i;
            }
        }

        throw wrongChoice(row);
    }

    private static ConfigException wrongChoice(final OptionRow row)
    {
        return new ConfigException(
            "argument(s) must be one of the following: " + String.join(", ", row.choices));
    }

    private static String text(final ConfigOption option, final String word) throws ConfigException
    {
        final String name = option.optionName();
        final boolean isFile = ConfigOption.DBFILENAME == option || ConfigOption.APPENDFILENAME == option;
        final boolean isAppend = ConfigOption.APPENDDIRNAME == option || ConfigOption.APPENDFILENAME == option;
        if (isAppend && word.isEmpty())
        {
            throw new ConfigException(name + " can't be empty");
        }

        if ((isFile || isAppend) && (word.indexOf('/') >= 0 || word.indexOf('\\') >= 0))
        {
            throw new ConfigException(name + " can't be a path, just a " + (isFile ? "filename" : "dirname"));
        }

        switch (option)
        {
            case CLUSTER_ANNOUNCE_HOSTNAME -> checkHostname(word);
            case PROC_TITLE_TEMPLATE -> checkTitle(word);
            default -> {
            }
        }

        return word;
    }

    private static void checkHostname(final String word) throws ConfigException
    {
        if (word.length() >= HOSTNAME_LENGTH)
        {
            throw new ConfigException("Hostnames must be less than " + HOSTNAME_LENGTH + " characters");
        }

        if (!word.matches("[A-Za-z0-9.-]*"))
        {
            throw new ConfigException("Hostnames may only contain alphanumeric characters, hyphens or dots");
        }
    }

    /** Known variables in braces only, and something left once those that may be empty are. */
    private static void checkTitle(final String word) throws ConfigException
    {
        final String filled = word.replace("{{", "x").replaceAll("\\{(title|server-mode)}", "")
            .replaceAll("\\{(listen-addr|port|tls-port|unixsocket|config-file)}", "x");
        if (filled.isBlank() || filled.indexOf('{') >= 0)
        {
            throw new ConfigException("template format is invalid or contains unknown variables");
        }
    }

    private static String oomValues(final List<String> words) throws ConfigException
    {
        if (OOM_VALUE_COUNT != words.size())
        {
            throw new ConfigException("wrong number of arguments");
        }

        final String error = "Invalid oom-score-adj-values, elements must be between -2000 and 2000.";
        for (final String word : words)
        {
            if (Math.abs(OptionNumbers.integer(word, error)) > OOM_VALUE_MAX)
            {
                throw new ConfigException(error);
            }
        }

        return String.join(" ", words);
    }

    private static List<String> addresses(final List<String> words) throws ConfigException
    {
        if (words.size() > ADDRESS_COUNT_MAX)
        {
            throw new ConfigException("Too many bind addresses specified.");
        }

        return 1 == words.size() && words.get(0).isEmpty() ? List.of() : List.copyOf(words);
    }

    private void setPrimary(final List<String> words) throws ConfigException
    {
        if (2 != words.size())
        {
            throw new ConfigException("wrong number of arguments");
        }

        if ("no".equalsIgnoreCase(words.get(0)) && "one".equalsIgnoreCase(words.get(1)))
        {
            primary(null, 0);
            return;
        }

        final long port = OptionNumbers.integer(words.get(1), "Invalid master port");
        if (port < 0 || port > PORT_MAX)
        {
            throw new ConfigException("Invalid master port");
        }

        primary(words.get(0), (int)port);
    }

    private static double[] percentiles(final List<String> words) throws ConfigException
    {
        if (1 == words.size() && words.get(0).isEmpty())
        {
            return new double[0];
        }

        final double[] percentiles = new double[words.size()];
        for (int i = 0; i < percentiles.length; i++)
        {
            percentiles[i] = percentile(words.get(i));
            if (percentiles[i] < 0.0 || percentiles[i] > 100.0)
            {
                throw new ConfigException(
                    "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
            }
        }

        return percentiles;
    }

    /** A number as C reads it: decimal, with an exponent, or hexadecimal. */
    private static double percentile(final String word) throws ConfigException
    {
        if (word.matches("0[xX][0-9a-fA-F]{1,8}"))
        {
            return Long.parseLong(word.substring(2), 16);
        }

        if (!word.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?"))
        {
            throw new ConfigException("Invalid latency-tracking-info-percentiles parameters");
        }

        return Double.parseDouble(word);
    }

    /** Values that Redis moves into a range instead of refusing them, and words that mean the same. */
    private static long normal(final ConfigOption option, final long value)
    {
        return switch (option)
        {
            case HZ -> Math.max(HZ_MIN, Math.min(HZ_MAX, value));
            case OOM_SCORE_ADJ -> OOM_RELATIVE == value ? OOM_YES : value;
            case REPL_BACKLOG_SIZE -> Math.max(BACKLOG_LENGTH_MIN, value);
            default -> value;
        };
    }

    void addSavePoints(final SavePoints before)
    {
        if (savePoints.count() > 0)
        {
            savePoints = before.plus(savePoints);
        }
    }

    String print(final ConfigOption option)
    {
        final OptionRow row = option.row();
        final int index = option.ordinal();
        return switch (row.type)
        {
            case BOOL -> 0 != numbers[index] ? "yes" : "no";
            case CHOICE -> row.choices[(int)numbers[index]];
            case CHOICES -> printChoices(row, numbers[index]);
            case TEXT, OPTIONAL_TEXT, DIRECTORY, OOM_VALUES -> texts[index];
            case SAVE_POINTS -> savePoints.toString();
            case OUTPUT_LIMITS -> outputLimits.toString();
            case KEYSPACE_EVENTS -> KeyspaceEvents.print((int)numbers[index]);
            case ADDRESSES -> String.join(" ", addresses);
            case PRIMARY -> null == primaryHost ? "" : primaryHost + " " + numbers[index];
            case PERCENTILES -> printPercentiles();
            case FILE_ONLY -> "";
            default -> OptionNumbers.print(row.type, numbers[index]);
        };
    }

    private static String printChoices(final OptionRow row, final long bits)
    {
        if (0 == bits)
        {
            return row.choices[0];
        }

        final List<String> words = new ArrayList<>();
        for (int i = 1; i < row.choices.length; i++)
        {
            if (0 != (bits & (1L << i >> 1)))
            {
                words.add(row.choices[i]);
            }
        }

        return String.join(" ", words);
    }

    private String printPercentiles()
    {
        final StringBuilder text = new StringBuilder();
        for (final double percentile : percentiles)
        {
            // Six decimals at most and no trailing zeros, as C's %f is trimmed.
            final String number = String.format(Locale.ROOT, "%f", percentile).replaceFirst("\\.?0+$", "");
            text.append(text.length() > 0 ? " " : "").append(number.isEmpty() ? "0" : number);
        }

        return text.toString();
    }

    long number(final ConfigOption option)
    {
        return numbers[option.ordinal()];
    }

    void number(final ConfigOption option, final long value)
    {
        numbers[option.ordinal()] = value;
    }

    String text(final ConfigOption option)
    {
        return texts[option.ordinal()];
    }

    SavePoints savePoints()
    {
        return savePoints;
    }

    OutputLimits outputLimits()
    {
        return outputLimits;
    }

    List<String> addresses()
    {
        return addresses;
    }

    double[] percentiles()
    {
        return percentiles;
    }

    String primaryHost()
    {
        return primaryHost;
    }

    int primaryPort()
    {
        return (int)numbers[ConfigOption.REPLICAOF.ordinal()];
    }

    void primary(final String host, final int port)
    {
        primaryHost = host;
        numbers[ConfigOption.REPLICAOF.ordinal()] = port;
    }
}
