package org.millrace.kit.resp;

/**
 * An error reply of a server, as a value.
 *
 * @param message the line without its leading minus sign.
 */
public record RespError(String message)
{
    /**
     * True if the message starts with this error code, such as {@code LOADING}.
     */
    public boolean isCode(final String code)
    {
        return message.equals(code) || message.startsWith(code + " ");
    }

    /** As on the wire. */
    @Override
    public String toString()
    {
        return "-" + message;
    }
}
