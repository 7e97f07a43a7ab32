package org.millrace.io.lua.run;

/** {@code object[key]} that is assigned to. */
public final class IndexTarget extends Target
{
    private final Expression object;
    private final Expression key;

    public IndexTarget(final int line, final Expression object, final Expression key)
    {
        super(line);
        this.object = object;
        this.key = key;
    }

    @Override
    Object table(final Frame frame)
    {
        return object.eval(frame);
    }

    @Override
    Object key(final Frame frame)
    {
        return key.eval(frame);
    }

    @Override
    Expression[] place()
    {
        return new Expression[]{object, key};
    }

    @Override
    void assign(final Frame frame, final Object table, final Object which, final Object value)
    {
        frame.site = this;
        Meta.setIndex(frame.state, table, which, value, object);
    }
}
