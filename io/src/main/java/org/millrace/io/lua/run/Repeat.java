package org.millrace.io.lua.run;

/** {@code repeat ... until ...}: the condition sees the locals of the body. */
public final class Repeat extends Statement
{
    private final Statement body;
    private final Expression condition;

    public Repeat(final int line, final Statement body, final Expression condition)
    {
        super(line);
        this.body = body;
        this.condition = condition;
    }

    @Override
    public int exec(final Frame frame)
    {
        do
        {
            final int signal = body.exec(frame);
            if (NEXT != signal)
            {
                return BREAK == signal ? NEXT : signal;
            }

            frame.site = this;
            frame.state.step();
        }
        while (!condition.test(frame));

        return NEXT;
    }
}
