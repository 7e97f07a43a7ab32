package org.millrace.bench.rig;

import java.io.IOException;

import org.millrace.kit.resp.InfoReply;
import org.millrace.kit.resp.RespClient;

/**
 * What a server says about its place in a replication group, from INFO replication and INFO stats. Immutable.
 *
 * @param isPrimary       role.
 * @param isLinkUp        true on a replica whose link stands; true on a primary.
 * @param isSyncing       true on a replica that receives or loads a snapshot.
 * @param replid          history it is in.
 * @param offset          how far: bytes produced (primary) or applied (replica).
 * @param replicaCount    replicas attached to it and online or joining.
 * @param fullSyncs       full resyncs it has given.
 * @param partialSyncs    partial resyncs it has granted.
 * @param refusedPartials partial resyncs it has refused.
 */
public record ReplicationStatus(
    boolean isPrimary,
    boolean isLinkUp,
    boolean isSyncing,
    String replid,
    long offset,
    long replicaCount,
    long fullSyncs,
    long partialSyncs,
    long refusedPartials)
{
    /**
     * Asks a server.
     */
    public static ReplicationStatus of(final RespClient client) throws IOException
    {
        return of(client.info("replication"), client.info("stats"));
    }

    static ReplicationStatus of(final InfoReply replication, final InfoReply stats)
    {
        final boolean isPrimary = replication.is("role", "master");
        // master_repl_offset on both roles: slave_repl_offset says 1 while a replica has no link.
        return new ReplicationStatus(
            isPrimary,
            isPrimary || replication.is("master_link_status", "up"),
            replication.is("master_sync_in_progress", "1"),
            replication.text("master_replid", ""),
            replication.number("master_repl_offset", -1),
            replication.number("connected_slaves", 0),
            stats.number("sync_full", -1),
            stats.number("sync_partial_ok", -1),
            stats.number("sync_partial_err", -1));
    }
}
