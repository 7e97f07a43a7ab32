package org.millrace.engine.node.clients;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.OpenMulti;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** The commands queued after MULTI, their arguments copied off-heap one block a command. Freed by {@link #close}. */
final class Transaction implements OpenMulti, AutoCloseable
{
    private record Queued(CommandSpec spec, long block, int[] lengths)
    {
    }

    /** What the heap holds of a queued command, about. */
    private static final int BYTES_PER_COMMAND = 64;

    private final List<Queued> commands = new ArrayList<>();
    private int flags;
    private int commonFlags = -1;
    private boolean isPoisoned;
    private long bytes;

    @Override
    public void add(final CommandSpec spec, final int callFlags, final ArgVector args)
    {
        final int[] lengths = new int[args.count()];
        long total = 0;
        for (int i = 0; i < lengths.length; i++)
        {
            lengths[i] = args.length(i);
            total += lengths[i];
        }

        final long block = Memory.reserve(Math.max(1, total));
        long at = block;
        for (int i = 0; i < lengths.length; i++)
        {
            Memory.copy(args.address(i), at, lengths[i]);
            at += lengths[i];
        }

        flags |= callFlags;
        commonFlags &= callFlags;
        bytes += total + BYTES_PER_COMMAND + (long)Integer.BYTES * lengths.length;
        commands.add(new Queued(spec, block, lengths));
    }

    int size()
    {
        return commands.size();
    }

    @Override
    public int flags()
    {
        return flags;
    }

    @Override
    public int commonFlags()
    {
        return commonFlags;
    }

    /** Bytes that the queued commands take. */
    long bytes()
    {
        return bytes;
    }

    CommandSpec spec(final int index)
    {
        return commands.get(index).spec;
    }

    /** Point {@code args} at a queued command. */
    void load(final int index, final ArgVector args)
    {
        final Queued queued = commands.get(index);
        args.clear();
        long at = queued.block;
        for (final int length : queued.lengths)
        {
            args.add(at, length);
            at += length;
        }
    }

    @Override
    public void poison()
    {
        isPoisoned = true;
    }

    /** A command was refused while queueing: EXEC must abort. */
    boolean isPoisoned()
    {
        return isPoisoned;
    }

    @Override
    public void close()
    {
        for (final Queued queued : commands)
        {
            Memory.release(queued.block);
        }

        commands.clear();
    }
}
