package org.millrace.engine.node;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * INFO as redis_exporter takes it apart: by the section that a line is in, by places between commas, with labels from
 * the lines before. What it would drop without a word is an error here. Metrics are {@code name{labels}} by value.
 */
final class ScrapedInfo
{
    private static final Pattern SLAVE = Pattern.compile("slave\\d+");
    private static final Pattern OF_LINK = Pattern
        .compile("(master_(last_io_seconds_ago|sync_in_progress)|slave_repl_offset)");

    /** Words that are no numbers; all else must be one, or an exporter has nothing to show. */
    private static final Pattern WORDS = Pattern.compile(
        "redis_version|redis_git_sha1|redis_build_id|redis_mode|os|monotonic_clock|multiplexing_api|atomicvar_api|" +
            "gcc_version|process_supervised|run_id|executable|config_file|listener\\d+|millrace_replica\\d+|server_name|millrace_version|" +
            "millrace_runtime|millrace_threading|millrace_idle_strategy|.*_human|maxmemory_policy|mem_allocator|" +
            "rdb_last_bgsave_status|aof_last_bgrewrite_status|aof_last_write_status|role|master_host|" +
            "master_link_last_error|master_failover_state|master_replid2?");

    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private final Map<String, String> fields = new HashMap<>();
    private String link = "";

    /** @param info text of INFO everything. */
    ScrapedInfo(final String info)
    {
        String section = "";
        for (final String untrimmed : info.split("\n"))
        {
            final String line = untrimmed.trim();
            final int colon = line.indexOf(':');
            if (line.startsWith("# "))
            {
                section = line.substring(2);
            }
            else if (colon > 0)
            {
                field(section, line.substring(0, colon), line.substring(colon + 1));
            }
            else if (!line.isEmpty())
            {
                throw new AssertionError("neither a title nor a field: " + line);
            }
        }
    }

    private void field(final String section, final String name, final String value)
    {
        if (null != fields.put(name, value))
        {
            throw new AssertionError(name + " is there twice");
        }

        if ("master_host".equals(name) || "master_port".equals(name))
        {
            link += "," + value;
        }

        switch (section)
        {
            case "Commandstats" -> commands(after("cmdstat_", name), value.split(","));
            case "Latencystats" -> latencies(after("latency_percentiles_usec_", name), value.split(","));
            case "Errorstats" -> put("errors", after("errorstat_", name), pair(value, "count"));
            case "Keyspace" -> keyspace(name, value.split(","));
            case "Replication" -> replication(name, value);
            default -> plain(name, value);
        }
    }

    private void commands(final String command, final String... values)
    {
        put("calls", command, pair(values[0], "calls"));
        put("usec", command, pair(values[1], "usec"));
        pair(values[2], "usec_per_call");
        put("rejected", command, pair(values[3], "rejected_calls"));
        put("failed", command, pair(values[4], "failed_calls"));
    }

    private void latencies(final String command, final String... values)
    {
        for (final String value : values)
        {
            final String percentile = value.substring(0, value.indexOf('='));
            Double.parseDouble(percentile.substring(1));
            put(percentile, command, pair(value, percentile));
        }
    }

    private void keyspace(final String database, final String... values)
    {
        if (!database.startsWith("db") || 3 != values.length)
        {
            // Some agents drop a database with a fourth figure.
            throw new AssertionError(database + " has " + values.length + " figures");
        }

        put("keys", database, pair(values[0], "keys"));
        put("expires", database, pair(values[1], "expires"));
        put("avg_ttl", database, pair(values[2], "avg_ttl"));
    }

    private void replication(final String name, final String value)
    {
        final Matcher ofLink = OF_LINK.matcher(name);
        if ("master_link_status".equals(name))
        {
            put(name, link, "up".equals(value) ? 1 : 0);
        }
        else if (ofLink.matches())
        {
            put(name, link, Double.parseDouble(value));
        }
        else if (SLAVE.matcher(name).matches())
        {
            slave(value);
        }
        else
        {
            plain(name, value);
        }
    }

    private void slave(final String value)
    {
        final Map<String, String> parts = new HashMap<>();
        for (final String part : value.split(","))
        {
            final String[] words = part.split("=");
            if (2 != words.length)
            {
                throw new AssertionError("no pair: " + part);
            }

            parts.put(words[0], words[1]);
        }

        final String labels = parts.get("ip") + "," + parts.get("port") + "," + parts.get("state");
        put("slave_offset", labels, Double.parseDouble(parts.get("offset")));
        put("slave_lag", labels, Double.parseDouble(parts.get("lag")));
    }

    private void plain(final String name, final String value)
    {
        if (!WORDS.matcher(name).matches())
        {
            metrics.put(name, Double.parseDouble(value.endsWith("%") ? value.substring(0, value.length() - 1) : value));
        }
    }

    private static String after(final String prefix, final String name)
    {
        if (!name.startsWith(prefix))
        {
            throw new AssertionError(name + " without " + prefix);
        }

        return name.substring(prefix.length());
    }

    private static double pair(final String pair, final String name)
    {
        final String[] words = pair.split("=");
        if (2 != words.length || !words[0].equals(name))
        {
            throw new AssertionError(pair + " in the place of " + name);
        }

        return Double.parseDouble(words[1]);
    }

    private void put(final String name, final String labels, final double value)
    {
        if (null != metrics.put(name + "{" + labels + "}", value))
        {
            throw new AssertionError("two values of " + name + "{" + labels + "}");
        }
    }

    /** A metric, or an error. */
    double metric(final String name)
    {
        final Double value = metrics.get(name);
        if (null == value)
        {
            throw new AssertionError("no " + name + " in " + metrics.keySet());
        }

        return value;
    }

    boolean has(final String name)
    {
        return metrics.containsKey(name);
    }

    /** A field as it stands. */
    String field(final String name)
    {
        return fields.get(name);
    }
}
