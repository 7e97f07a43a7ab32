package org.millrace.engine.command;

import org.millrace.engine.datatype.ElementPrefetch;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/**
 * Complete commands read ahead of the one that runs: their rows are looked up and what their first keys need is loaded
 * all at once, so that the cache misses of one batch overlap instead of following each other. Writer thread.
 *
 * <p>Use: {@link #clear}, then read a command into {@link #next} and {@link #add} it until the batch is full or the
 * input is used up, then {@link #prepare}, then run what {@link #args} and {@link #spec} give. A command that has begun
 * but is not complete is left in {@link #next}: take it away with {@link #exchangeNext} before the batch is cleared.
 */
public final class CommandBatch
{
    /** Most commands in a batch: enough loads under way to hide the latency of one. */
    public static final int CAPACITY = 16;

    /** Finds the row for a command's name. */
    @FunctionalInterface
    public interface Lookup
    {
        /** The row, or null if there is none. */
        CommandSpec find(ArgVector args);
    }

    private final Lookup lookup;

    /** One more place than the capacity: for the command that is not complete. */
    private final ArgVector[] args = new ArgVector[CAPACITY + 1];
    private final CommandSpec[] specs = new CommandSpec[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final long[] hashes = new long[CAPACITY];
    private int count;

    public CommandBatch(final Lookup lookup)
    {
        this.lookup = lookup;
        for (int i = 0; i < args.length; i++)
        {
            args[i] = new ArgVector();
        }
    }

    /** Forget the commands. */
    public void clear()
    {
        for (int i = 0; i < count; i++)
        {
            args[i].trim();
        }

        count = 0;
    }

    public boolean isFull()
    {
        return CAPACITY == count;
    }

    public int count()
    {
        return count;
    }

    /** Where the next command is to be read. */
    public ArgVector next()
    {
        return args[count];
    }

    /** Put other arguments in the place of {@link #next}: a command that has begun before, or its replacement. */
    public ArgVector exchangeNext(final ArgVector other)
    {
        final ArgVector former = args[count];
        args[count] = other;
        return former;
    }

    /** What was read into {@link #next} is complete; without arguments if there was nothing but an empty line. */
    public void add(final int length)
    {
        lengths[count++] = length;
    }

    public ArgVector args(final int index)
    {
        return args[index];
    }

    /** Row of the command, as the lookup gave it; null if unknown, or nothing is there. */
    public CommandSpec spec(final int index)
    {
        return specs[index];
    }

    /** Bytes that the command took. */
    public int length(final int index)
    {
        return lengths[index];
    }

    /** Look the rows up, and load what the commands will look at in the database. */
    public void prepare(final Keyspace keyspace, final Values values)
    {
        int keys = 0;
        boolean hasElements = false;
        for (int i = 0; i < count; i++)
        {
            final ArgVector command = args[i];
            final CommandSpec spec = find(i);
            specs[i] = spec;
            final int keyIndex = null == spec ? 0 : spec.firstKey();
            if (keyIndex > 0 && keyIndex < command.count())
            {
                hashes[keys++] = keyspace.hash(command.address(keyIndex), command.length(keyIndex));
                hasElements |= spec.elementIndex() > 0;
            }
        }

        if (count > 1)
        {
            keyspace.prefetch(hashes, keys);
            if (hasElements)
            {
                prefetchElements(keyspace, values.prefetch());
            }
        }
    }

    private void prefetchElements(final Keyspace keyspace, final ElementPrefetch prefetch)
    {
        int keys = 0;
        for (int i = 0; i < count; i++)
        {
            final ArgVector command = args[i];
            final int keyIndex = null == specs[i] ? 0 : specs[i].firstKey();
            if (keyIndex > 0 && keyIndex < command.count())
            {
                final long hash = hashes[keys++];
                final int element = specs[i].elementIndex();
                if (element > 0 && element < command.count())
                {
                    prefetch.add(
                        keyspace.findHashed(hash, command.address(keyIndex), command.length(keyIndex)),
                        command.address(element),
                        command.length(element),
                        specs[i].isElementPlaced());
                }
            }
        }

        prefetch.finish();
    }

    /** Nearly always the row of the command before, unless that is one of a container's: the next may be another. */
    private CommandSpec find(final int index)
    {
        final ArgVector command = args[index];
        if (0 == command.count())
        {
            return null;
        }

        final CommandSpec before = index > 0 ? specs[index - 1] : null;
        if (null != before && null == before.parent() && before.subcommands().isEmpty())
        {
            final ArgVector former = args[index - 1];
            final int length = command.length(0);
            if (former.length(0) == length && Memory.equal(command.address(0), former.address(0), length))
            {
                return before;
            }
        }

        return lookup.find(command);
    }
}
