package org.millrace.engine.command;

import java.util.List;
import org.millrace.engine.resp.ArgVector;

/**
 * Which arguments of a command are keys, and what it does with each: the one place that says so, for whoever has to
 * know before or without running it. Immutable; finding keys allocates nothing.
 * <p>
 * Most commands say it by {@link KeySpec}s alone. Where those do not tell all (they are unknown, incomplete, or what is
 * done depends on other arguments), or do not fit a call, a {@link KeyRule} decides, as in Redis. It decides alone where they
 * would fit a call and name other keys than those that it uses: rights are checked by what is found here.
 */
public final class CommandKeys
{
    /** For commands without keys. */
    public static final CommandKeys NONE = of();

    private final List<KeySpec> specs;
    private final KeyRule rule;
    private final boolean isOptional;
    private final boolean isRuleAlone;
    private final boolean areSpecsSure;
    private final boolean hasKeys;
    private boolean isMovable;
    private int first;
    private int last;
    private int step;

    private CommandKeys(
        final List<KeySpec> specs, final KeyRule rule, final boolean isOptional, final boolean isRuleAlone)
    {
        this.specs = specs;
        this.rule = rule;
        this.isOptional = isOptional;
        this.isRuleAlone = isRuleAlone;
        boolean isSure = true;
        boolean hasSome = false;
        // No streams: this is a part of each start.
        for (final KeySpec spec : specs)
        {
            isSure &= !spec.has(KeyFlags.VARIABLE);
            hasSome |= !spec.has(KeyFlags.NOT_KEY);
        }

        areSpecsSure = isSure && !isRuleAlone;
        hasKeys = hasSome;
        summarize();
    }

    /** Found by these specifications. */
    public static CommandKeys of(final KeySpec... specs)
    {
        return new CommandKeys(List.of(specs), null, false, false);
    }

    /** One key, the first argument. */
    public static CommandKeys one(final int flags)
    {
        return of(KeySpec.at(1, flags));
    }

    /** All arguments are keys. */
    public static CommandKeys all(final int flags)
    {
        return of(KeySpec.from(1, flags));
    }

    /** The same, with a rule for the calls that the specifications do not tell of. */
    public CommandKeys or(final KeyRule newRule)
    {
        return new CommandKeys(specs, newRule, isOptional, isRuleAlone);
    }

    /** The same, with a rule for all calls, where the specifications could be misled. */
    public CommandKeys by(final KeyRule newRule)
    {
        return new CommandKeys(specs, newRule, isOptional, true);
    }

    /** The same, for a command that may be called without keys though it takes some: {@code no_mandatory_keys}. */
    public CommandKeys optional()
    {
        return new CommandKeys(specs, rule, true, isRuleAlone);
    }

    /** What COMMAND INFO says in three numbers: the ranges that begin at fixed places, if they follow each other. */
    private void summarize()
    {
        if (1 == specs.size() && specs.get(0).isRange())
        {
            final KeySpec only = specs.get(0);
            first = only.first();
            last = only.last();
            step = only.step();
            isMovable = only.has(KeyFlags.INCOMPLETE);
            return;
        }

        for (final KeySpec spec : specs)
        {
            final boolean isPlain = spec.isRange() && 1 == spec.step() && (0 == last || last == spec.first() - 1);
            isMovable |= !isPlain || spec.has(KeyFlags.INCOMPLETE);
            if (isPlain)
            {
                first = 0 == first ? spec.first() : Math.min(first, spec.first());
                last = last < 0 || spec.last() < 0 ? Math.min(last, spec.last()) : Math.max(last, spec.last());
                step = 1;
            }
        }
    }

    /** Index of the first key if it has a fixed place, else 0: what COMMAND INFO shows. */
    public int first()
    {
        return first;
    }

    /** Index of the last key, from the end if negative; 0 if there is none at a fixed place. */
    public int last()
    {
        return last;
    }

    /** From key to key; 0 if there is none at a fixed place. */
    public int step()
    {
        return step;
    }

    /** What COMMAND INFO says of keys among the flags. */
    int impliedFlags()
    {
        return (isMovable ? CommandFlags.MOVABLE_KEYS : 0) | (isOptional ? CommandFlags.NO_MANDATORY_KEYS : 0);
    }

    /** True if a call without keys may make sense though the command takes keys. */
    public boolean isOptional()
    {
        return isOptional;
    }

    /** False for a command whose arguments are never keys; channels of sharded messages are none. */
    public boolean hasKeys()
    {
        return hasKeys;
    }

    List<KeySpec> specs()
    {
        return specs;
    }

    /**
     * Find the keys of a call whose number of arguments is right, in the order of the specifications.
     *
     * @param found cleared first; empty if the call makes no sense.
     * @return false if there is none where keys should be.
     */
    public boolean find(final ArgVector args, final KeyPositions found)
    {
        found.clear();
        if (areSpecsSure && findBySpecs(args, found))
        {
            return true;
        }

        found.clear();
        return null != rule && rule.find(args, found);
    }

    private boolean findBySpecs(final ArgVector args, final KeyPositions found)
    {
        for (int i = 0; i < specs.size(); i++)
        {
            final KeySpec spec = specs.get(i);
            final int before = found.count();
            final boolean isSure = spec.has(KeyFlags.NOT_KEY) || spec.find(args, found) &&
                (before == found.count() || !spec.has(KeyFlags.INCOMPLETE));
            if (!isSure)
            {
                return false;
            }
        }

        return found.count() > 0 || !hasKeys;
    }
}
