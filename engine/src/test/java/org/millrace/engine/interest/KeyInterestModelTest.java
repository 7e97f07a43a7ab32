package org.millrace.engine.interest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random changes and waits, beside a model that keeps lists of names. */
class KeyInterestModelTest
{
    private static final int RUNS = 300 * Integer.getInteger("millrace.fuzz.factor", 1);
    private static final int STEPS = 300;
    private static final int DATABASES = 2;
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");

    /** A waiter of the model: places by key, and what it does when served. */
    private static final class Model
    {
        final InterestRig.Recorder real;
        final Map<String, Long> wanted = new LinkedHashMap<>();
        final String moveTo;
        final boolean isTaking;

        Model(final InterestRig.Recorder real, final boolean isTaking, final String moveTo)
        {
            this.real = real;
            this.isTaking = isTaking;
            this.moveTo = moveTo;
        }
    }

    private final List<String> served = new ArrayList<>();
    private final Set<String> there = new TreeSet<>();
    private final Set<String> ready = new LinkedHashSet<>();
    private final Map<String, List<Model>> waits = new LinkedHashMap<>();

    /** Keys in the order in which interest in them began, which is that in which what changes all keys tells of them. */
    private final Set<String> interesting = new LinkedHashSet<>();
    private final Map<Watcher, Set<String>> watched = new LinkedHashMap<>();
    private final Set<Watcher> dirty = new LinkedHashSet<>();

    @Test
    void shouldServeAsTheModelDoes()
    {
        final long seed = Long.getLong("millrace.interest.seed", System.nanoTime());
        for (int i = 0; i < RUNS; i++)
        {
            try
            {
                run(new Random(seed + i));
            }
            catch (final AssertionError | RuntimeException e)
            {
                throw new AssertionError("-Dmillrace.interest.seed=" + (seed + i), e);
            }
        }
    }

    private void run(final Random random)
    {
        served.clear();
        there.clear();
        ready.clear();
        waits.clear();
        interesting.clear();
        watched.clear();
        dirty.clear();
        try (InterestRig rig = new InterestRig())
        {
            for (int i = 0; i < STEPS; i++)
            {
                step(rig, random, i);
                assertEquals(
                    waits.values().stream().filter((list) -> !list.isEmpty()).count(), rig.interest.waitedKeys());
                watched.keySet().forEach((each) -> assertEquals(dirty.contains(each), each.isDirty()));
            }

            waits.values().forEach((list) -> List.copyOf(list).forEach(this::leave));
            watched.keySet().forEach(rig.interest::unwatch);
            assertEquals(0, rig.interest.size());
        }
    }

    private void step(final InterestRig rig, final Random random, final int number)
    {
        final String key = KEYS.get(random.nextInt(KEYS.size()));
        final int database = random.nextInt(DATABASES);
        switch (random.nextInt(16))
        {
            case 0, 1, 2, 3 -> {
                rig.set(key, database, 0);
                there.add(name(key, database));
                changed(name(key, database));
            }
            case 4 -> {
                if (rig.del(key, database))
                {
                    there.remove(name(key, database));
                    changed(name(key, database));
                }
            }
            case 5, 6, 7, 8 -> await(rig, random, number);
            case 9 -> {
                final List<Model> some = waits.getOrDefault(name(key, database), List.of());
                if (!some.isEmpty())
                {
                    leave(some.get(random.nextInt(some.size())));
                }
            }
            case 10 -> flush(rig, database);
            case 11 -> swap(rig);
            case 12 -> {
                final Watcher watcher = new Watcher();
                rig.watch(watcher, key, database);
                watched.put(watcher, Set.of(name(key, database)));
                interesting.add(name(key, database));
            }
            default -> {
                end();
                assertEquals(served, rig.end());
                served.clear();
            }
        }
    }

    private static String name(final String key, final int database)
    {
        return key + "@" + database;
    }

    private void await(final InterestRig rig, final Random random, final int number)
    {
        final String id = "w" + number;
        final Model waiter = switch (random.nextInt(3))
        {
            case 0 -> new Model(rig.taker(id), true, null);
            case 1 -> new Model(rig.looker(id), false, null);
            default -> {
                final String target = KEYS.get(random.nextInt(KEYS.size()));
                yield new Model(rig.mover(id, target), true, target);
            }
        };
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++)
        {
            final String key = KEYS.get(random.nextInt(KEYS.size()));
            final int database = random.nextInt(DATABASES);
            final long wanted = List.of(
                InterestRig.STRING, InterestRig.STRING, InterestRig.LIST, KeyInterest.ABSENT, KeyInterest.ANY)
                .get(random.nextInt(5));
            waiter.real.on(key, database, wanted);
            interesting.add(name(key, database));
            if (null == waiter.wanted.putIfAbsent(name(key, database), wanted))
            {
                waits.computeIfAbsent(name(key, database), (k) -> new ArrayList<>()).add(waiter);
            }
        }
    }

    private void leave(final Model waiter)
    {
        waiter.real.leave();
        forget(waiter);
    }

    private void forget(final Model waiter)
    {
        waits.values().forEach((list) -> list.remove(waiter));
        interesting.removeIf((name) -> waits.getOrDefault(name, List.of()).isEmpty() &&
            watched.values().stream().noneMatch((names) -> names.contains(name)));
        // Whoever waits anew has looked at the key itself.
        ready.retainAll(interesting);
    }

    private void flush(final InterestRig rig, final int database)
    {
        rig.flush(database);
        for (final String name : interesting)
        {
            if (name.endsWith("@" + database) && there.remove(name))
            {
                changed(name);
            }
        }

        there.removeIf((name) -> name.endsWith("@" + database));
    }

    private void swap(final InterestRig rig)
    {
        rig.swap(0, 1);
        final Set<String> before = Set.copyOf(there);
        there.clear();
        before.forEach((name) -> there.add(name(name.substring(0, 1), 1 - (name.charAt(2) - '0'))));
        for (final String name : interesting)
        {
            if (before.contains(name) || there.contains(name))
            {
                changed(name);
            }
        }
    }

    private void changed(final String name)
    {
        watched.forEach((watcher, names) ->
        {
            if (names.contains(name))
            {
                dirty.add(watcher);
            }
        });
        final long state = state(name);
        if (waits.getOrDefault(name, List.of()).stream().anyMatch((each) -> 0 != (each.wanted.get(name) & state)))
        {
            ready.add(name);
        }
    }

    private long state(final String name)
    {
        return there.contains(name) ? InterestRig.STRING : KeyInterest.ABSENT;
    }

    private void end()
    {
        while (!ready.isEmpty())
        {
            final String name = ready.iterator().next();
            ready.remove(name);
            for (final Model waiter : List.copyOf(waits.getOrDefault(name, List.of())))
            {
                if (waits.get(name).contains(waiter) && 0 != (waiter.wanted.get(name) & state(name)))
                {
                    serve(waiter, name);
                }
            }
        }
    }

    private void serve(final Model waiter, final String name)
    {
        served.add(waiter.real.name + "<" + name);
        forget(waiter);
        if (waiter.isTaking && there.remove(name))
        {
            changed(name);
        }

        if (null != waiter.moveTo)
        {
            final String target = name(waiter.moveTo, name.charAt(2) - '0');
            there.add(target);
            changed(target);
        }
    }
}
