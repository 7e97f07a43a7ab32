package org.millrace.io.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.io.file.HostFiles;

/** The file that says which process the server is. */
final class PidFile
{
    private final Config config;
    private final EventLog log;
    private final long processId;
    private Path written;

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
                final Path path = HostFiles.path(config.path(name));
                Files.writeString(path, processId + "\n");
                written = path;
            }
            catch (final IOException e)
            {
                log.warning("Failed to write PID file: " + HostFiles.reason(e));
            }
        }
    }

    /** Only if this server has written it, and it still says so: it may have become another's. */
    void delete()
    {
        if (null == written)
        {
            return;
        }

        try
        {
            if (Files.readString(written).strip().equals(Long.toString(processId)))
            {
                log.notice("Removing the pid file.");
                Files.deleteIfExists(written);
            }
        }
        catch (final NoSuchFileException e)
        {
            return;
        }
        catch (final IOException e)
        {
            log.warning("Failed to delete PID file: " + HostFiles.reason(e));
        }
    }
}
