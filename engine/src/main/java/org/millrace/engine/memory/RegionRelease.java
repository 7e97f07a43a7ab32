package org.millrace.engine.memory;

/**
 * Gives memory back to the operating system, off the writer's time if need be: to unmap takes some tenth of a
 * microsecond for each page, so half a second for a data set of 16 GiB.
 */
@FunctionalInterface
public interface RegionRelease
{
    /** On the time of whoever releases. */
    RegionRelease INLINE = Memory::release;

    /**
     * Writer: unmap this block now or soon; nobody looks at it any more.
     *
     * @param reserved what {@link Memory#reserve} has returned.
     */
    void release(long reserved);
}
