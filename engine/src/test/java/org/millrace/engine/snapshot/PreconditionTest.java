package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Refusal;

/** What the docs of this package ask of their callers is asked by the code as well. */
class PreconditionTest
{
    @Test
    void shouldPassNoMoreThanThereIs()
    {
        try (ImageRig rig = new ImageRig("1".repeat(40), 1); ImageCursor cursor = rig.image().openCursor())
        {
            rig.put("key", "value");
            rig.finish();
            final ByteBuffer view = cursor.next(1 << 20);
            Refusal.of("cursor passed the end", () -> cursor.advance(1 << 20));
            Refusal.of("cursor passed the end", () -> cursor.advance(-1));
            cursor.advance(view.remaining());
        }
    }

    @Test
    void shouldReadNoLongerFieldInOnePieceThanThereIsRoomFor()
    {
        try (RdbInput input = new RdbInput())
        {
            Refusal.of("too much in one piece", () -> input.fixed(17));
        }
    }
}
