package org.millrace.engine.node;

import java.util.Locale;

/** New replication ids and run ids: 40 random lower-case hex characters. */
public final class Replids
{
    private static final int LENGTH = 40;

    private Replids()
    {
    }

    public static String next(final NodeHost host)
    {
        final StringBuilder id = new StringBuilder(LENGTH + 8);
        while (id.length() < LENGTH)
        {
            id.append(String.format(Locale.ROOT, "%016x", host.random()));
        }

        return id.substring(0, LENGTH);
    }
}
