package org.millrace.engine.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The names of all commands of Redis 7.2, those that this node does not hold among them: for who renames commands and
 * for who asks for one. Read when first asked, so that no start pays for it.
 */
public final class RedisCommands
{
    private static final String RESOURCE = "redis-commands.txt";

    private RedisCommands()
    {
    }

    /** Lower-case names, without subcommands. */
    public static Set<String> names()
    {
        return Holder.NAMES;
    }

    /** True for a name of Redis's, in any case. */
    public static boolean has(final String name)
    {
        return Holder.NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    private static final class Holder
    {
        static final Set<String> NAMES = read();

        private static Set<String> read()
        {
            try (InputStream stream = RedisCommands.class.getResourceAsStream(RESOURCE))
            {
                return Set.of(new String(stream.readAllBytes(), StandardCharsets.US_ASCII).trim().split("\\s+"));
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(RESOURCE, ex);
            }
        }
    }
}
