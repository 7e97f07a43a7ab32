package org.millrace.bench.gate;

import java.io.IOException;

import org.millrace.kit.server.ServerProcess;

/**
 * One kind of work whose cost is compared.
 */
interface SpeedCase
{
    /** Short name, used in options and baselines. */
    String name();

    /** What an operation is. */
    String operation();

    /**
     * Connects to a server and prepares it; the server has the data set of {@link SpeedCases#fill}.
     */
    Drive open(ServerProcess server) throws IOException;

    /** The work on one server, done in blocks. */
    interface Drive extends AutoCloseable
    {
        /**
         * Works for about a time and measures what counts.
         *
         * @param meter of the server; reset, not running.
         * @return number of operations done while the meter ran.
         */
        long run(CpuMeter meter, long durationNs) throws IOException;

        @Override
        void close() throws IOException;
    }
}
