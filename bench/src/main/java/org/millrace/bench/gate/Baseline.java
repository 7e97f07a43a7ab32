package org.millrace.bench.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.millrace.bench.report.Json;

/**
 * The committed numbers: {@code counters.json}, valid on any machine, and {@code peer.json}, ratios to a peer, valid
 * only on machines like the one they are from.
 */
final class Baseline
{
    private static final String COUNTERS = "counters.json";
    private static final String PEER = "peer.json";
    private static final String ENVIRONMENT = "environment";

    /**
     * A committed ratio.
     *
     * @param logRatio  of Millrace to the peer, less is faster.
     * @param halfWidth of its 95 % interval.
     */
    record Ratio(double logRatio, double halfWidth)
    {
    }

    /**
     * The committed ratios.
     *
     * @param machine what must be alike for the ratios to hold.
     * @param cpu     ratios of CPU time an operation, by kind of work.
     * @param wall    ratios of elapsed time an operation, by kind of work.
     */
    record Peer(Map<String, String> machine, Map<String, Ratio> cpu, Map<String, Ratio> wall)
    {
    }

    private final Path directory;

    Baseline(final Path directory)
    {
        this.directory = directory;
    }

    /** Directory of the files. */
    Path directory()
    {
        return directory;
    }

    /** True if there are counters to compare with. */
    boolean hasCounters()
    {
        return Files.isRegularFile(directory.resolve(COUNTERS));
    }

    /** True if there are ratios to compare with. */
    boolean hasPeer()
    {
        return Files.isRegularFile(directory.resolve(PEER));
    }

    /** Counters by name. */
    Map<String, Double> counters() throws IOException
    {
        final Map<String, Double> values = new LinkedHashMap<>();
        map(read(COUNTERS), "counters").forEach((name, fields) -> values.put(name, number(fields, "value", COUNTERS)));
        return values;
    }

    /** Writes counters. */
    void writeCounters(final Map<String, Object> environment, final List<Counter> counters) throws IOException
    {
        final Map<String, Object> rows = new LinkedHashMap<>();
        for (final Counter counter : counters)
        {
            final Map<String, Object> row = new LinkedHashMap<>();
            row.put("value", rounded(counter.value()));
            row.put("unit", counter.unit());
            row.put("source", counter.source());
            rows.put(counter.name(), row);
        }

        final Map<String, Object> root = new LinkedHashMap<>();
        root.put(ENVIRONMENT, environment);
        root.put("counters", rows);
        write(COUNTERS, root);
    }

    /** Ratios to the peer. */
    Peer peer() throws IOException
    {
        final Map<String, Object> root = read(PEER);
        final Map<String, String> machine = new LinkedHashMap<>();
        map(root, "machine").forEach((key, value) -> machine.put(key, String.valueOf(value)));
        return new Peer(machine, ratios(root, "cpu"), ratios(root, "wall"));
    }

    /** Writes ratios to the peer. */
    void writePeer(final Map<String, Object> environment, final Peer peer) throws IOException
    {
        final Map<String, Object> root = new LinkedHashMap<>();
        root.put(ENVIRONMENT, environment);
        root.put("machine", peer.machine());
        root.put("cpu", rows(peer.cpu()));
        root.put("wall", rows(peer.wall()));
        write(PEER, root);
    }

    private static Map<String, Object> rows(final Map<String, Ratio> ratios)
    {
        final Map<String, Object> rows = new LinkedHashMap<>();
        ratios.forEach((name, ratio) ->
        {
            final Map<String, Object> row = new LinkedHashMap<>();
            row.put("logRatio", rounded(ratio.logRatio()));
            row.put("halfWidth", rounded(ratio.halfWidth()));
            rows.put(name, row);
        });
        return rows;
    }

    private static Map<String, Ratio> ratios(final Map<String, Object> root, final String key) throws IOException
    {
        final Map<String, Ratio> ratios = new LinkedHashMap<>();
        map(root, key).forEach(
            (name, fields) -> ratios
                .put(name, new Ratio(number(fields, "logRatio", PEER), number(fields, "halfWidth", PEER))));
        return ratios;
    }

    private Map<String, Object> read(final String name) throws IOException
    {
        final String text = Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
        try
        {
            return asMap(JsonReader.read(text), name);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IOException("baseline " + name + ": " + ex.getMessage(), ex);
        }
    }

    private void write(final String name, final Map<String, Object> root) throws IOException
    {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name), Json.write(root), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> map(final Map<String, Object> root, final String key) throws IOException
    {
        try
        {
            return asMap(root.get(key), key);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IOException("baseline: " + ex.getMessage(), ex);
        }
    }

    private static Map<String, Object> asMap(final Object value, final String name)
    {
        if (!(value instanceof Map))
        {
            throw new IllegalArgumentException(name + " is not an object");
        }

        final Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>)value).forEach((key, each) -> map.put(key.toString(), each));
        return map;
    }

    private static double number(final Object fields, final String name, final String file)
    {
        if (fields instanceof Map && ((Map<?, ?>)fields).get(name) instanceof Double number)
        {
            return number;
        }

        throw new IllegalArgumentException("baseline " + file + ": a row has no number " + name);
    }

    /** Four decimals: what is committed should not change with every run. */
    private static double rounded(final double value)
    {
        return Math.round(value * 1e4) / 1e4;
    }
}
