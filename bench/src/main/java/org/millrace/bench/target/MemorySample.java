package org.millrace.bench.target;

/**
 * Memory of a server at one moment, in bytes, by what backs it.
 * <p>
 * A forked child shares its pages with its parent until one of them writes; then the old page is the child's alone.
 * So the sum over both is what the parent has resident, and what is private to the child. (Proportional sizes would
 * be wrong whenever a fork falls between reading the one and the other.)
 *
 * @param anonymous heap, stacks, copied pages.
 * @param file      mapped files, shared memory included.
 */
public record MemorySample(long anonymous, long file)
{
    /** Nothing. */
    public static final MemorySample ZERO = new MemorySample(0, 0);

    static MemorySample ofServer(final ProcFs procFs, final long pid)
    {
        return new MemorySample(
            Math.max(0, procFs.statusBytes(pid, "RssAnon")),
            Math.max(0, procFs.statusBytes(pid, "RssFile")) + Math.max(0, procFs.statusBytes(pid, "RssShmem")));
    }

    static MemorySample ofChild(final ProcFs procFs, final long pid)
    {
        return new MemorySample(Math.max(0, procFs.rollupBytes(pid, "Private_Dirty")), 0);
    }

    /** Sum of both. */
    public MemorySample plus(final MemorySample other)
    {
        return new MemorySample(anonymous + other.anonymous, file + other.file);
    }

    /** Greater of both, each part by itself. */
    public MemorySample max(final MemorySample other)
    {
        return new MemorySample(Math.max(anonymous, other.anonymous), Math.max(file, other.file));
    }

    /** This less the other, each part by itself. */
    public MemorySample minus(final MemorySample other)
    {
        return new MemorySample(anonymous - other.anonymous, file - other.file);
    }
}
