/**
 * The gate against regressions, {@code millrace bench --gate}: compares this build with a committed baseline and with
 * another build beside it, and ends with an exit code that a pipeline can act on.
 * <p>
 * Two halves. Counters (bytes allocated, input and output calls, bytes a key, bytes sent, resyncs, collections) do not
 * depend on how busy the machine is: {@link org.millrace.bench.gate.CounterRun} measures them,
 * {@link org.millrace.bench.gate.CounterRule} compares them with the baseline. Speed does depend on it:
 * {@link org.millrace.bench.gate.SpeedSession} runs blocks of the builds in turn, {@link
 * org.millrace.bench.gate.LogRatios} holds what came out, and {@link org.millrace.bench.gate.SpeedRule} decides, with
 * the difference between two processes of one build as the noise. Everything that decides is a pure function of
 * numbers and a fixed seed, so that the same measurements always give the same verdict.
 * <p>
 * {@link org.millrace.bench.gate.PlantAgent} makes a server slower on purpose, so that anyone can see the gate fail.
 * <p>
 * Thread: the main thread.
 * <p>
 * Read first: {@link org.millrace.bench.gate.GateMain}, {@link org.millrace.bench.gate.SpeedRule}.
 */
package org.millrace.bench.gate;
