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
 * @param socket    bytes that wait in the kernel's queues of the server's connections.
 */
public record MemorySample(long anonymous, long file, long socket)
{
    /** Nothing. */
    public static final MemorySample ZERO = new MemorySample(0, 0, 0);

    static MemorySample ofServer(final ProcFs procFs, final long pid, final int port)
    {
        return new MemorySample(
            Math.max(0, procFs.statusBytes(pid, "RssAnon")),
            Math.max(0, procFs.statusBytes(pid, "RssFile")) + Math.max(0, procFs.statusBytes(pid, "RssShmem")),
            procFs.socketBytes(port));
    }

    static MemorySample ofChild(final ProcFs procFs, final long pid)
    {
        return new MemorySample(Math.max(0, procFs.rollupBytes(pid, "Private_Dirty")), 0, 0);
    }

    /** What the server keeps from others: all but file pages, which the kernel can write back. */
    public long own()
    {
        return anonymous + socket;
    }

    /** Sum of both. */
    public MemorySample plus(final MemorySample other)
    {
        return new MemorySample(anonymous + other.anonymous, file + other.file, socket + other.socket);
    }

    /** Greater of both, each part by itself. */
    public MemorySample max(final MemorySample other)
    {
        return new MemorySample(
            Math.max(anonymous, other.anonymous),
            Math.max(file, other.file),
            Math.max(socket, other.socket));
    }

    /** This less the other, each part by itself. */
    public MemorySample minus(final MemorySample other)
    {
        return new MemorySample(anonymous - other.anonymous, file - other.file, socket - other.socket);
    }
}
