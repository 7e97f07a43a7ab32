package org.millrace.engine.node.clients;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;

/**
 * What all clients take, kept up to date as each of them comes to take more or less; and who has to go when that is more
 * than {@code maxmemory-clients}. Replicas are no clients, they belong to the feeder. Writer thread.
 */
final class ClientMemory
{
    /** Less is not kept to: a client that wants to set it right has to be served. */
    private static final long LIMIT_MIN = 128 * 1024;

    /** Clients whose memory has as many bits go in the order in which they came: those of up to so many bits are alike. */
    private static final int BITS_MIN = 15;

    private static final long NONE = 0;

    private final Clients clients;
    private final Config config;
    private long bytes;

    /** What there was when nobody was left who might go; a look at all clients is worth it only if there is more. */
    private long exhaustedBytes = NONE;

    ClientMemory(final Clients clients, final Config config)
    {
        this.clients = clients;
        this.config = config;
        config.listen(ConfigOption.MAXMEMORY_CLIENTS, (c, option) -> reconsider());
        config.listen(ConfigOption.MAXMEMORY, (c, option) -> reconsider());
    }

    /** Bytes of all clients. */
    long bytes()
    {
        return bytes;
    }

    /** A client may have come to take more or less. */
    void measure(final ClientSession session)
    {
        final long now = session.isDead() || session.isDetached() ? 0 : session.memoryBytes();
        bytes += now - session.countedBytes;
        session.countedBytes = now;
    }

    /** The limit, or who may go, is another. */
    String reconsider()
    {
        exhaustedBytes = NONE;
        return null;
    }

    /** Close those that take most, until the others are within the limit. Between commands. */
    void keepWithin()
    {
        final long limit = limit();
        if (bytes <= limit)
        {
            exhaustedBytes = NONE;
            return;
        }

        if (bytes > exhaustedBytes)
        {
            evict(limit);
        }
    }

    private void evict(final long limit)
    {

        final List<ClientSession> largestFirst = new ArrayList<>(clients.snapshot());
        // Who takes nothing would free nothing.
        largestFirst.removeIf(
            (session) -> session.isNoEvict || session.isMonitor || session.isDead() || 0 == session.countedBytes);
        // The sort is stable: of those about alike the oldest comes first.
        largestFirst.sort((a, b) -> Integer.compare(bits(b.countedBytes), bits(a.countedBytes)));
        for (int i = 0; bytes > limit && i < largestFirst.size(); i++)
        {
            clients.evict(largestFirst.get(i));
        }

        exhaustedBytes = NONE;
        if (bytes > limit)
        {
            exhaustedBytes = bytes;
            clients.log().warning("Over client maxmemory after evicting all evictable clients");
        }
    }

    private static int bits(final long bytes)
    {
        return Math.max(BITS_MIN, Long.SIZE - Long.numberOfLeadingZeros(bytes));
    }

    /** Bytes, Long.MAX_VALUE for none. */
    private long limit()
    {
        final long given = config.number(ConfigOption.MAXMEMORY_CLIENTS);
        if (given > 0)
        {
            return Math.max(LIMIT_MIN, given);
        }

        final long maxMemory = config.number(ConfigOption.MAXMEMORY);
        return 0 == given || maxMemory <= 0
            ? Long.MAX_VALUE
            : Math.max(LIMIT_MIN, (long)((double)maxMemory * -given / 100));
    }
}
