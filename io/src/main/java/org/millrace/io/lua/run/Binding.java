package org.millrace.io.lua.run;

/** Where a local begins that a statement fills: of a loop, or one of several. */
public final class Binding implements LocalUse
{
    private final int slot;
    private boolean isShared;

    public Binding(final int slot)
    {
        this.slot = slot;
    }

    @Override
    public void share()
    {
        isShared = true;
    }

    void bind(final Frame frame, final Object value)
    {
        frame.slots[slot] = isShared ? new Cell(value) : value;
    }
}
