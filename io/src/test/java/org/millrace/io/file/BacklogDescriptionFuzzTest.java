package org.millrace.io.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A backlog header of arbitrary or damaged bytes says nothing, or what was written: never anything else. */
class BacklogDescriptionFuzzTest
{
    private static final int ROUNDS = 20_000 * Integer.getInteger("millrace.fuzz.factor", 1);
    private static final int LENGTH = BacklogDescription.SLOTS * BacklogDescription.SLOT_LENGTH;

    private final BacklogDescription older = new BacklogDescription(8, "a".repeat(40), "b".repeat(40), 77, 5, 65536);
    private final BacklogDescription newer = new BacklogDescription(9, "c".repeat(40), "a".repeat(40), 90, 6, 65536);
    private final Random random = new Random(0xF0226);

    @Test
    void shouldSayNothingOrWhatWasWritten()
    {
        final byte[] good = new byte[LENGTH];
        System.arraycopy(older.encode().array(), 0, good, 0, BacklogDescription.SLOT_LENGTH);
        System.arraycopy(
            newer.encode().array(), 0, good, BacklogDescription.SLOT_LENGTH, BacklogDescription.SLOT_LENGTH);
        assertEquals(newer, BacklogDescription.decode(ByteBuffer.wrap(good)));
        for (int round = 0; round < ROUNDS; round++)
        {
            final BacklogDescription found = BacklogDescription.decode(ByteBuffer.wrap(damaged(good)));
            assertTrue(null == found || found.equals(older) || found.equals(newer), "round " + round + ": " + found);
        }
    }

    @Test
    void shouldKeepTheOtherSlotWhereverAWriteIsTorn()
    {
        final byte[] slots = new byte[LENGTH];
        System.arraycopy(older.encode().array(), 0, slots, 0, BacklogDescription.SLOT_LENGTH);
        final byte[] fresh = newer.encode().array();
        for (int written = 0; written < BacklogDescription.SLOT_LENGTH - 8; written++)
        {
            final byte[] torn = slots.clone();
            System.arraycopy(fresh, 0, torn, BacklogDescription.SLOT_LENGTH, written);
            assertEquals(older, BacklogDescription.decode(ByteBuffer.wrap(torn)), "written " + written);
        }
    }

    private byte[] damaged(final byte[] good)
    {
        final byte[] bytes = new byte[random.nextInt(4) > 0 ? LENGTH : random.nextInt(LENGTH + 100)];
        if (random.nextInt(4) == 0)
        {
            random.nextBytes(bytes);
            return bytes;
        }

        System.arraycopy(good, 0, bytes, 0, Math.min(bytes.length, good.length));
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--)
        {
            bytes[random.nextInt(bytes.length)] = (byte)random.nextInt();
        }

        return bytes;
    }
}
