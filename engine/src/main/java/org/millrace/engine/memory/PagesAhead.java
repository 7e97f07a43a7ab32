package org.millrace.engine.memory;

/**
 * Has the operating system give the pages of new memory before the writer gets there. A page that is written to for
 * the first time is cleared by the kernel first, on the time of whoever writes: with large values that is nearly half
 * of the writer's time while a data set grows, and another core can as well do it.
 */
public interface PagesAhead
{
    /** Leaves it to the writer. */
    PagesAhead NONE = new PagesAhead()
    {
        @Override
        public void willFill(final long address, final long length)
        {
        }

        @Override
        public void forget(final long address)
        {
        }
    };

    /** Writer: this memory will be written to soon, from its start on. Returns at once. */
    void willFill(long address, long length);

    /** Writer: memory that was announced is about to be unmapped; nobody touches it any more after the return. */
    void forget(long address);
}
