package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.replication.MemoryLog;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.engine.transport.Reactor;
import org.millrace.engine.transport.SimClock;

/** Encoding units, sending them to replicas and reading their ACKs makes no garbage. */
class FeedAllocationTest
{
    private static final int REPLICAS = 8;
    private static final int UNITS = 20_000;

    private final SimClock clock = new SimClock(1_000_000);
    private final ReplicationStream stream = new ReplicationStream(new ReplicationHistory(FeederRig.REPLID), 1 << 18);
    private final Feeder feeder = new Feeder(
        stream, new NoReactor(), clock, FeederRig.table(), new MemoryLog(), FeederRig.limits());
    private final Sink[] sinks = new Sink[REPLICAS];
    private final ReplicaStatus[] statuses = new ReplicaStatus[REPLICAS];

    @Test
    void shouldMakeNoGarbagePerUnitAndAck()
    {
        stream.activate(new MemorySegmentStorage(1 << 16));
        for (int i = 0; i < REPLICAS; i++)
        {
            sinks[i] = new Sink();
            statuses[i] = new ReplicaStatus(i, "r" + i, "r", i, "a", "b", -1, false, false, 0);
            final ReplicaSession session = new ReplicaSession(statuses[i], sinks[i], new byte[0]);
            final BacklogReader reader = stream.openReader(1);
            feeder.post(() -> feeder.adopt(session));
            feeder.post(() -> session.beginPartial("+CONTINUE\r\n", reader, feeder.nowMs()));
        }

        final long address = Memory.reserve(128);
        Memory.set(address, 128, (byte)'x');
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        run(address);
        run(address);
        final long before = threads.getThreadAllocatedBytes(thread);
        run(address);
        final long allocated = threads.getThreadAllocatedBytes(thread) - before;
        Memory.release(address);

        final long end = stream.endOffset();
        for (int i = 0; i < REPLICAS; i++)
        {
            assertEquals(end, sinks[i].written - "+CONTINUE\r\n".length());
            assertEquals(end, statuses[i].nextOffset() - 1);
            assertTrue(statuses[i].ackOffset() > 0);
        }

        final double perUnit = (double)allocated / UNITS;
        assertTrue(perUnit < 0.1, "bytes per unit fed to " + REPLICAS + " replicas: " + perUnit);
        feeder.onClose();
        stream.close();
    }

    private void run(final long address)
    {
        for (int i = 0; i < UNITS; i++)
        {
            stream.beginCommand(0, 3);
            stream.arg("SET");
            stream.arg(address, 16);
            stream.arg(address, 100);
            stream.endUnit();
            stream.doWork();
            clock.advanceNs(1_000);
            feeder.doWork();
            if (0 == i % 100)
            {
                feeder.hurry();
                feeder.doWork();
                for (final Sink sink : sinks)
                {
                    sink.acknowledge(stream.endOffset());
                }
            }
        }

        feeder.hurry();
        feeder.doWork();
    }

    /** A socket that takes everything and says ACK when told. */
    private static final class Sink implements Connection
    {
        private static final String ACK = "*3\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$10\r\n";

        long written;
        private ConnectionHandler handler;
        private long ack;

        void acknowledge(final long offset)
        {
            ack = 1_000_000_000L + offset;
            handler.onReadable();
        }

        @Override
        public int read(final ByteBuffer target)
        {
            for (int i = 0; i < ACK.length(); i++)
            {
                target.put((byte)ACK.charAt(i));
            }

            long divisor = 1_000_000_000L;
            for (int i = 0; i < 10; i++, divisor /= 10)
            {
                target.put((byte)('0' + ack / divisor % 10));
            }

            target.put((byte)'\r').put((byte)'\n');
            return ACK.length() + 12;
        }

        @Override
        public int write(final ByteBuffer source)
        {
            final int length = source.remaining();
            source.position(source.limit());
            written += length;
            return length;
        }

        @Override
        public void handler(final ConnectionHandler newHandler)
        {
            handler = newHandler;
        }

        @Override
        public void wantWrite(final boolean want)
        {
        }

        @Override
        public void wantRead(final boolean want)
        {
        }

        @Override
        public void close()
        {
        }

        @Override
        public boolean isOpen()
        {
            return true;
        }

        @Override
        public String failure()
        {
            return "";
        }

        @Override
        public String peerHost()
        {
            return "";
        }

        @Override
        public int peerPort()
        {
            return 0;
        }

        @Override
        public String localHost()
        {
            return "";
        }

        @Override
        public int localPort()
        {
            return 0;
        }

        @Override
        public boolean isLoopback()
        {
            return true;
        }

        @Override
        public int fileDescriptor()
        {
            return -1;
        }

        @Override
        public void noDelay(final boolean on)
        {
        }
    }

    /** Passes handlers on. */
    private static final class NoReactor implements Reactor
    {
        @Override
        public Connection connect(
            final String host, final int port, final String bindHost, final ConnectionHandler handler)
        {
            throw new IllegalStateException();
        }

        @Override
        public void release(final Connection connection)
        {
        }

        @Override
        public void adopt(final Connection connection, final ConnectionHandler handler)
        {
            connection.handler(handler);
        }

        @Override
        public void wakeup()
        {
        }
    }
}
