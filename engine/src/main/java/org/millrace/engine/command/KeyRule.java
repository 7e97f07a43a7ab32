package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/** Finds the keys of calls for which the specifications of the command do not tell all. */
@FunctionalInterface
public interface KeyRule
{
    /**
     * Add the keys of a call whose number of arguments is right.
     *
     * @return false if the call makes no sense: then nothing has been added.
     */
    boolean find(ArgVector args, KeyPositions found);
}
