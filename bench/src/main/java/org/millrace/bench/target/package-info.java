/**
 * A server under test, seen from outside: a RESP client, and a process with its CPU time and memory.
 * <p>
 * Redis, Valkey and Millrace are treated alike; nothing here knows anything about Millrace's engine. Linux's
 * {@code /proc} is read where it exists; elsewhere the numbers are reported as absent, never as zero.
 * <p>
 * Thread: clients and processes belong to the thread that opened them, except {@code close()} of a
 * {@link org.millrace.bench.target.ServerGroup}, which a shutdown hook may call.
 * <p>
 * Read first: {@link org.millrace.bench.target.RespClient}, {@link org.millrace.bench.target.ServerProcess},
 * {@link org.millrace.bench.target.PeerFinder}.
 */
package org.millrace.bench.target;
