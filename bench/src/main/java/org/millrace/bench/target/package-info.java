/**
 * What a server under test, its JVM and its machine use, and what a figure must be quoted with.
 * <p>
 * Linux's {@code /proc} is read where it exists; elsewhere the numbers are reported as absent, never as zero.
 * <p>
 * Read first: {@link org.millrace.bench.target.ServerUse}, {@link org.millrace.bench.target.MachineUse}.
 */
package org.millrace.bench.target;
