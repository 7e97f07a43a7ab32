package org.millrace.kit.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.millrace.kit.resp.CommandBuffer;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;

/**
 * Compares what streams have beside their entries: the last id, consumer groups, consumers, what is pending for whom.
 * Not compared is what snapshots of older versions do not carry (counts of entries ever added and read, the highest
 * deleted id), what is told by each server's own clock (times of idleness), and what a replica of Redis is not told: how
 * many entries a group has read, if its consumers acknowledge; consumers that were never given anything; that a consumer
 * has looked through what is pending for it, which counts as a delivery. Runs on the caller's thread, which also owns both
 * connections.
 */
final class StreamComparison
{
    private static final int PENDING_PER_PIECE = 1_000;

    private final CommandBuffer commands = new CommandBuffer();
    private final RespClient left;
    private final RespClient right;

    StreamComparison(final RespClient left, final RespClient right)
    {
        this.left = left;
        this.right = right;
    }

    /**
     * What differs, by the place of the key; null for nothing.
     *
     * @throws IOException if a server cannot be read, or refuses a command this needs.
     */
    String[] look(final List<byte[]> keys) throws IOException
    {
        commands.clear();
        for (final byte[] key : keys)
        {
            commands.begin(3).argument(ascii("XINFO")).argument(ascii("STREAM")).argument(key);
            commands.begin(3).argument(ascii("XINFO")).argument(ascii("GROUPS")).argument(key);
        }

        left.send(commands);
        right.send(commands);
        final String[] differences = new String[keys.size()];
        final List<List<byte[]>> groups = new ArrayList<>();
        for (int i = 0; i < differences.length; i++)
        {
            final Object[] leftHead = {left.readReply(), left.readReply()};
            final Object[] rightHead = {right.readReply(), right.readReply()};
            differences[i] = headDifference(leftHead, rightHead);
            groups.add(null == differences[i] ? names(leftHead[1]) : List.of());
        }

        for (int i = 0; i < differences.length; i++)
        {
            for (final byte[] group : groups.get(i))
            {
                differences[i] = null == differences[i] ? groupDifference(keys.get(i), group) : differences[i];
            }
        }

        return differences;
    }

    private static String headDifference(final Object[] leftHead, final Object[] rightHead)
    {
        if (!(leftHead[1] instanceof List) || !(rightHead[1] instanceof List))
        {
            return KeyBatch.CHANGED;
        }

        final Object leftId = field(leftHead[0], "last-generated-id");
        final Object rightId = field(rightHead[0], "last-generated-id");
        if (!ReplyValues.isEqual(leftId, rightId))
        {
            return "last id: " + ReplyValues.shown(leftId) + " / " + ReplyValues.shown(rightId);
        }

        return groups(leftHead[1]).equals(groups(rightHead[1])) ? null : "consumer groups differ";
    }

    /** By name: pending entries, last delivered id. */
    private static Map<ByteBuffer, List<Object>> groups(final Object reply)
    {
        final Map<ByteBuffer, List<Object>> groups = new HashMap<>();
        for (final Object each : (List<?>)reply)
        {
            groups.put(
                ByteBuffer.wrap((byte[])field(each, "name")),
                List.of(
                    field(each, "pending"),
                    ByteBuffer.wrap((byte[])field(each, "last-delivered-id"))));
        }

        return groups;
    }

    private static List<byte[]> names(final Object reply)
    {
        final List<byte[]> names = new ArrayList<>();
        for (final Object each : (List<?>)reply)
        {
            names.add((byte[])field(each, "name"));
        }

        return names;
    }

    private String groupDifference(final byte[] key, final byte[] group) throws IOException
    {
        final Object[] consumers = ask("XINFO", "CONSUMERS", key, group);
        if (!consumers(consumers[0]).equals(consumers(consumers[1])))
        {
            return "consumers of group " + ReplyValues.printable(group) + " differ";
        }

        String from = "-";
        while (true)
        {
            final Object[] pieces = ask("XPENDING", null, key, group, from, "+", Integer.toString(PENDING_PER_PIECE));
            final List<List<Object>> leftPiece = pending(pieces[0]);
            if (!leftPiece.equals(pending(pieces[1])))
            {
                return "pending entries of group " + ReplyValues.printable(group) + " differ";
            }

            if (leftPiece.size() < PENDING_PER_PIECE)
            {
                return null;
            }

            from = next(StandardCharsets.US_ASCII.decode(((ByteBuffer)leftPiece.get(leftPiece.size() - 1).get(0))
                .duplicate()).toString());
        }
    }

    /** The id behind this one: not every version knows open ends. */
    private static String next(final String id)
    {
        final int dash = id.indexOf('-');
        return id.substring(0, dash + 1) + Long.toUnsignedString(Long.parseUnsignedLong(id.substring(dash + 1)) + 1);
    }

    /** By name: what is pending. A consumer that was never given anything is not told to replicas, by Redis neither. */
    private static Map<ByteBuffer, Object> consumers(final Object reply)
    {
        final Map<ByteBuffer, Object> consumers = new HashMap<>();
        if (reply instanceof List)
        {
            for (final Object each : (List<?>)reply)
            {
                if (!Long.valueOf(0).equals(field(each, "pending")))
                {
                    consumers.put(ByteBuffer.wrap((byte[])field(each, "name")), field(each, "pending"));
                }
            }
        }

        return consumers;
    }

    /** Id and consumer. */
    private static List<List<Object>> pending(final Object reply)
    {
        final List<List<Object>> pending = new ArrayList<>();
        if (reply instanceof List)
        {
            for (final Object each : (List<?>)reply)
            {
                final List<?> entry = (List<?>)each;
                pending.add(List.of(ByteBuffer.wrap((byte[])entry.get(0)), ByteBuffer.wrap((byte[])entry.get(1))));
            }
        }

        return pending;
    }

    /** Value of a field in a reply of names and values in turn; null if it is not there. */
    private static Object field(final Object reply, final String name)
    {
        if (reply instanceof List)
        {
            final List<?> fields = (List<?>)reply;
            for (int i = 0; i + 1 < fields.size(); i += 2)
            {
                if (fields.get(i) instanceof byte[] text && name.equals(new String(text, StandardCharsets.US_ASCII)))
                {
                    return fields.get(i + 1);
                }
            }
        }

        return null;
    }

    /** Asks both at once. @param subcommand or null. */
    private Object[] ask(
        final String name, final String subcommand, final byte[] key, final byte[] group, final String... more)
        throws IOException
    {
        commands.clear().begin(3 + (null == subcommand ? 0 : 1) + more.length).argument(ascii(name));
        if (null != subcommand)
        {
            commands.argument(ascii(subcommand));
        }

        commands.argument(key).argument(group);
        for (final String argument : more)
        {
            commands.argument(ascii(argument));
        }

        left.send(commands);
        right.send(commands);
        final Object[] replies = {left.readReply(), right.readReply()};
        for (final Object reply : replies)
        {
            if (reply instanceof RespError && !Objects.toString(((RespError)reply).message()).startsWith("NOGROUP"))
            {
                ReplyValues.ok(reply);
            }
        }

        return replies;
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
