package org.millrace.engine.replication.primary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.Connection;

/**
 * The way out to one replica: the socket, whether it is full, and a head of some text that goes before whatever else is
 * to be sent. Feeder's thread.
 */
final class ReplicaOutput
{
    /** Of a head as it usually is: FULLRESYNC line, payload line, an empty snapshot and its end mark. */
    private static final int HEAD_LENGTH = 256;

    private final ReplicaSession session;
    private final Connection connection;
    private ByteBuffer head = ByteBuffer.allocateDirect(HEAD_LENGTH);
    private boolean isBlocked;

    ReplicaOutput(final ReplicaSession session, final Connection connection)
    {
        this.session = session;
        this.connection = connection;
        head.limit(0);
    }

    /** The socket takes nothing until it says that it does. */
    boolean isBlocked()
    {
        return isBlocked;
    }

    /** It does. @return false if nobody waited for that. */
    boolean unblock()
    {
        if (!isBlocked)
        {
            return false;
        }

        isBlocked = false;
        connection.wantWrite(false);
        return true;
    }

    boolean hasHead()
    {
        return head.hasRemaining();
    }

    /** Append text to the head, which is short and nearly always empty. */
    void putHead(final String text)
    {
        putHead(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The same of bytes, which may be many. */
    void putHead(final byte[] bytes)
    {
        head.compact();
        if (head.remaining() < bytes.length)
        {
            final ByteBuffer full = head;
            head = ByteBuffer.allocateDirect(full.position() + bytes.length + HEAD_LENGTH);
            head.put(full.flip());
            Memory.free(full);
        }

        head.put(bytes).flip();
    }

    /** @return bytes written. */
    int writeHead()
    {
        final int position = head.position();
        final int written = write(head);
        if (written > 0)
        {
            head.position(position + written);
        }

        return written;
    }

    /** As much as the socket takes. @return bytes written; 0 also if that has closed the session. */
    int write(final ByteBuffer source)
    {
        final int length = source.remaining();
        final int written = connection.write(source);
        if (Connection.CLOSED == written)
        {
            session.connectionLost();
            return 0;
        }

        if (written < length)
        {
            isBlocked = true;
            connection.wantWrite(true);
        }

        return written;
    }

    void close()
    {
        connection.close();
        Memory.free(head);
    }
}
