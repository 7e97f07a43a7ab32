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
import org.millrace.engine.resp.ArgVector;

/**
 * All commands by name; filled at start, then fixed. A command may have another name for clients than its own, or none:
 * {@code rename-command}. Lookup allocates nothing.
 */
public final class CommandTable implements AutoCloseable
{
    private final Map<String, CommandSpec> byName = new LinkedHashMap<>();
    private final CommandNames ownNames = new CommandNames();
    private final List<Runnable> closers = new ArrayList<>();
    private final RowNumbers numbers = new RowNumbers();

    /** What clients may say; the same as the own names until one is changed. */
    private CommandNames clientNames = ownNames;

    /** New names by own names, for those that have one. */
    private final Map<String, String> newNames = new HashMap<>();

    /** Add a row without keys; see {@link CommandSpec} for the meaning of the numbers. */
    public CommandSpec add(
        final String name, final int arity, final int flags, final int categories, final Handler handler)
    {
        return add(name, arity, flags, categories, CommandKeys.NONE, handler);
    }

    /**
     * Add a row.
     *
     * @param flags bits of {@link CommandFlags}.
     * @param categories bits of {@link Category} that the flags do not imply.
     */
    public CommandSpec add(
        final String name,
        final int arity,
        final int flags,
        final int categories,
        final CommandKeys keys,
        final Handler handler)
    {
        final CommandSpec spec = new CommandSpec(name, arity, flags, categories, keys, handler, null, numbers);
        final boolean isNew = null == byName.put(name, spec);
        Check.that(isNew, "command registered twice: length, rows", name.length(), byName.size());
        ownNames.put(name, spec);
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

    /**
     * Have a command be called by another name, or by none. All rows are there already, and the configuration has seen to
     * it that the names fit.
     *
     * @param oldName as clients call it now; a command that this node does not hold has nothing to be renamed.
     * @param newName empty to take the command from clients.
     */
    public void rename(final String oldName, final String newName)
    {
        if (clientNames == ownNames)
        {
            clientNames = new CommandNames();
            byName.forEach(clientNames::put);
        }

        final String old = oldName.toLowerCase(Locale.ROOT);
        final CommandSpec spec = clientNames.find(old);
        clientNames.put(old, null);
        if (null != spec)
        {
            newNames.remove(spec.name());
            if (!newName.isEmpty())
            {
                clientNames.put(newName.toLowerCase(Locale.ROOT), spec);
                newNames.put(spec.name(), newName);
            }
        }
    }

    /** The command that a client names by the first argument, or null. */
    public CommandSpec findForClient(final ArgVector args)
    {
        return clientNames.find(args);
    }

    /** The command that a client means by this name in lower case, or null. */
    public CommandSpec findForClient(final String name)
    {
        return clientNames.find(name);
    }

    /** As {@link #findForClient(ArgVector)}, the subcommand's row if the command has subcommands; null if unknown. */
    public CommandSpec resolveForClient(final ArgVector args)
    {
        return resolve(findForClient(args), args);
    }

    /** The row of the subcommand that the second argument names, or the command's own if it has none; null if unknown. */
    static CommandSpec resolve(final CommandSpec spec, final ArgVector args)
    {
        return null == spec || spec.subcommands().isEmpty() || args.count() < 2 ? spec : spec.subcommand(args);
    }

    /** Those that clients can call, in order of registration. */
    public Collection<CommandSpec> allForClients()
    {
        return hasRenamed() ? byName.values().stream().filter(this::isCallable).toList() : byName.values();
    }

    private boolean isCallable(final CommandSpec spec)
    {
        return isPlainlyNamed(spec) || newNames.containsKey(spec.name());
    }

    /** The command that a primary names: by the name that it has here for clients, as Redis does, or by its own. */
    public CommandSpec findForLink(final ArgVector args)
    {
        final CommandSpec spec = clientNames.find(args);
        return null == spec && clientNames != ownNames ? ownNames.find(args) : spec;
    }

    /** True if some command has another name for clients than its own. */
    public boolean hasRenamed()
    {
        return clientNames != ownNames;
    }

    /**
     * The name that the stream has for a command which this node puts there itself: what clients call it, for that is
     * what other nodes of the group know where all have the same names; its own if they have none for it.
     *
     * @param word its own name in any case, which is kept if there is no other.
     */
    public String streamName(final String word)
    {
        return newNames.isEmpty() ? word : newNames.getOrDefault(word.toLowerCase(Locale.ROOT), word);
    }

    /** The command whose own name the first argument is, or null. */
    public CommandSpec find(final ArgVector args)
    {
        return ownNames.find(args);
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
        return spec == clientNames.find(spec.name());
    }

    /** By its own name in lower case, or null. */
    public CommandSpec find(final String name)
    {
        return byName.get(name);
    }

    /** Rows so far, subcommands among them. */
    public int rowCount()
    {
        return numbers.count();
    }

    /** The row that {@code get} or {@code client|id} is the full own name of, in lower case; null if there is none. */
    public CommandSpec findFull(final String fullName)
    {
        final int bar = fullName.indexOf('|');
        final CommandSpec spec = byName.get(bar < 0 ? fullName : fullName.substring(0, bar));
        return null == spec || bar < 0 ? spec : spec.subcommands().get(fullName.substring(bar + 1));
    }

    /** In order of registration. */
    public Collection<CommandSpec> all()
    {
        return byName.values();
    }

    /** CONFIG RESETSTAT: calls, times, errors of all commands and their subcommands. */
    public void resetStatistics()
    {
        for (final CommandSpec spec : all())
        {
            spec.resetStatistics();
            spec.subcommands().values().forEach(CommandSpec::resetStatistics);
        }
    }

    static int lower(final int c)
    {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
}
