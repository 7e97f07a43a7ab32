/**
 * Processes and threads: {@link org.millrace.io.main.ServerMain} is {@code ./millrace server},
 * {@link org.millrace.io.main.NodeRuntime} opens a node with its files, listeners and threads, for the server and for
 * programs that embed it ({@link org.millrace.io.main.MillraceNode}).
 * <p>
 * The only package of the io module that sees the whole node; reads clocks and asks the operating system.
 */
package org.millrace.io.main;
