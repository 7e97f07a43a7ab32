package org.millrace.kit.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.millrace.kit.resp.CommandBuffer;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;

/**
 * Compares when fields of hashes expire, of hashes that have been found equal but for that. Asks nothing where neither
 * server says that it has such fields. Runs on the caller's thread, which also owns both connections.
 */
final class FieldDeadlines
{
    private static final String FIELDS_PER_PAGE = "500";
    private static final byte[] TIMES = ascii("HPEXPIRETIME");

    private final CommandBuffer commands = new CommandBuffer();
    private final RespClient left;
    private final RespClient right;
    private final long toleranceMs;
    private boolean isAsked;
    private boolean isAny;

    FieldDeadlines(final RespClient left, final RespClient right, final long toleranceMs)
    {
        this.left = left;
        this.right = right;
        this.toleranceMs = toleranceMs;
    }

    /** True if one of the servers has fields with a deadline in some database; asked once. */
    boolean isAny() throws IOException
    {
        if (!isAsked)
        {
            isAsked = true;
            isAny = hasAny(left) || hasAny(right);
        }

        return isAny;
    }

    /** A server that does not tell has none: those that have them tell. */
    private static boolean hasAny(final RespClient server) throws IOException
    {
        return server.call("INFO", "keyspace") instanceof byte[] info &&
            new String(info, StandardCharsets.ISO_8859_1).matches("(?s).*subexpiry=[1-9].*");
    }

    /** What differs in the hash of a key, or null. */
    String difference(final byte[] key) throws IOException
    {
        String cursor = "0";
        do
        {
            final Object reply = left.callKey("HSCAN", key, cursor, "COUNT", FIELDS_PER_PAGE);
            if (!(reply instanceof List))
            {
                return KeyBatch.CHANGED;
            }

            cursor = new String((byte[])((List<?>)reply).get(0), StandardCharsets.US_ASCII);
            final String found = pageDifference(key, (List<?>)((List<?>)reply).get(1));
            if (null != found)
            {
                return found;
            }
        }
        while (!"0".equals(cursor));

        return null;
    }

    private String pageDifference(final byte[] key, final List<?> fieldsAndValues) throws IOException
    {
        final int count = fieldsAndValues.size() / 2;
        if (0 == count)
        {
            return null;
        }

        commands.clear().begin(4 + count).argument(TIMES).argument(key).argument(ascii("FIELDS"))
            .argument(ascii(Integer.toString(count)));
        for (int i = 0; i < count; i++)
        {
            commands.argument((byte[])fieldsAndValues.get(2 * i));
        }

        left.send(commands);
        right.send(commands);
        final Object leftTimes = left.readReply();
        final Object rightTimes = right.readReply();
        for (int i = 0; i < count; i++)
        {
            final long leftTime = time(leftTimes, i);
            final long rightTime = time(rightTimes, i);
            final boolean isSame = leftTime < 0 || rightTime < 0
                ? leftTime == rightTime
                : Math.abs(leftTime - rightTime) <= toleranceMs;
            if (!isSame)
            {
                return "field " + ReplyValues.printable((byte[])fieldsAndValues.get(2 * i)) + " expires at: " +
                    shown(leftTime) + " / " + shown(rightTime);
            }
        }

        return null;
    }

    /** A server that does not know the command has no deadlines. */
    private static long time(final Object times, final int index)
    {
        return times instanceof RespError || null == times ? -1 : (Long)((List<?>)times).get(index);
    }

    private static String shown(final long time)
    {
        return time < 0 ? "never" : time + " ms";
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
