package org.millrace.engine.config;

/** The classes of {@code notify-keyspace-events}, one bit each. Pure functions. */
public final class KeyspaceEvents
{
    public static final int KEYSPACE = 1;
    public static final int KEYEVENT = 1 << 1;
    public static final int GENERIC = 1 << 2;
    public static final int STRING = 1 << 3;
    public static final int EXPIRED = 1 << 4;
    public static final int EVICTED = 1 << 5;
    public static final int KEY_MISS = 1 << 6;
    public static final int NEW_KEY = 1 << 7;
    public static final int LIST = 1 << 8;
    public static final int SET = 1 << 9;
    public static final int HASH = 1 << 10;
    public static final int SORTED_SET = 1 << 11;
    public static final int STREAM = 1 << 12;
    public static final int MODULE = 1 << 13;

    /** What the letter A stands for. */
    public static final int ALL = GENERIC | STRING | LIST | SET | HASH | SORTED_SET | EXPIRED | EVICTED | STREAM |
        MODULE;

    private static final String LETTERS = "g$lshzxetdnKEm";

    private static final int[] BITS = {
        GENERIC, STRING, LIST, SET, HASH, SORTED_SET, EXPIRED, EVICTED, STREAM, MODULE, NEW_KEY, KEYSPACE, KEYEVENT,
        KEY_MISS};

    private KeyspaceEvents()
    {
    }

    static int parse(final String letters) throws ConfigException
    {
        int bits = 0;
        for (int i = 0; i < letters.length(); i++)
        {
            final char letter = letters.charAt(i);
            final int index = LETTERS.indexOf(letter);
            if (index < 0 && 'A' != letter)
            {
                throw new ConfigException("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
            }
            bits |= 'A' == letter ? ALL : BITS[index];
        }

        return bits;
    }

    /** The letters in the order CONFIG GET shows them. */
    static String print(final int bits)
    {
        final boolean isAll = ALL == (bits & ALL);
        final StringBuilder text = new StringBuilder(isAll ? "A" : "");
        for (int i = 0; i < BITS.length; i++)
        {
            // Redis 7.0 leaves n out beside A, although A does not hold it; a rewrite would lose it, so it is kept.
            if (0 != (bits & BITS[i]) && !(isAll && 0 != (ALL & BITS[i])))
            {
                text.append(LETTERS.charAt(i));
            }
        }

        return text.toString();
    }
}
