package org.millrace.engine.replication.primary;

import org.millrace.engine.command.Rights;

/**
 * One replica of ours as everybody may see it: who it is, and numbers that the feeder publishes for INFO, ROLE, WAIT,
 * CLIENT LIST and min-replicas. The feeder writes, any thread reads; each number stands for itself.
 */
public final class ReplicaStatus
{
    private final long clientId;
    private final String name;
    private final String host;
    private final int port;
    private final String address;
    private final String localAddress;
    private final int fileDescriptor;
    private final boolean isLegacy;
    private final boolean isRdbOnly;
    private final long attachedMs;

    /** Writer thread. */
    private Rights user = Rights.ALL;

    private volatile ReplicaState state = ReplicaState.AWAIT_SNAPSHOT;
    private volatile long ackOffset;
    private volatile long fsyncOffset;
    private volatile long lastAckMs;
    private volatile long nextOffset;
    private volatile long imageSent;
    private volatile long bytesSent;
    private volatile String closeReason = "";
    private volatile boolean isServed;

    ReplicaStatus(
        final long clientId,
        final String name,
        final String host,
        final int port,
        final String address,
        final String localAddress,
        final int fileDescriptor,
        final boolean isLegacy,
        final boolean isRdbOnly,
        final long attachedMs)
    {
        this.clientId = clientId;
        this.name = name;
        this.host = host;
        this.port = port;
        this.address = address;
        this.localAddress = localAddress;
        this.fileDescriptor = fileDescriptor;
        this.isLegacy = isLegacy;
        this.isRdbOnly = isRdbOnly;
        this.attachedMs = attachedMs;
    }

    /** Id of the client that it was before PSYNC, and still is in CLIENT LIST. */
    public long clientId()
    {
        return clientId;
    }

    /** The user that has asked for the stream, and whose end is this replica's. Writer thread, as the setter. */
    public Rights user()
    {
        return user;
    }

    void user(final Rights newUser)
    {
        user = newUser;
    }

    /** {@code host:port} as log lines have it. */
    public String name()
    {
        return name;
    }

    /** Announced address, or the peer's. */
    public String host()
    {
        return host;
    }

    /** Announced port, 0 if it told none. */
    public int port()
    {
        return port;
    }

    /** Peer of the socket, {@code ip:port}. */
    public String address()
    {
        return address;
    }

    public String localAddress()
    {
        return localAddress;
    }

    public int fileDescriptor()
    {
        return fileDescriptor;
    }

    /** Came with SYNC: never sends an ACK. */
    public boolean isLegacy()
    {
        return isLegacy;
    }

    /** Wants the snapshot and no stream. */
    public boolean isRdbOnly()
    {
        return isRdbOnly;
    }

    /** It wanted the snapshot and no stream, and all of the snapshot was sent: that it leaves is no failure. */
    boolean isServed()
    {
        return isServed;
    }

    /** Feeder. */
    void served()
    {
        isServed = true;
    }

    /** Monotonic ms of PSYNC or SYNC. */
    public long attachedMs()
    {
        return attachedMs;
    }

    public ReplicaState state()
    {
        return state;
    }

    /** Offset it has applied, by its last ACK; 0 before the first. */
    public long ackOffset()
    {
        return ackOffset;
    }

    /** Offset it has on disk (FACK); 0 if it never said. */
    public long fsyncOffset()
    {
        return fsyncOffset;
    }

    /** Whole seconds since its last sign of life; 0 unless online. */
    public long lagSeconds(final long nowMs)
    {
        return state.isOnline() ? Math.max(0, nowMs - lastAckMs) / 1000 : 0;
    }

    /** Next stream byte to be sent to it; 0 while it is not to get any. */
    public long nextOffset()
    {
        return nextOffset;
    }

    /** Bytes of the snapshot sent. */
    public long imageSent()
    {
        return imageSent;
    }

    /** All bytes sent. */
    public long bytesSent()
    {
        return bytesSent;
    }

    /** Why it was closed; empty while it is not. */
    public String closeReason()
    {
        return closeReason;
    }

    long lastAckMs()
    {
        return lastAckMs;
    }

    void state(final ReplicaState newState)
    {
        state = newState;
    }

    void alive(final long nowMs)
    {
        lastAckMs = nowMs;
    }

    /** Offsets only move forward. @return true if this one did. */
    boolean acknowledged(final long offset)
    {
        if (offset <= ackOffset)
        {
            return false;
        }

        ackOffset = offset;
        return true;
    }

    /** @return true if it has moved. */
    boolean synced(final long offset)
    {
        final boolean hasMoved = offset > fsyncOffset;
        fsyncOffset = Math.max(fsyncOffset, offset);
        return hasMoved;
    }

    void sent(final long next, final long image, final long bytes)
    {
        nextOffset = next;
        imageSent = image;
        bytesSent = bytes;
    }

    void closeReason(final String reason)
    {
        closeReason = reason;
    }
}
