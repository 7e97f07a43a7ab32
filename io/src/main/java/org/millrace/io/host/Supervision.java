package org.millrace.io.host;

import java.io.IOException;
import java.util.Map;
import org.millrace.engine.counters.EventLog;

/**
 * Tells the service manager how the server is, as {@code supervised} says and redis-server does: systemd by datagrams
 * to the socket that it names, upstart by stopping until it continues us. Starting thread and writer thread.
 */
public final class Supervision
{
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String JOB = "UPSTART_JOB";

    /** Nobody to tell. */
    static final Supervision NONE = new Supervision("no", null, null);

    private final String name;
    private final String socket;
    private final EventLog log;

    private Supervision(final String name, final String socket, final EventLog log)
    {
        this.name = name;
        this.socket = socket;
        this.log = log;
    }

    /**
     * Begins it.
     *
     * @param mode value of {@code supervised}: no, upstart, systemd or auto.
     * @param environment of the process.
     */
    public static Supervision begin(final String mode, final Map<String, String> environment, final EventLog log)
    {
        String found = mode;
        if ("auto".equals(mode))
        {
            found = environment.containsKey(JOB) ? "upstart" : environment.containsKey(SOCKET) ? "systemd" : "no";
            if (!"no".equals(found))
            {
                log.verbose(("upstart".equals(found) ? "Upstart" : "Systemd") + " supervision detected.");
            }
        }

        return switch (found)
        {
            case "upstart" -> upstart(environment, log);
            case "systemd" -> systemd(environment.get(SOCKET), log);
            default -> NONE;
        };
    }

    private static Supervision upstart(final Map<String, String> environment, final EventLog log)
    {
        if (!environment.containsKey(JOB))
        {
            log.warning("upstart supervision requested, but UPSTART_JOB not found!");
            return NONE;
        }

        log.notice("supervised by upstart, will stop to signal readiness.");
        try
        {
            SystemCalls.stopSelf();
            return new Supervision("upstart", null, log);
        }
        catch (final IOException e)
        {
            log.warning("upstart supervision error: " + e.getMessage());
            return NONE;
        }
    }

    private static Supervision systemd(final String socket, final EventLog log)
    {
        log.warning("WARNING supervised by systemd - you MUST set appropriate values for TimeoutStartSec and " +
            "TimeoutStopSec in your service unit.");
        if (null == socket)
        {
            log.warning("systemd supervision error: NOTIFY_SOCKET not found!");
            return NONE;
        }

        final Supervision supervision = new Supervision("systemd", socket, log);
        return supervision.tell("STATUS=Redis is loading...\n") ? supervision : NONE;
    }

    /** In the words of {@code supervised}. */
    String name()
    {
        return name;
    }

    /** Clients are served. */
    public void ready(final boolean isReplica)
    {
        tell(
            isReplica
                ? "STATUS=Ready to accept connections in read-only mode. Waiting for MASTER <-> REPLICA sync\n"
                : "STATUS=Ready to accept connections\n");
        tell("READY=1\n");
    }

    /** This replica has all its primary has. */
    void inSync(final boolean isPartial)
    {
        tell(
            "STATUS=MASTER <-> REPLICA sync: " +
                (isPartial ? "Partial Resynchronization accepted." : "Finished with success.") +
                " Ready to accept connections in read-write mode.\n");
    }

    /** The end begins. */
    void stopping()
    {
        tell("STOPPING=1\n");
    }

    private boolean tell(final String message)
    {
        if (null == socket)
        {
            return false;
        }

        try
        {
            SystemCalls.send(socket, message);
            return true;
        }
        catch (final IOException e)
        {
            log.warning("systemd supervision error: sd_notify: " + e.getMessage());
            return false;
        }
    }
}
