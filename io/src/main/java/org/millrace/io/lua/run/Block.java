package org.millrace.io.lua.run;

/** Statements, one after the other. */
public final class Block extends Statement
{
    private final Statement[] statements;

    public Block(final int line, final Statement[] statements)
    {
        super(line);
        this.statements = statements;
    }

    @Override
    public int exec(final Frame frame)
    {
        return run(frame, 0);
    }

    private int run(final Frame frame, final int from)
    {
        int i = from;
        try
        {
            for (; i < statements.length; i++)
            {
                final int signal = statements[i].exec(frame);
                if (NEXT != signal)
                {
                    return signal;
                }
            }
        }
        catch (final Suspension e)
        {
            frame.keep(this, i);
            throw e;
        }

        return NEXT;
    }

    @Override
    int resume(final Frame frame)
    {
        final int at = (Integer)frame.kept();
        final int signal;
        try
        {
            signal = statements[at].resume(frame);
        }
        catch (final Suspension e)
        {
            frame.keep(this, at);
            throw e;
        }

        return NEXT == signal ? run(frame, at + 1) : signal;
    }
}
