package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/** Says for one call of a command which flags it has, where they are not the same for all. Allocates nothing. */
@FunctionalInterface
public interface FlagRule
{
    /**
     * Bits of {@link CommandFlags} for a call whose number of arguments is right.
     *
     * @param rowFlags those of the row.
     */
    int flags(int rowFlags, ArgVector args);
}
