package org.millrace.io.lua.run;

/** A call for what it does. */
public final class CallStatement extends Statement
{
    private final Expression call;

    public CallStatement(final int line, final Expression call)
    {
        super(line);
        this.call = call;
    }

    @Override
    public int exec(final Frame frame)
    {
        call.evalAll(frame);
        return NEXT;
    }

    @Override
    int resume(final Frame frame)
    {
        call.resumeAll(frame);
        return NEXT;
    }
}
