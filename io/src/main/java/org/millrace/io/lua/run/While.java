package org.millrace.io.lua.run;

/** {@code while ... do ... end}. */
public final class While extends Statement
{
    private final Expression condition;
    private final Statement body;

    public While(final int line, final Expression condition, final Statement body)
    {
        super(line);
        this.condition = condition;
        this.body = body;
    }

    @Override
    public int exec(final Frame frame)
    {
        while (condition.test(frame))
        {
            final int signal = body.exec(frame);
            if (NEXT != signal)
            {
                return BREAK == signal ? NEXT : signal;
            }

            frame.site = this;
            frame.state.step();
        }

        return NEXT;
    }
}
