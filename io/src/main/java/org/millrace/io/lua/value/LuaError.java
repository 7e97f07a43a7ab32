package org.millrace.io.lua.value;

/** An error of a script on its way to who catches it. */
public final class LuaError extends RuntimeException
{
    private static final long serialVersionUID = 1;

    private final transient Object value;
    private final boolean isPlaceWanted;
    private final boolean isOfCode;

    private LuaError(final Object value, final boolean isPlaceWanted, final boolean isOfCode)
    {
        super(null, null, false, false);
        this.value = value;
        this.isPlaceWanted = isPlaceWanted;
        this.isOfCode = isOfCode;
    }

    /** With this value, as it is. */
    public static LuaError of(final Object value)
    {
        return new LuaError(value, false, false);
    }

    /** With this text, in front of which whoever catches it puts the place where it was thrown. */
    public static LuaError at(final String text)
    {
        return new LuaError(LuaString.of(text), true, false);
    }

    /** As {@link #at}, of an operation that code of Lua does; if a library function does it, there is no place. */
    public static LuaError ofCode(final String text)
    {
        return new LuaError(LuaString.of(text), true, true);
    }

    public Object value()
    {
        return value;
    }

    public boolean isOfCode()
    {
        return isOfCode;
    }

    public boolean isPlaceWanted()
    {
        return isPlaceWanted;
    }

    @Override
    public String getMessage()
    {
        return String.valueOf(value);
    }
}
