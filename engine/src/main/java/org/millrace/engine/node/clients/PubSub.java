package org.millrace.engine.node.clients;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.memory.Glob;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;

/** Channels, patterns and shard channels with those who listen. Writer thread. */
public final class PubSub implements KeyEvents
{
    /** What a name takes that a client listens to, about: in its own set and in the table of all. */
    static final long BYTES_PER_NAME = 192;

    public static final int CHANNEL = 0;
    public static final int PATTERN = 1;
    public static final int SHARD = 2;
    private static final int KINDS = 3;
    private static final int EVENT_LENGTH_MAX = 64;

    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] SMESSAGE = ascii("smessage");
    private static final byte[] PMESSAGE = ascii("pmessage");

    private final List<Map<ByteKey, Set<ClientSession>>> byName = new ArrayList<>();
    private final ByteKey probe = ByteKey.probe();
    private final ReplyWriter writer = new ReplyWriter();
    /** The name of the present event, a short word. */
    private final ByteBuffer eventBuffer = ByteBuffer.allocateDirect(EVENT_LENGTH_MAX);
    private final long eventText = Memory.address(eventBuffer);
    private int notifyEvents;

    public PubSub()
    {
        for (int i = 0; i < KINDS; i++)
        {
            byName.add(new LinkedHashMap<>());
        }
    }

    /** notify-keyspace-events as bits. */
    public void notifyEvents(final int events)
    {
        notifyEvents = events;
    }

    /** True if it is new for this session. */
    boolean subscribe(final ClientSession session, final int kind, final byte[] name)
    {
        final ByteKey key = new ByteKey(name);
        if (!session.names(kind).add(key))
        {
            return false;
        }

        byName.get(kind).computeIfAbsent(key, (k) -> new LinkedHashSet<>()).add(session);
        session.subscriptionsChanged();
        return true;
    }

    boolean unsubscribe(final ClientSession session, final int kind, final ByteKey key)
    {
        if (!session.names(kind).remove(key))
        {
            return false;
        }

        final Set<ClientSession> listeners = byName.get(kind).get(key);
        listeners.remove(session);
        if (listeners.isEmpty())
        {
            byName.get(kind).remove(key);
        }

        session.subscriptionsChanged();
        return true;
    }

    void removeAll(final ClientSession session)
    {
        if (!session.isSubscribed())
        {
            return;
        }

        for (int kind = 0; kind < KINDS; kind++)
        {
            for (final ByteKey key : List.copyOf(session.names(kind)))
            {
                unsubscribe(session, kind, key);
            }
        }
    }

    /** Send to everybody who listens; how many did. The message may be longer than the heap. */
    int publish(final boolean isShard, final byte[] channel, final long message, final int length)
    {
        int receivers = 0;
        final ByteKey key = new ByteKey(channel);
        final Set<ClientSession> listeners = byName.get(isShard ? SHARD : CHANNEL).get(key);
        if (null != listeners)
        {
            for (final ClientSession session : listeners)
            {
                send(session, isShard ? SMESSAGE : MESSAGE, null, channel, message, length);
                receivers++;
            }
        }

        return isShard ? receivers : receivers + publishToPatterns(channel, message, length);
    }

    private int publishToPatterns(final byte[] channel, final long message, final int length)
    {
        final Map<ByteKey, Set<ClientSession>> patterns = byName.get(PATTERN);
        if (patterns.isEmpty())
        {
            return 0;
        }

        final String channelText = text(channel);
        int receivers = 0;
        for (final Map.Entry<ByteKey, Set<ClientSession>> entry : patterns.entrySet())
        {
            if (!Glob.matches(text(entry.getKey().bytes()), channelText, false))
            {
                continue;
            }

            for (final ClientSession session : entry.getValue())
            {
                send(session, PMESSAGE, entry.getKey().bytes(), channel, message, length);
                receivers++;
            }
        }

        return receivers;
    }

    private void send(
        final ClientSession session,
        final byte[] kind,
        final byte[] pattern,
        final byte[] channel,
        final long message,
        final int length)
    {
        try
        {
            writer.wrap(session.output().forMessage(), session.protocol);
            writer.push(null == pattern ? 3 : 4);
            writer.bulk(kind);
            if (null != pattern)
            {
                writer.bulk(pattern);
            }

            writer.bulk(channel);
            writer.bulk(message, length);
        }
        catch (final ReplyTooLongException e)
        {
            session.output().overflow(e.getMessage());
        }
    }

    @Override
    public void publish(
        final int eventClass, final String event, final int database, final long keyAddress, final int keyLength)
    {
        if (0 != (notifyEvents & KEYSPACE))
        {
            final byte[] prefix = ascii("__keyspace@" + database + "__:");
            final byte[] channel = Arrays.copyOf(prefix, prefix.length + keyLength);
            Memory.copy(keyAddress, channel, prefix.length, keyLength);
            final byte[] message = ascii(event);
            Memory.copy(message, 0, eventText, message.length);
            publish(false, channel, eventText, message.length);
        }

        if (0 != (notifyEvents & KEYEVENT))
        {
            publish(false, ascii("__keyevent@" + database + "__:" + event), keyAddress, keyLength);
        }
    }

    /** Names in use of this kind that match the pattern, all for null. */
    List<byte[]> names(final int kind, final byte[] pattern)
    {
        final List<byte[]> names = new ArrayList<>();
        for (final ByteKey key : byName.get(kind).keySet())
        {
            if (null == pattern || Glob.matches(text(pattern), text(key.bytes()), false))
            {
                names.add(key.bytes());
            }
        }

        return names;
    }

    int listeners(final int kind, final long nameAddress, final int nameLength)
    {
        final Set<ClientSession> listeners = byName.get(kind).get(probe.wrap(nameAddress, nameLength));
        return null == listeners ? 0 : listeners.size();
    }

    public int count(final int kind)
    {
        return byName.get(kind).size();
    }

    /** Bytes as chars, one each. */
    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
