package org.millrace.engine.node;

import java.util.stream.IntStream;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.resp.ArgVector;

/** Which arguments of a command are keys, by its row of the table. */
final class KeyPositions
{
    private KeyPositions()
    {
    }

    /** Indices in order; empty if the command has none. */
    static int[] of(final CommandSpec spec, final ArgVector args)
    {
        if (0 == spec.firstKey())
        {
            return new int[0];
        }

        final int last = spec.lastKey() < 0 ? args.count() + spec.lastKey() : spec.lastKey();
        return IntStream.iterate(spec.firstKey(), (i) -> i <= last && i < args.count(), (i) -> i + spec.keyStep())
            .toArray();
    }
}
