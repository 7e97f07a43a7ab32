package org.millrace.engine.acl;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import org.millrace.engine.command.AccessContext;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;

/** What was denied to whom, the latest first: ACL LOG. Writer thread. */
public final class AclLog
{
    /** Reasons. */
    public static final String COMMAND = "command";
    public static final String KEY = "key";
    public static final String CHANNEL = "channel";
    public static final String AUTH = "auth";

    /** Entries about the same are one if they are no further apart than this, and among so many of the latest. */
    private static final long MERGED_MS = 60_000;
    private static final int MERGED_AMONG = 10;

    private final Deque<AclLogEntry> entries = new ArrayDeque<>();
    private final Config config;
    private long nextId;

    public AclLog(final Config config)
    {
        this.config = config;
    }

    /**
     * Note that something was denied.
     *
     * @param object name of the command, key or channel.
     * @param client line about who asked.
     * @param nowMs wall clock.
     */
    public void add(
        final String reason,
        final AccessContext context,
        final String object,
        final String user,
        final String client,
        final long nowMs)
    {
        final long max = config.number(ConfigOption.ACLLOG_MAX_LEN);
        if (max > 0)
        {
            final AclLogEntry entry = new AclLogEntry(
                nextId, reason, context.name().toLowerCase(Locale.ROOT), object, user, client, nowMs, nowMs, 1);
            final AclLogEntry same = takeSame(entry);
            if (null == same)
            {
                nextId++;
                entries.addFirst(entry);
            }
            else
            {
                entries.addFirst(same.again(client, nowMs));
            }
        }

        while (entries.size() > max)
        {
            entries.removeLast();
        }
    }

    /** Take out the entry that says the same, or null. */
    private AclLogEntry takeSame(final AclLogEntry entry)
    {
        int left = MERGED_AMONG;
        for (final Iterator<AclLogEntry> old = entries.iterator(); left > 0 && old.hasNext(); left--)
        {
            final AclLogEntry each = old.next();
            if (each.isAboutSame(entry) && Math.abs(each.updatedMs() - entry.updatedMs()) <= MERGED_MS)
            {
                old.remove();
                return each;
            }
        }

        return null;
    }

    /** The latest first. */
    Deque<AclLogEntry> entries()
    {
        return entries;
    }

    void reset()
    {
        entries.clear();
    }
}
