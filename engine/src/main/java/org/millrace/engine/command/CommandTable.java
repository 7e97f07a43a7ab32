package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** All commands by name; filled at start, then fixed. Lookup allocates nothing. */
public final class CommandTable implements AutoCloseable
{
    private static final int SLOTS = 1024;

    private static final int NAME_MAX = 128;

    private final Map<String, CommandSpec> byName = new LinkedHashMap<>();
    /** What clients' names mean where it is not what the table says; null for nothing. */
    private final Map<String, CommandSpec> renamed = new HashMap<>();
    private final CommandSpec[] slots = new CommandSpec[SLOTS];
    private final List<Runnable> closers = new ArrayList<>();

    /** Add a row; see {@link CommandSpec} for the meaning of the numbers. */
    public CommandSpec add(
        final String name,
        final int arity,
        final int flags,
        final int firstKey,
        final int lastKey,
        final int keyStep,
        final Handler handler)
    {
        final CommandSpec spec = new CommandSpec(name, arity, flags, firstKey, lastKey, keyStep, handler, null);
        final boolean isNew = null == byName.put(name, spec);
        Check.that(isNew, "command registered twice: length, rows", name.length(), byName.size());
        Check.that(byName.size() < SLOTS / 2, "command table too full: rows, slots", byName.size(), SLOTS);

        place(name, spec);
        return spec;
    }

    /** Handlers that hold memory of their own say how it is given back. */
    public void onClose(final Runnable closer)
    {
        closers.add(closer);
    }

    /** No command runs any more. */
    @Override
    public void close()
    {
        closers.forEach(Runnable::run);
        closers.clear();
    }

    private void place(final String name, final CommandSpec spec)
    {
        int hash = 0;
        for (int i = 0; i < name.length(); i++)
        {
            hash = hash * 31 + name.charAt(i);
        }

        int slot = slot(hash);
        while (null != slots[slot])
        {
            slot = (slot + 1) & (SLOTS - 1);
        }

        slots[slot] = spec;
    }

    /**
     * Have clients call a command by another name, or by none: {@code rename-command}. The stream keeps to the names
     * that every node knows.
     *
     * @param newName empty to take the command from clients.
     * @return false if there is no such command, or the new name is taken.
     */
    public boolean rename(final String oldName, final String newName)
    {
        final String old = oldName.toLowerCase(Locale.ROOT);
        final String alias = newName.toLowerCase(Locale.ROOT);
        final CommandSpec spec = renamed.containsKey(old) ? renamed.get(old) : byName.get(old);
        if (null == spec)
        {
            return false;
        }

        renamed.put(old, null);
        if (alias.isEmpty())
        {
            return true;
        }

        final boolean isTaken = renamed.containsKey(alias) ? null != renamed.get(alias) : byName.containsKey(alias);
        if (!isTaken)
        {
            renamed.put(alias, spec);
        }

        return !isTaken;
    }

    /** The command that a client names by the first argument, or null. */
    public CommandSpec findForClient(final ArgVector args)
    {
        if (!renamed.isEmpty() && args.length(0) <= NAME_MAX)
        {
            final String name = args.text(0).toLowerCase(Locale.ROOT);
            if (renamed.containsKey(name))
            {
                return renamed.get(name);
            }
        }

        return find(args);
    }

    /** True if some command has another name for clients than in the stream. */
    public boolean hasRenamed()
    {
        return !renamed.isEmpty();
    }

    /** The command that the first argument names, or null. */
    public CommandSpec find(final ArgVector args)
    {
        final long address = args.address(0);
        final int length = args.length(0);
        int hash = 0;
        for (int i = 0; i < length; i++)
        {
            hash = hash * 31 + lower(Memory.getByte(address + i));
        }

        for (int slot = slot(hash); null != slots[slot]; slot = (slot + 1) & (SLOTS - 1))
        {
            if (slots[slot].isNamedBy(args, 0))
            {
                return slots[slot];
            }
        }

        return null;
    }

    /** Put another handler in place of that of each row and subcommand: what the function makes of row and handler. */
    public void decorate(final BiFunction<CommandSpec, Handler, Handler> decorator)
    {
        for (final CommandSpec spec : byName.values())
        {
            spec.handler(decorator.apply(spec, spec.handler()));
            for (final CommandSpec sub : spec.subcommands().values())
            {
                sub.handler(decorator.apply(sub, sub.handler()));
            }
        }
    }

    /** True if clients name this row by its own name. */
    public boolean isPlainlyNamed(final CommandSpec spec)
    {
        return !renamed.containsKey(spec.name());
    }

    /** By lower-case name, or null. */
    public CommandSpec find(final String name)
    {
        return byName.get(name);
    }

    /** In order of registration. */
    public Collection<CommandSpec> all()
    {
        return byName.values();
    }

    static int lower(final int c)
    {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private static int slot(final int hash)
    {
        return (hash ^ hash >>> 10 ^ hash >>> 20) & (SLOTS - 1);
    }
}
