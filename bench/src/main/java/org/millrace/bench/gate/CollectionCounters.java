package org.millrace.bench.gate;

import java.io.IOException;
import java.util.List;

import org.millrace.bench.rig.Fill;
import org.millrace.bench.workload.Shape;
import org.millrace.bench.workload.ShapeWorkload;
import org.millrace.bench.workload.Values;
import org.millrace.kit.server.ServerProcess;

/**
 * The counters of values other than strings: memory an element by shape, heap bytes a command.
 */
final class CollectionCounters
{
    /** Of the elements of each shape that the bench's goals are stated for. */
    private static final double SCALE = 0.1;

    private static final long SEED = 61;
    private static final int CONNECTION_COUNT = 16;
    private static final int PIPELINE = 16;

    private static final List<Command> COMMANDS = List.of(
        new Command("HSET", Shape.Kind.HASH, "HSET key name value"),
        new Command("HGET", Shape.Kind.HASH, "HGET key name"),
        new Command("LPUSH", Shape.Kind.LIST, "LPUSH key value"),
        new Command("RPOP", Shape.Kind.LIST, "RPOP key"),
        new Command("LRANGE of 10", Shape.Kind.LIST, "LRANGE key 0 9"),
        new Command("SADD", Shape.Kind.SET, "SADD key name"),
        new Command("SISMEMBER", Shape.Kind.SET, "SISMEMBER key name"),
        new Command("ZADD", Shape.Kind.SORTED_SET, "ZADD key score name"),
        new Command("ZRANGE of 10", Shape.Kind.SORTED_SET, "ZRANGE key 0 9 WITHSCORES"),
        new Command("XADD", Shape.Kind.STREAM, "XADD key * f:000001 value f:000002 value"),
        new Command("XRANGE of 10", Shape.Kind.STREAM, "XRANGE key id + COUNT 10"));

    private final Values values = new Values(SEED, Byte.MAX_VALUE);
    private final ServerProcess server;
    private final ServerFigures figures;
    private final Counted counted;

    /** A command on values of one type, half of the time on small ones. */
    private record Command(String name, Shape.Kind kind, String text)
    {
    }

    /** Takes what was counted. */
    @FunctionalInterface
    interface Counted
    {
        void add(String name, String unit, String source, double value, double allowance);
    }

    CollectionCounters(final ServerProcess server, final ServerFigures figures, final Counted counted)
    {
        this.server = server;
        this.figures = figures;
        this.counted = counted;
    }

    /**
     * Fills the server, and leaves it so.
     */
    void memory() throws IOException
    {
        for (final Shape whole : Shape.ALL)
        {
            final Shape shape = whole.scaled(SCALE);
            final long before = figures.info("memory", "used_memory");
            Fill.commands(ServerProcess.HOST, server.port(), shape.fill(values), shape.fillCommands());
            final double bytes = figures.info("memory", "used_memory") - before;
            counted.add(
                "memory an element, " + shape.describe(), "bytes", "INFO", bytes / shape.elementCount(), 0.5);
        }
    }

    /**
     * Needs what {@link #memory} has filled.
     *
     * @param count commands of each kind to average over.
     */
    void commands(final long count) throws IOException
    {
        for (final Command command : COMMANDS)
        {
            // Until the JVM has compiled it.
            send(command, count);
            final long allocated = figures.allocatedBy(true, () -> send(command, count));
            counted.add("allocated a " + command.name, "bytes", "INFO", allocated / (double)count, 0.25);
        }
    }

    private void send(final Command command, final long count) throws IOException
    {
        for (final Shape whole : Shape.ALL)
        {
            if (whole.kind() == command.kind)
            {
                final Shape shape = whole.scaled(SCALE);
                CounterRun.loadCount(
                    server,
                    CONNECTION_COUNT,
                    PIPELINE,
                    (index) -> ShapeWorkload.of(command.text, shape, values, SEED + index),
                    count / 2);
            }
        }
    }
}
