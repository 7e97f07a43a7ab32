package org.millrace.io.lua.run;

/** An expression in parentheses: of several values only the first, and no name in errors but that of what is inside. */
public final class Single extends Expression
{
    private final Expression inner;

    public Single(final int line, final Expression inner)
    {
        super(line);
        this.inner = inner;
    }

    @Override
    public Object eval(final Frame frame)
    {
        return inner.eval(frame);
    }

    @Override
    public boolean test(final Frame frame)
    {
        return inner.test(frame);
    }

    @Override
    public String description()
    {
        return inner.description();
    }

    @Override
    public String name()
    {
        return inner.name();
    }

    @Override
    boolean isCalling()
    {
        return inner.isCalling();
    }

    @Override
    Object resume(final Frame frame)
    {
        return inner.resume(frame);
    }
}
