package org.millrace.engine.guard;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.BufferUtil;
import org.millrace.engine.base.InvariantError;

/**
 * Knows all raw memory that this process may touch, and says no to the rest. Any thread.
 *
 * <p>An error is also kept until somebody takes it ({@link #takeViolation}), so that a test fails whoever has caught it.
 */
public final class MemoryGuard
{
    /** How far from an address a message looks for the block that may have been meant. */
    private static final long NEAR = 4096;

    private static final PageTable PAGES = new PageTable();
    private static final ThreadLocal<Leniency> LENIENCY = ThreadLocal.withInitial(Leniency::new);
    private static final Object FOREVER = new Object();
    private static final AtomicReference<String> VIOLATION = new AtomicReference<>();

    private MemoryGuard()
    {
    }

    /** The range is alive; or an allocator's while the thread is a reader that was expelled, or examines slots. */
    public static void read(final long address, final long length)
    {
        final Block block = PAGES.find(address);
        if (null == block || !block.isLive(address, length))
        {
            refuse("read", address, length, block);
        }
    }

    /** The range is alive. */
    public static void write(final long address, final long length)
    {
        final Block block = PAGES.find(address);
        if (null == block || !block.isLive(address, length))
        {
            refuse("write", address, length, null);
        }
    }

    /** The byte is mapped, whatever it belongs to. */
    public static void touch(final long address)
    {
        if (null == PAGES.find(address))
        {
            throw violation("touch", address);
        }
    }

    private static void refuse(final String what, final long address, final long length, final Block block)
    {
        final boolean isMapped = null != block && null != block.region() && length >= 0 &&
            length <= block.end - address;
        if (0 != length && !(isMapped && mayMeetAnything()))
        {
            throw violation(what + " of " + length + (1 == length ? " byte" : " bytes"), address);
        }
    }

    /** So much memory was taken from the system. */
    public static void reserved(final long address, final long length)
    {
        if (length > 0)
        {
            // What the system gives cannot be in use: these are buffers that were freed behind our back.
            PAGES.overlapping(address, address + length).forEach(PAGES::remove);
            PAGES.add(new Block(address, length, "reserved block", null));
        }
    }

    /** Memory that {@link #reserved} has named is about to go back to the system. */
    public static void released(final long address)
    {
        if (0 != address)
        {
            PAGES.remove(block(address));
        }
    }

    /** The buffer's memory is alive as long as the buffer is; or as another buffer is that has all of it. */
    public static void buffer(final ByteBuffer buffer)
    {
        final long address = BufferUtil.address(buffer);
        lent(address, buffer.capacity(), buffer);
    }

    /**
     * Memory that somebody else keeps alive while we use it.
     *
     * @param keeper what it is alive as long as; null if nobody can tell.
     */
    public static void lent(final long address, final long length, final Object keeper)
    {
        final Block known = PAGES.find(address);
        final boolean isKnown = null != known && known.isLive(address, length);
        if (length > 0 && !isKnown)
        {
            lend(address, length, null == keeper ? FOREVER : keeper);
        }
    }

    private static void lend(final long address, final long length, final Object keeper)
    {
        for (final Block old : PAGES.overlapping(address, address + length))
        {
            if (!old.isBuffer())
            {
                throw violation("buffer of " + length + " bytes across another block", address);
            }

            PAGES.remove(old);
        }

        PAGES.add(new Block(address, length, "buffer", keeper));
    }

    /** The buffer's memory is about to be freed or unmapped. */
    public static void forget(final ByteBuffer buffer)
    {
        final long address = BufferUtil.address(buffer);
        for (final Block block : PAGES.overlapping(address, address + Math.max(1, buffer.capacity())))
        {
            if (block.isBuffer())
            {
                PAGES.remove(block);
            }
        }
    }

    /**
     * The thread is a reader under the protection of an epoch from here to {@link #exit}. Once its cell says that it is
     * expelled, its reads may meet whatever an allocator has mapped, alive or not, for it finds out only afterwards.
     *
     * @param expelled what the cell holds then.
     * @param keeper whose life the cell's memory hangs on.
     */
    public static void enter(final long cell, final long expelled, final Object keeper)
    {
        LENIENCY.get().add(cell, expelled, keeper);
    }

    public static void exit(final long cell)
    {
        LENIENCY.get().remove(cell);
    }

    /** The thread looks at an allocator's slots, whatever is in them, and goes by nothing that it finds there alone. */
    public static void beginExamining()
    {
        LENIENCY.get().examining(1);
    }

    public static void endExamining()
    {
        LENIENCY.get().examining(-1);
    }

    /** First violation since the last call, null if there was none. */
    public static String takeViolation()
    {
        return VIOLATION.getAndSet(null);
    }

    static boolean mayMeetAnything()
    {
        return LENIENCY.get().mayMeetAnything();
    }

    static Block find(final long address)
    {
        return PAGES.find(address);
    }

    /** The reserved block that begins there. */
    static Block block(final long address)
    {
        final Block block = PAGES.find(address);
        if (null == block || block.start != address || block.isBuffer())
        {
            throw violation("release of what was not reserved or is released", address);
        }

        return block;
    }

    static InvariantError violation(final String what, final long address)
    {
        final String text = what + " at 0x" + Long.toHexString(address) + ": " + describe(address) + ", thread " +
            Thread.currentThread().getName();
        VIOLATION.compareAndSet(null, text);
        return new InvariantError(text);
    }

    private static String describe(final long address)
    {
        final Block block = PAGES.find(address);
        if (null == block)
        {
            return "in no block" + nearest(address);
        }

        final Region region = block.region();
        return null == region
            ? "at byte " + (address - block.start) + " of " + name(block)
            : region.heap.describe(region, address);
    }

    private static String nearest(final long address)
    {
        final List<Block> near = PAGES.overlapping(Math.max(0, address - NEAR), address + NEAR);
        Block nearest = null;
        for (final Block block : near)
        {
            nearest = null == nearest || distance(block, address) < distance(nearest, address) ? block : nearest;
        }

        return null == nearest
            ? ", and none is near"
            : ", " + distance(nearest, address) + (address < nearest.start ? " before " : " behind the end of ") +
                name(nearest);
    }

    private static long distance(final Block block, final long address)
    {
        return address < block.start ? block.start - address : address - block.end;
    }

    private static String name(final Block block)
    {
        return block.kind + " 0x" + Long.toHexString(block.start) + ", " + (block.end - block.start) + " bytes long" +
            (block.isCollected() ? ", collected" : "");
    }
}
