package org.millrace.engine.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.millrace.engine.snapshot.ImageCursor;

/** The data set file of a node, and what lies beside it; the io module implements it. */
public interface SnapshotStore
{
    /** A save under way on another thread. */
    interface Save
    {
        /** True once it has succeeded or failed. */
        boolean isDone();

        /** Why it failed; null if it has not. */
        String error();

        /** Bytes written so far. */
        long written();
    }

    /** The file being loaded. */
    interface Source extends AutoCloseable
    {
        long length();

        /** Bytes read into a direct buffer, -1 at the end. */
        int read(ByteBuffer target) throws IOException;

        /**
         * Instead of {@link #read}: all of it, read ahead by another thread. Closes this source with itself.
         *
         * @param isChecked whether the checksum of the pieces is wanted.
         * @return null if there is nobody who reads ahead.
         */
        default ReadAhead readAhead(final boolean isChecked)
        {
            return null;
        }

        @Override
        void close();
    }

    /** The file in pieces, in order, that another thread has read. */
    interface ReadAhead extends AutoCloseable
    {
        /** {@link #poll}: there is no further piece yet. */
        int NONE_YET = 0;

        /** {@link #poll}: the last one has been taken. */
        int END = -1;

        /**
         * The next piece, whose place is free again with the next call that gives another.
         *
         * @return bytes of it, {@link #NONE_YET} or {@link #END}.
         */
        int poll() throws IOException;

        /** Of the piece. */
        long address();

        /** CRC-64 of all pieces up to this one, if it is wanted. */
        long checksum();

        @Override
        void close();
    }

    /** Write the image to {@code path}: a temporary file, synced, then renamed over it. Takes the cursor over. */
    Save save(ImageCursor cursor, String path);

    /** Open for loading; null if there is no such file. */
    Source open(String path) throws IOException;

    /** Replace a small file as a whole, and have it on disk: one byte for each character. */
    void put(String path, String text) throws IOException;
}
