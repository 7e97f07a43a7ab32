package org.millrace.bench.rig;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How far a group of draining replicas is. Times are those of {@code System.nanoTime()}, which all processes of one
 * Linux machine share. Immutable.
 *
 * @param syncedCount     replicas that have their whole snapshot.
 * @param payloadBytes    snapshot bytes received by all together.
 * @param startNs         when the group began to connect.
 * @param firstSyncedNs   when the first had its snapshot; 0 for none.
 * @param lastSyncedNs    when the latest so far had its snapshot; 0 for none.
 * @param smallestOffset  smallest stream offset received by any.
 * @param snapshotOffsets offsets of the snapshots promised, each once.
 * @param failure         what went wrong, or null.
 */
public record DrainStatus(
    int syncedCount,
    long payloadBytes,
    long startNs,
    long firstSyncedNs,
    long lastSyncedNs,
    long smallestOffset,
    long[] snapshotOffsets,
    String failure)
{
    private static final int FIELD_COUNT = 8;
    private static final String NOTHING = "-";

    static DrainStatus of(final DrainRig rig)
    {
        return new DrainStatus(
            rig.syncedCount(),
            rig.payloadBytes(),
            rig.startNs(),
            rig.firstSyncedNs(),
            rig.lastSyncedNs(),
            rig.smallestOffset(),
            rig.snapshotOffsets(),
            rig.failure());
    }

    static DrainStatus ofLine(final String line)
    {
        final String[] words = line.split(" ", FIELD_COUNT);
        return new DrainStatus(
            Integer.parseInt(words[0]),
            Long.parseLong(words[1]),
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            Long.parseLong(words[4]),
            Long.parseLong(words[5]),
            NOTHING.equals(words[6])
                ? new long[0]
                : Arrays.stream(words[6].split(",")).mapToLong(Long::parseLong).toArray(),
            NOTHING.equals(words[7]) ? null : words[7]);
    }

    String toLine()
    {
        final String offsets = Arrays.stream(snapshotOffsets).mapToObj(Long::toString)
            .collect(Collectors.joining(","));
        return syncedCount + " " + payloadBytes + " " + startNs + " " + firstSyncedNs + " " + lastSyncedNs + " " +
            smallestOffset + " " + (offsets.isEmpty() ? NOTHING : offsets) + " " +
            (null == failure ? NOTHING : failure.replace('\n', ' '));
    }
}
