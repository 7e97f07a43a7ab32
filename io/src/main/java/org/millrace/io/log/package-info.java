/**
 * The server's log: lines in the shape of Redis, which operators' tools read.
 * <p>
 * {@link org.millrace.io.log.ServerLog} writes a line to standard output or appends it to the log file, opened anew
 * for each line so that a rotated file is left alone. {@link org.millrace.io.log.StartText} is what a starting server
 * says, in the order tools wait for.
 * <p>
 * The package knows nothing of the engine but {@link org.millrace.engine.counters.EventLog}, which ServerLog
 * implements, and the option table for the words of the start. Any thread may log; a line costs a system call or
 * three, so nothing on a hot path does.
 */
package org.millrace.io.log;
