package org.millrace.engine.acl;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Denial;
import org.millrace.engine.command.Rights;
import org.millrace.engine.resp.ArgVector;

/**
 * A user: a name, passwords, and selectors, of which the first is the one that rules without parentheses speak of. A
 * session keeps its user, so a change of the user ({@link #become}) is one of all who have it.
 */
public final class User extends Rights
{
    private final String name;
    private final CommandTable table;
    private final KeySearch search;
    private final List<Password> passwords = new ArrayList<>();
    private final List<Selector> selectors = new ArrayList<>();
    private boolean isOn;
    private boolean hasNoPassword;
    private boolean isSanitizing = true;

    /** Off, without a password, and allowed nothing. @param hasAllChannels but all channels. */
    User(final String name, final CommandTable table, final KeySearch search, final boolean hasAllChannels)
    {
        this.name = name;
        this.table = table;
        this.search = search;
        selectors.add(new Selector(table, hasAllChannels));
    }

    /** A copy to try rules on. */
    User copy()
    {
        final User copy = new User(name, table, search, false);
        copy.become(this);
        return copy;
    }

    /** Take over all but the name. */
    void become(final User other)
    {
        passwords.clear();
        passwords.addAll(other.passwords);
        selectors.clear();
        other.selectors.forEach((selector) -> selectors.add(new Selector(selector)));
        isOn = other.isOn;
        hasNoPassword = other.hasNoPassword;
        isSanitizing = other.isSanitizing;
        rulesChanged();
    }

    /** To be called behind the last change of a selector. */
    void rulesChanged()
    {
        boolean isUnlimited = false;
        for (final Selector selector : selectors)
        {
            isUnlimited |= selector.isUnlimited();
        }

        unlimited(isUnlimited);
    }

    @Override
    public String name()
    {
        return name;
    }

    boolean isOn()
    {
        return isOn;
    }

    void on(final boolean is)
    {
        isOn = is;
    }

    /** Any password will do. */
    public boolean hasNoPassword()
    {
        return hasNoPassword;
    }

    @Override
    public boolean isOpen()
    {
        return isOn && hasNoPassword;
    }

    /** {@code nopass} or {@code resetpass}. */
    void noPassword(final boolean isNoneNeeded)
    {
        hasNoPassword = isNoneNeeded;
        passwords.clear();
    }

    void addPassword(final Password password)
    {
        hasNoPassword = false;
        if (!passwords.stream().anyMatch(password::isSame))
        {
            passwords.add(password);
        }
    }

    /** False if it has no such password. */
    boolean removePassword(final Password password)
    {
        return passwords.removeIf(password::isSame);
    }

    List<Password> passwords()
    {
        return passwords;
    }

    /** Who knows this password may be this user. The time does not tell which of the passwords came near. */
    boolean admits(final Password given)
    {
        boolean isRight = hasNoPassword;
        for (final Password password : passwords)
        {
            isRight |= password.isSame(given);
        }

        return isRight && isOn;
    }

    /** {@code sanitize-payload} or {@code skip-sanitize-payload}; payloads are looked at either way. */
    void sanitizing(final boolean is)
    {
        isSanitizing = is;
    }

    /** The selector of rules without parentheses. */
    Selector root()
    {
        return selectors.get(0);
    }

    /** All selectors, the root first. */
    List<Selector> selectors()
    {
        return selectors;
    }

    @Override
    public int denial(final CommandSpec row, final ArgVector args)
    {
        search.begin(row, args);
        int worst = Denial.NONE;
        for (int i = 0; i < selectors.size(); i++)
        {
            final int denial = selectors.get(i).denial(search);
            if (Denial.NONE == denial)
            {
                return denial;
            }

            worst = Math.max(worst, denial);
        }

        return worst;
    }

    @Override
    public boolean mayReadAllKeys(final CommandSpec row, final ArgVector args)
    {
        if (isUnlimited())
        {
            return true;
        }

        search.begin(row, args);
        for (final Selector selector : selectors)
        {
            if (selector.mayReadAllKeys() && Denial.NONE == selector.denial(search))
            {
                return true;
            }
        }

        return false;
    }

    /** The words of its flags, in Redis's order. */
    List<String> flags()
    {
        final List<String> flags = new ArrayList<>();
        flags.add(isOn ? "on" : "off");
        if (hasNoPassword)
        {
            flags.add("nopass");
        }

        flags.add(isSanitizing ? "sanitize-payload" : "skip-sanitize-payload");
        return flags;
    }

    /** All rules that make a user like this one. */
    public String text()
    {
        final StringBuilder text = new StringBuilder(String.join(" ", flags()));
        for (final Password password : passwords)
        {
            text.append(" #").append(password.hash());
        }

        text.append(' ').append(root().text());
        for (final Selector selector : selectors.subList(1, selectors.size()))
        {
            text.append(" (").append(selector.text()).append(')');
        }

        return text.toString();
    }
}
