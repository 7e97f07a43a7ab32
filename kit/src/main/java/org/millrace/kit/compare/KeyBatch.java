package org.millrace.kit.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.CommandBuffer;

/**
 * Looks at many keys of two servers at once and says of each what differs: type, expiry, length, value. Both servers
 * are asked in pipelines, in as many steps as there are questions and not keys; only large values are then compared one
 * by one. Runs on the caller's thread, which also owns both connections.
 */
final class KeyBatch
{
    /** Values up to this size are read whole. */
    private static final int WHOLE_VALUE_MAX = 64 * 1024;
    private static final int WHOLE_ELEMENTS_MAX = 512;
    private static final long WHOLE_DUMP_MAX = 64 * 1024 * 1024;

    /** What may be under way at once from each server. */
    private static final int GROUP_BYTES_MAX = 8 * 1024 * 1024;
    private static final int GROUP_KEYS_MAX = 1_000;
    private static final int GROUP_KEY_BYTES_MAX = 4 * 1024 * 1024;

    /** How far apart what remains of two expiries may be read. */
    private static final long PTTL_TOLERANCE_MS = 1_000;
    private static final String NONE = "none";
    private static final String STRING = "string";
    private static final String STREAM = "stream";
    private static final String HASH = "hash";
    static final String CHANGED = "it changed while it was read";

    /** One key in the making: what is known of it on both sides. */
    private static final class Look
    {
        private final byte[] key;
        private final int index;
        private String type;
        private long length;
        private long bytes;

        Look(final byte[] key, final int index)
        {
            this.key = key;
            this.index = index;
        }
    }

    private final CommandBuffer commands = new CommandBuffer();
    private final RespClient left;
    private final RespClient right;
    private final long toleranceMs;
    private final KeyComparison largeComparison;
    private final StreamComparison streamComparison;
    private final FieldDeadlines fieldDeadlines;
    private boolean hasPexpiretime = true;
    private long skippedCount;

    /**
     * @param toleranceMs how far apart two times of expiry may be.
     */
    KeyBatch(final RespClient left, final RespClient right, final long toleranceMs)
    {
        this.left = left;
        this.right = right;
        this.toleranceMs = toleranceMs;
        largeComparison = new KeyComparison(left, right);
        streamComparison = new StreamComparison(left, right);
        fieldDeadlines = new FieldDeadlines(left, right, toleranceMs);
    }

    /** Keys whose values could be neither read nor found equal: those of types that modules bring. */
    long skippedCount()
    {
        return skippedCount;
    }

    /**
     * What differs, by the place of the key in the list; null for nothing.
     *
     * @throws IOException if a server cannot be read, or refuses a command this needs.
     */
    String[] look(final List<byte[]> keys) throws IOException
    {
        final String[] differences = new String[keys.size()];
        List<Look> group = new ArrayList<>();
        long keyBytes = 0;
        for (int i = 0; i < differences.length; i++)
        {
            final byte[] key = keys.get(i);
            if (GROUP_KEYS_MAX == group.size() || !group.isEmpty() && keyBytes + key.length > GROUP_KEY_BYTES_MAX)
            {
                lookAtGroup(group, differences);
                group = new ArrayList<>();
                keyBytes = 0;
            }

            group.add(new Look(key, i));
            keyBytes += key.length;
        }

        lookAtGroup(group, differences);
        return differences;
    }

    private void lookAtGroup(final List<Look> group, final String[] differences) throws IOException
    {
        if (hasPexpiretime && !readHeads(group, differences))
        {
            // Redis before 7.0 does not have it.
            hasPexpiretime = false;
        }

        if (!hasPexpiretime)
        {
            readHeads(group, differences);
        }

        final List<Look> strings = new ArrayList<>();
        final List<Look> others = new ArrayList<>();
        for (final Look look : group)
        {
            if (null == differences[look.index] && !NONE.equals(look.type))
            {
                (STRING.equals(look.type) ? strings : others).add(look);
            }
        }

        readStrings(strings, differences);
        readOthers(others, differences);
    }

    /** Type, expiry and length of strings. False if a server does not know the command for the time of expiry. */
    private boolean readHeads(final List<Look> group, final String[] differences) throws IOException
    {
        final byte[] expiry = ascii(hasPexpiretime ? "PEXPIRETIME" : "PTTL");
        commands.clear();
        for (final Look look : group)
        {
            commands.begin(2).argument(ascii("TYPE")).argument(look.key);
            commands.begin(2).argument(expiry).argument(look.key);
            commands.begin(2).argument(ascii("STRLEN")).argument(look.key);
        }

        send();
        boolean isKnown = true;
        for (final Look look : group)
        {
            final Object[] leftHead = {left.readReply(), left.readReply(), left.readReply()};
            final Object[] rightHead = {right.readReply(), right.readReply(), right.readReply()};
            if (isKnown && (leftHead[1] instanceof RespError || rightHead[1] instanceof RespError))
            {
                if (!hasPexpiretime)
                {
                    ReplyValues.ok(leftHead[1]);
                    ReplyValues.ok(rightHead[1]);
                }

                isKnown = false;
            }

            if (isKnown)
            {
                differences[look.index] = compareHeads(look, leftHead, rightHead);
            }
        }

        return isKnown;
    }

    private String compareHeads(final Look look, final Object[] leftHead, final Object[] rightHead) throws IOException
    {
        final String leftType = ReplyValues.ok(leftHead[0]).toString();
        final String rightType = ReplyValues.ok(rightHead[0]).toString();
        if (!leftType.equals(rightType))
        {
            return "type: " + leftType + " / " + rightType;
        }

        look.type = leftType;
        final long leftTime = (Long)leftHead[1];
        final long rightTime = (Long)rightHead[1];
        final long allowedMs = hasPexpiretime ? toleranceMs : Math.max(toleranceMs, PTTL_TOLERANCE_MS);
        final boolean isSameTime = leftTime < 0 || rightTime < 0
            ? leftTime == rightTime
            : Math.abs(leftTime - rightTime) <= allowedMs;
        if (!isSameTime)
        {
            return "expires " + (hasPexpiretime ? "at" : "in") + ": " + time(leftTime) + " / " + time(rightTime);
        }

        if (STRING.equals(leftType))
        {
            if (leftHead[2] instanceof RespError || rightHead[2] instanceof RespError)
            {
                return CHANGED;
            }

            if (!leftHead[2].equals(rightHead[2]))
            {
                return "length: " + leftHead[2] + " / " + rightHead[2];
            }

            look.length = (Long)leftHead[2];
        }

        return null;
    }

    private static String time(final long ms)
    {
        return ms < 0 ? "never" : ms + " ms";
    }

    private void readStrings(final List<Look> strings, final String[] differences) throws IOException
    {
        final List<Look> part = new ArrayList<>();
        long partBytes = 0;
        for (final Look look : strings)
        {
            if (look.length > WHOLE_VALUE_MAX)
            {
                differences[look.index] = largeComparison.stringDifference(look.key, look.length);
                continue;
            }

            part.add(look);
            partBytes += look.length;
            if (partBytes > GROUP_BYTES_MAX)
            {
                readStringPart(part, differences);
                part.clear();
                partBytes = 0;
            }
        }

        readStringPart(part, differences);
    }

    private void readStringPart(final List<Look> part, final String[] differences) throws IOException
    {
        commands.clear();
        part.forEach((look) -> commands.begin(2).argument(ascii("GET")).argument(look.key));
        send();
        for (final Look look : part)
        {
            final Object leftValue = left.readReply();
            final Object rightValue = right.readReply();
            differences[look.index] = leftValue instanceof byte[] && rightValue instanceof byte[]
                ? ReplyValues.mismatch((byte[])leftValue, (byte[])rightValue, 0, look.length)
                : CHANGED;
        }
    }

    /** Values with elements: their number and size first, then those that are small in one reply each. */
    private void readOthers(final List<Look> others, final String[] differences) throws IOException
    {
        commands.clear();
        for (final Look look : others)
        {
            final ValueType type = ValueType.of(look.type);
            commands.begin(2).argument(ascii(null == type ? "EXISTS" : type.lengthCommand())).argument(look.key);
            commands.begin(3).argument(ascii("MEMORY")).argument(ascii("USAGE")).argument(look.key);
        }

        send();
        final List<Look> small = new ArrayList<>();
        final List<Look> large = new ArrayList<>();
        long smallBytes = 0;
        for (final Look look : others)
        {
            final Object[] leftSize = {left.readReply(), left.readReply()};
            final Object[] rightSize = {right.readReply(), right.readReply()};
            if (!ReplyValues.isEqual(leftSize[0], rightSize[0]))
            {
                differences[look.index] = "elements: " + ReplyValues.shown(leftSize[0]) + " / " +
                    ReplyValues.shown(rightSize[0]);
                continue;
            }

            look.length = (Long)leftSize[0];
            final boolean isSized = leftSize[1] instanceof Long && rightSize[1] instanceof Long;
            look.bytes = isSized ? Math.max((Long)leftSize[1], (Long)rightSize[1]) : 0;
            final boolean isSmall = isSized && look.bytes <= WHOLE_VALUE_MAX && look.length <= WHOLE_ELEMENTS_MAX &&
                null != ValueType.of(look.type) && smallBytes < GROUP_BYTES_MAX;
            (isSmall ? small : large).add(look);
            smallBytes += isSmall ? look.bytes : 0;
        }

        readWhole(small, differences);
        for (final Look look : large)
        {
            final ValueType type = ValueType.of(look.type);
            if (null == type)
            {
                compareDumps(look);
            }
            else
            {
                differences[look.index] = largeComparison.difference(look.key, type, look.length, look.bytes);
            }
        }

        compareStreams(others, differences);
        compareFieldDeadlines(others, differences);
    }

    private void compareFieldDeadlines(final List<Look> others, final String[] differences) throws IOException
    {
        for (final Look look : others)
        {
            if (HASH.equals(look.type) && null == differences[look.index] && fieldDeadlines.isAny())
            {
                differences[look.index] = fieldDeadlines.difference(look.key);
            }
        }
    }

    /** What streams have beside their entries, of those whose entries are equal. */
    private void compareStreams(final List<Look> others, final String[] differences) throws IOException
    {
        final List<Look> streams = new ArrayList<>();
        for (final Look look : others)
        {
            if (STREAM.equals(look.type) && null == differences[look.index])
            {
                streams.add(look);
            }
        }

        final String[] found = streamComparison.look(streams.stream().map((look) -> look.key).toList());
        for (int i = 0; i < found.length; i++)
        {
            differences[streams.get(i).index] = found[i];
        }
    }

    private void readWhole(final List<Look> small, final String[] differences) throws IOException
    {
        commands.clear();
        for (final Look look : small)
        {
            final String[] words = ValueType.of(look.type).whole();
            commands.begin(1 + words.length).argument(ascii(words[0])).argument(look.key);
            for (int i = 1; i < words.length; i++)
            {
                commands.argument(ascii(words[i]));
            }
        }

        send();
        for (final Look look : small)
        {
            differences[look.index] = ValueType.of(look.type).isEqual(left.readReply(), right.readReply())
                ? null
                : "elements differ";
        }
    }

    /** Types of modules: equal payloads are equal values, others say nothing. */
    private void compareDumps(final Look look) throws IOException
    {
        if (look.bytes > WHOLE_DUMP_MAX ||
            !ReplyValues.isEqual(left.callKey("DUMP", look.key), right.callKey("DUMP", look.key)))
        {
            skippedCount++;
        }
    }

    private void send() throws IOException
    {
        left.send(commands);
        right.send(commands);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
