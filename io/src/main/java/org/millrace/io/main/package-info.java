/**
 * The server as a process: {@link org.millrace.io.main.ServerMain} is {@code ./millrace server}, with redis-server's
 * arguments, log and signals around one {@link org.millrace.io.runtime.NodeRuntime}.
 * <p>
 * Last in the package order, and the only one with main methods.
 */
package org.millrace.io.main;
