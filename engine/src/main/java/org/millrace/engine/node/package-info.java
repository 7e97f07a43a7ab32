/**
 * Everything wired: {@link org.millrace.engine.node.Node} is one server or embedded store, and its duty cycle. INFO,
 * CONFIG, saving and shutting down live here; clients in {@link org.millrace.engine.node.clients}, which knows nothing of
 * the rest.
 * <p>
 * Last in the package order: sees all of the engine, and the world only through {@link
 * org.millrace.engine.node.NodeOptions}. Opens no socket or file, starts no thread, reads no clock. Everything here runs
 * on the writer thread; feeder and snapshotter are agents that the io module runs beside it or in turn with it.
 * <p>
 * Read first: {@code Node} (what happens in a turn), {@code NodeParts} (what there is), {@code Replication} (how
 * the two halves of replication are put together), {@code Persistence}.
 */
package org.millrace.engine.node;
