package org.millrace.io.lua.run;

/** {@code if ... then ... elseif ... else ... end}. */
public final class If extends Statement
{
    private final Expression[] conditions;

    /** One for each condition, and one more if there is an else. */
    private final Statement[] blocks;

    public If(final int line, final Expression[] conditions, final Statement[] blocks)
    {
        super(line);
        this.conditions = conditions;
        this.blocks = blocks;
    }

    @Override
    public int exec(final Frame frame)
    {
        for (int i = 0; i < conditions.length; i++)
        {
            if (conditions[i].test(frame))
            {
                return blocks[i].exec(frame);
            }
        }

        return blocks.length > conditions.length ? blocks[conditions.length].exec(frame) : NEXT;
    }
}
