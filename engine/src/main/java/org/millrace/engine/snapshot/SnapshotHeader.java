package org.millrace.engine.snapshot;

/**
 * What the head of an image says about the moment of its cut.
 *
 * @param replid history the image belongs to, 40 hex characters; null when there is none: no replication AUX fields.
 * @param offset stream offset S of the cut: the image holds the effect of bytes 1..S.
 * @param streamDb database that is selected in the stream at S, 0 if none is.
 * @param wallMs time of the cut in epoch ms, the ctime field.
 * @param usedMemory bytes, the used-mem field.
 * @param rdbVersion 9 to 12.
 * @param checksum whether the CRC is computed; else the field is zero.
 */
public record SnapshotHeader(
    String replid,
    long offset,
    int streamDb,
    long wallMs,
    long usedMemory,
    int rdbVersion,
    boolean checksum)
{
    /** The same with this version, if its own is older. */
    public SnapshotHeader atLeast(final int version)
    {
        return rdbVersion >= version
            ? this
            : new SnapshotHeader(replid, offset, streamDb, wallMs, usedMemory, version, checksum);
    }
}
