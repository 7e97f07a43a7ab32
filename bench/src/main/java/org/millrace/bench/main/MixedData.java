package org.millrace.bench.main;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import org.millrace.bench.rig.Fill;
import org.millrace.bench.workload.Shape;
import org.millrace.bench.workload.ShapeWorkload;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;
import org.millrace.kit.server.ServerProcess;

/**
 * Values of all types but strings, small and large: all shapes that goals are stated for, in proportion. Writes go to
 * the large sorted set, which is what costs most.
 */
final class MixedData implements DataSet
{
    private static final int VALUE_LENGTH_MAX = 64;

    /** Bytes of memory that Redis takes for one of these data. */
    private static final double MEMORY_FACTOR = 2.6;

    private final List<Shape> shapes;
    private final Values values;

    private MixedData(final List<Shape> shapes, final long seed)
    {
        this.shapes = shapes;
        values = new Values(seed, VALUE_LENGTH_MAX);
    }

    /** All shapes, so many bytes of the user's together. */
    static MixedData ofBytes(final long dataBytes, final long seed)
    {
        final double factor = (double)dataBytes / Shape.ALL.stream().mapToLong(Shape::payloadBytes).sum();
        return new MixedData(Shape.ALL.stream().map((shape) -> shape.scaled(factor)).toList(), seed);
    }

    /** As the other, but for the members of the large sorted set. */
    static MixedData ofBytes(final long dataBytes, final int members, final long seed)
    {
        final List<Shape> shapes = ofBytes(dataBytes, seed).shapes.stream()
            .map((shape) -> isWritten(shape) ? shape.scaled((double)members / shape.perKey()) : shape).toList();
        return new MixedData(shapes, seed);
    }

    /** The shapes, in the order of their table. */
    List<Shape> shapes()
    {
        return shapes;
    }

    /** Where values come from. */
    Values values()
    {
        return values;
    }

    /** {@inheritDoc} */
    @Override
    public String describe()
    {
        return String.format(
            Locale.ROOT,
            "all types, %,d elements (%.1f GB)",
            shapes.stream().mapToLong(Shape::elementCount).sum(),
            dataBytes() / 1e9);
    }

    /** {@inheritDoc} */
    @Override
    public long keyCount()
    {
        return shapes.stream().mapToLong(Shape::keyCount).sum();
    }

    /** {@inheritDoc} */
    @Override
    public long dataBytes()
    {
        return shapes.stream().mapToLong(Shape::payloadBytes).sum();
    }

    /** {@inheritDoc} */
    @Override
    public long memoryBytes()
    {
        return (long)(MEMORY_FACTOR * dataBytes());
    }

    /** {@inheritDoc} */
    @Override
    public String writeName()
    {
        return "ZADD";
    }

    /** {@inheritDoc} */
    @Override
    public int writeBytes()
    {
        return written().payload();
    }

    /** {@inheritDoc} */
    @Override
    public Workload writes(final long seed)
    {
        return ShapeWorkload.of("ZADD key score name", written(), values, seed);
    }

    /** {@inheritDoc} */
    @Override
    public void fill(final ServerProcess server) throws IOException
    {
        Fill.commands(ServerProcess.HOST, server.port(), fill(), fillCommands());
    }

    /** Commands that fill an empty server, shape by shape; {@link #fillCommands} in all. */
    Workload fill()
    {
        return Workloads.oneByOne(
            shapes.stream().map((shape) -> shape.fill(values)).toArray(Workload[]::new),
            shapes.stream().mapToLong(Shape::fillCommands).toArray());
    }

    /** Number of these commands. */
    long fillCommands()
    {
        return shapes.stream().mapToLong(Shape::fillCommands).sum();
    }

    private Shape written()
    {
        return shapes.stream().filter(MixedData::isWritten).findFirst().orElseThrow();
    }

    private static boolean isWritten(final Shape shape)
    {
        return shape.isLarge() && Shape.Kind.SORTED_SET == shape.kind();
    }
}
