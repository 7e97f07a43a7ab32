package org.millrace.engine.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The values of all options of one node. Filled by {@link #load} and {@link #conclude} before the node starts; from
 * then on it belongs to the writer thread, which is also the only one to read it: other agents are told what they
 * need by listeners. Strings hold one byte of the wire in each character (ISO-8859-1).
 * <p>
 * Getters cost an array access; what they return never changes in place, so it may be kept.
 */
public final class Config
{
    private static final ConfigOption[] OPTIONS = ConfigOption.values();

    /** A database that is empty takes some 12 bytes. Redis has no limit but memory, and dies of it. */
    private static final int DATABASES_MAX = 1 << 24;

    private final DirectoryRules directoryRules;
    private final OptionValues values;
    private final boolean[] isGiven = new boolean[OPTIONS.length];
    private final ConfigListener[][] listeners = new ConfigListener[OPTIONS.length][0];
    private final List<List<String>> users = new ArrayList<>();
    private final List<List<String>> renames = new ArrayList<>();
    private Supplier<List<String>> userLines = () -> users.stream().map((words) -> String.join(" ", words)).toList();

    /**
     * All defaults.
     *
     * @param directory the working directory to begin with, absolute.
     */
    public Config(final DirectoryRules directoryRules, final String directory)
    {
        this.directoryRules = directoryRules;
        this.values = new OptionValues(directory);
    }

    /** A configuration that lives in memory: directories are joined as text and not looked for. */
    public static Config inMemory()
    {
        return new Config(Config::join, "/");
    }

    /**
     * Takes one directive of a file or of the command line, {@code words} without its name. Repeated {@code save}
     * lines add up, everything else is replaced.
     */
    public void load(final ConfigOption option, final List<String> words) throws ConfigException
    {
        if (!option.isMultiple() && !option.isFileOnly() && 1 != words.size())
        {
            throw new ConfigException("wrong number of arguments");
        }

        final SavePoints before = values.savePoints();
        if (option.isFileOnly())
        {
            loadFileOnly(option, words);
        }
        else
        {
            values.set(option, words, directoryRules);
        }

        if (ConfigOption.SAVE == option && isGiven(option))
        {
            values.addSavePoints(before);
        }

        isGiven[option.ordinal()] = true;
    }

    private void loadFileOnly(final ConfigOption option, final List<String> words) throws ConfigException
    {
        final List<String> copy = List.copyOf(words);
        switch (option)
        {
            case USER -> addIf(copy.size() >= 1, users, copy);
            case LOADMODULE -> addIf(copy.size() >= 1, new ArrayList<>(), copy);
            case RENAME_COMMAND -> rename(copy);
            case SENTINEL -> throw new ConfigException("sentinel directive while not in sentinel mode");
            case INCLUDE -> throw new ConfigException("Bad directive or wrong number of arguments");
            default -> addIf(1 == copy.size(), new ArrayList<>(), copy);
        }
    }

    private void rename(final List<String> names) throws ConfigException
    {
        addIf(2 == names.size(), renames, names);
        final String error = CommandRenames.check(renames);
        if (null != error)
        {
            renames.remove(renames.size() - 1);
            throw new ConfigException(error);
        }
    }

    private static void addIf(final boolean isComplete, final List<List<String>> target, final List<String> words)
        throws ConfigException
    {
        if (!isComplete)
        {
            throw new ConfigException("Bad directive or wrong number of arguments");
        }

        target.add(words);
    }

    /** Checks what single directives cannot: to be called once, after the last of them. */
    public void conclude() throws ConfigException
    {
        if (is(ConfigOption.CLUSTER_ENABLED) && null != values.primaryHost())
        {
            throw new ConfigException("replicaof directive not allowed in cluster mode");
        }

        if (number(ConfigOption.DATABASES) > DATABASES_MAX)
        {
            throw new ConfigException(
                ConfigOption.DATABASES, "Millrace has at most " + DATABASES_MAX + " databases");
        }

        for (final ConfigOption option : OPTIONS)
        {
            final String refusal = refusal(option);
            if (null != refusal)
            {
                throw new ConfigException(option, refusal);
            }
        }
    }

    /** Why the present value of an option is not accepted, or null if it is. */
    private String refusal(final ConfigOption option)
    {
        final boolean isRefused = OptionEffect.ONLY_DEFAULT == option.effect() &&
            (option.isFileOnly() ? isGiven(option) : !print(option).equals(option.row().printedDefault()));
        return isRefused ? option.refusal() : null;
    }

    /**
     * CONFIG SET: all of it or nothing.
     *
     * @param pairs         names and values in turn.
     * @param isLoading     a data set is being loaded.
     * @param isLocalClient the client is on this machine.
     * @return null when done, else the error for the client, from its code word on.
     */
    public String set(final List<String> pairs, final boolean isLoading, final boolean isLocalClient)
    {
        if (0 != (pairs.size() & 1))
        {
            return "ERR syntax error";
        }

        final ConfigOption[] options = new ConfigOption[pairs.size() / 2];
        final String refusal = find(pairs, options, isLoading, isLocalClient);
        if (null != refusal)
        {
            return refusal;
        }

        final OptionValues before = values.copy();
        final List<ConfigOption> changed = new ArrayList<>();
        for (int i = 0; i < options.length; i++)
        {
            try
            {
                values.set(options[i], words(options[i], pairs.get(2 * i + 1)), directoryRules);
                final String reason = refusal(options[i]);
                if (null != reason)
                {
                    throw new ConfigException(reason);
                }
            }
            catch (final ConfigException ex)
            {
                values.copyFrom(before);
                return failure(spelled(options[i], pairs), ex.getMessage());
            }

            // Of this one it counts, too, whether anybody has named it.
            final boolean isNamed = ConfigOption.REPL_DISKLESS_SYNC_DELAY == options[i] && !isGiven(options[i]);
            if (isNamed || options[i].namesContent() || !print(options[i]).equals(before.print(options[i])))
            {
                changed.add(options[i]);
            }
        }

        return apply(changed, before, options, pairs);
    }

    private String find(
        final List<String> pairs,
        final ConfigOption[] options,
        final boolean isLoading,
        final boolean isLocalClient)
    {
        final Set<String> seen = new HashSet<>();
        for (int i = 0; i < options.length; i++)
        {
            final String name = pairs.get(2 * i);
            final ConfigOption option = ConfigOption.byName(name);
            if (null == option || option.isFileOnly())
            {
                return "ERR Unknown option or number of arguments for CONFIG SET - '" + name + "'";
            }

            // Options of our own are in CONFIG GET *: who sets all he got back must not fail.
            if (option.isImmutable() && !(option.isOwn() && print(option).equals(pairs.get(2 * i + 1))))
            {
                return failure(name, "can't set immutable config");
            }

            if (option.isProtected() && !isAllowed(ConfigOption.ENABLE_PROTECTED_CONFIGS, isLocalClient))
            {
                return failure(name, "can't set protected config");
            }

            if (isLoading && option.isDeniedWhileLoading())
            {
                return "LOADING Redis is loading the dataset in memory";
            }

            if (!seen.add(name.toLowerCase(Locale.ROOT)))
            {
                return failure(name, "duplicate parameter");
            }

            options[i] = option;
        }

        return null;
    }

    private String apply(
        final List<ConfigOption> changed,
        final OptionValues before,
        final ConfigOption[] options,
        final List<String> pairs)
    {
        final boolean[] givenBefore = isGiven.clone();
        for (final ConfigOption option : options)
        {
            isGiven[option.ordinal()] = true;
        }

        // A user cannot be given back the passwords that this takes: the last, when nobody refuses any more.
        if (changed.remove(ConfigOption.REQUIREPASS))
        {
            changed.add(ConfigOption.REQUIREPASS);
        }

        final List<ConfigListener> called = new ArrayList<>();
        final List<ConfigOption> calledFor = new ArrayList<>();
        for (final ConfigOption option : changed)
        {
            for (final ConfigListener listener : listeners[option.ordinal()])
            {
                if (called.contains(listener))
                {
                    continue;
                }

                called.add(listener);
                calledFor.add(option);
                final String reason = listener.onChange(this, option);
                if (null != reason)
                {
                    values.copyFrom(before);
                    System.arraycopy(givenBefore, 0, isGiven, 0, isGiven.length);
                    for (int i = 0; i < called.size(); i++)
                    {
                        called.get(i).onChange(this, calledFor.get(i));
                    }

                    return failure(spelled(option, pairs), reason);
                }
            }
        }

        return null;
    }

    /** The name or the alias of an option, whichever the client has used, in the spelling of the table. */
    private static String spelled(final ConfigOption option, final List<String> pairs)
    {
        for (int i = 0; i < pairs.size(); i += 2)
        {
            if (pairs.get(i).equalsIgnoreCase(option.alias()))
            {
                return option.alias();
            }
        }

        return option.optionName();
    }

    private static String failure(final String name, final String reason)
    {
        return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + reason;
    }

    /** CONFIG SET hands over one argument; options of several words split it at every blank. */
    private static List<String> words(final ConfigOption option, final String value)
    {
        if (!option.isMultiple())
        {
            return List.of(value);
        }

        return value.isEmpty() ? List.of() : Arrays.asList(value.split(" ", -1));
    }

    /**
     * CONFIG GET.
     *
     * @param patterns names, aliases or globs over them, in any case.
     * @return names and values in turn, each name once.
     */
    public List<String> get(final List<String> patterns)
    {
        final Set<String> seen = new HashSet<>();
        final List<String> found = new ArrayList<>();
        for (final String pattern : patterns)
        {
            if (NamePattern.isPattern(pattern))
            {
                final NamePattern glob = new NamePattern(pattern);
                for (final ConfigOption option : OPTIONS)
                {
                    if (!option.isHidden())
                    {
                        addMatch(glob, option.optionName(), option, seen, found);
                        addMatch(glob, option.alias(), option, seen, found);
                    }
                }
            }
            else
            {
                addExact(pattern, seen, found);
            }
        }

        return found;
    }

    private void addMatch(
        final NamePattern glob,
        final String name,
        final ConfigOption option,
        final Set<String> seen,
        final List<String> found)
    {
        if (null != name && !option.isFileOnly() && glob.matches(name) && seen.add(name))
        {
            found.add(name);
            found.add(print(option));
        }
    }

    private void addExact(final String name, final Set<String> seen, final List<String> found)
    {
        final ConfigOption option = ConfigOption.byName(name);
        if (null != option && !option.isFileOnly() && seen.add(name.toLowerCase(Locale.ROOT)))
        {
            found.add(name);
            found.add(print(option));
        }
    }

    /** Registers for changes by CONFIG SET. Loading does not call listeners. */
    public void listen(final ConfigOption option, final ConfigListener listener)
    {
        final ConfigListener[] old = listeners[option.ordinal()];
        final ConfigListener[] next = Arrays.copyOf(old, old.length + 1);
        next[old.length] = listener;
        listeners[option.ordinal()] = next;
    }

    /** A number of any numeric type; percentages are negative; 2^64 - 1 and the like are to be read unsigned. */
    public long number(final ConfigOption option)
    {
        return values.number(option);
    }

    /** A number whose bounds fit an int. */
    public int integer(final ConfigOption option)
    {
        return (int)values.number(option);
    }

    public boolean is(final ConfigOption option)
    {
        return 0 != values.number(option);
    }

    /** Index or bits of the words chosen, see {@link ConfigChoice}. */
    public int choice(final ConfigOption option)
    {
        return (int)values.number(option);
    }

    /** A text, empty if there is none. */
    public String text(final ConfigOption option)
    {
        return values.text(option);
    }

    public SavePoints savePoints()
    {
        return values.savePoints();
    }

    public OutputLimits outputLimits()
    {
        return values.outputLimits();
    }

    /** Bits of {@link KeyspaceEvents}. */
    public int keyspaceEvents()
    {
        return (int)values.number(ConfigOption.NOTIFY_KEYSPACE_EVENTS);
    }

    /** Addresses to listen on, as given: a leading minus makes one optional, a star means all. */
    public List<String> addresses()
    {
        return values.addresses();
    }

    /** The port, or if there is none the one with TLS: what a node with a single port is known by. */
    public int anyPort()
    {
        return integer(is(ConfigOption.PORT) ? ConfigOption.PORT : ConfigOption.TLS_PORT);
    }

    public double[] percentiles()
    {
        return values.percentiles().clone();
    }

    /** Absolute path of the working directory. */
    public String directory()
    {
        return values.text(ConfigOption.DIR);
    }

    /** Absolute path of a file that an option names. */
    public String path(final String file)
    {
        return join(directory(), file);
    }

    private static String join(final String directory, final String file)
    {
        if (file.startsWith("/"))
        {
            return file;
        }

        return directory.endsWith("/") ? directory + file : directory + "/" + file;
    }

    /** The machine allows no more clients than this, whatever was asked for. */
    public void maxClients(final long value)
    {
        values.number(ConfigOption.MAXCLIENTS, value);
    }

    /** Host of the primary to follow, or null. */
    public String primaryHost()
    {
        return values.primaryHost();
    }

    /** Port of the primary to follow, 0 if there is none. */
    public int primaryPort()
    {
        return values.primaryPort();
    }

    /** REPLICAOF: what CONFIG GET shows and CONFIG REWRITE keeps. A null host means that this node is a primary. */
    public void primary(final String host, final int port)
    {
        values.primary(host, port);
    }

    /** Backlog bytes that may be pinned at most: never less than {@code repl-backlog-size}. */
    public long backlogLengthMax()
    {
        return Math.max(number(ConfigOption.REPL_BACKLOG_MAX_SIZE), number(ConfigOption.REPL_BACKLOG_SIZE));
    }

    /** RDB version of the snapshots this node writes. */
    public int rdbVersion()
    {
        return Integer.parseInt(print(ConfigOption.RDB_VERSION));
    }

    /** Decides an option of the kind {@code enable-debug-command}. */
    public boolean isAllowed(final ConfigOption option, final boolean isLocalClient)
    {
        final int allowed = choice(option);
        return ConfigChoice.ALLOWED_YES == allowed || ConfigChoice.ALLOWED_LOCAL == allowed && isLocalClient;
    }

    /** Whether a file, the command line or CONFIG SET has named the option. */
    public boolean isGiven(final ConfigOption option)
    {
        return isGiven[option.ordinal()];
    }

    /** The value as CONFIG GET shows it. */
    public String print(final ConfigOption option)
    {
        return values.print(option);
    }

    /** Old and new name of each {@code rename-command}; an empty new name removes the command. */
    public List<List<String>> renames()
    {
        return renames;
    }

    /** Name and rules of each {@code user} line, as given. */
    public List<List<String>> users()
    {
        return users;
    }

    /** Once the node has its users: what CONFIG REWRITE is to keep of them. @param lines name and rules of each. */
    public void userLines(final Supplier<List<String>> lines)
    {
        userLines = lines;
    }

    /** Name and rules of each user there is; empty if they have a file of their own. */
    public List<String> userLines()
    {
        return text(ConfigOption.ACLFILE).isEmpty() ? userLines.get() : List.of();
    }

    /** Options that were given a value of which the user should know that nothing happens, in the order of the table. */
    public List<ConfigOption> withoutEffect()
    {
        final List<ConfigOption> found = new ArrayList<>();
        for (final ConfigOption option : OPTIONS)
        {
            if (OptionEffect.WARNED == option.effect() && isGiven(option) &&
                !print(option).equals(option.row().printedDefault()))
            {
                found.add(option);
            }
        }

        return found;
    }
}
