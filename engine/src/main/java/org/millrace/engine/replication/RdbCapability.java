package org.millrace.engine.replication;

/**
 * What a replica says of the newest RDB version that it loads, among its capabilities: {@code REPLCONF capa rdb-12}. Redis
 * passes over capabilities that it does not know, and its replicas say nothing of the kind.
 */
public final class RdbCapability
{
    private static final String PREFIX = "rdb-";
    private static final int DIGITS_MAX = 3;

    private RdbCapability()
    {
    }

    /** The word for a version. */
    public static String of(final int version)
    {
        return PREFIX + version;
    }

    /** The version that a word is for; 0 if it is another capability. */
    public static int version(final String word)
    {
        final int digits = word.length() - PREFIX.length();
        if (digits < 1 || digits > DIGITS_MAX || !word.startsWith(PREFIX))
        {
            return 0;
        }

        int version = 0;
        for (int i = PREFIX.length(); i < word.length(); i++)
        {
            final int digit = word.charAt(i) - '0';
            if (digit < 0 || digit > 9)
            {
                return 0;
            }

            version = version * 10 + digit;
        }

        return version;
    }
}
