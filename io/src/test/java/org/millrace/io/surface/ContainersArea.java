package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Commands with subcommands: HELP, unknown subcommands, the number of arguments of each; shapes of long replies. */
final class ContainersArea
{
    private static final List<String> CONTAINERS = List.of(
        "CLIENT", "COMMAND", "CONFIG", "DEBUG", "LATENCY", "MEMORY", "OBJECT", "PUBSUB", "SLOWLOG");

    /** These do something to the server. */
    private static final Set<String> LEFT_OUT = Set.of(
        "DEBUG|SEGFAULT", "DEBUG|PANIC", "DEBUG|RESTART", "DEBUG|CRASH-AND-RECOVER", "DEBUG|OOM", "DEBUG|ASSERT",
        "DEBUG|SLEEP", "DEBUG|LEAK", "DEBUG|RELOAD", "DEBUG|LOADAOF", "DEBUG|CLUSTERLINK",
        "DEBUG|CONFIG-REWRITE-FORCE-ALL",
        "DEBUG|MALLCTL", "DEBUG|MALLCTL-STR", "DEBUG|PAUSE-CRON", "DEBUG|DROP-CLUSTER-PACKET-FILTER",
        "DEBUG|REPLYBUFFER",
        "DEBUG|DICT-RESIZING", "CLIENT|REPLY", "CLIENT|PAUSE", "CLIENT|KILL");

    private final Pair pair;
    private final Differences differences;

    ContainersArea(final Pair pair, final Differences differences)
    {
        this.pair = pair;
        this.differences = differences;
    }

    void run()
    {
        pair.tell("SET", "k", "value");
        for (final String name : CONTAINERS)
        {
            if (!"COMMAND".equals(name))
            {
                pair.compare(differences, name);
            }

            pair.compare(differences, name, "nothing");
            pair.compare(differences, name, "nothing", "1", "2");
            pair.compare(differences, name, "");
            pair.compare(differences, name, "HELP", "x");
            for (final String protocol : List.of("2", "3"))
            {
                pair.tell("HELLO", protocol);
                help(name, protocol);
            }

            pair.tell("HELLO", "2");
        }

        plain();
        shapes();
        pair.tell("DEL", "k");
    }

    /** The usage lines; what is explained below them is in our own words. */
    private void help(final String name, final String protocol)
    {
        final Reply redis = pair.redis.call(name, "HELP");
        final Reply ours = pair.millrace.call(name, "HELP");
        if (ours.isError())
        {
            differences.compare(name + " HELP", "*...", ours.toString());
            return;
        }

        final List<String> theirUsage = usage(redis);
        final List<String> ourUsage = usage(ours);
        for (final String line : theirUsage)
        {
            differences.compare(name + " HELP", line, ourUsage.contains(line) ? line : "");
        }

        for (final String line : ourUsage)
        {
            differences.compare(name + " HELP", theirUsage.contains(line) ? line : "", line);
        }

        differences.compare(
            name + " HELP, first line in RESP" + protocol, redis.items().get(0).toString(),
            ours.items().get(0).toString());
        for (final String line : theirUsage)
        {
            if (!"DEBUG".equals(name) || ourUsage.contains(line))
            {
                arity(name, line.substring(1).split(" ")[0].toUpperCase(Locale.ROOT));
            }
        }
    }

    private static List<String> usage(final Reply help)
    {
        return help.items().stream().skip(1).map(Reply::toString).filter((line) -> !line.startsWith("+ ")).toList();
    }

    private void arity(final String name, final String sub)
    {
        if (LEFT_OUT.contains(name + "|" + sub) || "HELP".equals(sub))
        {
            return;
        }

        final List<String> words = new ArrayList<>(List.of(name, sub));
        for (final String more : List.of("", "a", "b", "c", "d", "e", "f", "g"))
        {
            if (!more.isEmpty())
            {
                words.add(more);
            }

            final String[] command = words.toArray(String[]::new);
            final Reply redis = pair.redis.call(command);
            final Reply ours = pair.millrace.call(command);
            if (redis.isError() || ours.isError())
            {
                differences.compare(String.join(" ", words), redis.toString(), ours.toString());
            }
        }
    }

    private void plain()
    {
        for (final String line : List.of(
            "CLIENT LIST TYPE nothing", "CLIENT LIST TYPE", "CLIENT LIST ID", "CLIENT LIST ID x", "CLIENT LIST ID 0",
            "CLIENT LIST ID -1", "CLIENT LIST ID 99999", "CLIENT LIST ID 99999 x", "CLIENT LIST x",
            "CLIENT LIST TYPE master", "CLIENT LIST TYPE replica", "CLIENT LIST TYPE pubsub",
            "CLIENT KILL x", "CLIENT KILL 1.2.3.4:5", "CLIENT KILL ID x", "CLIENT KILL ID 0", "CLIENT KILL ID 99999",
            "CLIENT KILL ID", "CLIENT KILL TYPE nothing", "CLIENT KILL TYPE pubsub", "CLIENT KILL USER nobody",
            "CLIENT KILL SKIPME maybe", "CLIENT KILL ADDR 1.2.3.4:5", "CLIENT KILL LADDR x", "CLIENT KILL x y",
            "CLIENT KILL ID 99999 x", "CLIENT KILL ID 99999 TYPE normal SKIPME yes", "CLIENT KILL MAXAGE 100000",
            "CLIENT SETNAME a", "CLIENT GETNAME", "CLIENT SETNAME a\tb", "CLIENT SETNAME", "CLIENT GETNAME",
            "CLIENT PAUSE x", "CLIENT PAUSE -1", "CLIENT PAUSE 1 x", "CLIENT PAUSE 1 WRITE x", "CLIENT PAUSE 0 ALL",
            "CLIENT PAUSE 1.5", "CLIENT PAUSE 0", "CLIENT UNPAUSE", "CLIENT REPLY x", "CLIENT REPLY ON",
            "CLIENT UNBLOCK x", "CLIENT UNBLOCK 99999", "CLIENT UNBLOCK 99999 TIMEOUT", "CLIENT UNBLOCK 99999 x",
            "CLIENT UNBLOCK 99999 ERROR x", "CLIENT NO-EVICT x", "CLIENT NO-EVICT on", "CLIENT NO-EVICT OFF",
            "CLIENT GETREDIR", "CLIENT TRACKINGINFO", "CLIENT TRACKING off", "CLIENT CACHING yes",
            "LATENCY LATEST", "LATENCY HISTORY nothing", "LATENCY RESET", "LATENCY RESET nothing", "LATENCY GRAPH x",
            "LATENCY HISTOGRAM nothing", "LATENCY DOCTOR", "MEMORY DOCTOR", "MEMORY PURGE", "MEMORY USAGE k SAMPLES",
            "MEMORY USAGE k SAMPLES x", "MEMORY USAGE k SAMPLES -1", "MEMORY USAGE k x 1", "MEMORY USAGE nothing",
            "MEMORY USAGE k SAMPLES 5 x", "SLOWLOG GET x", "SLOWLOG GET -2", "SLOWLOG GET 0", "SLOWLOG RESET",
            "SLOWLOG LEN", "SLOWLOG GET 1 2", "OBJECT ENCODING nothing", "OBJECT ENCODING k",
            "OBJECT FREQ k", "OBJECT FREQ nothing", "OBJECT IDLETIME nothing", "OBJECT REFCOUNT k",
            "PUBSUB CHANNELS", "PUBSUB CHANNELS x", "PUBSUB NUMSUB", "PUBSUB NUMSUB a b", "PUBSUB NUMPAT",
            "PUBSUB SHARDCHANNELS", "PUBSUB SHARDNUMSUB a", "DEBUG SLEEP x", "DEBUG OBJECT nothing",
            "DEBUG ERROR text", "DEBUG SET-ACTIVE-EXPIRE 1", "DEBUG JMAP", "DEBUG LISTPACK k", "DEBUG SDSLEN k",
            "DEBUG QUICKLIST-PACKED-THRESHOLD 1", "DEBUG PROTOCOL nothing", "DEBUG POPULATE x", "DEBUG POPULATE 0",
            "DEBUG RELOAD x", "DEBUG DIGEST", "DEBUG DIGEST-VALUE k nothing", "DEBUG DIGEST-VALUE",
            "SHUTDOWN x", "SHUTDOWN NOSAVE SAVE", "SHUTDOWN ABORT x", "SHUTDOWN ABORT", "SHUTDOWN NOSAVE x",
            "DEBUG PROTOCOL string", "DEBUG PROTOCOL integer", "DEBUG PROTOCOL double", "DEBUG PROTOCOL null",
            "DEBUG PROTOCOL array", "DEBUG PROTOCOL set", "DEBUG PROTOCOL map", "DEBUG PROTOCOL verbatim",
            "DEBUG PROTOCOL true", "DEBUG PROTOCOL false",
            "DEBUG PROTOCOL bignum"))
        {
            final List<String> words = Arrays.asList(line.split(" "));
            final String[] command = words.toArray(String[]::new);
            differences.compare(
                line, Masks.of(words, pair.redis.call(command)), Masks.of(words, pair.millrace.call(command)));
        }
    }

    /** Names of the fields where values differ from moment to moment. */
    private void shapes()
    {
        lines("CLIENT", "INFO");
        lines("CLIENT", "LIST");
        lines("CLIENT", "LIST", "TYPE", "normal");
        names("MEMORY", "STATS");
        for (final String protocol : List.of("3", "2"))
        {
            pair.tell("HELLO", protocol);
            lines("CLIENT", "INFO");
            differences.compare(
                "MEMORY MALLOC-STATS type", String.valueOf(pair.redis.call("MEMORY", "MALLOC-STATS").type()),
                String.valueOf(pair.millrace.call("MEMORY", "MALLOC-STATS").type()));
        }
    }

    private void lines(final String... words)
    {
        final String what = String.join(" ", words);
        differences.compare(what, fields(pair.redis.call(words)), fields(pair.millrace.call(words)));
    }

    /** Names of {@code name=value} in order; of several lines those of the first. */
    private static String fields(final Reply reply)
    {
        return reply.isError() ? reply.toString() : reply.type() + reply.text().split("\n")[0].replaceAll("=\\S*", "=");
    }

    private void names(final String... words)
    {
        final Reply redis = pair.redis.call(words);
        final Reply ours = pair.millrace.call(words);
        if (ours.isError())
        {
            differences.compare(String.join(" ", words), redis.type() + "...", ours.toString());
            return;
        }

        final Set<String> all = new TreeSet<>();
        for (int i = 0; i < redis.items().size(); i += 2)
        {
            all.add(redis.items().get(i).text());
        }

        for (int i = 0; i < ours.items().size(); i += 2)
        {
            all.add(ours.items().get(i).text());
        }

        for (final String name : all)
        {
            differences.compare(
                String.join(" ", words) + " " + name, type(redis.get(name)), type(ours.get(name)));
        }
    }

    private static String type(final Reply value)
    {
        return null == value ? "" : String.valueOf(value.type());
    }
}
