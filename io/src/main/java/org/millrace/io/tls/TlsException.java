package org.millrace.io.tls;

/** Options of TLS that do not make a context; the message says why, in Redis's words where it has some. */
public final class TlsException extends Exception
{
    private static final long serialVersionUID = 1L;

    TlsException(final String message)
    {
        super(message);
    }

    /** @param cause what it says is appended to the message. */
    TlsException(final String message, final Exception cause)
    {
        super(message + ": " + (null == cause.getMessage() ? cause.getClass().getSimpleName() : cause.getMessage()),
            cause);
    }
}
