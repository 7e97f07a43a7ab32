package org.millrace.engine.acl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;

/** The users that a node begins with: those of its ACL file, or of the {@code user} lines of its configuration. */
public final class AclStart
{
    private AclStart()
    {
    }

    /** @throws AclException the node must not start, for somebody would have rights that were not meant. */
    public static void load(final Config config, final Users users, final AclFile file, final EventLog log)
    {
        users.requirePassword(config.text(ConfigOption.REQUIREPASS));
        if (file.isConfigured() && !config.users().isEmpty())
        {
            throw new AclException(
                "Configuring Redis with users defined in redis.conf and at the same setting an ACL " +
                    "file path is invalid. This setup is very likely to lead to configuration errors and security holes, " +
                    "please define either an ACL file or declare users directly in your redis.conf, but not both.");
        }

        if (file.isConfigured())
        {
            loadFile(config, users, file, log);
        }
        else
        {
            loadLines(config.users(), users, log);
        }
    }

    private static void loadFile(final Config config, final Users users, final AclFile file, final EventLog log)
    {
        final String error = file.load();
        if (null != error)
        {
            throw new AclException("Aborting Redis startup because of ACL errors: " + error);
        }

        if (!config.text(ConfigOption.REQUIREPASS).isEmpty() && users.defaultUser().hasNoPassword())
        {
            log.warning(
                "requirepass has no effect beside an ACL file, which lets the default user in without a password.");
        }
    }

    private static void loadLines(final List<List<String>> lines, final Users users, final EventLog log)
    {
        final List<User> read = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final List<String> words : lines)
        {
            final User user = users.fresh(words.get(0));
            final String error = names.add(user.name())
                ? apply(words, users.rules(), user)
                : RuleError.DUPLICATE_USER.text() + ". '" + user.name() + "'";
            if (null != error)
            {
                throw new AclException("Error loading ACLs: " + error);
            }

            read.add(user);
            if (!user.isOn())
            {
                log.notice("The user '" + user.name() + "' is disabled (there is no 'on' modifier in the user " +
                    "description). Make sure this is not a configuration error.");
            }
        }

        if (!names.contains(Users.DEFAULT))
        {
            // Which has the password of requirepass.
            read.add(users.defaultUser().copy());
        }

        users.replace(read);
    }

    private static String apply(final List<String> words, final AclRules rules, final User user)
    {
        final List<String> merged = new ArrayList<>();
        if (AclRules.hasBlanks(user.name()) || AclRules.merge(words.subList(1, words.size()), merged) >= 0)
        {
            return RuleError.SYNTAX.text() + ". '" + user.name() + "'";
        }

        for (final String rule : merged)
        {
            final RuleError error = rules.apply(user, rule);
            if (null != error)
            {
                return error.text() + ". '" + rule + "'";
            }
        }

        return null;
    }
}
