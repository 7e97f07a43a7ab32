package org.millrace.io.lua.lib;

import org.millrace.io.lua.value.LuaFunction;

/** What {@code ipairs} has called in each round. */
final class IpairsStep extends LuaFunction
{
    private final BaseLibrary library;

    IpairsStep(final BaseLibrary library)
    {
        this.library = library;
    }

    @Override
    public Object call(final Object[] arguments)
    {
        return library.nextElement(Library.at(arguments, 0), Library.at(arguments, 1));
    }

    @Override
    public Object call(final Object table, final Object index)
    {
        return library.nextElement(table, index);
    }
}
