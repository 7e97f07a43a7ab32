/**
 * Microbenchmarks of the engine's structures, a class each. Each class says the question it answers.
 *
 * <p>Stores that do the same work stand beside ours, chosen by the parameter {@code store}: the map of the JDK,
 * Chronicle Map, OHC, Caffeine ({@link org.millrace.jmh.Stores}, {@link org.millrace.jmh.Store} for what each must
 * do). Ways of our own that lost are in {@code org.millrace.jmh.alternatives}.
 *
 * <p>{@code ./millrace jmh} runs them all, {@code ./millrace jmh KeyspaceGet -p entries=100000 -f 1} a part;
 * {@code -prof gc} adds heap bytes an operation, {@link org.millrace.jmh.CpuTimeProfiler} processor time.
 * {@code mvn verify} calls each a fixed number of times and fails when one of ours allocates more than its row of
 * {@code budgets.json} allows, or anything if it has none; its times mean nothing.
 *
 * <p>Rules: everything an operation needs is prepared before; keys come from a seed and are the same for all stores; a
 * check when an iteration ends fails a benchmark that no longer does its work.
 */
package org.millrace.jmh;
