package org.millrace.embed;

/** A key that was read as a string holds something else; the message is what a client would be answered. */
public final class WrongTypeException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    WrongTypeException()
    {
        super("WRONGTYPE Operation against a key holding the wrong kind of value");
    }
}
