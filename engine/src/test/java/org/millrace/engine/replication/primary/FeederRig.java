package org.millrace.engine.replication.primary;

import java.nio.charset.StandardCharsets;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.replication.MemoryLog;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;
import org.millrace.engine.transport.SimReactor;

/** A feeder over a stream in memory; replicas are played by hand. */
final class FeederRig implements AutoCloseable
{
    static final String REPLID = "0d12dc43da719f33db0eeaeb408b0b0dca0cf2ec";
    static final String PING = "*1\r\n$4\r\nping\r\n";
    static final String MARK = "m".repeat(40);

    final SimClock clock = new SimClock(1_000_000);
    final SimNetwork network;
    final SimReactor reactor;
    final MemoryLog log = new MemoryLog();
    final MemorySegmentStorage storage = new MemorySegmentStorage(1 << 12);
    final ReplicationStream stream = new ReplicationStream(new ReplicationHistory(REPLID), 1 << 14);
    final Feeder feeder;
    int wakes;
    private long nextId = 7;

    /** One replica: the feeder's session and the far end of its socket. */
    record Peer(ReplicaSession session, SimConnection socket)
    {
        ReplicaStatus status()
        {
            return session.status();
        }
    }

    FeederRig(final SimNetwork network, final FeederLimits limits)
    {
        this.network = network;
        reactor = new SimReactor(network);
        stream.activate(storage);
        feeder = new Feeder(stream, reactor, clock, table(), log, limits);
        feeder.onChange(() -> wakes++);
    }

    /** What replicas say, and some that they may not. */
    static CommandTable table()
    {
        final CommandTable table = new CommandTable();
        table.add("ping", -1, CommandFlags.FAST, Category.CONNECTION, null);
        table.add("get", 2, CommandFlags.READONLY, Category.STRING, CommandKeys.one(KeyFlags.READ), null);
        table.add("slowlog", -2, 0, Category.NONE, null).sub("get", -2, 0, Category.NONE, null);
        table.add("replconf", -1, 0, Category.NONE, null).replicationWord(ReplicationWord.REPLCONF);
        table.add("psync", -3, 0, Category.NONE, null).replicationWord(ReplicationWord.SYNC);
        table.add("sync", 1, 0, Category.NONE, null).replicationWord(ReplicationWord.SYNC);
        return table;
    }

    static FeederLimits limits()
    {
        return new FeederLimits(256 << 20, 64 << 20, 60, 1 << 14, 1 << 30, 60);
    }

    Peer attach(final String unread)
    {
        return attach(unread, false, false);
    }

    Peer attach(final String unread, final boolean isLegacy, final boolean isRdbOnly)
    {
        final SimConnection[] ends = network.pair(null, null, 6379);
        final ReplicaStatus status = new ReplicaStatus(
            nextId++, "127.0.0.1:6380", "127.0.0.1", 6380, "127.0.0.1:" + ends[0].peerPort(), "127.0.0.1:6379", -1,
            isLegacy, isRdbOnly, clock.wallMs());
        final ReplicaSession session = new ReplicaSession(status, ends[0],
            unread.getBytes(StandardCharsets.ISO_8859_1));
        feeder.post(() -> feeder.adopt(session));
        return new Peer(session, ends[1]);
    }

    /** A replica that has been accepted at the end of the stream. */
    Peer online()
    {
        final Peer peer = attach("");
        final var reader = stream.openReader(stream.endOffset() + 1);
        feeder.post(() -> peer.session.beginPartial("+CONTINUE\r\n", reader, feeder.nowMs()));
        run();
        peer.socket.receive();
        return peer;
    }

    void append(final int length)
    {
        final long address = Memory.reserve(length);
        Memory.set(address, length, (byte)'x');
        stream.appendVerbatim(address, length);
        Memory.release(address);
    }

    /** Duty cycles until nothing happens; windows pass. */
    void run()
    {
        for (int i = 0; i < 10_000; i++)
        {
            clock.advanceNs(1_000);
            final int work = reactor.poll() + feeder.doWork();
            if (0 == work)
            {
                feeder.prepareToPark();
                feeder.unpark();
                if (0 == feeder.doWork() + reactor.poll())
                {
                    return;
                }
            }
        }

        throw new IllegalStateException("no rest");
    }

    void seconds(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            clock.advanceMs(1000);
            run();
        }
    }

    @Override
    public void close()
    {
        feeder.onClose();
        stream.close();
    }
}
