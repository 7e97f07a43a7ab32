package org.millrace.engine.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.millrace.engine.snapshot.ImageCursor;

/** The data set file of a node; the io module implements it. */
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

        @Override
        void close();
    }

    /** Write the image to {@code path}: a temporary file, synced, then renamed over it. Takes the cursor over. */
    Save save(ImageCursor cursor, String path);

    /** Open for loading; null if there is no such file. */
    Source open(String path) throws IOException;
}
