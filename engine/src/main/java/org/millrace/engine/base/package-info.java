/**
 * What everything needs and that knows nothing: invariants that are always on ({@link org.millrace.engine.base.Check}),
 * time as a value ({@link org.millrace.engine.base.Clock}), checksums.
 * <p>
 * First in the package order; imports nothing of the engine. Stateless or confined to its caller's thread.
 */
package org.millrace.engine.base;
