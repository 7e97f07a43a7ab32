package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;

/**
 * A file without a name that image slices go to. The snapshotter appends, any thread reads what is written. Appending
 * does not wait for the disk: the bytes are in the file once {@link #length} has passed them.
 */
public interface SpoolFile extends AutoCloseable
{
    /**
     * Append bytes that stay as they are until {@code written} is run, on any thread, in the end or at once.
     *
     * @return false if the disk is full or failed (see {@link #failure()}), as with this or former bytes; then
     *         {@code written} has been run, or will be.
     */
    boolean append(ByteBuffer source, Runnable written);

    /** Bytes that stand in the file and can be read; any thread. */
    long length();

    /** Read from {@code position} into a direct buffer; bytes read, or -1 on failure. */
    int read(long position, ByteBuffer target);

    /** What went wrong, or null; any thread. */
    String failure();

    /** True once {@link #close} has given back the room; any thread. */
    boolean isReleased();

    @Override
    void close();
}
