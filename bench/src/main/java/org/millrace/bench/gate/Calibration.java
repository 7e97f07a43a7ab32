package org.millrace.bench.gate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.Pipe;

import org.millrace.bench.workload.SplitMix;

/**
 * Three fixed pieces of work that have nothing to do with any server: copying memory, following a chain of loads
 * through memory, and handing a byte to another thread and back. If they become slower, the machine has. Starts one
 * thread.
 */
final class Calibration implements AutoCloseable
{
    private static final int COPY_LENGTH = 4 << 20;
    private static final int CHAIN_LENGTH = 4 << 20;
    private static final int CHAIN_STEPS = 20_000;
    private static final int HANDOVERS = 100;
    private static final int REPEATS = 3;

    private final byte[] source = new byte[COPY_LENGTH];
    private final byte[] target = new byte[COPY_LENGTH];
    private final int[] chain = new int[CHAIN_LENGTH];
    private final ByteBuffer one = ByteBuffer.allocateDirect(1);
    private final Pipe there = Pipe.open();
    private final Pipe back = Pipe.open();
    private final Thread echo = new Thread(this::echo, "calibration-echo");
    private int place;

    private Calibration() throws IOException
    {
        // One cycle through all places (Sattolo), so that a load must wait for the one before it.
        for (int i = 0; i < chain.length; i++)
        {
            chain[i] = i;
        }

        final SplitMix random = new SplitMix(1);
        for (int i = chain.length - 1; i > 0; i--)
        {
            final int other = random.nextInt(i);
            final int swapped = chain[i];
            chain[i] = chain[other];
            chain[other] = swapped;
        }

        echo.setDaemon(true);
    }

    /** Prepares the work and runs it until the JVM has compiled it. */
    static Calibration start() throws IOException
    {
        final Calibration calibration = new Calibration();
        calibration.echo.start();
        for (int i = 0; i < 20; i++)
        {
            calibration.measure();
        }

        return calibration;
    }

    /** Times of the three, in nanoseconds; each the best of a few, since it is the machine's pace that is wanted. */
    double[] measure() throws IOException
    {
        final double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
        for (int i = 0; i < REPEATS; i++)
        {
            final long startNs = System.nanoTime();
            System.arraycopy(source, 0, target, 0, COPY_LENGTH);
            final long copiedNs = System.nanoTime();
            follow();
            final long followedNs = System.nanoTime();
            handOver();
            best[0] = Math.min(best[0], copiedNs - startNs);
            best[1] = Math.min(best[1], followedNs - copiedNs);
            best[2] = Math.min(best[2], System.nanoTime() - followedNs);
        }

        return best;
    }

    @Override
    public void close() throws IOException
    {
        there.sink().close();
        back.source().close();
        echo.interrupt();
    }

    private void follow()
    {
        int next = place;
        for (int i = 0; i < CHAIN_STEPS; i++)
        {
            next = chain[next];
        }

        place = next;
    }

    private void handOver() throws IOException
    {
        for (int i = 0; i < HANDOVERS; i++)
        {
            one.clear();
            there.sink().write(one);
            one.clear();
            back.source().read(one);
        }
    }

    private void echo()
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(1);
        try (Pipe.SourceChannel in = there.source(); Pipe.SinkChannel out = back.sink())
        {
            while (in.read(buffer.clear()) >= 0)
            {
                out.write(buffer.flip());
            }
        }
        catch (final ClosedByInterruptException ex)
        {
            // The end.
            return;
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }
}
