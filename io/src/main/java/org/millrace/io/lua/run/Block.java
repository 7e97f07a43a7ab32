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
        for (final Statement statement : statements)
        {
            final int signal = statement.exec(frame);
            if (NEXT != signal)
            {
                return signal;
            }
        }

        return NEXT;
    }
}
