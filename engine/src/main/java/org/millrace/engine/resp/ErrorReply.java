package org.millrace.engine.resp;

/**
 * An error reply that is not {@link ErrorKind#REFUSED}.
 *
 * @param text as of {@link ReplyWriter#error(String)}.
 */
public record ErrorReply(ErrorKind kind, String text)
{
}
