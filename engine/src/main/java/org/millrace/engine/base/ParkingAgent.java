package org.millrace.engine.base;

import org.agrona.concurrent.Agent;

/**
 * An agent whose thread rests when there is nothing to do. Whoever makes work for it wakes the thread; the agent says
 * what the clock will bring. As with every agent {@code onStart}, {@code doWork} and {@code onClose} are called on one
 * thread, and {@code onClose} always is.
 */
public interface ParkingAgent extends Agent
{
    /**
     * There was nothing to do in many turns, the last of them behind the thread's flag that makes others wake it: look
     * again for what {@code doWork} leaves for later.
     *
     * @return ns until there is something to do if nobody makes work before; 0: there is something now.
     */
    default long prepareToPark()
    {
        return Long.MAX_VALUE;
    }

    /** The thread goes on, whether it has rested or not. */
    default void unpark()
    {
    }
}
