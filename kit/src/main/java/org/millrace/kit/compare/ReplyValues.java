package org.millrace.kit.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.millrace.kit.resp.RespError;

/**
 * What replies mean when two of them are compared: order where there is one, scores as numbers, bytes as text.
 */
final class ReplyValues
{
    private static final int SHOWN_LENGTH_MAX = 24;

    private ReplyValues()
    {
    }

    /**
     * The reply itself, unless it is an error.
     *
     * @throws IOException with the text of the error.
     */
    static Object ok(final Object reply) throws IOException
    {
        if (reply instanceof RespError)
        {
            throw new IOException("error reply: " + ((RespError)reply).message());
        }

        return reply;
    }

    /** True if both are the same, element by element and byte by byte; errors never are. */
    static boolean isEqual(final Object left, final Object right)
    {
        if (left instanceof List && right instanceof List)
        {
            final List<?> leftList = (List<?>)left;
            final List<?> rightList = (List<?>)right;
            for (int i = 0; i < leftList.size(); i++)
            {
                if (i >= rightList.size() || !isEqual(leftList.get(i), rightList.get(i)))
                {
                    return false;
                }
            }

            return leftList.size() == rightList.size();
        }

        if (left instanceof byte[] && right instanceof byte[])
        {
            return Arrays.equals((byte[])left, (byte[])right);
        }

        return !(left instanceof RespError) && (null == left ? null == right : left.equals(right));
    }

    /** True if both are the same members with the same scores; servers write a score with more or fewer digits. */
    static boolean isEqualScored(final Object left, final Object right)
    {
        if (isEqual(left, right))
        {
            return true;
        }

        if (!(left instanceof List) || !(right instanceof List) || ((List<?>)left).size() != ((List<?>)right).size())
        {
            return false;
        }

        final List<?> leftList = (List<?>)left;
        final List<?> rightList = (List<?>)right;
        for (int i = 0; i < leftList.size(); i += 2)
        {
            if (!isEqual(leftList.get(i), rightList.get(i)) ||
                score(leftList.get(i + 1)) != score(rightList.get(i + 1)))
            {
                return false;
            }
        }

        return true;
    }

    /** True if both hold the same elements, in whatever order; with {@code isPaired} each is followed by its value. */
    static boolean isEqualUnordered(final Object left, final Object right, final boolean isPaired)
    {
        return left instanceof List && right instanceof List &&
            (isPaired
                ? map((List<?>)left).equals(map((List<?>)right))
                : set((List<?>)left).equals(set((List<?>)right)));
    }

    /** Bytes as text: printable ASCII as it is, the rest as hexadecimal escapes, long ones cut. */
    static String printable(final byte[] bytes)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, SHOWN_LENGTH_MAX); i++)
        {
            final char c = (char)(bytes[i] & 0xFF);
            if (c >= ' ' && c < 127 && '\\' != c)
            {
                text.append(c);
            }
            else
            {
                text.append(String.format(Locale.ROOT, "\\x%02x", (int)c));
            }
        }

        return bytes.length > SHOWN_LENGTH_MAX ? text + "... (" + bytes.length + " bytes)" : text.toString();
    }

    /** A reply of one line, for people. */
    static String shown(final Object reply)
    {
        if (reply instanceof RespError)
        {
            return ((RespError)reply).message();
        }

        return reply instanceof byte[] ? printable((byte[])reply) : String.valueOf(reply);
    }

    /** Where two values of one length differ, or null if they do not. */
    static String mismatch(final byte[] left, final byte[] right, final long from, final long length)
    {
        final int index = Arrays.mismatch(left, right);
        return index < 0
            ? null
            : "value from byte " + (from + index) + " of " + length + ": " + tail(left, index) + " / " +
                tail(right, index);
    }

    private static String tail(final byte[] piece, final int from)
    {
        return from < piece.length ? printable(Arrays.copyOfRange(piece, from, piece.length)) : "(ends)";
    }

    private static double score(final Object reply)
    {
        if (!(reply instanceof byte[]))
        {
            return Double.NaN;
        }

        final String text = new String((byte[])reply, StandardCharsets.US_ASCII);
        return switch (text)
        {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static Set<ByteBuffer> set(final List<?> elements)
    {
        final Set<ByteBuffer> set = new HashSet<>();
        elements.forEach((element) -> set.add(ByteBuffer.wrap((byte[])element)));
        return set;
    }

    private static Map<ByteBuffer, ByteBuffer> map(final List<?> elements)
    {
        final Map<ByteBuffer, ByteBuffer> map = new HashMap<>();
        for (int i = 0; i < elements.size(); i += 2)
        {
            map.put(ByteBuffer.wrap((byte[])elements.get(i)), ByteBuffer.wrap((byte[])elements.get(i + 1)));
        }

        return map;
    }
}
