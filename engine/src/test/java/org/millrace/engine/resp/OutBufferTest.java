package org.millrace.engine.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.millrace.engine.Refusal;

class OutBufferTest
{
    @Test
    void shouldTakeAndKeepNoMoreThanThereIs()
    {
        try (OutBuffer buffer = new OutBuffer(64))
        {
            buffer.put(new byte[10]);
            Refusal.of("more taken than there is: length, content: 11, 10", () -> buffer.take(11));
            Refusal.of("more kept than there is", () -> buffer.truncate(11));
            Refusal.of("more kept than there is", () -> buffer.truncate(-1));
            buffer.take(4);
            buffer.truncate(5);
            assertEquals(5, buffer.length());
        }
    }

    @Test
    void shouldWriteNoMoreThanWasClaimed()
    {
        try (OutBuffer buffer = new OutBuffer(64))
        {
            buffer.claim(64);
            Refusal.inCheckedMode("more written than was claimed", () -> buffer.advance(65));
            buffer.advance(64);
            assertEquals(64, buffer.length());
        }
    }
}
