package org.millrace.io.main;

import java.io.IOException;
import java.nio.file.Files;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.io.config.HostFiles;

/** The file that says which process the server is. */
final class PidFile
{
    private final Config config;
    private final EventLog log;
    private final long processId;

    PidFile(final Config config, final EventLog log, final long processId)
    {
        this.config = config;
        this.log = log;
        this.processId = processId;
    }

    /** pidfile, when asked for. */
    void write()
    {
        final String name = config.text(ConfigOption.PIDFILE);
        if (!name.isEmpty())
        {
            try
            {
                Files.writeString(HostFiles.path(config.path(name)), processId + "\n");
            }
            catch (final IOException e)
            {
                log.warning("Failed to write PID file: " + e.getMessage());
            }
        }
    }

    void delete()
    {
        final String name = config.text(ConfigOption.PIDFILE);
        if (!name.isEmpty())
        {
            try
            {
                Files.deleteIfExists(HostFiles.path(config.path(name)));
            }
            catch (final IOException e)
            {
                log.warning("Failed to delete PID file: " + e.getMessage());
            }
        }
    }
}
