package org.millrace.engine.migration;

/**
 * Where keys go, and as whom: what connections are kept by, so that none is used by somebody with other rights.
 *
 * @param user null for the default one.
 * @param password null if none is to be given.
 * @param isTls whether by TLS, so that none is used in clear once that is not wanted any more.
 */
record Target(String host, int port, String user, String password, boolean isTls)
{
    private static final int PORT_MAX = 65_535;

    /** False if there can be nobody. */
    boolean isAddress()
    {
        return !host.isEmpty() && port > 0 && port <= PORT_MAX;
    }
}
