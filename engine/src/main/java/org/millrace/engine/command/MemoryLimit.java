package org.millrace.engine.command;

/** What keeps the data below maxmemory: asked between two units, before each command of a client. Writer thread. */
@FunctionalInterface
public interface MemoryLimit
{
    /**
     * Let some of the data go if there is too much, for a bounded time.
     *
     * @return false if there still is too much, and nothing that may go: commands that need room are refused.
     */
    boolean makeRoom();
}
