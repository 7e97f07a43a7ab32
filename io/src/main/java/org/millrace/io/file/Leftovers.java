package org.millrace.io.file;

import java.nio.file.Path;
import java.util.Set;
import org.millrace.engine.counters.EventLog;

/** What processes that were killed have left: at each start it goes. */
public final class Leftovers
{
    private Leftovers()
    {
    }

    public static void remove(final Set<Path> directories, final EventLog log)
    {
        for (final Path directory : directories)
        {
            final int removed = TemporaryFile.removeLeftovers(directory);
            if (removed > 0)
            {
                log.notice("Removed temporary files of an earlier life in " + HostFiles.text(directory) + ": " +
                    removed + ".");
            }
        }
    }
}
