package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** INFO: sections, every field of them, the shape of the values. */
final class InfoArea
{
    private static final String[][] REQUESTS = {
        {}, {"default"}, {"all"}, {"everything"}, {"ALL"}, {"server"}, {"Server"}, {"server", "memory"},
        {"memory", "server"}, {"server", "server"}, {"nothing"}, {"nothing", "cpu"}, {"cpu", "nothing"}, {""},
        {"default", "commandstats"}, {"all", "server"}, {"commandstats"}, {"latencystats"}, {"errorstats"},
        {"modules"}, {"cluster"}, {"keyspace"}, {"persistence", "stats", "replication"}};

    private static final List<String> COUNTED = List.of(
        "total_commands_processed", "keyspace_hits", "keyspace_misses", "total_error_replies",
        "unexpected_error_replies");

    private final Pair pair;
    private final Differences differences;

    InfoArea(final Pair pair, final Differences differences)
    {
        this.pair = pair;
        this.differences = differences;
    }

    void run()
    {
        pair.tell("SET", "key", "value", "EX", "1000");
        pair.tell("NO", "SUCH", "COMMAND");
        for (final String[] request : REQUESTS)
        {
            final List<String> words = new ArrayList<>(List.of("INFO"));
            words.addAll(List.of(request));
            final String[] command = words.toArray(String[]::new);
            differences.compare(
                String.join(" ", words), titles(pair.redis.call(command).text()),
                titles(pair.millrace.call(command).text()));
        }

        final Map<String, Map<String, String>> redis = sections(pair.redis.call("INFO", "everything").text());
        final Map<String, Map<String, String>> ours = sections(pair.millrace.call("INFO", "everything").text());
        Captured.lines("redis-7.2.5-info-fields.txt").forEach((section, names) -> fields(section, names, ours));
        redis.forEach((section, fields) -> shapes(section, fields, ours.getOrDefault(section, Map.of())));
        pair.tell("DEL", "key");
    }

    /** What was counted of the same commands: calls, refusals and failures of each, errors by their word, hits. */
    void counts()
    {
        final Map<String, Map<String, String>> redis = sections(pair.redis.call("INFO", "everything").text());
        final Map<String, Map<String, String>> ours = sections(pair.millrace.call("INFO", "everything").text());
        for (final String section : List.of("commandstats", "errorstats"))
        {
            final Set<String> names = new TreeSet<>(redis.get(section).keySet());
            names.addAll(ours.get(section).keySet());
            for (final String name : names)
            {
                differences.compare(
                    "counted " + name, counted(redis.get(section).get(name)), counted(ours.get(section).get(name)));
            }
        }

        for (final String name : COUNTED)
        {
            differences.compare("counted " + name, redis.get("stats").get(name), ours.get("stats").get(name));
        }
    }

    private static String counted(final String value)
    {
        return null == value ? "" : value.replaceAll("usec=\\d+,usec_per_call=[0-9.]+", "time");
    }

    /** The section of replication and ROLE, where the two are replicas whose primary does not answer. */
    void replica()
    {
        final Map<String, String> redis = sections(pair.redis.call("INFO", "replication").text()).get("replication");
        final Map<String, String> ours = sections(pair.millrace.call("INFO", "replication").text()).get("replication");
        ours.keySet().removeIf((name) -> name.startsWith("millrace_"));
        differences.compare("replica's fields", redis.keySet().toString(), ours.keySet().toString());
        shapes("replica's", redis, ours);
        differences.compare(
            "ROLE of a replica", pair.redis.call("ROLE").toString(), pair.millrace.call("ROLE").toString());
    }

    /** One field of INFO, wherever it stands, or null. */
    static String field(final Wire wire, final String name)
    {
        return sections(wire.call("INFO", "everything").text()).values().stream().map((fields) -> fields.get(name))
            .filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static String titles(final String text)
    {
        return Arrays.stream(text.split("\r\n")).filter((line) -> line.startsWith("#") || line.isEmpty()).toList()
            .toString();
    }

    private static Map<String, Map<String, String>> sections(final String text)
    {
        final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> fields = new LinkedHashMap<>();
        for (final String line : text.split("\r\n"))
        {
            final int colon = line.indexOf(':');
            if (line.startsWith("# "))
            {
                fields = new LinkedHashMap<>();
                sections.put(line.substring(2).toLowerCase(java.util.Locale.ROOT), fields);
            }
            else if (colon > 0)
            {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }

        return sections;
    }

    /** Each field of 7.2, in its order; ours are named so and come after. */
    private void fields(final String section, final String names, final Map<String, Map<String, String>> ours)
    {
        final List<String> expected = Arrays.stream(names.split(" "))
            .filter((name) -> !name.startsWith("cmdstat_") && !name.startsWith("latency_") && !name.isEmpty()).toList();
        final List<String> actual = ours.getOrDefault(section, Map.of()).keySet().stream()
            .filter((name) -> !name.startsWith("millrace_") && !name.startsWith("cmdstat_") &&
                !name.startsWith("latency_") && !name.startsWith("errorstat_") && !name.matches("db\\d+"))
            .toList();
        for (final String name : expected)
        {
            differences.compare(section + " field", name, actual.contains(name) ? name : "");
        }

        for (final String name : actual)
        {
            differences.compare(section + " field", expected.contains(name) ? name : "", name);
        }

        if (expected.size() == actual.size())
        {
            differences.compare(section + " order", expected.toString(), actual.toString());
        }
    }

    /** Numbers as numbers, words as the same words. */
    private void shapes(final String section, final Map<String, String> redis, final Map<String, String> ours)
    {
        redis.forEach((name, value) ->
        {
            if (ours.containsKey(name))
            {
                differences.compare(section + " " + name, shape(value), shape(ours.get(name)));
            }
        });
    }

    private static String shape(final String value)
    {
        return value.replaceAll("[0-9a-f]{40}", "ID").replaceAll("-?\\d+(?=[.,]|[BKMGT%]?$|[BKMGT%]?,)", "N")
            .replaceAll("\\.\\d+", ".N").replaceAll("N[.]N[BKMGT]|N[BKMGT]", "HUMAN");
    }
}
