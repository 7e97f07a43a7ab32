/**
 * Threads: {@link org.millrace.io.thread.AgentThread} runs an agent, or an {@link org.millrace.io.thread.AgentGroup} of
 * them in turn, from its start to its close; it rests on a {@link org.millrace.io.thread.Parking}, which is a selector or
 * a {@link org.millrace.io.thread.Nap}. {@link org.millrace.io.thread.Waits} are for those who wait for a thread to end.
 * <p>
 * Knows agents, not what they do. First in the package order of io.
 */
package org.millrace.io.thread;
