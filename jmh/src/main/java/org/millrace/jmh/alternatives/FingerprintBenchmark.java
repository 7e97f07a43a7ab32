package org.millrace.jmh.alternatives;

import org.millrace.engine.memory.Memory;
import org.millrace.jmh.EngineBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The slot with a given fingerprint is looked for among the twelve of a bucket, in buckets that are all in the cache.
 * <p>
 * Question: what does it save to compare eight fingerprints at a time by plain arithmetic?
 */
@State(Scope.Thread)
public class FingerprintBenchmark extends EngineBenchmark
{
    private static final int SLOTS = 12;
    private static final int BUCKETS = 64;
    private static final int BUCKET_LENGTH = 16;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long CONTROL_LANES = 0xFFFF_FFFFL;

    private final long buckets = Memory.reserve(BUCKETS * BUCKET_LENGTH);
    private int state;

    @Setup
    public void prepare()
    {
        for (int i = 0; i < BUCKETS; i++)
        {
            Memory.putInt(bucket(i), 0);
            for (int slot = 0; slot < SLOTS; slot++)
            {
                Memory.putByte(bucket(i) + 4 + slot, (byte)fingerprint(i, slot));
            }
        }
    }

    /** The winner: two words of eight lanes, as the engine has it. */
    @Benchmark
    public int words()
    {
        final int choice = choose();
        final long bucket = bucket(choice & BUCKETS - 1);
        final long lanes = fingerprint(choice & BUCKETS - 1, choice / BUCKETS % SLOTS) * LOW_BITS;
        final long first = Memory.getLong(bucket) ^ lanes | CONTROL_LANES;
        final long second = Memory.getLong(bucket + 8) ^ lanes;
        final long hits = (first - LOW_BITS & ~first & HIGH_BITS) >>> 39 | second - LOW_BITS & ~second & HIGH_BITS;
        final int bit = Long.numberOfTrailingZeros(hits);
        return check((bit >>> 3) + (bit & 4), choice);
    }

    @Benchmark
    public int bytes()
    {
        final int choice = choose();
        final long bucket = bucket(choice & BUCKETS - 1);
        final int fingerprint = fingerprint(choice & BUCKETS - 1, choice / BUCKETS % SLOTS);
        int slot = 0;
        while (slot < SLOTS && fingerprint != Memory.getUnsignedByte(bucket + 4 + slot))
        {
            slot++;
        }

        return check(slot, choice);
    }

    @TearDown
    public void release()
    {
        Memory.release(buckets);
    }

    private int choose()
    {
        state = state * 1_664_525 + 1_013_904_223;
        return state >>> 16;
    }

    private long bucket(final int index)
    {
        return buckets + (long)index * BUCKET_LENGTH;
    }

    /** Different in each slot of a bucket. */
    private static int fingerprint(final int bucket, final int slot)
    {
        return bucket * 37 + slot * 21 & 0xFF;
    }

    private static int check(final int slot, final int choice)
    {
        if (slot != choice / BUCKETS % SLOTS)
        {
            throw new IllegalStateException("slot: found=" + slot + ", expected=" + choice / BUCKETS % SLOTS);
        }

        return slot;
    }
}
