package org.millrace.io.lua.lib;

import java.util.function.DoubleUnaryOperator;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.NotANumber;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaTable;

/** {@code math}, with Redis's own {@code random}. */
public final class MathLibrary extends Library
{
    private static final double RANDOM_MAX = Integer.MAX_VALUE;

    private final Random48 random;

    public MathLibrary(final LuaState state, final Random48 random)
    {
        super(state);
        this.random = random;
    }

    public LuaTable make()
    {
        final LuaTable math = new LuaTable();
        addFunctions(math);
        add(math, "fmod", this::fmod);
        add(math, "mod", this::fmod);
        add(math, "modf", this::modf);
        add(math, "frexp", this::frexp);
        add(math, "ldexp", this::ldexp);
        add(math, "atan2", this::atan2);
        add(math, "pow", this::pow);
        add(math, "max", this::max);
        add(math, "min", this::min);
        add(math, "random", this::random);
        add(math, "randomseed", this::randomSeed);
        math.set("pi", Math.PI);
        math.set("huge", Double.POSITIVE_INFINITY);
        return math;
    }

    private void addFunctions(final LuaTable math)
    {
        addDouble(math, "abs", Math::abs);
        addDouble(math, "ceil", Math::ceil);
        addDouble(math, "floor", Math::floor);
        addDouble(math, "sqrt", Math::sqrt);
        addDouble(math, "exp", Math::exp);
        addDouble(math, "log", Math::log);
        addDouble(math, "log10", Math::log10);
        addDouble(math, "sin", Math::sin);
        addDouble(math, "cos", Math::cos);
        addDouble(math, "tan", Math::tan);
        addDouble(math, "asin", Math::asin);
        addDouble(math, "acos", Math::acos);
        addDouble(math, "atan", Math::atan);
        addDouble(math, "sinh", Math::sinh);
        addDouble(math, "cosh", Math::cosh);
        addDouble(math, "tanh", Math::tanh);
        addDouble(math, "deg", (x) -> x / (Math.PI / 180.0));
        addDouble(math, "rad", (x) -> x * (Math.PI / 180.0));
    }

    private void addDouble(final LuaTable table, final String name, final DoubleUnaryOperator function)
    {
        add(table, name, (a) ->
        {
            final double x = number(a, 0);
            return defined(function.applyAsDouble(x), x);
        });
    }

    /** A result that is no number has the sign that C's has. */
    private static double defined(final double result, final double argument)
    {
        return result == result ? result : NotANumber.of(argument);
    }

    // As compiled C does, these look at the second argument first.

    private Object ldexp(final Object[] a)
    {
        final int exponent = small(a, 1);
        return number(a, 0) * Math.pow(2, exponent);
    }

    private Object atan2(final Object[] a)
    {
        final double x = number(a, 1);
        return Math.atan2(number(a, 0), x);
    }

    private Object pow(final Object[] a)
    {
        final double exponent = number(a, 1);
        final double base = number(a, 0);
        return defined(Math.pow(base, exponent), base);
    }

    private Object fmod(final Object[] a)
    {
        final double y = number(a, 1);
        final double x = number(a, 0);
        return defined(x % y, x == x ? y : x);
    }

    private Object modf(final Object[] a)
    {
        final double x = number(a, 0);
        final double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
        final double fraction = Double.isInfinite(x) ? Math.copySign(0.0, x) : Math.copySign(x - whole, x);
        return results(whole, x == x ? fraction : x);
    }

    private Object frexp(final Object[] a)
    {
        final double x = number(a, 0);
        if (0 == x || !Double.isFinite(x))
        {
            return results(x, 0.0);
        }

        final double scaled = Math.abs(x) < Double.MIN_NORMAL ? x * 0x1p54 : x;
        final int exponent = Math.getExponent(scaled) + 1;
        return results(Math.scalb(scaled, -exponent), (double)(scaled == x ? exponent : exponent - 54));
    }

    private Object max(final Object[] a)
    {
        double best = number(a, 0);
        for (int i = 1; i < a.length; i++)
        {
            final double other = number(a, i);
            best = other > best ? other : best;
        }

        return best;
    }

    private Object min(final Object[] a)
    {
        double best = number(a, 0);
        for (int i = 1; i < a.length; i++)
        {
            final double other = number(a, i);
            best = other < best ? other : best;
        }

        return best;
    }

    private Object random(final Object[] a)
    {
        final double r = random.next() % Integer.MAX_VALUE / RANDOM_MAX;
        switch (a.length)
        {
            case 0 :
                return r;

            case 1 :
            {
                final int high = small(a, 0);
                if (high < 1)
                {
                    throw badArgument(0, "interval is empty");
                }

                return Math.floor(r * high) + 1;
            }

            case 2 :
            {
                final int low = small(a, 0);
                final int high = small(a, 1);
                if (low > high)
                {
                    throw badArgument(1, "interval is empty");
                }

                return Math.floor(r * (high - low + 1)) + low;
            }

            default :
                throw LuaError.at("wrong number of arguments");
        }
    }

    private Object randomSeed(final Object[] a)
    {
        random.seed(small(a, 0));
        return NONE;
    }
}
