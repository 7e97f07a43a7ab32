package org.millrace.io.main;

import java.nio.file.Path;
import java.util.Set;
import org.millrace.engine.counters.EventLog;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.TemporaryFile;

/** What processes that were killed have left: at each start it goes. */
final class Leftovers
{
    private Leftovers()
    {
    }

    static void remove(final Set<Path> directories, final EventLog log)
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
