/**
 * A node that runs: {@link org.millrace.io.runtime.NodeRuntime} opens one with its files, listeners and threads, for the
 * server and for programs that embed it. Which threads there are is {@code NodeThreads}' matter.
 * <p>
 * Sees the whole node, and neither who started it nor who uses it. Read first: {@code NodeRuntime}, {@code NodeThreads},
 * {@code Listeners}.
 */
package org.millrace.io.runtime;
