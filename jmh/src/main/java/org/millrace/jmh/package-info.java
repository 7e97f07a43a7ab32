/**
 * Microbenchmarks of the engine's structures, a class each, beside those of the JDK and of Chronicle Map where they do
 * the same work. Each class says the question it answers.
 *
 * <p>{@code ./millrace jmh} runs them all, {@code ./millrace jmh KeyspaceGet -p entries=100000 -f 1} a part;
 * {@code -prof gc} adds heap bytes an operation, {@link org.millrace.jmh.CpuTimeProfiler} processor time.
 * {@code mvn verify} runs one tiny iteration of each and fails when one allocates more than its row of
 * {@code budgets.json} allows; its times mean nothing.
 *
 * <p>Rules: everything an operation needs is prepared before; keys come from a seed and are the same for all peers; a
 * check when an iteration ends fails a benchmark that no longer does its work.
 */
package org.millrace.jmh;
