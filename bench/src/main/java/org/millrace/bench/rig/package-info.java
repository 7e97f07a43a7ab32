/**
 * What drives servers and measures them: load generators, replicas and primaries of our own, samplers.
 * <p>
 * A rig measures and returns plain numbers and histograms; it prints nothing and writes no file. Latency of a load at
 * a fixed rate is counted from the intended send time, so that a stall of the server is charged to every request that
 * should have been sent during it.
 * <p>
 * Threads: each rig runs on the caller's thread unless its class says that it starts one of its own. Draining replicas
 * and the control process may live in processes of their own, which end with their standard input.
 * <p>
 * Read first: {@link org.millrace.bench.rig.ClosedLoopRig}, {@link org.millrace.bench.rig.OpenLoopRig},
 * {@link org.millrace.bench.rig.DrainFleet}, {@link org.millrace.bench.rig.ResyncLoop}.
 */
package org.millrace.bench.rig;
