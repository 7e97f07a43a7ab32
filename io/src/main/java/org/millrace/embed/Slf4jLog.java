package org.millrace.embed;

import org.slf4j.Logger;

/**
 * Passes a node's log on to SLF4J: warnings as warn, notices as info, verbose lines as debug, debug lines as trace. The
 * program chooses where that goes; this library brings no provider.
 */
public final class Slf4jLog implements MillraceLog
{
    private final Logger logger;

    /** @param logger for example {@code LoggerFactory.getLogger("org.millrace")}. */
    public Slf4jLog(final Logger logger)
    {
        this.logger = logger;
    }

    @Override
    public void log(final Level level, final String message)
    {
        switch (level)
        {
            case DEBUG -> logger.trace(message);
            case VERBOSE -> logger.debug(message);
            case NOTICE -> logger.info(message);
            case WARNING -> logger.warn(message);
            default -> throw new IllegalArgumentException("unknown level: " + level);
        }
    }
}
