package org.millrace.io.config;

import org.millrace.engine.config.Versions;

/** The server must not start: its configuration is wrong. Carries what is to be printed. */
public final class ConfigFileException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final boolean isLogLine;

    private ConfigFileException(final String message, final boolean isLogLine)
    {
        super(message, null, false, false);
        this.isLogLine = isLogLine;
    }

    /** A file that cannot be opened: a line of the log, as in Redis. */
    static ConfigFileException unreadable(final String file, final String reason)
    {
        return new ConfigFileException("Fatal error, can't open config file '" + file + "': " + reason, true);
    }

    /** A directive that cannot be accepted. */
    static ConfigFileException atLine(final int number, final String line, final String reason)
    {
        return new ConfigFileException(
            title() + "Reading the configuration file, at line " + number + "\n>>> '" + line + "'\n" + reason, false);
    }

    /** Directives that do not fit each other or this machine. */
    static ConfigFileException inGeneral(final String reason)
    {
        return new ConfigFileException(title() + reason, false);
    }

    private static String title()
    {
        return "\n*** FATAL CONFIG FILE ERROR (Redis " + Versions.REDIS + ") ***\n";
    }

    /** Whether the message goes to the log at level warning; else to standard error as it stands. */
    public boolean isLogLine()
    {
        return isLogLine;
    }
}
