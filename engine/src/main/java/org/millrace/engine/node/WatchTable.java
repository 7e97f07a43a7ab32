package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.command.Watches;

/** The keys that sessions WATCH, by database. Costs one comparison per change while nobody watches. */
final class WatchTable implements Watches
{
    private record Watch(ClientSession session, boolean wasExpired)
    {
    }

    private final Map<ByteKey, List<Watch>>[] byDatabase;
    private final Set<ClientSession> watching = new HashSet<>();
    private final ByteKey probe = ByteKey.probe();

    @SuppressWarnings({"unchecked", "rawtypes"})
    WatchTable(final int databases)
    {
        byDatabase = new Map[databases];
        for (int i = 0; i < databases; i++)
        {
            byDatabase[i] = new HashMap<>();
        }
    }

    /** @param isExpired the key's deadline had passed when the watch began: its removal then is no change. */
    void watch(final ClientSession session, final int database, final byte[] key, final boolean isExpired)
    {
        final List<Watch> watches = byDatabase[database].computeIfAbsent(new ByteKey(key), (k) -> new ArrayList<>());
        for (final Watch watch : watches)
        {
            if (watch.session == session)
            {
                return;
            }
        }

        watches.add(new Watch(session, isExpired));
        watching.add(session);
    }

    void unwatch(final ClientSession session)
    {
        session.dirtyWatch(false);
        if (!watching.remove(session))
        {
            return;
        }

        for (final Map<ByteKey, List<Watch>> map : byDatabase)
        {
            final Iterator<List<Watch>> all = map.values().iterator();
            while (all.hasNext())
            {
                final List<Watch> watches = all.next();
                watches.removeIf((watch) -> watch.session == session);
                if (watches.isEmpty())
                {
                    all.remove();
                }
            }
        }
    }

    int watchingClients()
    {
        return watching.size();
    }

    @Override
    public void touch(final int database, final long keyAddress, final int keyLength)
    {
        if (!watching.isEmpty())
        {
            mark(byDatabase[database].get(probe.wrap(keyAddress, keyLength)), true);
        }
    }

    @Override
    public void expired(final int database, final long keyAddress, final int keyLength)
    {
        if (!watching.isEmpty())
        {
            mark(byDatabase[database].get(probe.wrap(keyAddress, keyLength)), false);
        }
    }

    @Override
    public void touchAll(final int database)
    {
        if (watching.isEmpty())
        {
            return;
        }

        for (int i = 0; i < byDatabase.length; i++)
        {
            if (database < 0 || database == i)
            {
                byDatabase[i].values().forEach((watches) -> mark(watches, true));
            }
        }
    }

    private static void mark(final List<Watch> watches, final boolean isChange)
    {
        if (null == watches)
        {
            return;
        }

        for (final Watch watch : watches)
        {
            if (isChange || !watch.wasExpired)
            {
                watch.session.dirtyWatch(true);
            }
        }
    }
}
