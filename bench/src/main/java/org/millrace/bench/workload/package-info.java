/**
 * What the load consists of: seeded keys, values and commands, as RESP bytes.
 * <p>
 * Everything here is a pure function of a seed and a counter, so that the same run can be repeated byte for byte on
 * any server and any JDK (the JDK's own generators may change their sequence between releases, hence
 * {@link org.millrace.bench.workload.SplitMix}). No sockets, no processes, no clocks.
 * <p>
 * Thread: every object belongs to the one load thread that uses it; {@link org.millrace.bench.workload.Values} is
 * immutable and shared.
 * <p>
 * Read first: {@link org.millrace.bench.workload.Workload}, {@link org.millrace.bench.workload.MixedWorkload}.
 */
package org.millrace.bench.workload;
