package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/** The commands that a client has queued since MULTI. Writer thread. */
public interface OpenMulti
{
    /** Queue one more; the arguments are copied. @param flags of this call. */
    void add(CommandSpec row, int flags, ArgVector args);

    /** A command was refused: EXEC will abort. */
    void poison();

    /** Flags of all queued commands together. */
    int flags();

    /** Flags that each of the queued commands has. */
    int commonFlags();
}
