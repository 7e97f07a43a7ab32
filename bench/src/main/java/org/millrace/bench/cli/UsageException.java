package org.millrace.bench.cli;

/**
 * The user asked for something that there is not; the message says what, in one line.
 */
public final class UsageException extends IllegalArgumentException
{
    private static final long serialVersionUID = 1;

    /**
     * @param message for the user.
     */
    public UsageException(final String message)
    {
        super(message);
    }
}
