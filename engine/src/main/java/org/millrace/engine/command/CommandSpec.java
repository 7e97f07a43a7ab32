package org.millrace.engine.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.millrace.engine.resp.ArgVector;

/**
 * One row of the command table. Arity counts the name and is negative for "at least"; categories are those of the access
 * control list, some named by the row and some implied by its flags; {@link CommandKeys} says which arguments are keys.
 * What is only told to people ({@link CommandDoc}) is read when asked for. Also holds the row's statistics (writer
 * thread).
 */
public final class CommandSpec
{
    private final String name;
    private final int arity;
    private final int flags;
    private final int categories;
    private final CommandKeys keys;

    /** Of {@link #keys}, for who asks with each command. */
    private final int firstKey;
    private final CommandSpec parent;
    private final RowNumbers numbers;
    private final int number;
    private final Map<String, CommandSpec> subcommands = new LinkedHashMap<>();

    private Handler handler;
    private SecretArguments secrets = SecretArguments.NONE;
    private FlagRule flagRule;
    private int foreignRead = ForeignRead.NONE;
    private int elementIndex;
    private boolean isElementPlaced;
    private ReplicationWord replicationWord = ReplicationWord.NONE;
    private ChannelUse channelUse = ChannelUse.NONE;
    private long calls;
    private long nanos;
    private long rejected;
    private long failed;
    private LatencyHistogram latency;

    CommandSpec(
        final String name,
        final int arity,
        final int flags,
        final int categories,
        final CommandKeys keys,
        final Handler handler,
        final CommandSpec parent,
        final RowNumbers numbers)
    {
        this.name = name;
        this.arity = arity;
        this.flags = flags | keys.impliedFlags();
        this.categories = categories | Category.implied(flags, categories);
        this.keys = keys;
        firstKey = keys.first();
        this.handler = handler;
        this.parent = parent;
        this.numbers = numbers;
        number = numbers.take();
    }

    /** Add a subcommand ({@code client|id}) without keys; arity counts both words. */
    public CommandSpec sub(
        final String subName,
        final int subArity,
        final int subFlags,
        final int subCategories,
        final Handler subHandler)
    {
        return sub(subName, subArity, subFlags, subCategories, CommandKeys.NONE, subHandler);
    }

    /** Add a subcommand with keys. */
    public CommandSpec sub(
        final String subName,
        final int subArity,
        final int subFlags,
        final int subCategories,
        final CommandKeys subKeys,
        final Handler subHandler)
    {
        subcommands.put(
            subName,
            new CommandSpec(
                subName, subArity, subFlags, subCategories, subKeys, subHandler, this, numbers));
        return this;
    }

    /** Add a subcommand some of whose arguments are to be shown to nobody. */
    public CommandSpec sub(
        final String subName,
        final int subArity,
        final int subFlags,
        final int subCategories,
        final Handler subHandler,
        final SecretArguments subSecrets)
    {
        sub(subName, subArity, subFlags, subCategories, subHandler);
        subcommands.get(subName).secrets(subSecrets);
        return this;
    }

    /** Some arguments are to be shown to nobody. */
    public CommandSpec secrets(final SecretArguments secretArguments)
    {
        secrets = secretArguments;
        return this;
    }

    /** True if the argument must not be shown. */
    public boolean isSecret(final ArgVector args, final int index)
    {
        return secrets.isSecret(args, index);
    }

    /** A thread other than the writer can answer it as well. @param read one of {@link ForeignRead}. */
    public CommandSpec foreignRead(final int read)
    {
        foreignRead = read;
        return this;
    }

    /** How a thread other than the writer answers it, of {@link ForeignRead}. */
    public int foreignRead()
    {
        return foreignRead;
    }

    /** This argument names a member or field of the first key's value, which the command looks for. */
    public CommandSpec element(final int index)
    {
        elementIndex = index;
        return this;
    }

    /** Argument that names a member or field of the first key's value; 0 if none does. */
    public int elementIndex()
    {
        return elementIndex;
    }

    /** As {@link #element}, of a sorted set, and its place in the order of scores is looked for, too. */
    public CommandSpec placedElement(final int index)
    {
        isElementPlaced = true;
        return element(index);
    }

    /** Whether the place of the element in the order of scores is looked for, too. */
    public boolean isElementPlaced()
    {
        return isElementPlaced;
    }

    /** A replication link sees to it itself. */
    public CommandSpec replicationWord(final ReplicationWord word)
    {
        replicationWord = word;
        return this;
    }

    /** What it is to a replication link; {@link ReplicationWord#NONE} for nearly all. */
    public ReplicationWord replicationWord()
    {
        return replicationWord;
    }

    /** Some arguments are channels. */
    public CommandSpec channels(final ChannelUse use)
    {
        channelUse = use;
        return this;
    }

    /** Which arguments are channels that its user must be allowed to use. */
    public ChannelUse channels()
    {
        return channelUse;
    }

    /** From 0 on, below {@link CommandTable#rowCount}: no other row of the table has it. */
    public int number()
    {
        return number;
    }

    /** Lower-case name, without the parent's. */
    public String name()
    {
        return name;
    }

    /** {@code get}, or {@code client|id} for a subcommand. */
    public String fullName()
    {
        return null == parent ? name : parent.name + "|" + name;
    }

    public int arity()
    {
        return arity;
    }

    public int flags()
    {
        return flags;
    }

    /** What a call is depends on its arguments: a script says itself whether it writes. */
    public CommandSpec flags(final FlagRule rule)
    {
        flagRule = rule;
        return this;
    }

    /** The flags of one call: those of the row, unless it has a {@link FlagRule}. */
    public int flags(final ArgVector args)
    {
        return null == flagRule ? flags : flagRule.flags(flags, args);
    }

    public boolean has(final int flag)
    {
        return 0 != (flags & flag);
    }

    /** All its categories, those that its flags imply among them: bits of {@link Category}. */
    public int categories()
    {
        return categories;
    }

    /** What is told to people: group, since, summary, complexity; null if nothing is. The first call reads a file. */
    public CommandDoc doc()
    {
        return CommandDocs.instance().find(fullName());
    }

    /** True for a command that reads keys and changes none; what runs others has read nothing itself. */
    boolean readsKeys()
    {
        return has(CommandFlags.READONLY) && !has(CommandFlags.MOVES_READ_GATE) && keys.hasKeys();
    }

    /** Which arguments are keys. */
    public CommandKeys keys()
    {
        return keys;
    }

    /** Index of the first key if that has a fixed place, else 0. */
    int firstKey()
    {
        return firstKey;
    }

    public Handler handler()
    {
        return handler;
    }

    public CommandSpec parent()
    {
        return parent;
    }

    /** Empty if it has none. */
    public Map<String, CommandSpec> subcommands()
    {
        return subcommands;
    }

    public boolean isArityRight(final int argCount)
    {
        return arity >= 0 ? argCount == arity : argCount >= -arity;
    }

    /** The subcommand that the second argument names, or null. */
    public CommandSpec subcommand(final ArgVector args)
    {
        for (final CommandSpec sub : subcommands.values())
        {
            if (sub.isNamedBy(args, 1))
            {
                return sub;
            }
        }

        return null;
    }

    boolean isNamedBy(final ArgVector args, final int index)
    {
        return CommandNames.isNamed(name, args.address(index), args.length(index));
    }

    void count(final long durationNs, final boolean hasFailed)
    {
        calls++;
        nanos += durationNs;
        if (hasFailed)
        {
            failed++;
        }
    }

    /** Count calls that another thread has answered. */
    public void count(final long moreCalls, final long moreNanos)
    {
        calls += moreCalls;
        nanos += moreNanos;
    }

    /** latency-tracking: so many calls took so long each. */
    public void track(final long durationNs, final long trackedCalls)
    {
        if (null == latency)
        {
            latency = new LatencyHistogram();
        }

        latency.record(durationNs, trackedCalls);
    }

    /** What {@link #track} has counted, or null. */
    public LatencyHistogram latency()
    {
        return latency;
    }

    /** Put another handler in place of this row's, usually one around it. */
    void handler(final Handler newHandler)
    {
        handler = newHandler;
    }

    void countRejected()
    {
        rejected++;
    }

    public long calls()
    {
        return calls;
    }

    public long nanos()
    {
        return nanos;
    }

    public long rejectedCalls()
    {
        return rejected;
    }

    public long failedCalls()
    {
        return failed;
    }

    /** CONFIG RESETSTAT. */
    public void resetStatistics()
    {
        calls = 0;
        nanos = 0;
        rejected = 0;
        failed = 0;
        latency = null;
    }
}
