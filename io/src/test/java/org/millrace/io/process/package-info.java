/**
 * A server as the system sees it: a process with an environment, a locale, a working directory, limits, file systems
 * and signals. {@link org.millrace.io.process.Servers} starts them and clears up after a test,
 * {@link org.millrace.io.process.Launch} says how one is started and what surrounds it,
 * {@link org.millrace.io.process.Server} is the running (or refused) process: signals, output, exit code, a client.
 * <p>
 * File names are bytes here, as they are to the system: text whose characters are bytes (Latin-1), which
 * {@link org.millrace.io.process.Shell} hands to the system whatever the locale of the tests is. Everything can be
 * started as redis-server as well ({@link org.millrace.io.process.Launch#redis}), to see what is right.
 * <p>
 * What a machine may not allow is named in {@link org.millrace.io.process.Allowed}; a test that needs it is skipped,
 * with the reason among the last lines of the build.
 */
package org.millrace.io.process;
