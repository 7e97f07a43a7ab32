package org.millrace.engine.eviction;

import org.millrace.engine.command.EvictionPolicy;
import org.millrace.engine.command.EvictionPolicy.Order;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.KeySampler;
import org.millrace.engine.keyspace.Keyspace;

/**
 * Says which key is to go next. Recency and frequency as in Redis: {@code maxmemory-samples} keys of each database are
 * looked at and the best of them remembered; the best of those remembered goes, unless it has been used meanwhile (which
 * Redis does not look at). The soonest deadline is not sought by chance, but found: the index of deadlines knows it.
 */
final class KeyChooser
{
    private static final int FREQUENCY_MAX = 255;

    /** Half as long unused is about the same. */
    private static final int ALIKE_IDLE_PART = 2;

    /** So much more of what is counted logarithmically, too. */
    private static final int ALIKE_FREQUENCY = 2;

    private final WriterState writer;
    private final Settings settings;
    private final KeySampler sampler = new KeySampler();
    private final CandidatePool pool = new CandidatePool();
    private final EntryVisitor take = this::take;
    private final EntryVisitor consider = this::consider;
    private EvictionPolicy poolPolicy = EvictionPolicy.NOEVICTION;
    private int nextDatabase;
    private Keyspace keyspace;
    private long entry;

    /** As {@link #score}: what others must have to go with the one that was chosen. */
    private long scoreMin;

    KeyChooser(final WriterState writer)
    {
        this.writer = writer;
        settings = writer.settings();
    }

    /** False if no key may go; else {@link #keyspace} and {@link #entry} say which, until it is removed. */
    boolean choose()
    {
        final EvictionPolicy policy = settings.evictionPolicy;
        final DataSet data = writer.data();
        if (Order.NEVER == policy.order() || 0 == (policy.isVolatile() ? data.volatileKeys() : data.size()))
        {
            return false;
        }

        switch (policy.order())
        {
            case CHANCE -> takeAny(data, policy.isVolatile());
            case DEADLINE -> takeSoonest(data);
            default -> takeBest(data, policy);
        }

        return true;
    }

    Keyspace keyspace()
    {
        return keyspace;
    }

    long entry()
    {
        return entry;
    }

    /** One database after the other, as Redis does. */
    private void takeAny(final DataSet data, final boolean isVolatile)
    {
        Keyspace next;
        do
        {
            nextDatabase = nextDatabase + 1 < data.usedCount() ? nextDatabase + 1 : 0;
            next = data.used(nextDatabase);
        }
        while (0 == (isVolatile ? next.volatileKeys() : next.size()));
        sample(next, isVolatile, 1, take);
    }

    private void takeSoonest(final DataSet data)
    {
        entry = Entry.NO_ENTRY;
        for (int i = 0; i < data.usedCount(); i++)
        {
            final Keyspace one = data.used(i);
            // Bounds are made exact only where that may decide.
            if (Entry.NO_ENTRY == entry || one.nextDeadlineMs() < Entry.deadlineMs(entry))
            {
                final long soonest = sampler.soonest(one);
                if (Entry.NO_ENTRY != soonest &&
                    (Entry.NO_ENTRY == entry || Entry.deadlineMs(soonest) < Entry.deadlineMs(entry)))
                {
                    take(one, soonest);
                }
            }
        }
    }

    private void takeBest(final DataSet data, final EvictionPolicy policy)
    {
        if (poolPolicy != policy)
        {
            poolPolicy = policy;
            pool.clear();
        }

        do
        {
            for (int i = 0; i < data.usedCount(); i++)
            {
                sample(data.used(i), policy.isVolatile(), settings.evictionSamples, consider);
            }
        }
        while (!takeFromPool(data, policy.isVolatile()));
    }

    /** False if those remembered have all gone, or been used: what is sampled next is still there. */
    private boolean takeFromPool(final DataSet data, final boolean isVolatile)
    {
        while (!pool.isEmpty())
        {
            pool.takeBest();
            final Keyspace of = data.keyspace(pool.database());
            final long found = sampler.withHash(of, pool.hash());
            if (Entry.NO_ENTRY != found && Entry.clock(found) == pool.clock() &&
                (!isVolatile || Entry.isVolatile(found)))
            {
                take(of, found);
                return true;
            }
        }

        return false;
    }

    private void sample(final Keyspace from, final boolean isVolatile, final int keys, final EntryVisitor visitor)
    {
        if (isVolatile)
        {
            sampler.sampleVolatile(from, writer.random(), keys, visitor);
        }
        else
        {
            sampler.sample(from, writer.random(), keys, visitor);
        }
    }

    private void take(final Keyspace of, final long chosen)
    {
        keyspace = of;
        entry = chosen;
    }

    private void consider(final Keyspace of, final long candidate)
    {
        final int clock = Entry.clock(candidate);
        final long score = score(clock);
        if (pool.wants(score))
        {
            pool.add(score, of.hash(Entry.keyAddress(candidate), Entry.keyLength(candidate)), of.index(), clock);
        }
    }

    /** The higher the sooner it goes. */
    private long score(final int clock)
    {
        return Order.FREQUENCY == poolPolicy.order()
            ? FREQUENCY_MAX - AccessClock.decayed(clock, writer.nowMs(), settings.clock)
            : AccessClock.idleSeconds(clock, writer.nowMs());
    }

    /** From the key that was chosen it follows which others are about as good. */
    void chooseAlike()
    {
        if (isRanked())
        {
            final long score = score(Entry.clock(entry));
            scoreMin = Order.FREQUENCY == poolPolicy.order()
                ? score - ALIKE_FREQUENCY
                : score / ALIKE_IDLE_PART;
        }
    }

    /** True for a key that may go in place of the one that was chosen at {@link #chooseAlike}, nearly as well. */
    boolean isAlike(final Keyspace of, final long other)
    {
        return (!settings.evictionPolicy.isVolatile() || Entry.isVolatile(other)) &&
            (!isRanked() || score(Entry.clock(other)) >= scoreMin);
    }

    /** False where no other key may go in place of the one that is chosen: deadlines are exact. */
    boolean hasAlike()
    {
        return isRanked() || Order.CHANCE == settings.evictionPolicy.order();
    }

    private boolean isRanked()
    {
        return settings.evictionPolicy.isByClock();
    }
}
