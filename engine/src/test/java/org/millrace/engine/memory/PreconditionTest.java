package org.millrace.engine.memory;

import org.junit.jupiter.api.Test;
import org.millrace.engine.Refusal;

/** What the docs of this package ask of their callers is asked by the code as well. */
class PreconditionTest
{
    @Test
    void shouldCopyDisjointOnlyWhatIs()
    {
        final long block = Memory.reserve(64);
        Memory.set(block, 64, (byte)0);
        Refusal.inCheckedMode("ranges that overlap", () -> Memory.copyDisjoint(block, block + 15, 16));
        Refusal.inCheckedMode("ranges that overlap", () -> Memory.copyDisjoint(block + 15, block, 16));
        Memory.copyDisjoint(block, block + 16, 16);
        Memory.copyDisjoint(block + 16, block, 16);
        Memory.release(block);
    }

    @Test
    void shouldParseOnlyCanonicalNumbers()
    {
        final long block = Memory.reserve(2);
        Memory.putByte(block, (byte)'0');
        Memory.putByte(block + 1, (byte)'1');
        Refusal.inCheckedMode("no canonical number", () -> Decimal.parse(block, 2));
        Memory.release(block);
    }

    @Test
    void shouldAllocateNoNegativeLength()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            Refusal.inCheckedMode("negative length", () -> memory.allocate(-1, MemoryTag.ENTRY));
        }
    }

    @Test
    void shouldEnterAnEpochOnceAndOnlyWithAnOpenSlot()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final Epochs epochs = new Epochs(memory, 1 << 20);
            final long slot = epochs.open();
            epochs.enter(slot);
            Refusal.inCheckedMode("entered twice", () -> epochs.enter(slot));
            Refusal.inCheckedMode("entered twice", () -> epochs.enterToStay(slot));
            Refusal.of("closed with a reader inside", epochs::close);
            Epochs.exit(slot);
            Epochs.close(slot);
            Refusal.inCheckedMode("a slot that is not open", () -> epochs.enter(slot));
            Epochs.exit(slot);
            epochs.close();
        }
    }

    @Test
    void shouldListASlabOnlyWhileItIsEvacuated()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int ref = memory.allocate(64, MemoryTag.ENTRY);
            final Evacuation evacuation = new Evacuation(memory);
            Refusal.of("not being evacuated", () -> evacuation.usedRefs(1, new int[evacuation.slotsMax()]));
            Refusal.of("not being evacuated", () -> evacuation.end(1));
            memory.free(ref, MemoryTag.ENTRY);
        }
    }
}
