package org.millrace.bench.main;

import java.io.IOException;

import org.millrace.bench.rig.Fill;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;

/**
 * Strings of changing lengths.
 */
final class StringChurn implements ChurnLoad
{
    private static final int VALUE_LENGTH_MAX = 496;
    private static final long SEED = 41;

    private final Values values = new Values(SEED, VALUE_LENGTH_MAX);
    private final int keyCount;
    private final int warmUpCount;

    StringChurn(final BenchContext context)
    {
        keyCount = (int)context.number("keys", 2_000, 500_000, 2_000_000);
        warmUpCount = context.pick(5_000, 500_000, 500_000);
    }

    /** {@inheritDoc} */
    @Override
    public String describe()
    {
        return keyCount + " strings of " + LENGTH_MEAN +
            " B on average; each phase as many commands, one in eight a DEL";
    }

    /** Every key once, in order, with a length that depends on the key. */
    @Override
    public Step fresh()
    {
        final Workload workload = Workloads.fillVarying(keyCount, values, PHASES[0][0], PHASES[0][1]);
        return new Step(workload, keyCount);
    }

    /** {@inheritDoc} */
    @Override
    public Step phase(final int phase)
    {
        final int[] lengths = PHASES[phase % PHASES.length];
        return new Step(Workloads.churn(keyCount, values, lengths[0], lengths[1], SEED + phase), keyCount);
    }

    /** {@inheritDoc} */
    @Override
    public Step restore()
    {
        return fresh();
    }

    /** {@inheritDoc} */
    @Override
    public void warmUp(final ServerProcess server) throws IOException
    {
        final Workload workload = Workloads.set(1, values, VALUE_LENGTH_MAX, SEED);
        Fill.commands(ServerProcess.HOST, server.port(), workload, warmUpCount);
        try (RespClient client = server.connect())
        {
            client.callOk("FLUSHALL");
        }
    }
}
