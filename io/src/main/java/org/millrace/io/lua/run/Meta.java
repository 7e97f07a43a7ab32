package org.millrace.io.lua.run;

import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.LuaUserdata;
import org.millrace.io.lua.value.NumberParser;
import org.millrace.io.lua.value.NumberText;

/** What operations do beyond the plain case: convert, ask metatables, or fail with the words of Lua 5.1. */
public final class Meta
{
    public static final LuaString INDEX = LuaString.of("__index");
    public static final LuaString NEWINDEX = LuaString.of("__newindex");
    public static final LuaString CALL = LuaString.of("__call");
    public static final LuaString METATABLE = LuaString.of("__metatable");
    public static final LuaString TOSTRING = LuaString.of("__tostring");
    private static final LuaString EQ = LuaString.of("__eq");
    private static final LuaString LT = LuaString.of("__lt");
    private static final LuaString LE = LuaString.of("__le");
    private static final LuaString LEN = LuaString.of("__len");
    private static final LuaString CONCAT = LuaString.of("__concat");

    /** Tables that name each other as the place to look next. */
    private static final int LOOP_MAX = 100;

    private Meta()
    {
    }

    public static boolean isTrue(final Object value)
    {
        return null != value && Boolean.FALSE != value;
    }

    public static String typeName(final Object value)
    {
        if (null == value)
        {
            return "nil";
        }

        if (value instanceof Boolean)
        {
            return "boolean";
        }

        if (value instanceof Double)
        {
            return "number";
        }

        if (value instanceof LuaString)
        {
            return "string";
        }

        if (value instanceof LuaTable)
        {
            return "table";
        }

        if (value instanceof LuaFunction)
        {
            return "function";
        }

        return value instanceof Coroutine ? "thread" : "userdata";
    }

    public static LuaTable metatable(final LuaState state, final Object value)
    {
        if (value instanceof LuaTable)
        {
            return ((LuaTable)value).metatable();
        }

        if (value instanceof LuaString)
        {
            return state.stringMetatable();
        }

        return value instanceof LuaUserdata ? ((LuaUserdata)value).metatable() : null;
    }

    /** What the metatable of a value has for an event, or nil. */
    public static Object handler(final LuaState state, final Object value, final LuaString event)
    {
        final LuaTable metatable = metatable(state, value);
        return null == metatable ? null : metatable.get(event);
    }

    // Errors

    /** {@code attempt to index local 'x' (a nil value)}; without a name if {@code where} is null or has none. */
    static LuaError typeError(final String operation, final Object value, final Expression where)
    {
        return typeError(operation, value, null == where ? null : where.description());
    }

    private static LuaError typeError(final String operation, final Object value, final String description)
    {
        final String type = typeName(value);
        return LuaError.ofCode(
            null == description
                ? "attempt to " + operation + " a " + type + " value"
                : "attempt to " + operation + " " + description + " (a " + type + " value)");
    }

    // Index

    /** {@code object[key]}. @param where the expression of the object, for errors, or null. */
    public static Object index(final LuaState state, final Object object, final Object key, final Expression where)
    {
        Object at = object;
        Expression name = where;
        for (int i = 0; i < LOOP_MAX; i++)
        {
            final Object handler;
            if (at instanceof LuaTable)
            {
                final LuaTable table = (LuaTable)at;
                final Object value = table.get(key);
                if (null != value || null == table.metatable())
                {
                    return value;
                }

                handler = table.metatable().get(INDEX);
                if (null == handler)
                {
                    return null;
                }
            }
            else
            {
                handler = handler(state, at, INDEX);
                if (null == handler)
                {
                    throw typeError("index", at, name);
                }
            }

            if (handler instanceof LuaFunction)
            {
                return LuaFunction.first(state.callInside((LuaFunction)handler, at, key));
            }

            at = handler;
            name = null;
        }

        throw LuaError.ofCode("loop in gettable");
    }

    /** {@code object[key] = value}. */
    public static void setIndex(final LuaState state, final Object object, final Object key, final Object value,
        final Expression where)
    {
        Object at = object;
        Expression name = where;
        for (int i = 0; i < LOOP_MAX; i++)
        {
            final Object handler;
            if (at instanceof LuaTable)
            {
                final LuaTable table = (LuaTable)at;
                handler = null == table.metatable() || table.isReadOnly() || null != table.get(key)
                    ? null
                    : table.metatable().get(NEWINDEX);
                if (null == handler)
                {
                    table.set(key, value);
                    return;
                }
            }
            else
            {
                handler = handler(state, at, NEWINDEX);
                if (null == handler)
                {
                    throw typeError("index", at, name);
                }
            }

            if (handler instanceof LuaFunction)
            {
                state.callInside((LuaFunction)handler, at, key, value);
                return;
            }

            at = handler;
            name = null;
        }

        throw LuaError.ofCode("loop in settable");
    }

    // Call

    /** What is called in the place of a value that is no function, with the value in front of the arguments. */
    static LuaFunction callHandler(final LuaState state, final Object value, final String description)
    {
        final Object handler = handler(state, value, CALL);
        if (handler instanceof LuaFunction)
        {
            return (LuaFunction)handler;
        }

        throw typeError("call", value, description);
    }

    // Numbers

    /** The value as a number, or null. */
    public static Double toNumber(final Object value)
    {
        if (value instanceof Double)
        {
            return (Double)value;
        }

        return value instanceof LuaString ? NumberParser.parse((LuaString)value) : null;
    }

    /** An operation whose operands are not both numbers. */
    static Object arithmetic(final LuaState state, final Operator operator, final Object left, final Object right,
        final Binary where)
    {
        final Double a = toNumber(left);
        final Double b = null == a ? null : toNumber(right);
        if (null != b)
        {
            return operator.apply(a, b);
        }

        Object handler = handler(state, left, operator.event());
        if (null == handler)
        {
            handler = handler(state, right, operator.event());
        }

        if (null == handler)
        {
            final boolean isLeft = null == a;
            throw typeError("perform arithmetic on", isLeft ? left : right, isLeft ? where.left : where.right);
        }

        return LuaFunction.first(state.callMeta(handler, left, right));
    }

    static Object negate(final LuaState state, final Object value, final Expression where)
    {
        final Double number = toNumber(value);
        if (null != number)
        {
            return NotANumber.negate(number);
        }

        final Object handler = handler(state, value, Operator.UNM.event());
        if (null == handler)
        {
            throw typeError("perform arithmetic on", value, where);
        }

        return LuaFunction.first(state.callMeta(handler, value, value));
    }

    static Object length(final LuaState state, final Object value, final Expression where)
    {
        if (value instanceof LuaString)
        {
            return (double)((LuaString)value).length();
        }

        if (value instanceof LuaTable)
        {
            return (double)((LuaTable)value).length();
        }

        final Object handler = handler(state, value, LEN);
        if (null == handler)
        {
            throw typeError("get length of", value, where);
        }

        return LuaFunction.first(state.callMeta(handler, value, null));
    }

    // Comparison

    /** Equal without metatables. */
    public static boolean rawEqual(final Object left, final Object right)
    {
        if (left instanceof Double)
        {
            return right instanceof Double && (double)(Double)left == (double)(Double)right;
        }

        return left == right || left instanceof LuaString && left.equals(right);
    }

    public static boolean equal(final LuaState state, final Object left, final Object right)
    {
        if (rawEqual(left, right))
        {
            return true;
        }

        final boolean areAlike = left instanceof LuaTable && right instanceof LuaTable ||
            left instanceof LuaUserdata && right instanceof LuaUserdata;
        final Object handler = areAlike ? commonHandler(state, left, right, EQ) : null;
        return null != handler && isTrue(LuaFunction.first(state.callMeta(handler, left, right)));
    }

    public static boolean lessThan(final LuaState state, final Object left, final Object right)
    {
        if (left instanceof Double && right instanceof Double)
        {
            return (Double)left < (Double)right;
        }

        if (left instanceof LuaString && right instanceof LuaString)
        {
            return ((LuaString)left).compareTo((LuaString)right) < 0;
        }

        final Object handler = commonHandler(state, left, right, LT);
        if (null == handler)
        {
            throw orderError(left, right);
        }

        return isTrue(LuaFunction.first(state.callMeta(handler, left, right)));
    }

    static boolean lessEqual(final LuaState state, final Object left, final Object right)
    {
        if (left instanceof Double && right instanceof Double)
        {
            return (Double)left <= (Double)right;
        }

        if (left instanceof LuaString && right instanceof LuaString)
        {
            return ((LuaString)left).compareTo((LuaString)right) <= 0;
        }

        final Object handler = commonHandler(state, left, right, LE);
        if (null != handler)
        {
            return isTrue(LuaFunction.first(state.callMeta(handler, left, right)));
        }

        final Object less = commonHandler(state, right, left, LT);
        if (null == less)
        {
            throw orderError(left, right);
        }

        return !isTrue(LuaFunction.first(state.callMeta(less, right, left)));
    }

    /** A handler that both have, for values of one type. */
    private static Object commonHandler(final LuaState state, final Object left, final Object right,
        final LuaString event)
    {
        if (!typeName(left).equals(typeName(right)))
        {
            return null;
        }

        final Object handler = handler(state, left, event);
        return null != handler && rawEqual(handler, handler(state, right, event)) ? handler : null;
    }

    private static LuaError orderError(final Object left, final Object right)
    {
        final String a = typeName(left);
        final String b = typeName(right);
        return LuaError.ofCode(
            a.equals(b) ? "attempt to compare two " + a + " values" : "attempt to compare " + a + " with " + b);
    }

    // Strings

    /** The value as a string if it is one or a number, else null. */
    public static LuaString toLuaString(final Object value)
    {
        if (value instanceof LuaString)
        {
            return (LuaString)value;
        }

        return value instanceof Double ? NumberText.of((Double)value) : null;
    }

    /** Values joined from the right, as many strings and numbers at once as there are. */
    static Object concat(final LuaState state, final Object[] values, final Expression[] where)
    {
        int count = values.length;
        while (count > 1)
        {
            final Object left = values[count - 2];
            final Object right = values[count - 1];
            if (!isText(left) || !isText(right))
            {
                values[count - 2] = concatByHandler(state, left, right, where[count - 2], where[count - 1]);
                count--;
                continue;
            }

            int first = count - 2;
            while (first > 0 && isText(values[first - 1]))
            {
                first--;
            }

            values[first] = join(values, first, count);
            count = first + 1;
        }

        return values[0];
    }

    private static boolean isText(final Object value)
    {
        return value instanceof LuaString || value instanceof Double;
    }

    private static LuaString join(final Object[] values, final int from, final int to)
    {
        long length = 0;
        for (int i = from; i < to; i++)
        {
            final LuaString text = toLuaString(values[i]);
            values[i] = text;
            length += text.length();
        }

        if (length > Integer.MAX_VALUE / 2)
        {
            throw LuaError.of(LuaString.of("not enough memory"));
        }

        final Bytes bytes = new Bytes(0);
        bytes.reserve((int)length);
        for (int i = from; i < to; i++)
        {
            bytes.put((LuaString)values[i]);
        }

        return bytes.length() == bytes.array().length ? LuaString.of(bytes.array()) : bytes.toLuaString();
    }

    private static Object concatByHandler(
        final LuaState state, final Object left, final Object right, final Expression leftName,
        final Expression rightName)
    {
        Object handler = handler(state, left, CONCAT);
        if (null == handler)
        {
            handler = handler(state, right, CONCAT);
        }

        if (null == handler)
        {
            final boolean isLeft = !isText(left);
            throw typeError("concatenate", isLeft ? left : right, isLeft ? leftName : rightName);
        }

        return LuaFunction.first(state.callMeta(handler, left, right));
    }

    /** As {@code tostring} makes it. */
    public static LuaString describe(final LuaState state, final Object value)
    {
        final Object handler = handler(state, value, TOSTRING);
        if (null != handler)
        {
            final Object text = LuaFunction.first(state.callValue(handler, value));
            if (!(text instanceof LuaString) && !(text instanceof Double))
            {
                throw LuaError.at("'tostring' must return a string to 'print'");
            }

            return toLuaString(text);
        }

        final LuaString text = toLuaString(value);
        return null == text ? LuaString.of(plainText(value)) : text;
    }

    private static String plainText(final Object value)
    {
        if (null == value)
        {
            return "nil";
        }

        if (value instanceof Boolean)
        {
            return value.toString();
        }

        if (LuaUserdata.NULL == value)
        {
            return "userdata: (nil)";
        }

        final String address = Integer.toHexString(System.identityHashCode(value));
        return typeName(value) + ": 0x" + "0".repeat(12 - address.length()) + address;
    }
}
