package org.millrace.engine.acl;

import java.util.Locale;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandDocs;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.config.RedisCommands;

/** The rules that speak of one selector: commands, keys and channels. A rule that is wrong has changed nothing. */
final class SelectorRules
{
    private final CommandTable table;

    SelectorRules(final CommandTable table)
    {
        this.table = table;
    }

    /** Apply one rule, which is not empty. @return null, or what is wrong with it. */
    RuleError apply(final Selector selector, final String rule)
    {
        switch (rule.toLowerCase(Locale.ROOT))
        {
            case "allkeys", "~*" -> selector.allKeys(true);
            case "resetkeys" -> selector.allKeys(false);
            case "allchannels", "&*" -> selector.allChannels(true);
            case "resetchannels" -> selector.allChannels(false);
            case "allcommands", "+@all" -> selector.commands().all(true);
            case "nocommands", "-@all" -> selector.commands().all(false);
            default -> {
                return applyOther(selector, rule);
            }
        }

        return null;
    }

    private RuleError applyOther(final Selector selector, final String rule)
    {
        return switch (rule.charAt(0))
        {
            case '~', '%' -> allowKeys(selector, rule);
            case '&' -> allowChannels(selector, rule.substring(1));
            case '+', '-' -> changeCommands(selector.commands(), rule.substring(1), '+' == rule.charAt(0));
            default -> RuleError.SYNTAX;
        };
    }

    private static RuleError allowKeys(final Selector selector, final String rule)
    {
        if (selector.hasAllKeys())
        {
            return RuleError.AFTER_ALL_KEYS;
        }

        // The tilde may be missing: then the pattern is empty.
        final int tilde = rule.indexOf('~') < 0 ? rule.length() : rule.indexOf('~');
        final int access = '~' == rule.charAt(0) ? KeyPattern.ALL : access(rule, tilde);
        final String pattern = rule.substring(Math.min(tilde + 1, rule.length()));
        if (0 == access || AclRules.hasBlanks(pattern))
        {
            return RuleError.SYNTAX;
        }

        selector.allowKeys(pattern, access);
        return null;
    }

    /** What stands between the percent sign and the tilde: each letter once, in any case; 0 for all else. */
    private static int access(final String rule, final int tilde)
    {
        int access = 0;
        for (int i = 1; i < tilde; i++)
        {
            final int letter = switch (rule.charAt(i))
            {
                case 'R', 'r' -> KeyPattern.READ;
                case 'W', 'w' -> KeyPattern.WRITE;
                default -> 0;
            };
            if (0 == letter || 0 != (access & letter))
            {
                return 0;
            }

            access |= letter;
        }

        return access;
    }

    private static RuleError allowChannels(final Selector selector, final String pattern)
    {
        if (selector.hasAllChannels())
        {
            return RuleError.AFTER_ALL_CHANNELS;
        }

        if (AclRules.hasBlanks(pattern))
        {
            return RuleError.SYNTAX;
        }

        selector.allowChannels(pattern);
        return null;
    }

    private RuleError changeCommands(final CommandSet commands, final String name, final boolean areAllowed)
    {
        final String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("@"))
        {
            return changeCategory(commands, lower, areAllowed);
        }

        final CommandSpec row = table.findFull(lower);
        if (null == row)
        {
            return areAllowed && lower.indexOf('|') >= 0
                ? allowFirstArgument(commands, lower)
                : noteUnheld(commands, lower, areAllowed);
        }

        commands.change(row, areAllowed);
        commands.note(lower, areAllowed);
        return null;
    }

    private static RuleError changeCategory(final CommandSet commands, final String name, final boolean areAllowed)
    {
        final int category = Category.of(name.substring(1));
        if (Category.NONE == category)
        {
            return RuleError.UNKNOWN_COMMAND;
        }

        commands.changeCategory(category, areAllowed);
        commands.note(name, areAllowed);
        return null;
    }

    /** A command that has no subcommands, allowed with one word as its first argument. */
    private RuleError allowFirstArgument(final CommandSet commands, final String name)
    {
        final int bar = name.lastIndexOf('|');
        final String of = name.substring(0, bar);
        final CommandSpec row = table.findFull(of);
        if (null != row && null != row.parent())
        {
            return RuleError.ARGUMENT_OF_SUBCOMMAND;
        }

        final String word = name.substring(bar + 1);
        if (null != row && word.isEmpty())
        {
            return RuleError.SYNTAX;
        }

        if (null == row || !row.subcommands().isEmpty())
        {
            return noteUnheld(commands, name, true);
        }

        commands.allowFirstArgument(row, word);
        commands.note(name, true);
        return null;
    }

    /** A rule about what Redis has and this node does not is right, and changes nothing but what is shown. */
    private static RuleError noteUnheld(final CommandSet commands, final String name, final boolean isAllowed)
    {
        if (!RedisCommands.has(name) && !CommandDocs.instance().describes(name))
        {
            return RuleError.UNKNOWN_COMMAND;
        }

        commands.note(name, isAllowed);
        return null;
    }
}
