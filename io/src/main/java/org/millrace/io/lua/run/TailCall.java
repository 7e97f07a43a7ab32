package org.millrace.io.lua.run;

/** What a function returns that ends by calling another: the call is made once it has ended. */
final class TailCall
{
    final LuaClosure closure;
    final Object[] arguments;

    TailCall(final LuaClosure closure, final Object[] arguments)
    {
        this.closure = closure;
        this.arguments = arguments;
    }
}
