package org.millrace.io.lua.run;

/** What can be assigned to. What it needs is evaluated first, then what is assigned, then it is assigned. */
public abstract class Target extends Node
{
    private static final Expression[] NOWHERE = {};

    protected Target(final int line)
    {
        super(line);
    }

    /** The table, if it is of one. */
    Object table(final Frame frame)
    {
        return null;
    }

    /** The key, if it has one. */
    Object key(final Frame frame)
    {
        return null;
    }

    /** The expressions of table and key; none if it has none. */
    Expression[] place()
    {
        return NOWHERE;
    }

    abstract void assign(Frame frame, Object table, Object key, Object value);
}
