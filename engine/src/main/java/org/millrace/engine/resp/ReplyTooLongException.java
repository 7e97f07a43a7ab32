package org.millrace.engine.resp;

/** Replies of a peer exceed one buffer, or the memory there is: its connection is closed, nobody else is harmed. */
public final class ReplyTooLongException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    public ReplyTooLongException(final long length)
    {
        super("replies of one client exceed what can be buffered: length=" + length);
    }

    public ReplyTooLongException(final long length, final OutOfMemoryError cause)
    {
        super("no direct memory for replies: length=" + length, cause);
    }
}
