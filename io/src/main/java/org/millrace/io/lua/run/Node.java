package org.millrace.io.lua.run;

/** A piece of code, in a line of its source. */
public abstract class Node
{
    private final int line;

    protected Node(final int line)
    {
        this.line = line;
    }

    /** A name in errors: as in C, it ends at a zero byte. */
    protected static String shown(final Object name)
    {
        final String text = name.toString();
        final int zero = text.indexOf('\0');
        return zero < 0 ? text : text.substring(0, zero);
    }

    public final int line()
    {
        return line;
    }

    /** The name by which this calls a function, or null. */
    public String calleeName()
    {
        return null;
    }

    /** True if it calls with an object in front, which is no argument in errors. */
    public boolean isMethodCall()
    {
        return false;
    }
}
