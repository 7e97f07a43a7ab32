/**
 * Servers as processes of this machine: found, started on free ports in directories of their own, ended by their process
 * id, and the links between them. Redis, Valkey and Millrace are treated alike.
 * <p>
 * Thread: a process belongs to the thread that opened it, except {@code close()} of a
 * {@link org.millrace.kit.server.ServerGroup}, which a shutdown hook may call.
 * <p>
 * Read first: {@link org.millrace.kit.server.ServerProcess}, {@link org.millrace.kit.server.PeerFinder}.
 */
package org.millrace.kit.server;
