package org.millrace.engine.replication;

/** Options of the replica side as plain fields of the writer thread; set at start and at each CONFIG SET. */
public final class ReplicaSettings
{
    /** Values of repl-diskless-load. This node never writes a temporary file, so it matters only whether to swap. */
    public enum DisklessLoad
    {
        /** The old data is given up as soon as header and AUX fields of the new have been accepted. */
        DISABLED,
        /** As {@link #DISABLED}. */
        ON_EMPTY_DB,
        /** Load into a second data set, then switch. */
        SWAPDB
    }

    /** databases. */
    public int databases = 16;

    /** masteruser, empty for none. */
    public String primaryUser = "";

    /** masterauth, empty for none. */
    public String primaryAuth = "";

    /** The port this node listens on. */
    public int port;

    /** replica-announce-port, 0 for {@link #port}. */
    public int announcePort;

    /** replica-announce-ip, empty for none. */
    public String announceIp = "";

    /** bind-source-addr, empty for any. */
    public String bindSource = "";

    /** repl-timeout, seconds. */
    public int timeoutSeconds = 60;

    /** repl-diskless-load. */
    public DisklessLoad disklessLoad = DisklessLoad.DISABLED;

    /** rdbchecksum. */
    public boolean verifyChecksum = true;

    /** replica-priority. */
    public int priority = 100;

    /** replica-announced. */
    public boolean isAnnounced = true;

    /** propagation-error-behavior is not ignore: an error reply to the primary stops a read-only replica. */
    public boolean panicsOnError;
}
