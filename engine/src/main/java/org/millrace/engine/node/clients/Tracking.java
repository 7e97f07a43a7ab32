package org.millrace.engine.node.clients;

import java.util.Collections;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;
import org.millrace.engine.command.ClientCaches;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.KeyPositions;
import org.millrace.engine.command.Session;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.tracking.ChangedKeys;
import org.millrace.engine.tracking.KeyHolders;
import org.millrace.engine.tracking.Prefix;
import org.millrace.engine.tracking.Prefixes;
import org.millrace.engine.tracking.TrackedKeys;

/**
 * Which clients are told of which keys, in Redis's modes and at Redis's moments: by keys that a client has read, when they
 * change; by prefixes, at the end of a turn. What a client's own command changes comes behind its reply. Writer thread.
 */
public final class Tracking extends ClientCaches implements AutoCloseable
{
    /** Keys that one look forgets beyond the limit, and as many more each time that was not enough. */
    private static final int EFFORT = 100;

    /** More changed keys than that are told of at once, in the midst of a turn. */
    private static final long CHANGES_MAX_BYTES = 1 << 20;
    private static final int ALL_KEYS = -1;
    private static final int MESSAGE_BYTES = 4 * 1024;
    private static final int MESSAGE_BYTES_KEPT = 64 * 1024;

    private final Config config;
    private final KeyHolders told = this::tell;
    private final KeyPositions positions = new KeyPositions();
    private final Prefixes prefixes = new Prefixes();
    private final TrackedKeys keys;
    private final ChangedKeys changes;

    /** What the client whose command runs is to be told behind its reply: lengths and keys, or ALL_KEYS. */
    private final ScratchBuffer pending = new ScratchBuffer();
    private ClientSession pendingFor;

    /** All that have ever tracked and are still there. */
    private final Int2ObjectHashMap<ClientSession> byNumber = new Int2ObjectHashMap<>();
    private final ReplyWriter writer = new ReplyWriter();
    private final OutBuffer common = new OutBuffer(MESSAGE_BYTES);
    private final OutBuffer own = new OutBuffer(MESSAGE_BYTES);
    private Clients clients;
    private Invalidations messages;
    private CommandSpec cachingRow;
    private long random;
    private long changeNumber;
    private int nextNumber = 1;
    private int tracking;
    private int trackingByReads;
    private int failedLooks;

    /** @param seed a secret, so that clients cannot choose keys that are dear to find. */
    public Tracking(final Config config, final long seed)
    {
        this.config = config;
        keys = new TrackedKeys(seed);
        changes = new ChangedKeys(seed);
        random = seed;
    }

    /** Before the first client. */
    void attach(final Clients all)
    {
        clients = all;
        messages = new Invalidations(this, all);
    }

    /** The command whose subcommands do not end what CLIENT CACHING has said. */
    void cachingRow(final CommandSpec row)
    {
        cachingRow = row;
    }

    CommandSpec cachingRow()
    {
        return cachingRow;
    }

    public int clients()
    {
        return tracking;
    }

    public long keys()
    {
        return keys.keys();
    }

    /** Pairs of a key and a client. */
    public long items()
    {
        return keys.items();
    }

    public int prefixes()
    {
        return prefixes.size();
    }

    /** Bytes of what is remembered of reads. */
    public long bytes()
    {
        return keys.bytes();
    }

    // Clients.

    /** The state of this client, made if it has none. */
    ClientTracking of(final ClientSession session)
    {
        if (null == session.tracking())
        {
            session.tracking(new ClientTracking(nextNumber++));
            byNumber.put(session.tracking().number, session);
        }

        return session.tracking();
    }

    /** What has been wished for is right: it begins, or goes on so. */
    void enable(final ClientSession session, final TrackingWish wish, final ArgVector args)
    {
        final ClientTracking state = of(session);
        count(state, -1);
        state.isOn = true;
        state.isBroadcast = wish.isBroadcast;
        state.isOptIn = wish.isOptIn;
        state.isOptOut = wish.isOptOut;
        state.isNoLoop = wish.isNoLoop;
        state.isRedirectBroken = false;
        state.redirect = wish.redirect;
        if (wish.isBroadcast)
        {
            listen(state, wish, args);
        }

        count(state, 1);
    }

    private void listen(final ClientTracking state, final TrackingWish wish, final ArgVector args)
    {
        if (wish.prefixes.isEmpty())
        {
            listen(state, args.address(0), 0);
        }

        for (int i = 0; i < wish.prefixes.size(); i++)
        {
            final int index = wish.prefixes.getInt(i);
            listen(state, args.address(index), args.length(index));
        }
    }

    private void listen(final ClientTracking state, final long address, final int length)
    {
        final Prefix prefix = prefixes.add(address, length, state.number, changeNumber);
        final int place = Collections.binarySearch(state.prefixes, prefix, Prefixes.ORDER);
        if (place < 0)
        {
            state.prefixes.add(-1 - place, prefix);
        }
    }

    void disable(final ClientSession session)
    {
        final ClientTracking state = session.tracking();
        if (null != state)
        {
            count(state, -1);
            state.prefixes.forEach((prefix) -> prefixes.remove(prefix, state.number));
            state.prefixes.clear();
            state.off();
            refresh();
        }
    }

    /** The client is gone. Keys that it has read are forgotten as they change, or at once if they are nobody else's. */
    void forget(final ClientSession session)
    {
        if (null != session.tracking())
        {
            disable(session);
            byNumber.remove(session.tracking().number);
            session.tracking(null);
            if (byNumber.isEmpty())
            {
                keys.clear();
                refresh();
            }
        }
    }

    private void count(final ClientTracking state, final int change)
    {
        tracking += state.isOn ? change : 0;
        trackingByReads += state.isByReads() ? change : 0;
        refresh();
    }

    private void refresh()
    {
        isRemembering = trackingByReads > 0;
        isOn = tracking > 0 || keys.keys() > 0;
    }

    // What happens to keys.

    @Override
    protected void onRead(final CommandSpec row, final ArgVector args)
    {
        if (!(session() instanceof ClientSession session) || null == session.tracking() ||
            !session.tracking().isRemembering())
        {
            return;
        }

        row.keys().find(args, positions);
        for (int i = 0; i < positions.count(); i++)
        {
            final int index = positions.index(i);
            if (!keys.add(args.address(index), args.length(index), session.tracking().number))
            {
                // No memory: it must not keep it.
                messages.send(session, args.address(index), args.length(index));
            }
        }
    }

    @Override
    public void changed(final long keyAddress, final int keyLength)
    {
        keys.take(keyAddress, keyLength, told);
        if (0 == tracking)
        {
            refresh();
        }

        if (prefixes.size() > 0 && prefixes.isWanted(keyAddress, keyLength))
        {
            if (changes.bytes() > CHANGES_MAX_BYTES)
            {
                broadcast();
            }

            // A script is nobody: its client does not know what it writes.
            final Session by = isScript() ? null : session();
            changes.add(keyAddress, keyLength, null == by ? ChangedKeys.NOBODY : by.id(), changeNumber++);
        }
    }

    private void tell(final int number, final long keyAddress, final int keyLength)
    {
        final ClientSession session = byNumber.get(number);
        // Who has changed to the other mode has been told to forget all.
        if (null != session && session.tracking().isByReads() && !(session.tracking().isNoLoop && session == session()))
        {
            if (isWaiting(session))
            {
                Memory.putInt(pend(session), keyLength);
                pending.append(keyAddress, keyLength);
            }
            else
            {
                messages.send(session, keyAddress, keyLength);
            }
        }
    }

    /** In the midst of its command nothing is sent for a client. */
    private boolean isWaiting(final ClientSession session)
    {
        return session == session() && isRunning();
    }

    /** @return where the length goes. */
    private long pend(final ClientSession session)
    {
        isSomethingPending = true;
        pendingFor = session;
        return pending.claim(Integer.BYTES);
    }

    @Override
    protected void tellPending()
    {
        if (pendingFor != session())
        {
            // Somebody's command beside the one that goes on.
            return;
        }

        long at = pending.address();
        final long end = at + pending.length();
        while (at < end)
        {
            final int length = Memory.getInt(at);
            at += Integer.BYTES;
            if (ALL_KEYS == length)
            {
                messages.sendAll(pendingFor);
            }
            else
            {
                messages.send(pendingFor, at, length);
                at += length;
            }
        }

        pending.clear();
        pendingFor = null;
        isSomethingPending = false;
    }

    @Override
    public void flushing()
    {
        if (tracking > 0)
        {
            for (final ClientSession session : clients.snapshot())
            {
                if (null != session.tracking() && session.tracking().isOn)
                {
                    tellAll(session);
                }
            }
        }

        keys.clear();
        refresh();
    }

    private void tellAll(final ClientSession session)
    {
        if (isWaiting(session))
        {
            Memory.putInt(pend(session), ALL_KEYS);
        }
        else
        {
            messages.sendAll(session);
        }
    }

    @Override
    public void keepWithinLimit()
    {
        final long keysMax = config.number(ConfigOption.TRACKING_TABLE_MAX_KEYS);
        if (0 == tracking || 0 == keysMax)
        {
            return;
        }

        int effort = EFFORT * (failedLooks + 1);
        while (keys.keys() > keysMax && effort > 0)
        {
            keys.takeAny(random(), told);
            effort--;
        }

        failedLooks = keys.keys() > keysMax ? failedLooks + 1 : 0;
    }

    private long random()
    {
        random += 0x9E37_79B9_7F4A_7C15L;
        return Hashing.mix64(random);
    }

    /** The end of a turn: who listens to prefixes hears of what has changed. @return work count. */
    int doWork()
    {
        final int work = keys.doWork();
        if (0 == changes.count())
        {
            return work;
        }

        broadcast();
        return work + 1;
    }

    private void broadcast()
    {
        changes.sort();
        for (int i = 0; i < prefixes.size(); i++)
        {
            broadcast(prefixes.get(i));
        }

        changes.clear();
        empty(common);
        empty(own);
    }

    private static void empty(final OutBuffer buffer)
    {
        buffer.take(buffer.length());
        buffer.shrink(MESSAGE_BYTES_KEPT);
    }

    private void broadcast(final Prefix prefix)
    {
        if (!write(prefix, ChangedKeys.NOBODY, common))
        {
            return;
        }

        final IntArrayList numbers = prefix.clients();
        for (int i = 0; i < numbers.size(); i++)
        {
            final ClientSession session = byNumber.get(numbers.getInt(i));
            if (!session.tracking().isNoLoop)
            {
                messages.send(session, common);
            }
            else if (write(prefix, session.id(), own))
            {
                messages.send(session, own);
            }
        }
    }

    /** Those that a prefix begins, but for those that this session has changed last. @return false if there are none. */
    private boolean write(final Prefix prefix, final long besides, final OutBuffer out)
    {
        out.take(out.length());
        writer.wrap(out, 3);
        final int mark = writer.beginCounted();
        long count = 0;
        for (int i = changes.first(prefix); i < changes.count() && changes.isBegunBy(i, prefix); i++)
        {
            if (changes.number(i) >= prefix.since() && (ChangedKeys.NOBODY == besides || changes.by(i) != besides))
            {
                writer.bulk(changes.address(i), changes.length(i));
                count++;
            }
        }

        writer.endCountedArray(mark, count);
        return count > 0;
    }

    @Override
    public void close()
    {
        keys.close();
        changes.close();
        pending.close();
        common.close();
        own.close();
    }
}
