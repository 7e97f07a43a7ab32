package org.millrace.io.lua.run;

/** A local of this function. */
public final class Local extends Expression implements LocalUse
{
    private final int slot;
    private final String name;
    private boolean isShared;

    public Local(final int line, final int slot, final String name)
    {
        super(line);
        this.slot = slot;
        this.name = name;
    }

    @Override
    public void share()
    {
        isShared = true;
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object value = frame.slots[slot];
        return isShared ? ((Cell)value).value : value;
    }

    @Override
    public String description()
    {
        return "local '" + name + "'";
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public Target target(final int line)
    {
        return new LocalTarget(line, slot);
    }
}
