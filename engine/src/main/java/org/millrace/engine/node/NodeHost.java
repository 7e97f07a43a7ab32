package org.millrace.engine.node;

import org.millrace.engine.base.Clock;

/** What a node needs of the process around it; the io module implements it, the simulator too. */
public interface NodeHost
{
    Clock clock();

    /** 64 random bits; seeded in the simulator. */
    long random();

    /** Resident memory of the process in bytes, 0 if unknown. */
    long residentBytes();

    /** Memory of the machine or container in bytes, 0 if unknown. */
    long machineBytes();

    /** Heap in use, bytes. */
    long heapBytes();

    /** CPU time of the process in microseconds: user in the upper, system in the lower of two calls. */
    long cpuMicros(boolean isSystem);

    /** CPU time of the thread that runs an agent, microseconds: in the system or outside of it; 0 if unknown. */
    long agentCpuMicros(String agent, boolean isSystem);

    /** Heap bytes allocated so far by the thread of an agent ("writer", "feeder", "snapshotter"), -1 if unknown. */
    long allocatedBytes(String agent);

    /** End the process (server) or the node (library) once the present duty cycle is over. */
    void exit(int code);

    /** In the midst of a script that takes long: a turn of all that lives on the writer's thread, but for the node itself. */
    default void serveWhileBusy()
    {
    }

    /** {@link #exit} has been called, or somebody else has ended the node: it has its last turn. */
    default boolean isEnding()
    {
        return false;
    }

    /** Who supervises the process, in the words of the option {@code supervised}. */
    default String supervisor()
    {
        return "no";
    }

    /** A shutdown has begun, which may yet be given up. */
    default void onStopping()
    {
    }

    /** A replica is in sync with its primary. @param isPartial without having loaded a data set. */
    default void onInSync(final boolean isPartial)
    {
    }

    /** Sleep the calling thread: DEBUG SLEEP alone. */
    void sleep(long micros);
}
