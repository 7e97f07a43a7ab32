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
        return loop(frame, condition.test(frame), false);
    }

    /** @param isResumed true: a coroutine was suspended in the body. */
    private int loop(final Frame frame, final boolean isMet, final boolean isResumed)
    {
        boolean goesOn = isMet;
        boolean wasSuspended = isResumed;
        while (goesOn)
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
            goesOn = condition.test(frame);
        }

        return NEXT;
    }

    @Override
    int resume(final Frame frame)
    {
        if (frame.hasKept(this))
        {
            frame.kept();
            return loop(frame, true, true);
        }

        return loop(frame, Meta.isTrue(condition.resume(frame)), false);
    }
}
