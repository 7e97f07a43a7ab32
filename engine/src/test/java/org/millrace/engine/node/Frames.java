package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;

/** Cuts a sequence of RESP replies into frames by what their headers announce: a client's view of what belongs to what. */
public final class Frames
{
    private final String bytes;
    private int at;

    private Frames(final String bytes)
    {
        this.bytes = bytes;
    }

    /** Whole replies, each as its bytes; what is left in the end makes a frame that begins with {@code "?"}. */
    static List<String> of(final String bytes)
    {
        final Frames frames = new Frames(bytes);
        final List<String> result = new ArrayList<>();
        while (frames.at < bytes.length())
        {
            final int start = frames.at;
            if (!frames.skip())
            {
                result.add("?" + bytes.substring(start));
                return result;
            }

            result.add(bytes.substring(start, frames.at));
        }

        return result;
    }

    /** The elements of an aggregate. */
    public static List<String> elements(final String frame)
    {
        return of(frame.substring(frame.indexOf('\n') + 1));
    }

    /** What the header of an aggregate announces. */
    static int announced(final String frame)
    {
        return Integer.parseInt(frame.substring(1, frame.indexOf('\r')));
    }

    private boolean skip()
    {
        final int lineEnd = bytes.indexOf("\r\n", at);
        if (lineEnd < 0)
        {
            return false;
        }

        final char type = bytes.charAt(at);
        final String header = bytes.substring(at + 1, lineEnd);
        at = lineEnd + 2;
        return switch (type)
        {
            case '+', '-', ':', '_', '#', ',', '(' -> true;
            case '$', '=' -> skipBulk(Integer.parseInt(header));
            case '*', '~', '>' -> skip(Integer.parseInt(header));
            case '%' -> skip(2 * Integer.parseInt(header));
            case '|' -> skip(2 * Integer.parseInt(header) + 1);
            default -> false;
        };
    }

    private boolean skipBulk(final int length)
    {
        if (length < 0)
        {
            return true;
        }

        at += length + 2;
        return at <= bytes.length() && "\r\n".equals(bytes.substring(at - 2, at));
    }

    private boolean skip(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (at >= bytes.length() || !skip())
            {
                return false;
            }
        }

        return true;
    }

    /** A command as clients send it, which are read ahead in batches. */
    static String request(final String... words)
    {
        final StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (final String word : words)
        {
            request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }

        return request.toString();
    }
}
