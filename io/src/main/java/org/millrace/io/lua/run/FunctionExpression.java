package org.millrace.io.lua.run;

/** {@code function (...) ... end}. */
public final class FunctionExpression extends Expression
{
    private final Prototype prototype;

    public FunctionExpression(final int line, final Prototype prototype)
    {
        super(line);
        this.prototype = prototype;
    }

    @Override
    public Object eval(final Frame frame)
    {
        final int[] sources = prototype.upvalues();
        final Cell[] cells = new Cell[sources.length];
        for (int i = 0; i < cells.length; i++)
        {
            cells[i] = sources[i] >= 0 ? (Cell)frame.slots[sources[i]] : frame.closure.upvalues[~sources[i]];
        }

        return new LuaClosure(frame.state, prototype, cells, frame.closure.globals);
    }
}
