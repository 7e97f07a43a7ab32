/**
 * What people watch: the server log as the engine sees it ({@link org.millrace.engine.counters.EventLog}). Numbers for
 * INFO stay with those who count them, as plain fields of the writer thread or release-published ones of the feeder.
 * <p>
 * Knows nothing of commands or replication; where the log goes is the io module's business.
 */
package org.millrace.engine.counters;
