/**
 * Byte streams to peers as the engine sees them. A {@link org.millrace.engine.transport.Connection} never blocks and
 * never throws; a {@link org.millrace.engine.transport.Reactor} is one agent's selector. The io module implements both
 * with NIO, the tests with a seeded network in memory that can cut a stream at any byte.
 * <p>
 * A connection belongs to one agent at a time. When a client turns out to be a replica the writer releases it from its
 * reactor and the feeder adopts it; where both share a thread they share the reactor, and only the handler changes.
 */
package org.millrace.engine.transport;
