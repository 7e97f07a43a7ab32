package org.millrace.engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WrappingReadTest
{
    private static final int CAPACITY = 1024;

    /** Divides no ring: each time around there is padding at the end. */
    private static final int LENGTH = 92;

    static Stream<RingBuffer> rings()
    {
        final int length = CAPACITY + RingBufferDescriptor.TRAILER_LENGTH;
        return Stream.of(
            new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(length))),
            new ManyToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(length))));
    }

    @ParameterizedTest
    @MethodSource("rings")
    void shouldReadTheOneMessageThereIsWhereverItStands(final RingBuffer ring)
    {
        int beginnings = 0;
        for (int i = 0; i < 3 * CAPACITY / LENGTH; i++)
        {
            beginnings += send(ring) < LENGTH ? 1 : 0;
            assertEquals(1, WrappingRead.read(ring, (type, buffer, index, length) -> assertEquals(LENGTH, length), 8));
            assertEquals(0, WrappingRead.read(ring, (type, buffer, index, length) -> assertEquals(0, length), 8));
        }

        assertTrue(beginnings > 1, "the ring was not gone around");
    }

    @ParameterizedTest
    @MethodSource("rings")
    void shouldReadItUnderControl(final RingBuffer ring)
    {
        for (int i = 0; i < 3 * CAPACITY / LENGTH; i++)
        {
            send(ring);
            assertEquals(0, WrappingRead.controlledRead(ring,
                (type, buffer, index, length) -> ControlledMessageHandler.Action.ABORT, 8));
            assertEquals(1, WrappingRead.controlledRead(ring,
                (type, buffer, index, length) -> ControlledMessageHandler.Action.CONTINUE, 8));
        }

        assertEquals(0, ring.size());
    }

    private static int send(final RingBuffer ring)
    {
        final int index = ring.tryClaim(1, LENGTH);
        assertTrue(index > 0);
        ring.commit(index);
        return index;
    }
}
