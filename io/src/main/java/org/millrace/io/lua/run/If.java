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
        return run(frame, 0, false);
    }

    /** @param isResumed true: a coroutine was suspended in the condition. */
    private int run(final Frame frame, final int from, final boolean isResumed)
    {
        int i = from;
        try
        {
            boolean isMet = i < conditions.length &&
                (isResumed ? Meta.isTrue(conditions[i].resume(frame)) : conditions[i].test(frame));
            while (!isMet && ++i < conditions.length)
            {
                isMet = conditions[i].test(frame);
            }
        }
        catch (final Suspension e)
        {
            frame.keep(this, i);
            throw e;
        }

        return i < blocks.length ? run(frame, i, blocks[i], false) : NEXT;
    }

    private int run(final Frame frame, final int index, final Statement block, final boolean isResumed)
    {
        try
        {
            return isResumed ? block.resume(frame) : block.exec(frame);
        }
        catch (final Suspension e)
        {
            frame.keep(this, ~index);
            throw e;
        }
    }

    @Override
    int resume(final Frame frame)
    {
        final int at = (Integer)frame.kept();
        return at >= 0 ? run(frame, at, true) : run(frame, ~at, blocks[~at], true);
    }
}
