package org.millrace.engine.readers;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * Layout of the messages between a reader thread and the writer. Each begins with the connection's number.
 * <pre>
 *   up:    0            4
 *          +------------+---------------------------+
 *          | connection | bytes (INPUT, REPLIES)    |
 *          +------------+---------------------------+
 *   down:  0            4             8             12          16
 *          +------------+-------------+-------------+-----------+
 *          | connection | messages    | database    | flags     |   (YOURS only, from messages on)
 *          +------------+-------------+-------------+-----------+
 * </pre>
 */
@Layout(name = "up", value = "Message from a reader thread to the writer: INPUT, REPLIES, ENDED, WRITABLE, LEFT, " +
    "CLOSED")
@Layout(name = "down", value = "Message from the writer to a reader thread; the fields behind the connection are " +
    "those of YOURS", length = HandOver.DOWN_LENGTH)
final class HandOver
{
    // Up: from the reader to the writer.

    /** What the peer has sent. */
    static final int INPUT = 1;

    /** Replies that the reader has made and the peer did not take: they go before all that the writer makes. */
    static final int REPLIES = 2;

    /** The peer has closed, or the socket has failed. */
    static final int ENDED = 3;

    /** The peer takes more bytes. */
    static final int WRITABLE = 4;

    /** The reader has let the connection go; it is the writer's own from now on. */
    static final int LEFT = 5;

    // Down: from the writer to the reader.

    /** The reader may answer again, if it has sent no more than this many messages. */
    static final int YOURS = 1;

    /** Say once when the peer takes more bytes. */
    static final int WANT_WRITE = 2;

    static final int READ_ON = 3;
    static final int READ_OFF = 4;

    /** Let the connection go, its socket stays open. */
    static final int LEAVE = 5;

    static final int CLOSE = 6;

    /** Up: the reader has closed the connection, as it was told. */
    static final int CLOSED = 6;

    @Layout.Field(bytes = 0, value = "bytes, of INPUT and REPLIES", of = "up")
    static final int BYTES_OFFSET = 4;
    static final int DOWN_LENGTH = 16;

    @Layout.Bits("flags: replies in RESP3")
    static final int PROTOCOL_3 = 1;

    @Layout.Bits("flags: reads leave the access clock alone")
    static final int NO_TOUCH = 2;

    @Layout.Field(bytes = Integer.BYTES, value = "number of the connection")
    private static final int CONNECTION_OFFSET = 0;

    @Layout.Field(bytes = Integer.BYTES, value = "messages that the writer has taken", of = "down")
    private static final int MESSAGES_OFFSET = CONNECTION_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "database", of = "down")
    private static final int DATABASE_OFFSET = MESSAGES_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "flags", of = "down")
    private static final int FLAGS_OFFSET = DATABASE_OFFSET + 4;

    private HandOver()
    {
    }

    static int connection(final long message)
    {
        return Memory.getInt(message);
    }

    static void connection(final long message, final int number)
    {
        Memory.putInt(message, number);
    }

    static int messages(final long message)
    {
        return Memory.getInt(message + MESSAGES_OFFSET);
    }

    static int database(final long message)
    {
        return Memory.getInt(message + DATABASE_OFFSET);
    }

    static int flags(final long message)
    {
        return Memory.getInt(message + FLAGS_OFFSET);
    }

    static void yours(final long message, final int messages, final int database, final int flags)
    {
        Memory.putInt(message + MESSAGES_OFFSET, messages);
        Memory.putInt(message + DATABASE_OFFSET, database);
        Memory.putInt(message + FLAGS_OFFSET, flags);
    }
}
