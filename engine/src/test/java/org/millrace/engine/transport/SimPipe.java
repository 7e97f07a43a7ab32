package org.millrace.engine.transport;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One direction of a simulated connection: bytes in order, each of which arrives at its time. A silent pipe takes
 * what fits and delivers nothing any more, not even its end: the cable is out, or the other machine is gone.
 */
final class SimPipe
{
    private static final int FIRST_LENGTH = 256;

    private final SimNetwork network;
    private final long latencyNs;
    private final ArrayDeque<Arrival> underWay = new ArrayDeque<>();
    private byte[] bytes = new byte[FIRST_LENGTH];
    private int first;
    private int count;
    private int arrived;

    final int capacity;
    boolean isEnded;
    boolean isBroken;
    boolean isSilent;
    long cutAfter = Long.MAX_VALUE;
    long passed;

    /** Bytes that were written together. */
    private record Arrival(int length, long atNs)
    {
    }

    SimPipe(final SimNetwork network, final int capacity, final long latencyNs)
    {
        this.network = network;
        this.capacity = capacity;
        this.latencyNs = latencyNs;
    }

    /** Bytes that the writer may still put in. */
    int room()
    {
        return capacity - count;
    }

    /** Bytes that the reader can take now. */
    int readable()
    {
        if (isSilent)
        {
            return 0;
        }

        if (!underWay.isEmpty())
        {
            final long nowNs = network.nowNs();
            while (!underWay.isEmpty() && underWay.peek().atNs <= nowNs)
            {
                arrived += underWay.remove().length;
            }
        }

        return arrived;
    }

    /** True once the reader has taken everything and nothing more will come. */
    boolean isAtEnd()
    {
        return isEnded && !isSilent && 0 == count;
    }

    void add(final byte[] source, final int length)
    {
        if (count + length > bytes.length)
        {
            grow(count + length);
        }

        final int at = (first + count) % bytes.length;
        final int step = Math.min(length, bytes.length - at);
        System.arraycopy(source, 0, bytes, at, step);
        System.arraycopy(source, step, bytes, 0, length - step);
        count += length;
        passed += length;
        if (0 == latencyNs)
        {
            arrived += length;
        }
        else
        {
            underWay.add(new Arrival(length, network.nowNs() + latencyNs));
        }
    }

    byte[] remove(final int length)
    {
        final byte[] taken = new byte[length];
        final int step = Math.min(length, bytes.length - first);
        System.arraycopy(bytes, first, taken, 0, step);
        System.arraycopy(bytes, 0, taken, step, length - step);
        first = (first + length) % bytes.length;
        count -= length;
        arrived -= length;
        return taken;
    }

    void cut()
    {
        isBroken = true;
        underWay.clear();
        first = 0;
        count = 0;
        arrived = 0;
    }

    private void grow(final int length)
    {
        final byte[] larger = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
        // What had wrapped round follows what had not.
        final int step = Math.min(count, bytes.length - first);
        System.arraycopy(bytes, first, larger, 0, step);
        System.arraycopy(bytes, 0, larger, step, count - step);
        bytes = larger;
        first = 0;
    }
}
