package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every option: default, what CONFIG SET says to good and bad values, what is so afterwards, what CONFIG REWRITE writes. */
final class ConfigArea
{
    private static final List<String> VALUES = List.of(
        "yes", "no", "YES", "maybe", "", "0", "1", "2", "-1", "10", "99", "100", "101", "1000", "65535", "65536",
        "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "abc", "1.5", " 1", "1 ", "+1", "01",
        "1k", "1kb", "1KB", "1mb", "1gb", "100mb", "1tb", "1xb", "10%", "101%", "-5%", "0x10", "1e3", "a b", "1 2",
        "3600 1", "3600 1 60 10", "60 -1", "0 1", "a b c", "normal 0 0 0", "normal 1mb 2mb 60", "replica 1 1 1",
        "master 0 0 0", "pubsub 1 2", "normal 0 0 x", "debug", "verbose", "warning", "Notice", "local", "KEA", "Kg",
        "EA!", "noeviction", "allkeys-lru", "volatile-ttl", "everysec", "always", "force", "clients", "disabled",
        "on-empty-db", "swapdb", "relative", "100 200 800", "-1001 0 0", "50 99 99.9", "101 0", "user", "local3",
        "all-keys", "resetchannels", "allchannels", "save", "nosave force", "default", "nosave save", "upstart",
        "systemd", "optional", "/no/such/directory", "a/b", "{title}", "{nothing}", "C", "xx_XX", "0-1,2:3");

    /** Values that would end the connection, the process, or the machine's patience. */
    private static final Map<String, Set<String>> LEFT_OUT = Map.of(
        "maxmemory-clients", Set.of("1", "2", "10", "99", "100", "101", "1000", "65535", "65536", "1k", "1kb", "1KB"),
        "port", Set.of("1", "2", "10", "99", "100", "101", "1000", "65535", "0", "01"),
        "tls-port", Set.of("1", "2", "10", "99", "100", "101", "1000", "65535", "01"),
        "bind", Set.copyOf(VALUES),
        "maxclients", Set.of("0", "1", "01", "2147483647", "2147483648", "4294967295"),
        "appendonly", Set.of("yes", "YES"),
        "dir", Set.of("/"));

    private final Pair pair;
    private final Differences differences;
    private final Map<String, String> changed = new LinkedHashMap<>();

    ConfigArea(final Pair pair, final Differences differences)
    {
        this.pair = pair;
        this.differences = differences;
    }

    void run()
    {
        final Map<String, String> redis = all(pair.redis);
        final Map<String, String> ours = all(pair.millrace);
        defaults(ours);
        for (final String name : redis.keySet())
        {
            if (ours.containsKey(name) && !Set.of("port", "dir").contains(name))
            {
                pair.compare(differences, "CONFIG", "GET", name);
            }
        }

        for (final String name : redis.keySet())
        {
            if (ours.containsKey(name))
            {
                values(name, redis.get(name), ours.get(name));
            }
        }

        forms();
        rewrite(redis, ours);
    }

    private static Map<String, String> all(final Wire wire)
    {
        final Map<String, String> values = new LinkedHashMap<>();
        final List<String> texts = wire.call("CONFIG", "GET", "*").texts();
        for (int i = 0; i < texts.size(); i += 2)
        {
            values.put(texts.get(i), texts.get(i + 1));
        }

        return values;
    }

    private void defaults(final Map<String, String> ours)
    {
        final Map<String, String> captured = Captured.lines("redis-7.2.5-config.txt");
        final Set<String> names = new TreeSet<>(captured.keySet());
        names.addAll(ours.keySet());
        for (final String name : names)
        {
            differences.compare(
                "default " + name, captured.getOrDefault(name, "no such option"),
                ours.getOrDefault(name, "no such option"));
        }
    }

    private void values(final String name, final String theirs, final String own)
    {
        final List<List<String>> commands = new ArrayList<>();
        for (final String value : VALUES)
        {
            if (!LEFT_OUT.getOrDefault(name, Set.of()).contains(value))
            {
                commands.add(List.of("CONFIG", "SET", name, value));
                commands.add(List.of("CONFIG", "GET", name));
            }
        }

        final List<Reply> redis = pair.redis.pipeline(commands);
        final List<Reply> millrace = pair.millrace.pipeline(commands);
        for (int i = 0; i < redis.size(); i += 2)
        {
            final String value = commands.get(i).get(3);
            differences.compare(
                "set " + name + " '" + value + "'",
                redis.get(i) + (redis.get(i).isError() ? "" : " " + redis.get(i + 1)),
                millrace.get(i) + (millrace.get(i).isError() ? "" : " " + millrace.get(i + 1)));
            if (!redis.get(i).isError() && !millrace.get(i).isError() && !value.isEmpty())
            {
                changed.putIfAbsent(name, value);
            }
        }

        pair.redis.call("CONFIG", "SET", name, theirs);
        pair.millrace.call("CONFIG", "SET", name, own);
    }

    private void forms()
    {
        for (final String[] words : new String[][]{
            {"CONFIG", "SET", "timeout"},
            {"CONFIG", "SET", "timeout", "1", "timeout", "2"},
            {"CONFIG", "SET", "timeout", "1", "TIMEOUT", "2"},
            {"CONFIG", "SET", "slave-priority", "1", "replica-priority", "2"},
            {"CONFIG", "SET", "nothing", "1", "timeout", "2"},
            {"CONFIG", "SET", "timeout", "2", "nothing", "1"},
            {"CONFIG", "SET", "timeout", "2", "databases", "1"},
            {"CONFIG", "SET", "timeout", "2", "lfu-log-factor", "x"},
            {"CONFIG", "SET", "timeout", "2", "lfu-log-factor"},
            {"CONFIG", "SET", "TIMEOUT", "x"},
            {"CONFIG", "GET", "timeout"},
            {"CONFIG", "SET", "TimeOut", "0"},
            {"CONFIG", "GET", "TimeOut"},
            {"CONFIG", "GET", "nothing"},
            {"CONFIG", "GET", "no*thing"},
            {"CONFIG", "GET", "timeout", "timeout"},
            {"CONFIG", "GET", "timeout", "time*"},
            {"CONFIG", "GET", "[t-u]imeout"},
            {"CONFIG", "GET", "t?meout"},
            {"CONFIG", "GET", ""},
            {"CONFIG", "SET", "", ""},
            {"CONFIG", "RESETSTAT", "x"},
            {"CONFIG", "REWRITE", "x"},
            {"CONFIG", "GET"},
            {"CONFIG", "SET"}})
        {
            pair.compare(differences, words);
        }
    }

    /** Whole files: with the values of the start, with as many as possible changed, and with those put back. */
    private void rewrite(final Map<String, String> redis, final Map<String, String> ours)
    {
        files("rewritten at first");
        changed.forEach((name, value) -> pair.tell("CONFIG", "SET", name, value));
        files("rewritten with other values");
        for (final String name : changed.keySet())
        {
            pair.redis.call("CONFIG", "SET", name, redis.get(name));
            pair.millrace.call("CONFIG", "SET", name, ours.get(name));
        }

        files("rewritten with the first values again");
    }

    private void files(final String when)
    {
        pair.compare(differences, "CONFIG", "REWRITE");
        final List<String> theirs = pair.redisFile();
        final List<String> ours = pair.millraceFile().stream().map(Masks::ofUser).toList();
        for (final String line : theirs)
        {
            if (!ours.contains(line))
            {
                differences.compare(when, line, "");
            }
        }

        for (final String line : ours)
        {
            if (!theirs.contains(line))
            {
                differences.compare(when, "", line);
            }
        }

        differences.compare(when + ", lines that were there", old(theirs), old(ours));
    }

    /** What stands above the lines that are new, which are in any order. */
    private static String old(final List<String> lines)
    {
        return lines.stream().takeWhile((line) -> !line.startsWith("# Generated")).toList().toString();
    }
}
