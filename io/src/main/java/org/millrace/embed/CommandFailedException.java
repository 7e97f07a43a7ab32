package org.millrace.embed;

/** A command was answered with an error; the message is the error's text, its code first. */
public final class CommandFailedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    CommandFailedException(final String message)
    {
        super(message, null, false, false);
    }
}
