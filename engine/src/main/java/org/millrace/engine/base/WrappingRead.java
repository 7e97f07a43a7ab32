package org.millrace.engine.base;

import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Reads of a ring buffer that return 0 only if there was no message. A read by itself ends at the end of the ring, and
 * a message that did not fit there leaves padding: a consumer that parks when it got nothing would sleep on that
 * message, whose producer had looked whether it sleeps just before.
 */
public final class WrappingRead
{
    private WrappingRead()
    {
    }

    /** As {@link RingBuffer#read(MessageHandler, int)}. */
    public static int read(final RingBuffer ring, final MessageHandler handler, final int limit)
    {
        final int count = ring.read(handler, limit);
        return count > 0 ? count : ring.read(handler, limit);
    }

    /** As {@link RingBuffer#controlledRead(ControlledMessageHandler, int)}. */
    public static int controlledRead(final RingBuffer ring, final ControlledMessageHandler handler, final int limit)
    {
        final int count = ring.controlledRead(handler, limit);
        return count > 0 ? count : ring.controlledRead(handler, limit);
    }
}
