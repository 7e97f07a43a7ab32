package org.millrace.engine.memory;

/**
 * Gets pages for new memory from the operating system and gives them back, off the writer's time. A page that is
 * written to for the first time is cleared by the kernel first: with large values that is nearly half of the writer's
 * time while a data set grows, and another core can as well do it. To unmap memory takes as long for each page.
 */
public interface Pages
{
    /** On the time of whoever writes, and of whoever releases. */
    Pages INLINE = new Pages()
    {
        @Override
        public void willFill(final long address, final long length)
        {
        }

        @Override
        public void release(final long reserved, final long length)
        {
            Memory.release(reserved);
        }
    };

    /** Writer: this memory, or a part of it, will be written to soon. Returns at once. */
    void willFill(long address, long length);

    /**
     * Writer: unmap this block now or soon; nobody looks at it any more, and nobody may write to it.
     *
     * @param reserved what {@link Memory#reserve} has returned; {@code length} bytes from there on may have been
     *                 announced.
     */
    void release(long reserved, long length);
}
