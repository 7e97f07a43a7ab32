package org.millrace.io.lua.run;

/** A local of this function that is assigned to. */
public final class LocalTarget extends Target implements LocalUse
{
    private final int slot;
    private boolean isShared;

    public LocalTarget(final int line, final int slot)
    {
        super(line);
        this.slot = slot;
    }

    @Override
    public void share()
    {
        isShared = true;
    }

    @Override
    void assign(final Frame frame, final Object table, final Object key, final Object value)
    {
        if (isShared)
        {
            ((Cell)frame.slots[slot]).value = value;
        }
        else
        {
            frame.slots[slot] = value;
        }
    }
}
