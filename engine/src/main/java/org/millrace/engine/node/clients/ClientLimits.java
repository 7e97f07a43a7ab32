package org.millrace.engine.node.clients;

import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.OutputLimits;
import org.millrace.engine.counters.EventLog;

/** How much a client may have sent that has not been run, and how much it may leave unread. Writer thread. */
final class ClientLimits
{
    /** Redis lets those who have not given a password leave this much unread. */
    private static final int UNAUTHENTICATED_OUTPUT_MAX = 1024;

    private final Config config;
    private final EventLog log;

    ClientLimits(final Config config, final EventLog log)
    {
        this.config = config;
        this.log = log;
    }

    /** True if what a client has sent and we could not run yet is more than is allowed; then it is logged. */
    boolean isInputTooLong(final ClientSession session, final long steadyMs)
    {
        if (session.inputLength() <= config.number(ConfigOption.CLIENT_QUERY_BUFFER_LIMIT))
        {
            return false;
        }

        log.warning("Closing client that reached max query buffer length: " + ClientLines.of(session, steadyMs));
        return true;
    }

    /** Whether there is a length of unread replies at which this client is closed. */
    boolean hasOutputLimit(final ClientSession session)
    {
        return config.outputLimits().hard(outputClass(session)) > 0;
    }

    /** True if a client leaves more unread than is allowed, or for too long; then it is logged. */
    boolean isOutputTooLong(final ClientSession session, final long steadyMs)
    {
        final OutputLimits limits = config.outputLimits();
        final int outputClass = outputClass(session);
        final ClientOutput output = session.output();
        final long length = output.length();
        final long hard = limits.hard(outputClass);
        final long soft = limits.soft(outputClass);
        boolean isOver = hard > 0 && length >= hard ||
            !session.isLetIn() && length > UNAUTHENTICATED_OUTPUT_MAX;
        if (soft > 0 && length >= soft)
        {
            if (0 == output.softLimitSinceMs)
            {
                output.softLimitSinceMs = steadyMs;
            }

            isOver |= steadyMs - output.softLimitSinceMs > 1000 * limits.softSeconds(outputClass);
        }
        else
        {
            output.softLimitSinceMs = 0;
        }

        if (isOver)
        {
            log.warning("Client " + ClientLines.of(session, steadyMs) +
                " scheduled to be closed ASAP for overcoming of output buffer limits.");
        }

        return isOver;
    }

    private static int outputClass(final ClientSession session)
    {
        return session.isSubscribed() ? OutputLimits.PUBSUB : OutputLimits.NORMAL;
    }
}
