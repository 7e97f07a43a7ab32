package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Every command where the server or the connection is in a state that refuses some: who has not said his password, is in
 * MULTI or subscribed; a server that has no memory left, is a replica, or a replica without its primary. Each call has a
 * connection of its own.
 */
final class StatesArea
{
    /** They end or change the server, or do not come back; or 7.0 does not have them, or with another arity. */
    private static final Set<String> LEFT_OUT = Set.of(
        "shutdown", "sync", "psync", "replicaof", "slaveof", "monitor", "debug", "wait", "pfselftest", "config|set",
        "config|rewrite", "save", "bgsave", "slowlog|get", "client|pause", "client|reply", "client|kill",
        "client|unpause", "config|resetstat",
        "client|setinfo", "client|no-touch", "command|getkeys", "command|getkeysandflags");

    /** Their replies differ from moment to moment, or are other areas' and long. */
    private static final Set<String> NOT_RUN = Set.of("info", "command", "config|get", "role", "latency|histogram",
        "slowlog|get");

    private static final String PASSWORD = "secret";

    private final Pair pair;
    private final Differences differences;
    private final Templates templates = new Templates("payload");
    private final List<List<String>> calls = new ArrayList<>();

    StatesArea(final Pair pair, final Differences differences)
    {
        this.pair = pair;
        this.differences = differences;
    }

    void run()
    {
        collect();
        pair.tell("FLUSHALL");
        with("in MULTI", List.of(List.of("MULTI")), List.of(List.of("DISCARD")));
        with("in MULTI with an error", List.of(List.of("MULTI"), List.of("NOTHING")), List.of(List.of("EXEC")));
        with("run by EXEC", List.of(List.of("MULTI")), List.of(List.of("EXEC")));
        with("subscribed", List.of(List.of("SUBSCRIBE", "channel")), List.of());
        with("subscribed in RESP3", List.of(List.of("HELLO", "3"), List.of("SUBSCRIBE", "channel")), List.of());
        with("after RESET", List.of(List.of("RESET")), List.of());
        pair.tell("CONFIG", "SET", "requirepass", PASSWORD);
        with("without password", List.of(), List.of());
        with("with a wrong password", List.of(List.of("AUTH", "wrong")), List.of());
        pair.tell("CONFIG", "SET", "requirepass", "");
        pair.tell("CONFIG", "SET", "maxmemory", "1");
        with("without memory", List.of(), List.of());
        with("without memory, in MULTI", List.of(List.of("MULTI")), List.of(List.of("EXEC")));
        pair.tell("CONFIG", "SET", "maxmemory", "0");
        pair.tell("CONFIG", "SET", "min-replicas-to-write", "1");
        with("without enough replicas", List.of(), List.of());
        pair.tell("CONFIG", "SET", "min-replicas-to-write", "0");
        pair.tell("REPLICAOF", "127.0.0.1", "1");
        with("on a replica", List.of(), List.of());
        with("on a replica, in MULTI", List.of(List.of("MULTI")), List.of(List.of("EXEC")));
        pair.tell("CONFIG", "SET", "replica-serve-stale-data", "no");
        with("on a replica without stale data", List.of(), List.of());
        with("on a replica without stale data, in MULTI", List.of(List.of("MULTI")), List.of(List.of("EXEC")));
        pair.tell("CONFIG", "SET", "replica-serve-stale-data", "yes");
        new InfoArea(pair, differences).replica();
        pair.tell("REPLICAOF", "NO", "ONE");
        pair.tell("FLUSHALL");
    }

    private void collect()
    {
        final Reply docs = pair.millrace.call("COMMAND", "DOCS");
        for (int i = 0; i < docs.items().size(); i += 2)
        {
            final Reply subs = docs.items().get(i + 1).get("subcommands");
            if (null == subs)
            {
                add(docs.items().get(i).text(), docs.items().get(i + 1));
            }

            for (int j = 0; null != subs && j < subs.items().size(); j += 2)
            {
                add(subs.items().get(j).text(), subs.items().get(j + 1));
            }
        }
    }

    private void add(final String name, final Reply doc)
    {
        if (!LEFT_OUT.contains(name))
        {
            templates.of(Arrays.asList(name.toUpperCase(Locale.ROOT).split("\\|")), doc).stream().limit(1)
                .forEach(calls::add);
        }
    }

    private void with(final String state, final List<List<String>> before, final List<List<String>> after)
    {
        for (final List<String> call : calls)
        {
            final List<List<String>> commands = new ArrayList<>(before);
            commands.add(call);
            commands.addAll(after);
            commands.add(List.of("QUIT"));
            differences.compare(
                state + ": " + String.join(" ", call),
                replies(pair.redisPort(), call, commands),
                replies(pair.millracePort(), call, commands));
        }
    }

    private static String replies(final int port, final List<String> call, final List<List<String>> commands)
    {
        try (Wire wire = new Wire(port))
        {
            return wire.toTheEnd(commands).stream().map((reply) -> shown(call, reply)).toList().toString();
        }
    }

    private static String shown(final List<String> call, final Reply reply)
    {
        if ('%' == reply.type() && null != reply.get("proto"))
        {
            return "hello";
        }

        if (null != reply.items() && 1 == reply.items().size())
        {
            return "*[" + shown(call, reply.items().get(0)) + "]";
        }

        final String name = call.get(0).toLowerCase(Locale.ROOT);
        final String full = call.size() > 1 ? name + "|" + call.get(1).toLowerCase(Locale.ROOT) : name;
        final boolean isLong = NOT_RUN.contains(name) || NOT_RUN.contains(full);
        return isLong && !reply.isError() && '+' != reply.type() ? "..." : Masks.of(call, reply);
    }
}
