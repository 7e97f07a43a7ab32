package org.millrace.bench.rig;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.millrace.bench.target.RespClient;
import org.millrace.bench.target.RespError;

/**
 * Compares one key of two servers thoroughly and says what differs. Large values are read in pieces. Runs on the
 * caller's thread, which also owns both connections.
 */
final class KeyComparison
{
    private static final long PIECE_LENGTH = 1024 * 1024;
    private static final int ELEMENTS_PER_PIECE = 1_000;
    private static final long PTTL_TOLERANCE_MS = 1_000;
    private static final int SHOWN_LENGTH_MAX = 24;

    private final RespClient left;
    private final RespClient right;
    private boolean hasPexpiretime = true;
    private long skippedCount;

    KeyComparison(final RespClient left, final RespClient right)
    {
        this.left = left;
        this.right = right;
    }

    /** Keys whose values no command of ours can read. */
    long skippedCount()
    {
        return skippedCount;
    }

    /**
     * What differs, as text, or null if nothing does.
     */
    String difference(final byte[] key) throws IOException
    {
        final Object leftType = ok(left.callKey("TYPE", key));
        final Object rightType = ok(right.callKey("TYPE", key));
        if (!leftType.equals(rightType))
        {
            return "type: " + leftType + " / " + rightType;
        }

        if ("none".equals(leftType))
        {
            return null;
        }

        final String expiry = expiryDifference(key);
        if (null != expiry)
        {
            return expiry;
        }

        switch (leftType.toString())
        {
            case "string" :
                return stringDifference(key);

            case "list" :
                return rangeDifference(key, "LLEN", "LRANGE");

            case "zset" :
                return rangeDifference(key, "ZCARD", "ZRANGE", "WITHSCORES");

            case "hash" :
                return unorderedDifference(key, "HLEN", "HSCAN");

            case "set" :
                return unorderedDifference(key, "SCARD", "SSCAN");

            case "stream" :
                return streamDifference(key);

            default :
                skippedCount++;
                return null;
        }
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
                text.append(String.format("\\x%02x", (int)c));
            }
        }

        return bytes.length > SHOWN_LENGTH_MAX ? text + "... (" + bytes.length + " bytes)" : text.toString();
    }

    private String expiryDifference(final byte[] key) throws IOException
    {
        if (hasPexpiretime)
        {
            final Object leftTime = left.callKey("PEXPIRETIME", key);
            final Object rightTime = right.callKey("PEXPIRETIME", key);
            if (!(leftTime instanceof RespError) && !(rightTime instanceof RespError))
            {
                return leftTime.equals(rightTime) ? null : "expires at: " + leftTime + " / " + rightTime + " ms";
            }

            // Redis before 7.0 does not have it.
            hasPexpiretime = false;
        }

        final long leftTtl = (Long)ok(left.callKey("PTTL", key));
        final long rightTtl = (Long)ok(right.callKey("PTTL", key));
        final boolean isEqual = leftTtl < 0 || rightTtl < 0
            ? leftTtl == rightTtl
            : Math.abs(leftTtl - rightTtl) <= PTTL_TOLERANCE_MS;
        return isEqual ? null : "expires in: " + leftTtl + " / " + rightTtl + " ms";
    }

    private String stringDifference(final byte[] key) throws IOException
    {
        final Object leftLength = ok(left.callKey("STRLEN", key));
        final Object rightLength = ok(right.callKey("STRLEN", key));
        if (!leftLength.equals(rightLength))
        {
            return "length: " + leftLength + " / " + rightLength;
        }

        final long length = (Long)leftLength;
        for (long from = 0; from < length; from += PIECE_LENGTH)
        {
            final String to = Long.toString(from + PIECE_LENGTH - 1);
            final byte[] leftPiece = (byte[])ok(left.callKey("GETRANGE", key, Long.toString(from), to));
            final byte[] rightPiece = (byte[])ok(right.callKey("GETRANGE", key, Long.toString(from), to));
            final int index = Arrays.mismatch(leftPiece, rightPiece);
            if (index >= 0)
            {
                return "value from byte " + (from + index) + " of " + length + ": " + tail(leftPiece, index) + " / " +
                    tail(rightPiece, index);
            }
        }

        return null;
    }

    private String rangeDifference(final byte[] key, final String lengthName, final String name, final String... more)
        throws IOException
    {
        final long length = (Long)ok(left.callKey(lengthName, key));
        final long rightLength = (Long)ok(right.callKey(lengthName, key));
        if (length != rightLength)
        {
            return "elements: " + length + " / " + rightLength;
        }

        for (long from = 0; from < length; from += ELEMENTS_PER_PIECE)
        {
            final String[] range = new String[2 + more.length];
            range[0] = Long.toString(from);
            range[1] = Long.toString(from + ELEMENTS_PER_PIECE - 1);
            System.arraycopy(more, 0, range, 2, more.length);
            final Object leftPiece = ok(left.callKey(name, key, range));
            final Object rightPiece = ok(right.callKey(name, key, range));
            if (!isEqual(leftPiece, rightPiece))
            {
                return "elements from index " + from + " on differ";
            }
        }

        return null;
    }

    /** Hashes and sets have no order: both sides are read whole and compared as maps of wrapped bytes. */
    private String unorderedDifference(final byte[] key, final String lengthName, final String name)
        throws IOException
    {
        final Object leftLength = ok(left.callKey(lengthName, key));
        final Object rightLength = ok(right.callKey(lengthName, key));
        if (!leftLength.equals(rightLength))
        {
            return "elements: " + leftLength + " / " + rightLength;
        }

        final boolean isSet = "SSCAN".equals(name);
        return scanAll(left, key, name, isSet).equals(scanAll(right, key, name, isSet)) ? null : "elements differ";
    }

    private static Object scanAll(final RespClient client, final byte[] key, final String name, final boolean isSet)
        throws IOException
    {
        final Map<ByteBuffer, ByteBuffer> pairs = new HashMap<>();
        final Set<ByteBuffer> members = new HashSet<>();
        String cursor = "0";
        do
        {
            final List<?> reply = (List<?>)ok(client.callKey(name, key, cursor, "COUNT", "1000"));
            cursor = new String((byte[])reply.get(0), StandardCharsets.US_ASCII);
            final List<?> elements = (List<?>)reply.get(1);
            for (int i = 0; i < elements.size(); i += isSet ? 1 : 2)
            {
                final ByteBuffer element = ByteBuffer.wrap((byte[])elements.get(i));
                members.add(element);
                if (!isSet)
                {
                    pairs.put(element, ByteBuffer.wrap((byte[])elements.get(i + 1)));
                }
            }
        }
        while (!"0".equals(cursor));

        return isSet ? members : pairs;
    }

    private String streamDifference(final byte[] key) throws IOException
    {
        final Object leftLength = ok(left.callKey("XLEN", key));
        final Object rightLength = ok(right.callKey("XLEN", key));
        if (!leftLength.equals(rightLength))
        {
            return "entries: " + leftLength + " / " + rightLength;
        }

        String from = "-";
        while (true)
        {
            final List<?> leftPiece = (List<?>)ok(left.callKey("XRANGE", key, from, "+", "COUNT", "1000"));
            final List<?> rightPiece = (List<?>)ok(right.callKey("XRANGE", key, from, "+", "COUNT", "1000"));
            if (!isEqual(leftPiece, rightPiece))
            {
                return "entries from " + from + " on differ";
            }

            if (leftPiece.size() < ELEMENTS_PER_PIECE)
            {
                return null;
            }

            final List<?> last = (List<?>)leftPiece.get(leftPiece.size() - 1);
            from = "(" + new String((byte[])last.get(0), StandardCharsets.US_ASCII);
        }
    }

    private static boolean isEqual(final Object leftReply, final Object rightReply)
    {
        return Arrays.deepEquals(new Object[]{toArray(leftReply)}, new Object[]{toArray(rightReply)});
    }

    private static Object toArray(final Object reply)
    {
        if (reply instanceof List)
        {
            final List<Object> elements = new ArrayList<>();
            ((List<?>)reply).forEach((element) -> elements.add(toArray(element)));
            return elements.toArray();
        }

        return reply;
    }

    private static String tail(final byte[] piece, final int from)
    {
        return from < piece.length ? printable(Arrays.copyOfRange(piece, from, piece.length)) : "(ends)";
    }

    private static Object ok(final Object reply) throws IOException
    {
        if (reply instanceof RespError)
        {
            throw new IOException("error reply: " + ((RespError)reply).message());
        }

        return reply;
    }
}
