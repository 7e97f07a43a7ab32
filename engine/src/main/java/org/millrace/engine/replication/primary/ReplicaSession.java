package org.millrace.engine.replication.primary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.resp.RespReader;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;

/**
 * The feeder's view of one replica: owns its socket, its place in the snapshot and its place in the stream. Made by
 * the writer at PSYNC or SYNC, then confined to the feeder. Reads ACKs and empty lines; anything else that would
 * produce a reply ends the connection, since a reply has no place in the stream.
 */
final class ReplicaSession implements ConnectionHandler
{
    /** Longest single write. */
    static final int WRITE_MAX = 64 << 10;

    /** Bytes of an incomplete command that are kept; a replica has no business to send long ones. */
    private static final int INPUT_MAX = 1 << 20;

    /** Longest head: FULLRESYNC line, payload line, an empty snapshot and its end mark. */
    private static final int HEAD_MAX = 256;

    private static final int RDB_LINGER_MS = 2000;

    /** What two kernels may hold of a stream that is on its way: asked for again when the link is lost. */
    private static final int IN_FLIGHT_MAX = 16 << 20;

    /** A snapshot of nothing: version 9, EOF opcode, no checksum. */
    private static final String EMPTY_RDB = "REDIS0009\u00ff\0\0\0\0\0\0\0\0";

    private final ReplicaStatus status;
    private final Connection connection;
    private final OutBuffer input = new OutBuffer(256);
    private final RespReader requests = new RespReader(new RespLimits());
    private final ArgVector args = new ArgVector();
    private final ByteBuffer head = ByteBuffer.allocateDirect(HEAD_MAX);

    private Feeder feeder;
    private ReplicaState state = ReplicaState.AWAIT_SNAPSHOT;
    private BacklogReader reader;
    private ImageCursor cursor;
    private String mark;
    private boolean isMarkSent;
    private boolean isBlocked;
    private boolean hasCaughtUp;
    private long bytesSent;
    private long lastProgressMs;
    private long softSinceMs = -1;

    /** @param unread input that had arrived behind the PSYNC command. */
    ReplicaSession(final ReplicaStatus status, final Connection connection, final byte[] unread)
    {
        this.status = status;
        this.connection = connection;
        head.limit(0);
        input.put(unread);
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
        lastProgressMs = nowMs;
        status.alive(nowMs);
        readInput(nowMs);
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

        reader = from;
        keepSent();
        hasCaughtUp = true;
        putHead(line);
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
            closeSources(image, from);
            return;
        }

        reader = from;
        keepSent();
        cursor = image;
        mark = endMark;
        hasCaughtUp = false;
        lastProgressMs = nowMs;
        // A newline may still be on its way out of the head.
        head.compact().flip();
        if (null == endMark)
        {
            putHead(line);
            moveTo(ReplicaState.AWAIT_LENGTH, nowMs);
        }
        else
        {
            putHead(line + "$EOF:" + endMark + "\r\n");
            moveTo(ReplicaState.STREAM_SNAPSHOT, nowMs);
            if (null == image)
            {
                putHead(EMPTY_RDB + endMark);
                isMarkSent = true;
            }
        }
    }

    private void keepSent()
    {
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
            putHead(errorLine);
            writeHead();
            close(errorLine.trim());
        }
    }

    // Duty cycle.

    /** Write up to about {@code budget} bytes. @return bytes written. */
    int send(final int budget, final long nowMs)
    {
        if (isImageAborted())
        {
            return 0;
        }

        int sent = 0;
        while (sent < budget && !isBlocked && ReplicaState.CLOSED != state)
        {
            final int step = head.hasRemaining() ? writeHead() : writeBody(nowMs);
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

    /** True if {@link #send} can do nothing before the peer has taken bytes, or more are there. */
    boolean isIdle()
    {
        if (isBlocked || ReplicaState.CLOSED == state)
        {
            return true;
        }

        if (head.hasRemaining())
        {
            return false;
        }

        return switch (state)
        {
            case STREAM_SNAPSHOT, SEND_SNAPSHOT -> false;
            case AWAIT_LENGTH -> !cursor.image().isComplete() && !cursor.image().isAborted();
            case ONLINE -> null == reader || reader.pending() <= 0;
            default -> true;
        };
    }

    boolean isStreaming()
    {
        return ReplicaState.ONLINE == state;
    }

    /** True if the writer's snapshot, or its end, is what keeps this one busy. */
    boolean awaitsImage()
    {
        return ReplicaState.STREAM_SNAPSHOT == state && !isBlocked || ReplicaState.AWAIT_LENGTH == state;
    }

    long pending()
    {
        return null == reader ? 0 : reader.pending();
    }

    /** Close it if it lags too far; cheap, called whenever the stream has moved. */
    void checkHardLimit(final FeederLimits limits)
    {
        if (null == reader)
        {
            return;
        }

        final long pending = reader.pending();
        // What piled up behind the snapshot is not held against it until it has come down once.
        hasCaughtUp |= ReplicaState.ONLINE == state && pending < limits.hardLimit(false);
        final long limit = limits.hardLimit(!hasCaughtUp);
        if (pending >= limit && pending - feeder.lagAllowance(reader.nextOffset()) >= limit)
        {
            overrun(pending, limits);
        }
    }

    /** Once a second: newline, timeouts, soft limit. */
    void cron(final FeederLimits limits, final long nowMs)
    {
        if (state.isBeforePayload() && !head.hasRemaining())
        {
            putHead("\n");
            send(1, nowMs);
        }

        final long timeoutMs = (limits.timeoutSeconds() + 1) * 1000L;
        if (state.isOnline())
        {
            if (!status.isLegacy() && nowMs - status.lastAckMs() >= timeoutMs)
            {
                feeder.log().warning("Disconnecting timedout replica (streaming sync): " + status.name());
                close("timeout (streaming sync)");
            }
        }
        else if (ReplicaState.STREAM_SNAPSHOT == state || ReplicaState.SEND_SNAPSHOT == state)
        {
            if (isBlocked && nowMs - lastProgressMs >= timeoutMs)
            {
                feeder.log().warning("Disconnecting timedout replica (full sync): " + status.name());
                close("timeout (full sync)");
            }
        }
        else if (ReplicaState.RDB_SENT == state && nowMs - lastProgressMs >= RDB_LINGER_MS)
        {
            close("");
        }

        checkSoftLimit(limits, nowMs);
    }

    // Socket events.

    @Override
    public void onReadable()
    {
        final ByteBuffer target = feeder.readBuffer();
        target.clear();
        final int length = connection.read(target);
        if (Connection.CLOSED == length)
        {
            final String failure = connection.failure();
            close(failure.isEmpty() ? "closed by the replica" : failure);
            return;
        }

        if (length > 0)
        {
            input.put(feeder.readBufferAddress(), length);
            readInput(feeder.nowMs());
        }
    }

    @Override
    public void onWritable()
    {
        if (isBlocked)
        {
            isBlocked = false;
            connection.wantWrite(false);
            feeder.onUnblocked(this);
        }
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

        closeSources(cursor, reader);
        cursor = null;
        reader = null;
        connection.close();
        input.close();
        Memory.free(head);
        status.closeReason(reason);
        moveTo(ReplicaState.CLOSED, feeder.nowMs());
        // So that the next cycle forgets this one.
        feeder.onUnblocked(this);
    }

    // Output.

    private int writeHead()
    {
        final int position = head.position();
        final int length = head.remaining();
        final int written = write(head, length);
        if (written > 0)
        {
            head.position(position + written);
        }

        return written;
    }

    private int writeBody(final long nowMs)
    {
        return switch (state)
        {
            case STREAM_SNAPSHOT, SEND_SNAPSHOT -> writeImage(nowMs);
            case AWAIT_LENGTH -> beginLength(nowMs);
            case ONLINE -> writeStream();
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

        final int written = write(bytes, bytes.remaining());
        if (written > 0)
        {
            reader.advance(written);
        }

        return written;
    }

    private int writeImage(final long nowMs)
    {
        final ByteBuffer bytes = isMarkSent ? null : cursor.next(WRITE_MAX);
        if (null != bytes)
        {
            final int written = write(bytes, bytes.remaining());
            if (written > 0)
            {
                cursor.advance(written);
            }

            return written;
        }

        if (isMarkSent)
        {
            endImage(nowMs);
            return 0;
        }

        if (isImageAborted())
        {
            return 0;
        }

        // Complete was read after next() had nothing: position tells whether bytes came in between.
        if (!cursor.image().isComplete() || cursor.position() < cursor.image().availableLength())
        {
            return 0;
        }

        if (null == mark)
        {
            endImage(nowMs);
            return 0;
        }

        putHead(mark);
        isMarkSent = true;
        return writeHead();
    }

    /** All of the snapshot is in the socket. */
    private void endImage(final long nowMs)
    {
        final boolean needsAck = null != mark;
        if (null != cursor)
        {
            cursor.close();
            cursor = null;
        }

        status.alive(nowMs);
        if (status.isRdbOnly())
        {
            feeder.log().notice(
                "RDB transfer completed, rdb only replica (" + status.name() + ") should be disconnected asap");
            status.served();
            moveTo(ReplicaState.RDB_SENT, nowMs);
            return;
        }

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
        if (null == cursor || !cursor.image().isAborted())
        {
            return false;
        }

        feeder.log().warning("SYNC failed. BGSAVE child returned an error");
        close("snapshot aborted: " + cursor.image().abortReason());
        return true;
    }

    private int beginLength(final long nowMs)
    {
        if (!cursor.image().isComplete())
        {
            return 0;
        }

        putHead("$" + cursor.image().availableLength() + "\r\n");
        moveTo(ReplicaState.SEND_SNAPSHOT, nowMs);
        return writeHead();
    }

    private int write(final ByteBuffer source, final int length)
    {
        final int written = connection.write(source);
        if (Connection.CLOSED == written)
        {
            final String failure = connection.failure();
            close(failure.isEmpty() ? "closed by the replica" : failure);
            return 0;
        }

        if (written < length)
        {
            isBlocked = true;
            connection.wantWrite(true);
        }

        return written;
    }

    /** Append text to the head, which is short and nearly always empty. */
    private void putHead(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        head.compact().put(bytes).flip();
    }

    // Input.

    private void readInput(final long nowMs)
    {
        while (ReplicaState.CLOSED != state && input.length() > 0)
        {
            final int result = requests.read(input.address(), input.length(), args, true);
            if (RespReader.INCOMPLETE == result)
            {
                if (input.length() > INPUT_MAX)
                {
                    feeder.log().warning("Replica " + status.name() + " sends too long a command, closing connection.");
                    close("too long a command");
                }

                return;
            }

            if (RespReader.ERROR == result)
            {
                feeder.log().verbose("Protocol error (" + requests.error() + ") from replica " + status.name());
                close(requests.error());
                return;
            }

            if (RespReader.NOTHING == result)
            {
                status.alive(nowMs);
            }
            else
            {
                onCommand(nowMs);
            }

            if (ReplicaState.CLOSED != state)
            {
                input.take(requests.consumed());
            }
        }
    }

    private void onCommand(final long nowMs)
    {
        switch (feeder.word(args))
        {
            case REPLCONF -> onReplconf(nowMs);
            case SYNC -> {
                // A second request for synchronization is ignored without a word, as in Redis.
            }
            default -> feeder.onForeignCommand(this, args);
        }
    }

    private void onReplconf(final long nowMs)
    {
        if (args.count() >= 3 && args.is(1, "ACK"))
        {
            onAck(nowMs);
        }
        else if (args.count() < 3 || !args.is(1, "GETACK"))
        {
            feeder.onForeignCommand(this, args);
        }
    }

    private void onAck(final long nowMs)
    {
        if (!Decimal.isCanonical(args.address(2), args.length(2)))
        {
            return;
        }

        status.alive(nowMs);
        final long offset = Decimal.parse(args.address(2), args.length(2));
        final boolean hasMoved = status.acknowledged(offset);
        if (null != reader)
        {
            reader.confirm(offset);
        }

        if (args.count() >= 5 && args.is(3, "FACK") && Decimal.isCanonical(args.address(4), args.length(4)))
        {
            status.synced(Decimal.parse(args.address(4), args.length(4)));
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

    // Limits.

    private void checkSoftLimit(final FeederLimits limits, final long nowMs)
    {
        if (null == reader || !hasCaughtUp || 0 == limits.softBytes())
        {
            return;
        }

        final long pending = reader.pending() - feeder.lagAllowance(reader.nextOffset());
        if (pending < limits.softBytes())
        {
            softSinceMs = -1;
        }
        else if (softSinceMs < 0)
        {
            softSinceMs = nowMs;
        }
        else if (nowMs - softSinceMs > limits.softSeconds() * 1000)
        {
            overrun(reader.pending(), limits);
        }
    }

    private void overrun(final long pending, final FeederLimits limits)
    {
        feeder.log().warning(
            "Client " + clientInfo() + " scheduled to be closed ASAP for overcoming of output buffer limits.");
        feeder.log().warning(
            "Replica " + status.name() + " is " + pending + " bytes behind. " +
                (hasCaughtUp
                    ? "To allow more, raise client-output-buffer-limit for class replica (now " +
                        limits.hardBytes() + " " + limits.softBytes() + " " + limits.softSeconds() +
                        ") or repl-backlog-size (now " + limits.historyBytes() + ")."
                    : "To allow more during a full resync, raise repl-backlog-max-size (now " +
                        limits.resyncBytes() + ")."));
        dismiss("lagged " + pending + " bytes, over the limit");
    }

    /** The shape of CLIENT LIST, as far as the feeder knows. */
    String clientInfo()
    {
        return "id=" + status.clientId() + " addr=" + status.address() + " laddr=" + status.localAddress() + " fd=" +
            status.fileDescriptor() + " name= flags=S omem=" + (null == reader ? 0 : reader.pending()) +
            " cmd=replconf";
    }

    private static void closeSources(final ImageCursor cursor, final BacklogReader reader)
    {
        if (null != cursor)
        {
            cursor.close();
        }

        if (null != reader)
        {
            reader.close();
        }
    }

    private void publish()
    {
        status.sent(
            null == reader ? 0 : reader.nextOffset(), null == cursor ? status.imageSent() : cursor.position(),
            bytesSent);
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
