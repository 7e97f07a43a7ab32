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
        return loop(frame, false, false);
    }

    /** @param isResumed true: a coroutine was suspended in the body. */
    private int loop(final Frame frame, final boolean isMet, final boolean isResumed)
    {
        boolean isOver = isMet;
        boolean wasSuspended = isResumed;
        while (!isOver)
        {
            final int signal;
            try
            {
                signal = wasSuspended ? body.resume(frame) : body.exec(frame);
            }
            catch (final Suspension e)
            {
                frame.keep(this, null);
                throw e;
            }

            if (NEXT != signal)
            {
                return BREAK == signal ? NEXT : signal;
            }

            wasSuspended = false;
            frame.site = this;
            frame.state.step();
            isOver = condition.test(frame);
        }

        return NEXT;
    }

    @Override
    int resume(final Frame frame)
    {
        if (frame.hasKept(this))
        {
            frame.kept();
            return loop(frame, false, true);
        }

        return loop(frame, Meta.isTrue(condition.resume(frame)), false);
    }
}
