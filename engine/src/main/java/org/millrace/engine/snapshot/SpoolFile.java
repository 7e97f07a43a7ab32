package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;

/** A file without a name that image segments go to; the snapshotter writes it, any thread reads what is written. */
public interface SpoolFile extends AutoCloseable
{
    /** Append; false if the disk is full or failed (see {@link #failure()}). */
    boolean append(ByteBuffer source);

    /** Read from {@code position} into a direct buffer; bytes read, or -1 on failure. */
    int read(long position, ByteBuffer target);

    String failure();

    @Override
    void close();
}
