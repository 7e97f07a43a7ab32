package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Every command held, called well and badly: what is replied in both protocols, and what the keys are afterwards. Calls
 * are made of COMMAND DOCS; commands that do something to their connection get one of their own for each call.
 */
final class CallsArea
{
    /** Each on a connection of its own, which ends with QUIT. */
    private static final Set<String> OWN_CONNECTION = Set.of(
        "auth", "hello", "quit", "reset", "select", "client", "subscribe", "psubscribe", "ssubscribe", "unsubscribe",
        "punsubscribe", "sunsubscribe", "monitor", "multi", "exec", "discard", "watch", "unwatch", "sync", "psync",
        "replconf", "swapdb", "move", "copy", "flushall", "flushdb");

    /** Their calls are another area's, or would change the whole server. */
    private static final Set<String> LEFT_OUT = Set.of("debug", "config", "info", "command", "shutdown", "sync",
        "pfselftest", "module", "cluster", "lolwut", "waitaof");

    /** They wait for keys that are not there; so few of them are called without. */
    private static final Set<String> WAITING = Set.of(
        "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP");
    private static final int WAITING_ONE_IN = 20;

    /** Where MIGRATE has its timeout. */
    private static final int MIGRATE_TIMEOUT = 5;

    /**
     * Of the many calls of one command on a collection, so many are made wrong in every way, and those are made in one
     * protocol, for keys that are missing or of the right type.
     */
    private static final int MUTATED_MAX = 2;

    /** What the keys are before each call; the last one: a value of the type that the command is for. */
    private static final List<String> SETTINGS = List.of("missing", "number", "text", "own type");
    private static final int BATCH = 200;
    private static final int TOLERANCE = 3;

    private static final List<List<String>> PROBES = List.of(
        List.of("GET", "k1"),
        List.of("TTL", "k1"),
        List.of("GET", "k2"),
        List.of("TTL", "k2"),
        List.of("DEBUG", "DIGEST-VALUE", "k1", "k2", "k3"),
        List.of("DBSIZE"));

    private final Pair pair;
    private final Differences differences;
    private final Templates templates;
    private Events redisEvents;
    private Events millraceEvents;
    private final Map<List<String>, String> groups = new HashMap<>();
    private final Set<List<String>> mutations = new HashSet<>();
    private final Set<List<String>> shared = new LinkedHashSet<>();
    private final Set<List<String>> separate = new LinkedHashSet<>();

    CallsArea(final Pair pair, final Differences differences)
    {
        this.pair = pair;
        this.differences = differences;
        pair.tell("SET", "payload", "10");
        templates = new Templates(pair.redis.call("DUMP", "payload").text());
        pair.tell("DEL", "payload");
    }

    void run()
    {
        final Reply docs = pair.millrace.call("COMMAND", "DOCS");
        for (int i = 0; i < docs.items().size(); i += 2)
        {
            final String name = docs.items().get(i).text();
            final Reply doc = docs.items().get(i + 1);
            if (!LEFT_OUT.contains(name))
            {
                final Reply subs = doc.get("subcommands");
                if (null == subs)
                {
                    add(List.of(name.toUpperCase(Locale.ROOT)), doc);
                }

                for (int j = 0; null != subs && j < subs.items().size(); j += 2)
                {
                    final String[] words = subs.items().get(j).text().toUpperCase(Locale.ROOT).split("\\|");
                    add(Arrays.asList(words), subs.items().get(j + 1));
                }
            }
        }

        pair.tell("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        // A Redis looks whose time to wait is over so many times in a second.
        pair.tell("CONFIG", "SET", "hz", "500");
        pair.tell("CONFIG", "RESETSTAT");
        shared(2, CallsArea::isCounted);
        new InfoArea(pair, differences).counts();
        shared(2, Predicate.not(CallsArea::isCounted));
        pair.tell("HELLO", "3");
        pair.tell("CONFIG", "SET", "notify-keyspace-events", "AEmn");
        try (Events redis = new Events(pair.redisPort()); Events millrace = new Events(pair.millracePort()))
        {
            redisEvents = redis;
            millraceEvents = millrace;
            shared(3, Predicate.not(mutations::contains));
        }

        redisEvents = null;
        millraceEvents = null;
        pair.tell("CONFIG", "SET", "notify-keyspace-events", "");
        pair.tell("HELLO", "2");
        separate();
        pair.tell("CONFIG", "SET", "hz", "10");
        pair.tell("DEBUG", "SET-ACTIVE-EXPIRE", "1");
    }

    private void add(final List<String> name, final Reply doc)
    {
        final boolean isOwn = OWN_CONNECTION.contains(name.get(0).toLowerCase(Locale.ROOT));
        final String group = doc.get("group").text();
        int mutated = values(group).isEmpty() ? Integer.MAX_VALUE : MUTATED_MAX;
        for (final List<String> call : templates.of(name, doc))
        {
            for (final List<String> mutation : mutated-- > 0 ? Mutations.of(call, name.size()) : Set.of(call))
            {
                if (mayRun(mutation))
                {
                    groups.put(mutation, group);
                    if (!mutation.equals(call) && MUTATED_MAX > mutated)
                    {
                        mutations.add(mutation);
                    }

                    (isOwn ? separate : shared).add(mutation);
                }
            }
        }
    }

    /** False for what waits, ends others' connections or takes very much memory. */
    private static boolean mayRun(final List<String> call)
    {
        return switch (call.get(0))
        {
            case "WAIT" -> call.size() < 3 || !"0".equals(call.get(2)) && call.get(2).length() < 5 ||
                call.get(1).startsWith("-");
            case "CLIENT" -> !call.contains("PAUSE") && !call.contains("REPLY") && !call.contains("UNPAUSE") &&
                !call.contains("KILL");
            // Goes on as a replica's connection.
            case "PSYNC" -> call.size() < 3;
            case "REPLICAOF", "SLAVEOF" -> call.contains("NO") && call.contains("ONE");
            case "SETRANGE", "SETBIT", "BITFIELD" -> call.stream().noneMatch("4294967296"::equals);
            // With a timeout that is one it waits for a server that is not there, a second for 0.
            case "MIGRATE" -> call.size() <= MIGRATE_TIMEOUT || !call.get(MIGRATE_TIMEOUT).matches("[-+]?\\d+");
            case "XREAD", "XREADGROUP" -> !call.contains("BLOCK") && !call.contains("block");
            default -> !WAITING.contains(call.get(0)) || call.contains(Templates.TIMEOUT);
        };
    }

    /** Commands that give two keys values of the type that a group of commands is for; none if that is strings. */
    private static List<List<String>> values(final String group)
    {
        return switch (group)
        {
            case "hash" -> List.of(
                List.of("HSET", "k1", "value", "10", "abc", "some text", "10", "1.5"), List.of("HSET", "k2", "1", "x"));
            case "list" -> List.of(
                List.of("RPUSH", "k1", "value", "10", "abc", "value", "1.5"), List.of("RPUSH", "k2", "1"));
            case "set" -> List.of(
                List.of("SADD", "k1", "value", "10", "abc", "1.5"), List.of("SADD", "k2", "1", "10", "value"));
            case "sorted-set" -> List.of(
                List.of("ZADD", "k1", "1", "value", "1.5", "abc", "10", "10"),
                List.of("ZADD", "k2", "2", "value", "1", "x"));
            case "geo" -> List.of(
                List.of("GEOADD", "k1", "1.5", "1.5", "value", "1.6", "1.5", "abc"),
                List.of("GEOADD", "k2", "1", "1", "x"));
            case "stream" -> List.of(
                List.of("XADD", "k1", "1-1", "value", "10"), List.of("XADD", "k1", "2-1", "abc", "10", "x", "y"),
                List.of("XGROUP", "CREATE", "k1", "value", "0"), List.of("XADD", "k2", "5-1", "a", "b"));
            default -> List.of();
        };
    }

    /** False for what leaves different data, as the list says, or looks at more keys or fewer. */
    private static boolean isCounted(final List<String> call)
    {
        return !Set.of("SCAN", "RESTORE").contains(call.get(0)) && !call.contains("FAIL") &&
            !(Set.of("LPOS", "LREM").contains(call.get(0)) && call.contains("-9223372036854775808")) &&
            !(Set.of("ZRANK", "ZREVRANK").contains(call.get(0)) && call.size() > 3) &&
            !("XAUTOCLAIM".equals(call.get(0)) && call.contains("4294967296"));
    }

    private void shared(final int protocol, final Predicate<List<String>> filter)
    {
        final Set<String> keys = new LinkedHashSet<>(List.of("DEL", "k1", "k2", "k3", "k4", "extra", "value", "BAD"));
        keys.addAll(Mutations.VALUES);
        final Map<String, List<List<String>>> cases = new LinkedHashMap<>();
        for (final String setting : SETTINGS)
        {
            for (final List<String> call : shared.stream().filter(filter).toList())
            {
                if ("missing".equals(setting) && WAITING.contains(call.get(0)) &&
                    0 != Math.floorMod(call.hashCode(), WAITING_ONE_IN))
                {
                    continue;
                }

                final List<List<String>> values = values(groups.get(call));
                final boolean isOwn = "own type".equals(setting);
                // One string tells as much of a wrong type as two. What is drawn by lot leaves other data behind.
                final boolean isLeftOut = values.isEmpty()
                    ? isOwn
                    : "text".equals(setting) || "number".equals(setting) && mutations.contains(call) ||
                        isOwn && "SPOP".equals(call.get(0));
                if (isLeftOut)
                {
                    continue;
                }

                final List<List<String>> commands = new ArrayList<>();
                commands.add(List.copyOf(keys));
                if (isOwn)
                {
                    commands.addAll(values);
                }
                else if (!"missing".equals(setting))
                {
                    final String value = "number".equals(setting) ? "10" : "some text";
                    commands.add(List.of("MSET", "k1", value, "k2", value));
                }

                if (null != redisEvents)
                {
                    commands.add(Events.MARK);
                }

                commands.add(call);
                commands.addAll(PROBES);
                cases.put("resp" + protocol + " " + setting + ": " + String.join(" ", call), commands);
                if (BATCH == cases.size())
                {
                    batch(cases);
                }
            }
        }

        batch(cases);
        pair.tell(keys.toArray(String[]::new));
    }

    private void batch(final Map<String, List<List<String>>> cases)
    {
        final List<List<String>> all = cases.values().stream().flatMap(List::stream).toList();
        final List<Reply> redis = pair.redis.pipeline(all);
        final List<Reply> millrace = pair.millrace.pipeline(all);
        int at = 0;
        if (null != redisEvents)
        {
            events(cases);
        }

        for (final Map.Entry<String, List<List<String>>> entry : cases.entrySet())
        {
            final int end = at + entry.getValue().size();
            final List<String> call = entry.getValue().get(entry.getValue().size() - 1 - PROBES.size());
            compare(entry.getKey(), call, end - 1 - PROBES.size(), end, redis, millrace);
            at = end;
        }

        cases.clear();
    }

    /** What calls and probes have published: a call's events stand before the mark of the next. */
    private void events(final Map<String, List<List<String>>> cases)
    {
        pair.tell(Events.MARK.toArray(String[]::new));
        final List<String> redis = redisEvents.upTo(cases.size() + 1);
        final List<String> millrace = millraceEvents.upTo(cases.size() + 1);
        if (redis.stream().allMatch(String::isEmpty))
        {
            throw new IllegalStateException("no events at all of " + cases.keySet());
        }

        int index = 0;
        for (final String name : cases.keySet())
        {
            index++;
            differences.compare(name + " / events", redis.get(index), millrace.get(index));
        }
    }

    private void compare(
        final String name,
        final List<String> call,
        final int start,
        final int end,
        final List<Reply> redis,
        final List<Reply> millrace)
    {
        final String theirs = Masks.of(call, redis.get(start));
        final String ours = Masks.of(call, millrace.get(start));
        if (!call.get(0).endsWith("TTL") && !call.get(0).endsWith("TIME") || !isNear(theirs, ours))
        {
            differences.compare(name, theirs, ours);
        }

        for (int i = start + 1; i < end; i++)
        {
            final String left = redis.get(i).toString();
            final String right = millrace.get(i).toString();
            if (!isNear(left, right))
            {
                differences.compare(name + " / " + String.join(" ", PROBES.get(i - start - 1)), left, right);
            }
        }
    }

    /** True for two numbers that differ by what a slow moment may make of a deadline. */
    private static boolean isNear(final String left, final String right)
    {
        return left.matches(":\\d{2,18}") && right.matches(":\\d{2,18}") &&
            Math.abs(Long.parseLong(left.substring(1)) -
                Long.parseLong(right.substring(1))) <= (left.length() > 5 ? 1000 * TOLERANCE : TOLERANCE);
    }

    private void separate()
    {
        for (final int protocol : new int[]{2, 3})
        {
            for (final List<String> call : separate)
            {
                pair.tell("FLUSHALL");
                pair.tell("MSET", "k1", "10", "k2", "text");
                final List<List<String>> commands = new ArrayList<>();
                if (3 == protocol)
                {
                    commands.add(List.of("HELLO", "3"));
                }

                commands.add(call);
                commands.add(List.of("QUIT"));
                differences.compare(
                    "resp" + protocol + " own: " + String.join(" ", call),
                    toTheEnd(pair.redisPort(), call, commands),
                    toTheEnd(pair.millracePort(), call, commands));
                for (final List<String> probe : PROBES)
                {
                    differences.compare(
                        "resp" + protocol + " own: " + String.join(" ", call) + " / " + String.join(" ", probe),
                        pair.redis.call(probe.toArray(String[]::new)).toString(),
                        pair.millrace.call(probe.toArray(String[]::new)).toString());
                }
            }
        }
    }

    private static String toTheEnd(final int port, final List<String> call, final List<List<String>> commands)
    {
        try (Wire wire = new Wire(port))
        {
            final List<Reply> replies = wire.toTheEnd(commands);
            final int first = "HELLO".equals(commands.get(0).get(0)) && !"HELLO".equals(call.get(0)) ? 1 : 0;
            return replies.stream().skip(first).map((reply) -> Masks.of(call, reply)).toList().toString();
        }
    }
}
