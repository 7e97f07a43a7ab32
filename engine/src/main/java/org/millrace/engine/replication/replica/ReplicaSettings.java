package org.millrace.engine.replication.replica;

/** Options of the replica side as plain fields of the writer thread; set at start and at each CONFIG SET. */
public final class ReplicaSettings
{
    /** Values of repl-diskless-load. */
    public enum DisklessLoad
    {
        /** Old data, if there are any, serve until the new are there whole, in a file. */
        DISABLED,
        /** The same: a node without data always loads from the socket. */
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

    /** The port this node listens on: the one with TLS, if there is one and the link has TLS too. */
    public int port;

    /** tls-replication. */
    public boolean isTls;

    /** replica-announce-port, 0 for {@link #port}. */
    public int announcePort;

    /** replica-announce-ip, empty for none. */
    public String announceIp = "";

    /** bind-source-addr, empty for any. */
    public String bindSource = "";

    /** tcp-keepalive, seconds; 0 for none. */
    public int keepAliveSeconds;

    /** repl-timeout, seconds. */
    public int timeoutSeconds = 60;

    /** repl-diskless-load. */
    public DisklessLoad disklessLoad = DisklessLoad.DISABLED;

    /** rdbchecksum. */
    public boolean verifyChecksum = true;

    /** replica-ignore-disk-write-errors: the stream is applied although the last save has failed. */
    public boolean ignoresDiskErrors;

    /** replica-refuse-empty-primary: a snapshot without a key does not take the place of data. */
    public boolean refusesEmptyPrimary;

    /** replica-priority. */
    public int priority = 100;

    /** replica-announced. */
    public boolean isAnnounced = true;

    /** propagation-error-behavior is not ignore: an error reply to the primary stops a read-only replica. */
    public boolean panicsOnError;
}
