package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaString;

/** Operations on numbers. */
enum Operator
{
    ADD("__add"),
    SUB("__sub"),
    MUL("__mul"),
    DIV("__div"),
    MOD("__mod"),
    POW("__pow"),
    UNM("__unm");

    private final LuaString event;

    Operator(final String event)
    {
        this.event = LuaString.of(event);
    }

    /** What metatables call it. */
    LuaString event()
    {
        return event;
    }

    double apply(final double left, final double right)
    {
        final double result = switch (this)
        {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> mod(left, right);
            case POW -> Math.pow(left, right);
            case UNM -> -left;
        };

        return result == result ? result : NotANumber.of(left, right);
    }

    /** As Lua 5.1 has it, infinite operands included. */
    static double mod(final double left, final double right)
    {
        return left - Math.floor(left / right) * right;
    }
}
