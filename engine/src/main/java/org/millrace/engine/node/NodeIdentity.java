package org.millrace.engine.node;

/**
 * Who this node is: facts that are fixed at start and shown by INFO, HELLO and the log.
 *
 * @param runId 40 hex characters, new for each process.
 * @param processId of the operating system.
 * @param executable path of what was started.
 * @param configFile absolute path, or empty.
 * @param version of Millrace.
 * @param runtime name and version of the JVM.
 * @param operatingSystem name, version and machine.
 */
public record NodeIdentity(
    String runId,
    long processId,
    String executable,
    String configFile,
    String version,
    String runtime,
    String operatingSystem)
{
    /** The Redis whose protocol, replies and INFO fields this node has. */
    public static final String REDIS_VERSION = "7.2.5";

    String mode()
    {
        return "standalone";
    }
}
