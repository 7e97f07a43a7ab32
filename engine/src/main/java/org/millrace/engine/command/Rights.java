package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/**
 * What the user in whose name a session sends commands may do. It may change while sessions have it. Writer thread.
 */
public abstract class Rights
{
    /** May do everything and is no user: the link to a primary, and who embeds the node. */
    public static final Rights ALL = new Rights()
    {
        {
            unlimited(true);
        }

        @Override
        public String name()
        {
            return null;
        }

        @Override
        public boolean isOpen()
        {
            return false;
        }

        @Override
        public int denial(final CommandSpec row, final ArgVector args)
        {
            return Denial.NONE;
        }

        @Override
        public boolean mayReadAllKeys(final CommandSpec row, final ArgVector args)
        {
            return true;
        }
    };

    private boolean isUnlimited;

    /** Everything is allowed: nobody needs to ask {@link #denial}. What each command looks at. */
    public final boolean isUnlimited()
    {
        return isUnlimited;
    }

    protected final void unlimited(final boolean is)
    {
        isUnlimited = is;
    }

    /** Of the user; null if there is none. */
    public abstract String name();

    /** Who has not authenticated may have these rights. */
    public abstract boolean isOpen();

    /**
     * Whether a call is allowed, as far as what it needs can be told. No garbage.
     *
     * @return {@link Denial#NONE}, or what is denied.
     */
    public abstract int denial(CommandSpec row, ArgVector args);

    /** A call is allowed by what allows reading all keys as well: for commands that find keys in the data. */
    public abstract boolean mayReadAllKeys(CommandSpec row, ArgVector args);
}
