package org.millrace.engine.node.clients;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.millrace.engine.command.Watches;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;

/** The keys that sessions WATCH, by database. Costs one comparison per change while nobody watches. */
public final class WatchTable implements Watches
{
    /** What a session watches; {@code isExpired}: its deadline had passed already, so its removal is no change. */
    private static final class Watch
    {
        private final ClientSession session;
        private boolean isExpired;

        Watch(final ClientSession session, final boolean isExpired)
        {
            this.session = session;
            this.isExpired = isExpired;
        }
    }

    private final Supplier<DataSet> data;
    private final LongSupplier wallMs;

    /** Databases in which something is watched. */
    private final Map<Integer, Map<ByteKey, List<Watch>>> byDatabase = new HashMap<>();
    private final Set<ClientSession> watching = new HashSet<>();
    private final ByteKey probe = ByteKey.probe();

    public WatchTable(final Supplier<DataSet> data, final LongSupplier wallMs)
    {
        this.data = data;
        this.wallMs = wallMs;
    }

    /** @param isExpired the key's deadline had passed when the watch began: its removal then is no change. */
    void watch(final ClientSession session, final int database, final byte[] key, final boolean isExpired)
    {
        final List<Watch> watches = byDatabase
            .computeIfAbsent(database, (d) -> new HashMap<>())
            .computeIfAbsent(new ByteKey(key), (k) -> new ArrayList<>());
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

        for (final Map<ByteKey, List<Watch>> map : byDatabase.values())
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

        byDatabase.values().removeIf(Map::isEmpty);
    }

    int watchingClients()
    {
        return watching.size();
    }

    /** True if a key that this session watches has run out since: then its EXEC fails, whoever removes the key. */
    boolean hasExpired(final ClientSession session)
    {
        if (!watching.contains(session))
        {
            return false;
        }

        for (final Map.Entry<Integer, Map<ByteKey, List<Watch>>> each : byDatabase.entrySet())
        {
            for (final Map.Entry<ByteKey, List<Watch>> watched : each.getValue().entrySet())
            {
                for (final Watch watch : watched.getValue())
                {
                    if (watch.session == session && !watch.isExpired &&
                        isExpired(find(each.getKey(), watched.getKey())))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    @Override
    public void touch(final int database, final long keyAddress, final int keyLength)
    {
        if (!watching.isEmpty())
        {
            final List<Watch> watches = watches(database, keyAddress, keyLength);
            if (null != watches)
            {
                mark(watches);
            }
        }
    }

    @Override
    public void expired(final int database, final long keyAddress, final int keyLength)
    {
        if (!watching.isEmpty())
        {
            final List<Watch> watches = watches(database, keyAddress, keyLength);
            if (null != watches)
            {
                removed(watches);
            }
        }
    }

    @Override
    public void touchAll(final int database)
    {
        if (watching.isEmpty())
        {
            return;
        }

        byDatabase.forEach((number, watched) ->
        {
            if (database < 0 || database == number)
            {
                watched.forEach((key, watches) ->
                {
                    if (Entry.NO_ENTRY != find(number, key))
                    {
                        removed(watches);
                    }
                });
            }
        });
    }

    @Override
    public void swap(final int first, final int second)
    {
        if (!watching.isEmpty())
        {
            replace(first, second);
            replace(second, first);
        }
    }

    /** The keys of {@code next} come in place of those of {@code database}. */
    private void replace(final int database, final int next)
    {
        for (final Map.Entry<ByteKey, List<Watch>> watched : byDatabase.getOrDefault(database, Map.of()).entrySet())
        {
            final boolean isHere = Entry.NO_ENTRY != find(database, watched.getKey());
            final long comes = find(next, watched.getKey());
            if (Entry.NO_ENTRY == comes)
            {
                if (isHere)
                {
                    removed(watched.getValue());
                }
            }
            else
            {
                for (final Watch watch : watched.getValue())
                {
                    // One that is gone for all to see may be replaced by another such.
                    watch.isExpired |= !isHere && isExpired(comes);
                    if (!watch.isExpired || !isExpired(comes))
                    {
                        watch.session.dirtyWatch(true);
                    }
                }
            }
        }
    }

    /** Who watches this key, or null. */
    private List<Watch> watches(final int database, final long keyAddress, final int keyLength)
    {
        final Map<ByteKey, List<Watch>> watched = byDatabase.get(database);
        return null == watched ? null : watched.get(probe.wrap(keyAddress, keyLength));
    }

    private long find(final int database, final ByteKey key)
    {
        final byte[] bytes = key.bytes();
        final long address = Memory.reserve(bytes.length + 1L);
        Memory.copy(bytes, 0, address, bytes.length);
        final long entry = data.get().keyspace(database).find(address, bytes.length);
        Memory.release(address);
        return entry;
    }

    private boolean isExpired(final long entry)
    {
        return Entry.NO_ENTRY != entry && Entry.isVolatile(entry) && wallMs.getAsLong() > Entry.deadlineMs(entry);
    }

    /** Only those are told for whom the key was still there. */
    private static void removed(final List<Watch> watches)
    {
        for (final Watch watch : watches)
        {
            if (!watch.isExpired)
            {
                watch.session.dirtyWatch(true);
            }

            watch.isExpired = false;
        }
    }

    private static void mark(final List<Watch> watches)
    {
        for (final Watch watch : watches)
        {
            watch.session.dirtyWatch(true);
        }
    }
}
