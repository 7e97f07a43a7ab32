package org.millrace.engine.replication.primary;

import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.SnapshotHeader;

/** Whether a replica may be given a snapshot that was begun before it came. Pure decisions; writer thread. */
final class JoinRules
{
    private JoinRules()
    {
    }

    /** @param isRunning the image is still being made. */
    static boolean mayJoin(
        final ReplicaStatus replica, final Image image, final boolean isRunning, final ReplicationStream stream)
    {
        final SnapshotHeader header = image.header();
        if (image.isAborted() || !stream.history().replid().equals(header.replid()))
        {
            return false;
        }

        if (replica.isRdbOnly())
        {
            // A backup should not be older than the request for it, but for what is being made right now.
            return isRunning || header.offset() == stream.endOffset();
        }

        if (replica.isLegacy() && header.offset() != stream.endOffset())
        {
            // SYNC names no offset: who says it means to see the stream from now on, as tools that read along do.
            return false;
        }

        if (!isRunning && 0 == image.keysWritten() && header.offset() != stream.endOffset())
        {
            // It costs nothing to make anew, and whoever refuses a primary without data must see that there are some.
            return false;
        }

        if (!stream.holds(header.offset() + 1))
        {
            return false;
        }

        // Past that, the stream behind it costs the replica more than a new snapshot.
        return isRunning || stream.endOffset() - header.offset() < image.availableLength();
    }
}
