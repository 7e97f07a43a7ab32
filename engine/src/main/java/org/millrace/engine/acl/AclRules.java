package org.millrace.engine.acl;

import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.config.ConfigLine;

/**
 * The rules of ACL SETUSER, of {@code user} lines and of ACL files, one at a time. A rule that is wrong has changed
 * nothing, but those before it have: rules are tried on a copy.
 */
final class AclRules
{
    private final CommandTable table;
    private final SelectorRules selectorRules;

    /** acl-pubsub-default: what a new selector, and one that is reset, may do with channels. */
    private final BooleanSupplier hasAllChannels;

    AclRules(final CommandTable table, final BooleanSupplier hasAllChannels)
    {
        this.table = table;
        this.hasAllChannels = hasAllChannels;
        selectorRules = new SelectorRules(table);
    }

    /**
     * Put together what parentheses hold together, which blanks have cut.
     *
     * @param merged the rules, to which those of {@code words} are added.
     * @return index of the word whose parenthesis is not closed, else -1.
     */
    static int merge(final List<String> words, final List<String> merged)
    {
        int open = -1;
        StringBuilder selector = null;
        for (int i = 0; i < words.size(); i++)
        {
            final String word = words.get(i);
            if (null != selector)
            {
                selector.append(' ').append(word);
                if (word.endsWith(")"))
                {
                    merged.add(selector.toString());
                    selector = null;
                }
            }
            else if (word.startsWith("(") && !word.endsWith(")"))
            {
                selector = new StringBuilder(word);
                open = i;
            }
            else
            {
                merged.add(word);
            }
        }

        return null == selector ? -1 : open;
    }

    /** Names of users and patterns have neither blanks nor zeros in them. */
    static boolean hasBlanks(final String text)
    {
        return text.chars().anyMatch((c) -> ' ' == c || c >= '\t' && c <= '\r' || 0 == c);
    }

    /** Apply one rule. @return null, or what is wrong with it. */
    RuleError apply(final User user, final String rule)
    {
        final RuleError error = rule.isEmpty() ? null : applyToUser(user, rule);
        user.rulesChanged();
        return error;
    }

    private RuleError applyToUser(final User user, final String rule)
    {
        switch (rule.toLowerCase(Locale.ROOT))
        {
            case "on" -> user.on(true);
            case "off" -> user.on(false);
            case "nopass" -> user.noPassword(true);
            case "resetpass" -> user.noPassword(false);
            case "sanitize-payload" -> user.sanitizing(true);
            case "skip-sanitize-payload" -> user.sanitizing(false);
            case "clearselectors" -> clearSelectors(user);
            case "reset" -> reset(user);
            default -> {
                return applyOther(user, rule);
            }
        }

        return null;
    }

    private RuleError applyOther(final User user, final String rule)
    {
        return switch (rule.charAt(0))
        {
            case '>', '#', '<', '!' -> changePassword(user, rule);
            case '(' -> rule.endsWith(")") ? addSelector(user, rule) : selectorRules.apply(user.root(), rule);
            default -> selectorRules.apply(user.root(), rule);
        };
    }

    private static RuleError changePassword(final User user, final String rule)
    {
        final char sign = rule.charAt(0);
        final String value = rule.substring(1);
        final Password password = '>' == sign || '<' == sign ? Password.of(value) : Password.ofHash(value);
        if (null == password)
        {
            return RuleError.NOT_A_HASH;
        }

        if ('>' == sign || '#' == sign)
        {
            user.addPassword(password);
            return null;
        }

        return user.removePassword(password) ? null : RuleError.NO_SUCH_PASSWORD;
    }

    private RuleError addSelector(final User user, final String rule)
    {
        final Selector selector = new Selector(table, hasAllChannels.getAsBoolean());
        final List<String> words = ConfigLine.split(rule.substring(1, rule.length() - 1));
        // As in Redis, quotes that do not fit leave nothing, which allows nothing.
        for (final String each : null == words ? List.<String>of() : words)
        {
            final RuleError error = each.isEmpty() ? null : selectorRules.apply(selector, each);
            if (null != error)
            {
                return error;
            }
        }

        user.selectors().add(selector);
        return null;
    }

    private static void clearSelectors(final User user)
    {
        user.selectors().subList(1, user.selectors().size()).clear();
    }

    private void reset(final User user)
    {
        user.noPassword(false);
        user.root().allKeys(false);
        user.root().allChannels(hasAllChannels.getAsBoolean());
        user.on(false);
        user.sanitizing(true);
        clearSelectors(user);
        user.root().commands().all(false);
    }
}
