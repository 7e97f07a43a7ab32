package org.millrace.io.lua.run;

/** Code that has a value, or several. */
public abstract class Expression extends Node
{
    protected Expression(final int line)
    {
        super(line);
    }

    /** Its one value; the first, or nil, of several. */
    public abstract Object eval(Frame frame);

    /** A value, or an {@code Object[]} of all of its values. */
    public Object evalAll(final Frame frame)
    {
        return eval(frame);
    }

    /** True if it calls functions within, so that a coroutine may be suspended in it. */
    boolean isCalling()
    {
        return false;
    }

    static boolean isAnyCalling(final Expression[] expressions)
    {
        for (final Expression expression : expressions)
        {
            if (null != expression && expression.isCalling())
            {
                return true;
            }
        }

        return false;
    }

    /** Go on where a coroutine was suspended in it. @return as {@link #eval}. */
    Object resume(final Frame frame)
    {
        throw new IllegalStateException("nothing was suspended in line " + line());
    }

    /** As {@link #resume}. @return as {@link #evalAll}. */
    Object resumeAll(final Frame frame)
    {
        return resume(frame);
    }

    /** True if its value is neither nil nor false. */
    public boolean test(final Frame frame)
    {
        return Meta.isTrue(eval(frame));
    }

    /** True if it can have any number of values: a call, or {@code ...}. */
    public boolean isMultiple()
    {
        return false;
    }

    /** What errors call it, such as {@code local 'x'}, or null. */
    public String description()
    {
        return null;
    }

    /** Its name alone, or null. */
    public String name()
    {
        return null;
    }

    /** True if it is a call, which can be a statement. */
    public boolean isCall()
    {
        return false;
    }

    /** It as something to assign to, in a line; null if that cannot be. */
    public Target target(final int line)
    {
        return null;
    }
}
