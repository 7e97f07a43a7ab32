/**
 * Processes and threads: {@link org.millrace.io.main.ServerMain} is {@code ./millrace server},
 * {@link org.millrace.io.main.NodeRuntime} opens a node with its files, listeners and threads, for the server and for
 * programs that embed it.
 * <p>
 * The embedded API is {@link org.millrace.io.main.MillraceNode}, opened by a
 * {@link org.millrace.io.main.MillraceBuilder}: reads through {@link org.millrace.io.main.MillraceReader} and
 * {@link org.millrace.io.main.MillraceView} go to the keyspace from any thread, commands and
 * {@link org.millrace.io.main.MillraceWriter} go through one ring buffer to the writer's thread, which publishes figures
 * and calls the {@link org.millrace.io.main.MillraceListener}.
 * <p>
 * The only package of the io module that sees the whole node; reads clocks and asks the operating system.
 */
package org.millrace.io.main;
