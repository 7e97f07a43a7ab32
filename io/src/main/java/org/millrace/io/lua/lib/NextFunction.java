package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.Next;
import org.millrace.io.lua.value.LuaFunction;

/** {@code next}. */
final class NextFunction extends LuaFunction implements Next
{
    private final BaseLibrary library;

    NextFunction(final BaseLibrary library)
    {
        this.library = library;
    }

    @Override
    public Object call(final Object[] arguments)
    {
        return library.next(Library.at(arguments, 0), Library.at(arguments, 1));
    }

    @Override
    public Object call(final Object table, final Object key)
    {
        return library.next(table, key);
    }
}
