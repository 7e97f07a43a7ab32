package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/** Tells which arguments of a call nobody must be shown; a property of the row, see {@link Secrets}. */
@FunctionalInterface
public interface SecretArguments
{
    /** There are none. */
    SecretArguments NONE = (args, index) -> false;

    /** @param index of an argument that is there; the call may be wrong in any way. */
    boolean isSecret(ArgVector args, int index);
}
