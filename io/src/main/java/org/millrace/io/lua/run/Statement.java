package org.millrace.io.lua.run;

/** Code that is executed for what it does. */
public abstract class Statement extends Node
{
    /** What comes next is next. */
    public static final int NEXT = 0;

    /** The loop around it ends. */
    public static final int BREAK = 1;

    /** The function ends, with {@link Frame#result}. */
    public static final int RETURN = 2;

    protected Statement(final int line)
    {
        super(line);
    }

    /** @return how to go on. */
    public abstract int exec(Frame frame);

    /** Go on where a coroutine was suspended in it. @return as {@link #exec}. */
    int resume(final Frame frame)
    {
        throw new IllegalStateException("nothing was suspended in line " + line());
    }
}
