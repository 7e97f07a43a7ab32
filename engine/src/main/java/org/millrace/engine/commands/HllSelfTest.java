package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.memory.Memory;

/** PFSELFTEST: registers keep what they are given, both forms agree, estimates are near. Stateless. */
final class HllSelfTest
{
    private static final double STANDARD_ERROR = 1.04 / 128;

    private HllSelfTest()
    {
    }

    /** What failed, or null. Uses the context's scratch memory through {@code hll}. */
    static String run(final CommandContext context, final HyperLogLog hll, final int rounds, final int elements)
    {
        final String failure = testRegisters(context, hll, rounds);
        return null == failure ? testEstimates(context, hll, elements) : failure;
    }

    private static String testRegisters(final CommandContext context, final HyperLogLog hll, final int rounds)
    {
        final byte[] expected = new byte[HyperLogLog.REGISTERS];
        for (int round = 0; round < rounds; round++)
        {
            hll.wrap(context.scratch(), 0);
            hll.clear();
            hll.toDense();
            for (int i = 0; i < expected.length; i++)
            {
                expected[i] = (byte)(context.random() & 63);
                hll.set(i, expected[i]);
            }

            for (int i = 0; i < expected.length; i++)
            {
                final int actual = HyperLogLog.denseRegister(hll.address(), i);
                if (expected[i] != actual)
                {
                    return "Register " + i + " should be " + expected[i] + " but is " + actual;
                }
            }
        }

        return null;
    }

    private static String testEstimates(final CommandContext context, final HyperLogLog hll, final int elements)
    {
        final HyperLogLog dense = new HyperLogLog();
        dense.wrap(context.scratch() + HyperLogLog.WORK_LENGTH + 64, 0);
        dense.clear();
        dense.toDense();
        hll.wrap(context.scratch(), context.settings().hllSparseMaxBytes);
        hll.clear();

        final long element = context.scratch() + CommandContext.SCRATCH_LENGTH - 8;
        final long seed = context.random();
        int checkpoint = 1;
        for (int i = 1; i <= elements; i++)
        {
            Memory.putLong(element, i ^ seed);
            hll.add(element, 8);
            dense.add(element, 8);
            if (i != checkpoint)
            {
                continue;
            }

            final long count = dense.count();
            if (i < context.settings().hllSparseMaxBytes / 2 && HyperLogLog.SPARSE != hll.encoding())
            {
                return "sparse encoding not used";
            }

            if (hll.count() != count)
            {
                return "dense/sparse disagree";
            }

            // For very few elements a single collision already exceeds the bound.
            final long bound = 10 == i ? 1 : (long)Math.ceil(STANDARD_ERROR * 6 * i);
            if (Math.abs(i - count) > bound)
            {
                return "Too big error. card:" + i + " abserr:" + Math.abs(i - count);
            }

            checkpoint *= 10;
        }

        return null;
    }
}
