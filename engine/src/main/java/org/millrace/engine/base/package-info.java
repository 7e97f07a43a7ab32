/**
 * What everything needs and that knows nothing: invariants that are always on ({@link org.millrace.engine.base.Check}),
 * time as a value ({@link org.millrace.engine.base.Clock}), and what lets threads park without missing work
 * ({@link org.millrace.engine.base.ParkFlag}, {@link org.millrace.engine.base.WrappingRead}).
 * <p>
 * First in the package order; imports nothing of the engine. Stateless or confined to its caller's thread, but for the flag.
 */
package org.millrace.engine.base;
