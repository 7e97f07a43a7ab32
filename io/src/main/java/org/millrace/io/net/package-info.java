/**
 * Sockets by NIO: a {@link org.millrace.io.net.NioReactor} is one selector with the connections of one agent,
 * {@link org.millrace.io.net.ServerSockets} opens what clients come in by. Implements {@code engine.transport}; knows bytes, no protocol.
 * <p>
 * Everything here is confined to the thread of its reactor, but for {@code wakeup} and name resolution, which runs on a
 * thread of its own because it blocks.
 */
package org.millrace.io.net;
