package org.millrace.engine.acl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.resp.ArgVector;

/** The commands that a selector allows: a bit for each row of the table, and the rules that made them so. */
final class CommandSet
{
    private final CommandTable table;

    /** By {@link CommandSpec#number}. */
    private final long[] allowed;

    /** First arguments with which a command is allowed though its bit is not set, in upper case, by number; null if none. */
    private String[][] firstArguments;

    /** Rules since the last {@code +@all} or {@code -@all}, in lower case; none of them says the same as a later one. */
    private final List<String> rules = new ArrayList<>();

    /** Nothing has been taken away since {@code +@all}. */
    private boolean isAll;

    /** {@code +@all} came last, not {@code -@all}: what has been taken away is said by the rules. */
    private boolean beginsWithAll;

    CommandSet(final CommandTable table)
    {
        this.table = table;
        allowed = new long[(table.rowCount() + Long.SIZE - 1) / Long.SIZE];
    }

    CommandSet(final CommandSet other)
    {
        table = other.table;
        allowed = other.allowed.clone();
        // The arrays of words are never changed in place.
        firstArguments = null == other.firstArguments ? null : other.firstArguments.clone();
        rules.addAll(other.rules);
        isAll = other.isAll;
        beginsWithAll = other.beginsWithAll;
    }

    boolean isAll()
    {
        return isAll;
    }

    /** {@code +@all} or {@code -@all}. */
    void all(final boolean areAllowed)
    {
        Arrays.fill(allowed, areAllowed ? -1 : 0);
        firstArguments = null;
        rules.clear();
        isAll = areAllowed;
        beginsWithAll = areAllowed;
    }

    /** Allow or forbid a command with all its subcommands. */
    void change(final CommandSpec row, final boolean isAllowed)
    {
        final int number = row.number();
        final long bit = 1L << number;
        allowed[number / Long.SIZE] = isAllowed
            ? allowed[number / Long.SIZE] | bit
            : allowed[number / Long.SIZE] & ~bit;
        isAll &= isAllowed;
        if (null != firstArguments)
        {
            firstArguments[number] = null;
        }

        for (final CommandSpec sub : row.subcommands().values())
        {
            change(sub, isAllowed);
        }
    }

    /** Allow or forbid all commands of a category. */
    void changeCategory(final int category, final boolean areAllowed)
    {
        for (final CommandSpec row : table.all())
        {
            changeIf(row, category, areAllowed);
            for (final CommandSpec sub : row.subcommands().values())
            {
                changeIf(sub, category, areAllowed);
            }
        }
    }

    private void changeIf(final CommandSpec row, final int category, final boolean isAllowed)
    {
        if (0 != (row.categories() & category))
        {
            change(row, isAllowed);
        }
    }

    /** Allow a command with this word as its first argument, in any case. */
    void allowFirstArgument(final CommandSpec row, final String word)
    {
        if (null == firstArguments)
        {
            firstArguments = new String[table.rowCount()][];
        }

        final String upper = word.toUpperCase(Locale.ROOT);
        final String[] words = firstArguments[row.number()];
        if (null == words)
        {
            firstArguments[row.number()] = new String[]{upper};
        }
        else if (!Arrays.asList(words).contains(upper))
        {
            final String[] more = Arrays.copyOf(words, words.length + 1);
            more[words.length] = upper;
            firstArguments[row.number()] = more;
        }
    }

    /** Keep a rule to be shown. One of the same name before it says nothing any more, nor do those of its subcommands. */
    void note(final String name, final boolean isAllowed)
    {
        final String lower = name.toLowerCase(Locale.ROOT);
        rules.removeIf((rule) -> rule.startsWith(lower, 1) &&
            (rule.length() == 1 + lower.length() || '|' == rule.charAt(1 + lower.length())));
        rules.add((isAllowed ? "+" : "-") + lower);
    }

    boolean allows(final CommandSpec row, final ArgVector args)
    {
        final int number = row.number();
        return isAll || 0 != (allowed[number / Long.SIZE] & 1L << number) || row.has(CommandFlags.NO_AUTH) ||
            null != firstArguments && isFirstArgumentAllowed(row, args);
    }

    private boolean isFirstArgumentAllowed(final CommandSpec row, final ArgVector args)
    {
        final String[] words = firstArguments[row.number()];
        final int index = null == row.parent() ? 1 : 2;
        if (null == words || args.count() <= index)
        {
            return false;
        }

        for (final String word : words)
        {
            if (args.is(index, word))
            {
                return true;
            }
        }

        return false;
    }

    /** The rules that make a set like this one. */
    String text()
    {
        final String begin = beginsWithAll ? "+@all" : "-@all";
        return rules.isEmpty() ? begin : begin + " " + String.join(" ", rules);
    }
}
