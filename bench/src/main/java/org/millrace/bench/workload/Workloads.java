package org.millrace.bench.workload;

import java.nio.charset.StandardCharsets;

import org.millrace.kit.resp.CommandBuffer;

/**
 * The plain workloads of the benchmarks.
 */
public final class Workloads
{
    private static final byte[] SET = "SET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GET = "GET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PXAT = "PXAT".getBytes(StandardCharsets.US_ASCII);

    private Workloads()
    {
    }

    /**
     * SET of uniformly chosen keys out of {@code keyCount}, with values of one length.
     */
    public static Workload set(final int keyCount, final Values values, final int valueLength, final long seed)
    {
        final SplitMix random = new SplitMix(seed);
        return (buffer) ->
        {
            buffer.begin(3).argument(SET);
            Keys.DEFAULT.append(buffer, random.nextInt(keyCount));
            values.append(buffer, random.next(), valueLength);
        };
    }

    /**
     * GET of uniformly chosen keys out of {@code keyCount}.
     */
    public static Workload get(final int keyCount, final long seed)
    {
        final SplitMix random = new SplitMix(seed);
        return (buffer) ->
        {
            buffer.begin(2).argument(GET);
            Keys.DEFAULT.append(buffer, random.nextInt(keyCount));
        };
    }

    /**
     * A command of each in turn.
     */
    public static Workload inTurn(final Workload... workloads)
    {
        return new Workload()
        {
            private int next;

            @Override
            public void append(final CommandBuffer buffer)
            {
                workloads[next].append(buffer);
                next = next + 1 == workloads.length ? 0 : next + 1;
            }
        };
    }

    /**
     * So many commands of the first, then so many of the second, and so on; not more than all of them.
     */
    public static Workload oneByOne(final Workload[] workloads, final long[] counts)
    {
        return new Workload()
        {
            private int current;
            private long done;

            @Override
            public void append(final CommandBuffer buffer)
            {
                while (done == counts[current])
                {
                    current++;
                    done = 0;
                }

                workloads[current].append(buffer);
                done++;
            }
        };
    }

    /**
     * SET of the keys {@code first}, {@code first + 1}, ... each once: what grows a data set.
     *
     * @param expireAtMs absolute expiry in ms since 1970 that every key gets, or 0 for none.
     */
    public static Workload fill(final long first, final Values values, final int valueLength, final long expireAtMs)
    {
        return new Workload()
        {
            private long index = first;

            @Override
            public void append(final CommandBuffer buffer)
            {
                buffer.begin(0 == expireAtMs ? 3 : 5).argument(SET);
                Keys.DEFAULT.append(buffer, index);
                values.append(buffer, index, valueLength);
                if (0 != expireAtMs)
                {
                    buffer.argument(PXAT).argument(expireAtMs);
                }

                index++;
            }
        };
    }

    /**
     * SET of the keys {@code 0 .. keyCount - 1} in order and from the start again, with lengths that depend on the key
     * alone, evenly spread.
     */
    public static Workload fillVarying(
        final int keyCount,
        final Values values,
        final int lengthMin,
        final int lengthMax)
    {
        return new Workload()
        {
            private int index;

            @Override
            public void append(final CommandBuffer buffer)
            {
                final int spread = (int)Math.floorMod(SplitMix.mix(index), (long)lengthMax - lengthMin + 1);
                buffer.begin(3).argument(SET);
                Keys.DEFAULT.append(buffer, index);
                values.append(buffer, index, lengthMin + spread);
                index = index + 1 == keyCount ? 0 : index + 1;
            }
        };
    }

    /**
     * SET of uniformly chosen keys with evenly spread lengths; one command in eight is a DEL.
     */
    public static Workload churn(
        final int keyCount,
        final Values values,
        final int lengthMin,
        final int lengthMax,
        final long seed)
    {
        final SplitMix random = new SplitMix(seed);
        return (buffer) ->
        {
            if (0 == random.nextInt(8))
            {
                buffer.begin(2).argument(DEL);
                Keys.DEFAULT.append(buffer, random.nextInt(keyCount));
                return;
            }

            buffer.begin(3).argument(SET);
            Keys.DEFAULT.append(buffer, random.nextInt(keyCount));
            values.append(buffer, random.next(), lengthMin + random.nextInt(lengthMax - lengthMin + 1));
        };
    }
}
