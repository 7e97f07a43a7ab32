package org.millrace.embed;

/**
 * Receives the log of a node, a line at a time and from several threads: come back soon, and do not wait for the node.
 * What it throws is reported once, on standard error, and otherwise ignored.
 */
@FunctionalInterface
public interface MillraceLog
{
    /** How much a line matters: Redis's levels. */
    enum Level
    {
        DEBUG,
        VERBOSE,
        NOTICE,
        WARNING
    }

    /** @param message a line without its end. */
    void log(Level level, String message);
}
