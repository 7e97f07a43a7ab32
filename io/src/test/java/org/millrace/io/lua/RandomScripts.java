package org.millrace.io.lua;

import java.util.SplittableRandom;

/** Scripts made by chance of a seed: they end, and what they return does not depend on addresses. */
final class RandomScripts
{
    private static final String[] NUMBERS = {
        "0", "1", "2", "3", "-1", "7", "10", "0.5", "1e15", "2^53", "1e300", "1/3", "-2.5", "100", "1e100",
        "123456789012"
    };
    private static final String[] STRINGS = {
        "''", "'a'", "'abc'", "'10'", "'0x10'", "' 5 '", "'1e2'", "'hello world'", "'a,b,c'", "'%d'", "'\\0x'", "'-1'"
    };
    private static final String[] OTHERS = {"nil", "true", "false", "{}", "{1,2,3}", "{a=1,b='x'}", "x", "y", "t", "s"};
    private static final String[] BINARY = {
        "+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or"
    };
    private static final String[] PATTERNS = {
        "'a'", "'%a+'", "'(%w)(%w)'", "'.-b'", "'^a'", "'[^,]+'", "'%d*'", "'()'", "'o.'", "'%s'", "'l+'", "'x?'",
        "'%f[%w]%w'"
    };
    private static final String[] FORMATS = {
        "'%d'", "'%5.2f'", "'%s'", "'%g'", "'%x'", "'%e'", "'%q'", "'%-8s|'", "'%05d'", "'%+d'", "'%.3s'", "'%c'",
        "'%i'",
        "'%#x'", "'%u'", "'%.14g'", "'%10.4g|'", "'%G'", "'%o'", "'%.0f'"
    };
    private static final String PRELUDE = "local x, y, s, t = 5, 'str', 'a,bc,d', {3, 1, 2, k = 'v'} ";

    private final SplittableRandom random;

    RandomScripts(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    String next()
    {
        final StringBuilder code = new StringBuilder(PRELUDE);
        for (int i = random.nextInt(3); i > 0; i--)
        {
            code.append(statement()).append(' ');
        }

        return code + "return {pcall(function() return tostring(" + expression(4) + ") end)}";
    }

    private String statement()
    {
        return switch (random.nextInt(6))
        {
            case 0 -> "pcall(function() x = " + expression(2) + " end)";
            case 1 -> "pcall(function() t[" + expression(1) + "] = " + expression(2) + " end)";
            case 2 -> "for i = 1, 3 do pcall(function() x = x + i end) end";
            case 3 -> "pcall(function() if " + expression(2) + " then y = " + expression(2) + " end end)";
            case 4 -> "pcall(function() for k, v in pairs(t) do s = s .. tostring(k) end end)";
            default -> "pcall(function() s, x = x, s end)";
        };
    }

    private String pick(final String... of)
    {
        return of[random.nextInt(of.length)];
    }

    private String atom()
    {
        return switch (random.nextInt(3))
        {
            case 0 -> pick(NUMBERS);
            case 1 -> pick(STRINGS);
            default -> pick(OTHERS);
        };
    }

    private String expression(final int depth)
    {
        if (0 == depth)
        {
            return atom();
        }

        return switch (random.nextInt(9))
        {
            case 0, 1, 2 -> "(" + expression(depth - 1) + " " + pick(BINARY) + " " + expression(depth - 1) + ")";
            case 3 -> pick("-", "not ", "#") + "(" + expression(depth - 1) + ")";
            case 4 -> function(depth - 1);
            case 5 -> "(" + expression(depth - 1) + ")[" + expression(depth - 1) + "]";
            case 6 -> "t." + pick("k", "n", "x") + pick("", ".y", "()");
            default -> atom();
        };
    }

    private String function(final int depth)
    {
        final String a = expression(depth);
        final String b = expression(0);
        return switch (random.nextInt(14))
        {
            case 0 -> "tonumber(" + a + ")";
            case 1 -> "tonumber(" + a + ", " + pick("2", "8", "16", "36") + ")";
            case 2 -> "string.format(" + pick(FORMATS) + ", " + a + ")";
            case 3 -> "string.gsub(" + a + ", " + pick(PATTERNS) + ", " + pick("'x'", "'%0%0'", "'%1'", "{a=1}") + ")";
            case 4 -> "string.find(" + a + ", " + pick(PATTERNS) + ")";
            case 5 -> "string.match(" + a + ", " + pick(PATTERNS) + ")";
            case 6 -> "string." + pick("len", "upper", "reverse", "byte") + "(" + a + ")";
            case 7 -> "string.sub(" + a + ", " + b + ", " + expression(0) + ")";
            case 8 -> "math." + pick("floor", "ceil", "abs", "sqrt", "modf", "frexp") + "(" + a + ")";
            case 9 -> "select(" + b + ", " + a + ", " + b + ")";
            case 10 -> "table.concat(" + a + ", " + b + ")";
            case 11 -> "type(" + a + ")";
            case 12 -> "#table." + pick("concat(", "insert(", "remove(") + a + ", " + b + ")";
            default -> "math." + pick("max", "min", "fmod") + "(" + a + ", " + b + ")";
        };
    }
}
