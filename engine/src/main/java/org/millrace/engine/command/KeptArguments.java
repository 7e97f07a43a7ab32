package org.millrace.engine.command;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** A copy of a command's arguments, off-heap, for a command that answers later. */
public final class KeptArguments implements AutoCloseable
{
    private final ArgVector args = new ArgVector();
    private final long block;

    public KeptArguments(final ArgVector from)
    {
        long length = 0;
        for (int i = 0; i < from.count(); i++)
        {
            length += from.length(i);
        }

        block = Memory.reserve(Math.max(1, length));
        long at = block;
        for (int i = 0; i < from.count(); i++)
        {
            Memory.copy(from.address(i), at, from.length(i));
            args.add(at, from.length(i));
            at += from.length(i);
        }
    }

    /** As they were. */
    public ArgVector args()
    {
        return args;
    }

    @Override
    public void close()
    {
        Memory.release(block);
    }
}
