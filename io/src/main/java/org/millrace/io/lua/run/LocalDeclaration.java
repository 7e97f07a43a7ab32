package org.millrace.io.lua.run;

/** {@code local x = value}. */
public final class LocalDeclaration extends Statement implements LocalUse
{
    private final int slot;
    private final Expression value;
    private boolean isShared;

    /** @param value null: nil. */
    public LocalDeclaration(final int line, final int slot, final Expression value)
    {
        super(line);
        this.slot = slot;
        this.value = value;
    }

    @Override
    public void share()
    {
        isShared = true;
    }

    @Override
    public int exec(final Frame frame)
    {
        return bind(frame, null == value ? null : value.eval(frame));
    }

    @Override
    int resume(final Frame frame)
    {
        return bind(frame, value.resume(frame));
    }

    private int bind(final Frame frame, final Object initial)
    {
        frame.slots[slot] = isShared ? new Cell(initial) : initial;
        return NEXT;
    }
}
