package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.millrace.bench.rig.Fill;
import org.millrace.bench.workload.Shape;
import org.millrace.bench.workload.ShapeWorkload;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;

/**
 * Values of all types but strings: in every other phase three of four commands take an element away, which leaves half
 * of them, and in the phases between three of four add one, with lengths of values that change.
 */
final class MixedChurn implements ChurnLoad
{
    private static final long SEED = 59;
    private static final long WARM_BYTES = 60_000;

    private final MixedData data;
    private final int warmPasses;

    MixedChurn(final BenchContext context)
    {
        this(
            MixedData.ofBytes(context.number("data", 300_000, 30_000_000, 140_000_000), SEED),
            context.pick(1, 100, 100));
    }

    private MixedChurn(final MixedData data, final int warmPasses)
    {
        this.data = data;
        this.warmPasses = warmPasses;
    }

    /** {@inheritDoc} */
    @Override
    public String describe()
    {
        return data.describe() + "; each phase as many commands";
    }

    /** {@inheritDoc} */
    @Override
    public Step fresh()
    {
        return new Step(data.fill(), data.fillCommands());
    }

    /** {@inheritDoc} */
    @Override
    public Step phase(final int phase)
    {
        final Workload all = Workloads.inTurn(
            data.shapes().stream().map((shape) -> changes(shape, phase)).toArray(Workload[]::new));
        return new Step(all, data.shapes().stream().mapToLong(Shape::elementCount).sum());
    }

    /** Values whose elements have no names are made anew; in the others what is missing is put back. */
    @Override
    public Step restore()
    {
        final List<Step> steps = new ArrayList<>();
        data.shapes().stream().filter(MixedChurn::isNameless)
            .forEach((shape) -> steps.add(new Step(shape.deletions(), shape.keyCount())));
        steps.add(fresh());
        return new Step(
            Workloads.oneByOne(
                steps.stream().map(Step::workload).toArray(Workload[]::new),
                steps.stream().mapToLong(Step::count).toArray()),
            steps.stream().mapToLong(Step::count).sum());
    }

    /** {@inheritDoc} */
    @Override
    public void warmUp(final ServerProcess server) throws IOException
    {
        final MixedChurn few = new MixedChurn(MixedData.ofBytes(WARM_BYTES, SEED), 0);
        try (RespClient client = server.connect())
        {
            for (int pass = 0; pass < warmPasses; pass++)
            {
                for (final Step step : List.of(few.fresh(), few.phase(0), few.phase(1), few.restore()))
                {
                    Fill.commands(ServerProcess.HOST, server.port(), step.workload(), step.count());
                }

                client.callOk("FLUSHALL");
            }
        }
    }

    private static boolean isNameless(final Shape shape)
    {
        return Shape.Kind.LIST == shape.kind() || Shape.Kind.STREAM == shape.kind();
    }

    private Workload changes(final Shape shape, final int phase)
    {
        final Workload more = command(shape, phase, more(shape), SEED + 2L * phase);
        final Workload less = command(shape, phase, less(shape), SEED + 2L * phase + 1);
        return 0 == phase % 2
            ? Workloads.inTurn(less, less, less, more)
            : Workloads.inTurn(more, more, more, less);
    }

    private Workload command(final Shape shape, final int phase, final String command, final long seed)
    {
        final int[] lengths = PHASES[phase % PHASES.length];
        final int length = shape.valueLength();
        return ShapeWorkload.of(command, shape, data.values(), seed)
            .lengths(length * lengths[0] / LENGTH_MEAN, length * lengths[1] / LENGTH_MEAN);
    }

    private static String more(final Shape shape)
    {
        return switch (shape.kind())
        {
            case HASH -> "HSET key name value";
            case LIST -> "LPUSH key value";
            case SET, INTEGERS -> "SADD key name";
            case SORTED_SET -> "ZADD key score name";
            case STREAM -> "XADD key * f:000001 value f:000002 value";
        };
    }

    private static String less(final Shape shape)
    {
        return switch (shape.kind())
        {
            case HASH -> "HDEL key name";
            case LIST -> "RPOP key";
            case SET, INTEGERS -> "SREM key name";
            case SORTED_SET -> "ZREM key name";
            case STREAM -> "XTRIM key MAXLEN " + shape.perKey() / 2;
        };
    }
}
