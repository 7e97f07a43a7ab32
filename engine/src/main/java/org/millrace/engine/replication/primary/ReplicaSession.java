package org.millrace.engine.replication.primary;

import java.nio.ByteBuffer;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.base.Check;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;

/**
 * The feeder's side of one replica: what is sent to it next, by the {@link ReplicaState} it is in, and when it is given
 * up. Made by the writer at PSYNC or SYNC, then confined to the feeder. Its socket, its place in the snapshot, what it
 * says and how far it lags have a class each.
 */
final class ReplicaSession implements ConnectionHandler
{
    /** Longest single write. */
    static final int WRITE_MAX = 64 << 10;

    private static final int RDB_LINGER_MS = 2000;

    /** What two kernels may hold of a stream that is on its way: asked for again when the link is lost. */
    private static final int IN_FLIGHT_MAX = 16 << 20;

    private final ReplicaStatus status;
    private final Connection connection;
    private final ReplicaInput input;
    private final ReplicaOutput output;
    private final SnapshotOutput snapshot;

    private Feeder feeder;
    private LagWatch lag;
    private ReplicaState state = ReplicaState.AWAIT_SNAPSHOT;
    private BacklogReader reader;
    private long bytesSent;
    private long lastProgressMs;

    /** @param unread input that had arrived behind the PSYNC command. */
    ReplicaSession(final ReplicaStatus status, final Connection connection, final byte[] unread)
    {
        this.status = status;
        this.connection = connection;
        input = new ReplicaInput(this, unread);
        output = new ReplicaOutput(this, connection);
        snapshot = new SnapshotOutput(output);
    }

    ReplicaStatus status()
    {
        return status;
    }

    Connection connection()
    {
        return connection;
    }

    ReplicaState state()
    {
        return state;
    }

    /** Feeder: the connection is this reactor's now. */
    void attach(final Feeder owner, final long nowMs)
    {
        feeder = owner;
        lag = new LagWatch(owner);
        lastProgressMs = nowMs;
        status.alive(nowMs);
        input.read(owner);
    }

    // What the writer asks for; run on the feeder's thread.

    /** Go on from where the reader is. */
    void beginPartial(final String line, final BacklogReader from, final long nowMs)
    {
        if (ReplicaState.CLOSED == state)
        {
            from.close();
            return;
        }

        readFrom(from);
        lag.begin(false);
        output.putHead(line);
        moveTo(ReplicaState.ONLINE, nowMs);
    }

    /**
     * Send a snapshot, then the stream behind it.
     *
     * @param line FULLRESYNC line, empty for SYNC.
     * @param endMark 40 characters, or null to send the length in front.
     * @param image null for an empty snapshot, which needs an end mark.
     * @param from null if no stream is wanted.
     */
    void beginFull(
        final String line,
        final String endMark,
        final ImageCursor image,
        final BacklogReader from,
        final long nowMs)
    {
        if (ReplicaState.CLOSED == state)
        {
            closeUnused(image, from);
            return;
        }

        beginSnapshot(line, endMark, from, nowMs);
        snapshot.begin(image, endMark);
        moveTo(null == endMark ? ReplicaState.AWAIT_LENGTH : ReplicaState.STREAM_SNAPSHOT, nowMs);
    }

    private void beginSnapshot(final String line, final String endMark, final BacklogReader from, final long nowMs)
    {
        readFrom(from);
        lag.begin(true);
        lastProgressMs = nowMs;
        output.putHead(null == endMark ? line : line + "$EOF:" + endMark + "\r\n");
    }

    /** As {@link #beginFull}, for one that wants no data. @param content of the whole snapshot. */
    void beginDataless(
        final String line, final String endMark, final byte[] content, final BacklogReader from, final long nowMs)
    {
        if (ReplicaState.CLOSED == state)
        {
            closeUnused(null, from);
            return;
        }

        beginSnapshot(line, endMark, from, nowMs);
        snapshot.begin(content, endMark);
        moveTo(ReplicaState.STREAM_SNAPSHOT, nowMs);
    }

    private static void closeUnused(final ImageCursor image, final BacklogReader from)
    {
        if (null != image)
        {
            image.close();
        }

        if (null != from)
        {
            from.close();
        }
    }

    private void readFrom(final BacklogReader from)
    {
        reader = from;
        // Who came with SYNC confirms nothing and cannot come back for a part.
        if (null != reader && !status.isLegacy())
        {
            reader.keepSent(IN_FLIGHT_MAX);
        }
    }

    /** Tell why with one error line, as far as the socket takes it, and close. */
    void refuse(final String errorLine)
    {
        if (ReplicaState.CLOSED != state)
        {
            output.putHead(errorLine);
            output.writeHead();
            close(errorLine.trim());
        }
    }

    // Duty cycle.

    /** Write up to about {@code budget} bytes. @return bytes written. */
    int send(final int budget, final long nowMs)
    {
        if (isAheadOfDisk() || isImageAborted())
        {
            return 0;
        }

        int sent = 0;
        while (sent < budget && !output.isBlocked() && ReplicaState.CLOSED != state)
        {
            final int step = output.hasHead() ? output.writeHead() : writeBody(nowMs);
            if (step <= 0)
            {
                break;
            }

            sent += step;
        }

        if (sent > 0)
        {
            lastProgressMs = nowMs;
            bytesSent += sent;
            publish();
        }

        return sent;
    }

    /** It is to begin at a place that is not on disk yet, and nobody may know of that: a snapshot a moment ago. */
    private boolean isAheadOfDisk()
    {
        return null != reader && reader.pending() < 0;
    }

    /** True if {@link #send} can do nothing before the peer has taken bytes, or more are there. */
    boolean isIdle()
    {
        if (output.isBlocked() || ReplicaState.CLOSED == state || isAheadOfDisk())
        {
            return true;
        }

        if (output.hasHead())
        {
            return false;
        }

        return switch (state)
        {
            case STREAM_SNAPSHOT, SEND_SNAPSHOT -> false;
            case AWAIT_LENGTH -> !snapshot.isComplete() && !snapshot.isAborted();
            case ONLINE -> null == reader || reader.pending() <= 0;
            default -> true;
        };
    }

    /** True if the writer's snapshot, or its end, is what keeps this one busy. */
    boolean awaitsImage()
    {
        return ReplicaState.STREAM_SNAPSHOT == state && !output.isBlocked() || ReplicaState.AWAIT_LENGTH == state;
    }

    long pending()
    {
        return null == reader ? 0 : reader.pending();
    }

    /** Close it if it lags too far; cheap, called whenever the stream has moved. */
    void checkHardLimit(final FeederLimits limits)
    {
        if (null != reader && lag.isOverHardLimit(reader, ReplicaState.ONLINE == state, limits))
        {
            overrun(limits);
        }
    }

    /** Once a second: newline, timeouts, soft limit. */
    void cron(final FeederLimits limits, final long nowMs)
    {
        if (state.isBeforePayload() && !output.hasHead())
        {
            output.putHead("\n");
            send(1, nowMs);
        }

        final long timeoutMs = (limits.timeoutSeconds() + 1) * 1000L;
        switch (state)
        {
            case ONLINE, AWAIT_ACK -> {
                if (!status.isLegacy() && nowMs - status.lastAckMs() >= timeoutMs)
                {
                    timeOut("streaming sync");
                }
            }
            case STREAM_SNAPSHOT, SEND_SNAPSHOT -> {
                if (output.isBlocked() && nowMs - lastProgressMs >= timeoutMs)
                {
                    timeOut("full sync");
                }
            }
            case RDB_SENT -> {
                if (nowMs - lastProgressMs >= RDB_LINGER_MS)
                {
                    close("");
                }
            }
            default -> {
            }
        }

        if (null != reader && lag.isOverSoftLimit(reader, limits, nowMs))
        {
            overrun(limits);
        }
    }

    private void timeOut(final String phase)
    {
        feeder.log().warning("Disconnecting timedout replica (" + phase + "): " + status.name());
        close("timeout (" + phase + ")");
    }

    private void overrun(final FeederLimits limits)
    {
        final long pending = reader.pending();
        feeder.log().warning(
            "Client " + clientInfo() + " scheduled to be closed ASAP for overcoming of output buffer limits.");
        feeder.log().warning(
            "Replica " + status.name() + " is " + pending + " bytes behind. " + lag.advice(limits));
        dismiss("lagged " + pending + " bytes, over the limit");
    }

    // Events.

    @Override
    public void onReadable()
    {
        final ByteBuffer target = feeder.readBuffer();
        target.clear();
        final int length = connection.read(target);
        if (Connection.CLOSED == length)
        {
            connectionLost();
        }
        else if (length > 0)
        {
            input.put(feeder.readBufferAddress(), length);
            input.read(feeder);
        }
    }

    @Override
    public void onWritable()
    {
        if (output.unblock())
        {
            feeder.onUnblocked(this);
        }
    }

    /** It has applied the stream up to this offset. @param hasMoved which it had not said before. */
    void onAck(final long offset, final boolean hasMoved, final long nowMs)
    {
        if (null != reader)
        {
            reader.confirm(offset);
        }

        if (ReplicaState.AWAIT_ACK == state)
        {
            moveTo(ReplicaState.ONLINE, nowMs);
            feeder.onUnblocked(this);
        }
        else if (hasMoved)
        {
            feeder.changed();
        }
    }

    /** The socket has ended. */
    void connectionLost()
    {
        final String failure = connection.failure();
        close(failure.isEmpty() ? "closed by the replica" : failure);
    }

    /** The link is lost. Its place in the stream is kept for a while. Idempotent, the log line is the feeder's. */
    void close(final String reason)
    {
        close(reason, null == reader ? 0 : reader.endOffset());
    }

    /** As {@link #close(String)}, when it was lost, or given up, as the stream ended at {@code endAtLoss}. */
    void close(final String reason, final long endAtLoss)
    {
        if (null != reader && state.isOnline() && !status.isLegacy())
        {
            feeder.keepPlace(status.name(), reader, endAtLoss);
            reader = null;
        }

        dismiss(reason);
    }

    /** As {@link #close}, but it will not be able to go on, or must not. A reason is kept for INFO. */
    void dismiss(final String reason)
    {
        if (ReplicaState.CLOSED == state)
        {
            return;
        }

        snapshot.close();
        if (null != reader)
        {
            reader.close();
            reader = null;
        }

        output.close();
        input.close();
        status.closeReason(reason);
        moveTo(ReplicaState.CLOSED, feeder.nowMs());
        // So that the next cycle forgets this one.
        feeder.onUnblocked(this);
    }

    // Output.

    private int writeBody(final long nowMs)
    {
        return switch (state)
        {
            case ONLINE -> writeStream();
            case STREAM_SNAPSHOT, SEND_SNAPSHOT -> writeImage(nowMs);
            case AWAIT_LENGTH -> beginLength(nowMs);
            default -> 0;
        };
    }

    private int writeStream()
    {
        final ByteBuffer bytes = reader.next(WRITE_MAX);
        if (null == bytes)
        {
            return 0;
        }

        final int written = output.write(bytes);
        if (written > 0)
        {
            reader.advance(written);
        }

        return written;
    }

    private int writeImage(final long nowMs)
    {
        final int written = snapshot.write(WRITE_MAX);
        if (SnapshotOutput.END != written)
        {
            return 0 == written && isImageAborted() ? 0 : written;
        }

        endImage(nowMs);
        return 0;
    }

    /** All of the snapshot is in the socket. */
    private void endImage(final long nowMs)
    {
        snapshot.close();
        status.alive(nowMs);
        if (status.isRdbOnly())
        {
            feeder.log().notice(
                "RDB transfer completed, rdb only replica (" + status.name() + ") should be disconnected asap");
            status.served();
            moveTo(ReplicaState.RDB_SENT, nowMs);
            return;
        }

        final boolean needsAck = snapshot.hasMark();
        if (needsAck)
        {
            feeder.log().notice(
                "Streamed RDB transfer with replica " + status.name() +
                    " succeeded (socket). Waiting for REPLCONF ACK from replica to enable streaming");
        }

        moveTo(needsAck ? ReplicaState.AWAIT_ACK : ReplicaState.ONLINE, nowMs);
        feeder.log().notice("Synchronization with replica " + status.name() + " succeeded");
    }

    /** Closes the session if its snapshot will never be complete. */
    private boolean isImageAborted()
    {
        if (!snapshot.isAborted())
        {
            return false;
        }

        feeder.log().warning("SYNC failed. BGSAVE child returned an error");
        close("snapshot aborted: " + snapshot.abortReason());
        return true;
    }

    private int beginLength(final long nowMs)
    {
        if (!snapshot.isComplete())
        {
            return 0;
        }

        output.putHead("$" + snapshot.length() + "\r\n");
        moveTo(ReplicaState.SEND_SNAPSHOT, nowMs);
        return output.writeHead();
    }

    /** The shape of CLIENT LIST, as far as the feeder knows. */
    String clientInfo()
    {
        return "id=" + status.clientId() + " addr=" + status.address() + " laddr=" + status.localAddress() + " fd=" +
            status.fileDescriptor() + " name= flags=S omem=" + pending() + " cmd=replconf";
    }

    private void publish()
    {
        status.sent(null == reader ? 0 : reader.nextOffset(), snapshot.sent(), bytesSent);
    }

    /** The only place that assigns {@link #state}. */
    private void moveTo(final ReplicaState next, final long nowMs)
    {
        Check.that(state.canMoveTo(next), "illegal replica transition", state.code(), next.code());
        state = next;
        if (next.isOnline())
        {
            // Else it would be timed out at once.
            status.alive(nowMs);
        }

        publish();
        status.state(next);
        feeder.changed();
    }
}
