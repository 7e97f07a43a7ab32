package org.millrace.engine.keyspace;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Layout of a bucket: one cache line with twelve slots, and static access to it.
 * <pre>
 *    0  | control word (32)                 | fingerprints of slots 0..3 (8 each) |
 *    8  | fingerprints of slots 4..11 (8 each)                                    |
 *   16  | reference of slot 0 (32)          | reference of slot 1 (32)            |
 *  ...  | ...                                                                     |
 *   56  | reference of slot 10 (32)         | reference of slot 11 (32)           |
 *
 *   control word, high bit first:
 *     s g cc qqqqqqqqqqqqqqqq vvvvvvvvvvvv
 *     s  some keys whose home is this bucket are in the stash
 *     g  some keys whose home is this bucket are guests of the next one
 *     c  stamp of the last cut that has left this bucket
 *     q  sequence, odd while a key whose home is this bucket moves
 *     v  one bit a slot: this key is a guest, its home is the bucket before
 * </pre>
 * A reference of 0 means that the slot is empty, whatever its fingerprint.
 *
 * <p>The writer alone stores. It publishes a key by a release store of the reference, after the entry and the
 * fingerprint; replaces an entry by another such store; removes one by storing 0. A reader loads the fingerprints,
 * then a reference with acquire, and compares the entry's key: entries do not change, so a hit needs no further check.
 * A miss counts only if no key of this home moved meanwhile: the sequence, read before and after, is even and the same.
 */
@Layout(value = "Twelve slots of the index in one cache line; the writer alone stores", length = Bucket.LENGTH)
final class Bucket
{
    static final int SLOTS = 12;
    static final int LENGTH = 64;

    @Layout.Field(bytes = Integer.BYTES, value = "control word")
    static final int CONTROL_OFFSET = 0;

    @Layout.Field(bytes = Bucket.SLOTS, value = "fingerprints of the slots, a byte each")
    static final int FINGERPRINTS_OFFSET = CONTROL_OFFSET + 4;

    @Layout.Field(bytes = Bucket.SLOTS *
        Integer.BYTES, value = "references of the entries, 4 bytes each; 0: the slot is empty")
    static final int REFS_OFFSET = FINGERPRINTS_OFFSET + SLOTS;

    static final int NO_SLOT = -1;

    @Layout.Bits("control word: one bit a slot, this key is a guest, its home is the bucket before")
    static final int GUESTS_MASK = (1 << SLOTS) - 1;

    @Layout.Bits("control word: some keys whose home is this bucket are guests of the next one")
    static final int HAS_GUESTS_NEXT = 1 << 30;

    @Layout.Bits("control word: some keys whose home is this bucket are in the stash")
    static final int HAS_STASHED = 1 << 31;

    @Layout.Bits("control word: stamp of the last cut that has left this bucket")
    static final int STAMP_MASK = 3 << 28;

    private static final int SEQUENCE_ONE = 1 << SLOTS;

    @Layout.Bits("control word: sequence, odd while a key whose home is this bucket moves")
    private static final int SEQUENCE_MASK = 0xFFFF << SLOTS;
    private static final int STAMP_SHIFT = 28;

    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long CONTROL_LANES = 0xFFFF_FFFFL;

    private Bucket()
    {
    }

    static int control(final long bucket)
    {
        return Memory.getInt(bucket);
    }

    static int controlAcquire(final long bucket)
    {
        return Memory.getIntAcquire(bucket);
    }

    static void controlRelease(final long bucket, final int control)
    {
        Memory.putIntRelease(bucket, control);
    }

    static int stamp(final int control)
    {
        return control >>> STAMP_SHIFT & 3;
    }

    static void stamp(final long bucket, final int stamp)
    {
        controlRelease(bucket, control(bucket) & ~STAMP_MASK | stamp << STAMP_SHIFT);
    }

    static boolean isMoving(final int control)
    {
        return 0 != (control & SEQUENCE_ONE);
    }

    static boolean isSameSequence(final int before, final int after)
    {
        return 0 == ((before ^ after) & SEQUENCE_MASK);
    }

    /** Before and after a key whose home this is moves. */
    static void bumpSequence(final long bucket)
    {
        final int control = control(bucket);
        controlRelease(bucket, control & ~SEQUENCE_MASK | control + SEQUENCE_ONE & SEQUENCE_MASK);
    }

    static boolean isGuest(final int control, final int slot)
    {
        return 0 != (control & 1 << slot);
    }

    static long refAddress(final long bucket, final int slot)
    {
        return bucket + REFS_OFFSET + ((long)slot << 2);
    }

    static int ref(final long bucket, final int slot)
    {
        return Memory.getInt(refAddress(bucket, slot));
    }

    static long ofRefAddress(final long refAddress)
    {
        return refAddress & -LENGTH;
    }

    static int slotOfRefAddress(final long refAddress)
    {
        return (int)(refAddress & LENGTH - 1) - REFS_OFFSET >>> 2;
    }

    static int fingerprint(final long bucket, final int slot)
    {
        return Memory.getUnsignedByte(bucket + FINGERPRINTS_OFFSET + slot);
    }

    /** First empty slot, or {@link #NO_SLOT}. */
    static int emptySlot(final long bucket)
    {
        for (int slot = 0; slot < SLOTS; slot++)
        {
            if (OffHeap.NULL_REF == ref(bucket, slot))
            {
                return slot;
            }
        }

        return NO_SLOT;
    }

    /** The fingerprint in all eight lanes, for {@link #matches}. */
    static long lanes(final int fingerprint)
    {
        return fingerprint * LOW_BITS;
    }

    /**
     * One bit for each slot whose fingerprint is equal (and now and then for one above it whose is not, since the
     * subtraction borrows): take the slots off with {@link #slotOfMatch} and {@code matches & matches - 1}.
     * <pre>
     *   first word:   control, fp 0..3   in the upper four lanes; a hit sets bit 7 of its lane
     *   second word:  fp 4..11           in all lanes
     *   result:       lane k has bit 0 set for slot k, k = 0..3, and bit 7 set for slot 4 + k, k = 0..7
     * </pre>
     */
    static long matches(final long bucket, final long lanes)
    {
        final long first = Memory.getLong(bucket) ^ lanes | CONTROL_LANES;
        final long second = Memory.getLong(bucket + 8) ^ lanes;
        final long firstHits = first - LOW_BITS & ~first & HIGH_BITS;
        final long secondHits = second - LOW_BITS & ~second & HIGH_BITS;
        return firstHits >>> 39 | secondHits;
    }

    /** Slot of the lowest bit of {@link #matches}: its lane, plus four if it is a bit 7. */
    static int slotOfMatch(final long matches)
    {
        final int bit = Long.numberOfTrailingZeros(matches);
        return (bit >>> 3) + (bit & 4);
    }
}
