package org.millrace.io.lua.run;

/** {@code break}. */
public final class Break extends Statement
{
    public Break(final int line)
    {
        super(line);
    }

    @Override
    public int exec(final Frame frame)
    {
        return BREAK;
    }
}
