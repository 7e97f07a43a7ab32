package org.millrace.engine.base;

/** Time as a value that is handed to the engine: the system's in a node, the simulator's in tests. */
public interface Clock
{
    /** Wall clock in epoch ms; may jump. For deadlines of keys and for what users see. */
    long wallMs();

    /** The same clock in epoch us, as finely as the machine has it: for what is shown, TIME and MONITOR. */
    long wallMicros();

    /** Monotonic time in ns; for timeouts and durations. */
    long monotonicNs();
}
