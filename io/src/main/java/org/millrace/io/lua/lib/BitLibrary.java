package org.millrace.io.lua.lib;

import java.util.function.IntBinaryOperator;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code bit}: operations on the lowest 32 bits of a number, rounded; results are signed. */
public final class BitLibrary extends Library
{
    /** Added to a number, this leaves its integer in the low bits: 2^52 + 2^51. */
    private static final double SHIFT = 6755399441055744.0;
    private static final int DIGITS = 8;

    public BitLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable bit = new LuaTable();
        add(bit, "tobit", (a) -> (double)bits(a, 0));
        add(bit, "bnot", (a) -> (double)~bits(a, 0));
        add(bit, "bswap", (a) -> (double)Integer.reverseBytes(bits(a, 0)));
        addFold(bit, "band", (x, y) -> x & y);
        addFold(bit, "bor", (x, y) -> x | y);
        addFold(bit, "bxor", (x, y) -> x ^ y);
        addShift(bit, "lshift", (x, n) -> x << n);
        addShift(bit, "rshift", (x, n) -> x >>> n);
        addShift(bit, "arshift", (x, n) -> x >> n);
        addShift(bit, "rol", Integer::rotateLeft);
        addShift(bit, "ror", Integer::rotateRight);
        add(bit, "tohex", this::toHex);
        return bit;
    }

    private int bits(final Object[] a, final int index)
    {
        return (int)Double.doubleToRawLongBits(number(a, index) + SHIFT);
    }

    private void addFold(final LuaTable bit, final String name, final IntBinaryOperator operator)
    {
        add(bit, name, (a) ->
        {
            int result = bits(a, 0);
            for (int i = 1; i < a.length; i++)
            {
                result = operator.applyAsInt(result, bits(a, i));
            }

            return (double)result;
        });
    }

    private void addShift(final LuaTable bit, final String name, final IntBinaryOperator operator)
    {
        add(bit, name, (a) -> (double)operator.applyAsInt(bits(a, 0), bits(a, 1) & 31));
    }

    private Object toHex(final Object[] a)
    {
        final int value = bits(a, 0);
        final int count = isNone(a, 1) ? DIGITS : bits(a, 1);
        final String alphabet = count < 0 ? "0123456789ABCDEF" : "0123456789abcdef";
        final int digits = Integer.MIN_VALUE == count ? DIGITS : Math.min(DIGITS, Math.abs(count));
        final byte[] text = new byte[digits];
        for (int i = 0; i < digits; i++)
        {
            text[digits - 1 - i] = (byte)alphabet.charAt(value >>> 4 * i & 0xF);
        }

        return LuaString.of(text);
    }
}
