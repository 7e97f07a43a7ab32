package org.millrace.engine.resp;

/** A peer lets more replies pile up than can be buffered: its connection is closed, nobody else is harmed. */
public final class ReplyTooLongException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    public ReplyTooLongException(final long length)
    {
        super("replies of one client exceed what can be buffered: length=" + length);
    }
}
