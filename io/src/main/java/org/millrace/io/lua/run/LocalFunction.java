package org.millrace.io.lua.run;

/** {@code local function f() ... end}: the function sees its own name. */
public final class LocalFunction extends Statement implements LocalUse
{
    private final int slot;
    private final Expression function;
    private boolean isShared;

    public LocalFunction(final int line, final int slot, final Expression function)
    {
        super(line);
        this.slot = slot;
        this.function = function;
    }

    @Override
    public void share()
    {
        isShared = true;
    }

    @Override
    public int exec(final Frame frame)
    {
        if (isShared)
        {
            final Cell cell = new Cell(null);
            frame.slots[slot] = cell;
            cell.value = function.eval(frame);
        }
        else
        {
            frame.slots[slot] = function.eval(frame);
        }

        return NEXT;
    }
}
