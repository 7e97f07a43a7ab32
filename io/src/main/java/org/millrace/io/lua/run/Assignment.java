package org.millrace.io.lua.run;

/** {@code x = value}. */
public final class Assignment extends Statement
{
    private final Target target;
    private final Expression value;

    public Assignment(final int line, final Target target, final Expression value)
    {
        super(line);
        this.target = target;
        this.value = value;
    }

    @Override
    public int exec(final Frame frame)
    {
        final Object table = target.table(frame);
        final Object key = target.key(frame);
        target.assign(frame, table, key, value.eval(frame));
        return NEXT;
    }
}
