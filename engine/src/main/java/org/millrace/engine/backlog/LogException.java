package org.millrace.engine.backlog;

/** A log that cannot be gone on from; the text says what is wrong where, and what can be done. */
public final class LogException extends Exception
{
    private static final long serialVersionUID = 1;

    public LogException(final String message)
    {
        super(message);
    }
}
