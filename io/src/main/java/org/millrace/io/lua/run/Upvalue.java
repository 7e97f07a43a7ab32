package org.millrace.io.lua.run;

/** A local of a function around this one. */
public final class Upvalue extends Expression
{
    private final int index;
    private final String name;

    public Upvalue(final int line, final int index, final String name)
    {
        super(line);
        this.index = index;
        this.name = name;
    }

    @Override
    public Object eval(final Frame frame)
    {
        return frame.closure.upvalues[index].value;
    }

    @Override
    public String description()
    {
        return "upvalue '" + name + "'";
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public Target target(final int line)
    {
        return new UpvalueTarget(line, index);
    }
}
