package org.millrace.engine.acl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.millrace.engine.command.CommandTable;

/** All users of the node by name; that called default is always there, and everybody who connects is it at first. */
public final class Users
{
    public static final String DEFAULT = "default";

    private static final List<String> ALL_RIGHTS = List.of("on", "nopass", "~*", "&*", "+@all");

    /** In the order of bytes. */
    private final TreeMap<String, User> byName = new TreeMap<>();
    private final KeySearch search = new KeySearch();
    private final CommandTable table;
    private final AclRules rules;
    private final BooleanSupplier hasAllChannels;
    private User defaultUser;
    private UserListener listener = UserListener.NONE;

    /** @param hasAllChannels acl-pubsub-default, of now. */
    public Users(final CommandTable table, final BooleanSupplier hasAllChannels)
    {
        this.table = table;
        this.hasAllChannels = hasAllChannels;
        rules = new AclRules(table, hasAllChannels);
    }

    /** The table has all its rows: from now on there is the default user, who may do everything. */
    public void begin()
    {
        defaultUser = freshDefault();
        byName.put(DEFAULT, defaultUser);
    }

    /** Before the first change: who hears of them. */
    public void listener(final UserListener newListener)
    {
        listener = newListener;
    }

    private User freshDefault()
    {
        final User user = fresh(DEFAULT);
        ALL_RIGHTS.forEach((rule) -> rules.apply(user, rule));
        return user;
    }

    User fresh(final String name)
    {
        return new User(name, table, search, hasAllChannels.getAsBoolean());
    }

    public User defaultUser()
    {
        return defaultUser;
    }

    /** Null if there is none. */
    public User find(final String name)
    {
        return byName.get(name);
    }

    /** In the order of names. */
    public Collection<User> all()
    {
        return byName.values();
    }

    /** {@code user NAME RULES} of each. */
    public List<String> lines()
    {
        return byName.values().stream().map((user) -> "user " + user.name() + " " + user.text()).toList();
    }

    AclRules rules()
    {
        return rules;
    }

    /** The user of this name, if that and the password are right; null if not. */
    public User admit(final String name, final byte[] password)
    {
        // Before it is known whether there is such a user, which must not take a time of its own.
        final Password given = Password.of(password);
        final User user = byName.get(name);
        return null != user && user.admits(given) ? user : null;
    }

    /** requirepass: the default user's only password, empty for none. */
    public void requirePassword(final String password)
    {
        defaultUser.noPassword(password.isEmpty());
        if (!password.isEmpty())
        {
            defaultUser.addPassword(Password.of(password));
        }
    }

    /**
     * ACL SETUSER: all rules or none, for a user that need not be there yet.
     *
     * @return null, or what is wrong.
     */
    String set(final String name, final List<String> words)
    {
        final List<String> merged = new ArrayList<>();
        final int open = AclRules.merge(words, merged);
        if (open >= 0)
        {
            return "Unmatched parenthesis in acl selector starting at '" + words.get(open) + "'.";
        }

        final User old = byName.get(name);
        final User draft = null == old ? fresh(name) : old.copy();
        for (final String rule : merged)
        {
            final RuleError error = rules.apply(draft, rule);
            if (null != error)
            {
                return "Error in ACL SETUSER modifier '" + rule + "': " + error.text();
            }
        }

        if (null == old)
        {
            byName.put(name, draft);
        }
        else
        {
            change(old, draft);
        }

        return null;
    }

    private void change(final User user, final User draft)
    {
        final boolean isLoss = ChannelGrants.areLost(user, draft);
        user.become(draft);
        if (isLoss)
        {
            listener.onChannelsLost(user);
        }

        listener.onChanged(user);
    }

    /** False if there is no such user. */
    boolean delete(final String name)
    {
        final User user = byName.remove(name);
        if (null != user)
        {
            listener.onDeleted(user);
        }

        return null != user;
    }

    /** Put these users in place of all there are; the default user stays who it is, with the rules of the new one. */
    void replace(final Collection<User> newUsers)
    {
        final List<User> old = new ArrayList<>(byName.values());
        old.remove(defaultUser);
        byName.clear();
        byName.put(DEFAULT, defaultUser);
        User newDefault = null;
        for (final User user : newUsers)
        {
            if (DEFAULT.equals(user.name()))
            {
                newDefault = user;
            }
            else
            {
                byName.put(user.name(), user);
            }
        }

        defaultUser.become(null == newDefault ? freshDefault() : newDefault);
        old.forEach(listener::onDeleted);
        listener.onChanged(defaultUser);
    }
}
