package org.millrace.kit.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.CommandBuffer;

/**
 * Compares the values of one key of two servers in pieces, so that neither is held whole: for values too large to be
 * read in one reply. Type, expiry and length have been found equal before. Runs on the caller's thread, which also owns
 * both connections.
 */
final class KeyComparison
{
    private static final long PIECE_LENGTH = 1024 * 1024;
    private static final int ELEMENTS_PER_PIECE = 1_000;

    /** A key that is of another type, or gone, since it was looked at. */
    private static final String CHANGED = "it changed while it was compared";

    private final CommandBuffer commands = new CommandBuffer();
    private final RespClient left;
    private final RespClient right;

    KeyComparison(final RespClient left, final RespClient right)
    {
        this.left = left;
        this.right = right;
    }

    /** What differs in two strings of this length, or null. */
    String stringDifference(final byte[] key, final long length) throws IOException
    {
        for (long from = 0; from < length; from += PIECE_LENGTH)
        {
            final Object[] pieces = ask(
                "GETRANGE",
                key,
                Long.toString(from),
                Long.toString(from + PIECE_LENGTH - 1));
            if (!(pieces[0] instanceof byte[]) || !(pieces[1] instanceof byte[]))
            {
                return CHANGED;
            }

            final String what = ReplyValues.mismatch((byte[])pieces[0], (byte[])pieces[1], from, length);
            if (null != what)
            {
                return what;
            }
        }

        return null;
    }

    /**
     * What differs in two values of a type with elements, or null.
     *
     * @param length of both, in elements.
     * @param bytes  of the larger one, roughly; 0 if unknown.
     */
    String difference(final byte[] key, final ValueType type, final long length, final long bytes) throws IOException
    {
        final long elementBytes = Math.max(1, bytes / Math.max(1, length));
        final int step = (int)Math.max(1, Math.min(ELEMENTS_PER_PIECE, PIECE_LENGTH / elementBytes));
        return switch (type.lengthCommand())
        {
            case "XLEN" -> streamDifference(key, step);
            case "HLEN" -> membersDifference(key, "HSCAN", step);
            case "SCARD" -> membersDifference(key, "SSCAN", step);
            case "ZCARD" -> rangeDifference(key, type, "ZRANGE", length, step, "WITHSCORES");
            default -> rangeDifference(key, type, "LRANGE", length, step);
        };
    }

    private String rangeDifference(
        final byte[] key,
        final ValueType type,
        final String name,
        final long length,
        final int step,
        final String... more) throws IOException
    {
        for (long from = 0; from < length; from += step)
        {
            final List<String> range = new ArrayList<>(List.of(Long.toString(from), Long.toString(from + step - 1)));
            range.addAll(List.of(more));
            final Object[] pieces = ask(name, key, range.toArray(new String[0]));
            if (!type.isEqual(pieces[0], pieces[1]))
            {
                return "elements from index " + from + " on differ";
            }
        }

        return null;
    }

    /**
     * Hashes and sets have no order: each piece of the left one is looked up in the right one. As both have the same
     * number of elements, the right one then has no others.
     */
    private String membersDifference(final byte[] key, final String scan, final int step) throws IOException
    {
        final boolean isHash = "HSCAN".equals(scan);
        String cursor = "0";
        do
        {
            final Object reply = left.callKey(scan, key, cursor, "COUNT", Integer.toString(step));
            if (!(reply instanceof List))
            {
                return CHANGED;
            }

            cursor = new String((byte[])((List<?>)reply).get(0), StandardCharsets.US_ASCII);
            final List<?> elements = (List<?>)((List<?>)reply).get(1);
            if (!hasAll(key, elements, isHash))
            {
                return "elements differ";
            }
        }
        while (!"0".equals(cursor));

        return null;
    }

    private boolean hasAll(final byte[] key, final List<?> elements, final boolean isHash) throws IOException
    {
        final int stride = isHash ? 2 : 1;
        final byte[] name = (isHash ? "HGET" : "SISMEMBER").getBytes(StandardCharsets.US_ASCII);
        commands.clear();
        for (int i = 0; i < elements.size(); i += stride)
        {
            commands.begin(3).argument(name).argument(key).argument((byte[])elements.get(i));
        }

        right.send(commands);
        boolean hasAll = true;
        for (int i = 0; i < elements.size(); i += stride)
        {
            hasAll &= ReplyValues.isEqual(isHash ? elements.get(i + 1) : Long.valueOf(1), right.readReply());
        }

        return hasAll;
    }

    private String streamDifference(final byte[] key, final int step) throws IOException
    {
        String from = "-";
        while (true)
        {
            final Object[] pieces = ask("XRANGE", key, from, "+", "COUNT", Integer.toString(step));
            if (!ReplyValues.isEqual(pieces[0], pieces[1]))
            {
                return "entries from " + from + " on differ";
            }

            final List<?> piece = (List<?>)pieces[0];
            if (piece.size() < step)
            {
                return null;
            }

            final List<?> last = (List<?>)piece.get(piece.size() - 1);
            from = "(" + new String((byte[])last.get(0), StandardCharsets.US_ASCII);
        }
    }

    /**
     * Asks both at once.
     *
     * @throws IOException if one answers with an error that is not about the key.
     */
    private Object[] ask(final String name, final byte[] key, final String... more) throws IOException
    {
        commands.clear().begin(2 + more.length).argument(name.getBytes(StandardCharsets.US_ASCII)).argument(key);
        for (final String argument : more)
        {
            commands.argument(argument.getBytes(StandardCharsets.US_ASCII));
        }

        left.send(commands);
        right.send(commands);
        final Object[] replies = {left.readReply(), right.readReply()};
        for (final Object reply : replies)
        {
            if (reply instanceof RespError && !((RespError)reply).message().startsWith("WRONGTYPE"))
            {
                ReplyValues.ok(reply);
            }
        }

        return replies;
    }
}
