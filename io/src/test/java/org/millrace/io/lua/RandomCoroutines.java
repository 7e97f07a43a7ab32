package org.millrace.io.lua;

import java.util.SplittableRandom;

/**
 * Scripts made by chance of a seed whose coroutine is suspended wherever code can be: in conditions, limits of loops,
 * arguments, operands, fields, targets of assignments, functions within functions. What went in and out is the reply.
 */
final class RandomCoroutines
{
    private static final String PRELUDE = "local out, x = {}, 5 " +
        "local function put(...) for i = 1, select('#', ...) do out[#out + 1] = tostring((select(i, ...))) end end " +
        "local function y(...) put('y', ...) return coroutine.yield(...) end " +
        "local function id(...) return ... end " +
        "local o = {n = 2} function o:m(...) put(self.n, ...) return ... end ";
    private static final String DRIVER = "local co = coroutine.create(body) " +
        "for i = 1, 12 do put(coroutine.status(co), coroutine.resume(co, i, 'r' .. i)) end " +
        "return table.concat(out, ' ')";
    private static final String[] ATOMS = {
        "1", "2", "3", "'a'", "'7'", "nil", "true", "false", "a", "b", "x", "t[1]", "t.k", "...", "#t"
    };
    private static final String[] BINARY = {"+", "-", "*", "/", "..", "==", "~=", "<", "and", "or", "%", ">=", "^"};

    private final SplittableRandom random;

    RandomCoroutines(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    String next()
    {
        return PRELUDE + "local function body(a, b, ...) local t = {4, k = 6} " + block(3) + " end " + DRIVER;
    }

    private String pick(final String... of)
    {
        return of[random.nextInt(of.length)];
    }

    private String block(final int depth)
    {
        final StringBuilder code = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--)
        {
            code.append(statement(depth)).append(' ');
        }

        return code.append(0 == random.nextInt(5) ? end() : "").toString();
    }

    /** What only the last statement of a block can be. */
    private String end()
    {
        return switch (random.nextInt(4))
        {
            case 0 -> "return " + expression(2) + ", " + expression(1);
            case 1 -> "return y(" + expression(1) + ")";
            case 2 -> "return id(" + expression(1) + ", y(" + expression(1) + "))";
            default -> "return";
        };
    }

    private String statement(final int depth)
    {
        if (0 == depth)
        {
            return "y(" + expression(1) + ")";
        }

        return switch (random.nextInt(16))
        {
            case 0 -> "local a, c = " + expression(2) + ", " + expression(2) + " put(a, c)";
            case 1 -> "x = " + expression(2);
            case 2 -> "t[" + pick("1", "'k'", "y('key')") + "] = " + expression(2);
            case 3 -> "t.k, t[y(1) or 2], x = " + expression(1) + ", " + expression(2);
            case 4 -> "if " + expression(2) + " then " + block(depth - 1) + " elseif " + expression(2) + " then " +
                block(depth - 1) + " else " + block(depth - 1) + " end";
            case 5 -> "do local n = 0 while n < 2 and " + expression(1) + " do n = n + 1 " + block(depth - 1) +
                " end end";
            case 6 -> "for i = " + pick("1", "y('from')") + ", " + pick("2", "y('to')") + pick("", ", y('by')") +
                " do put(i) " + block(depth - 1) + " end";
            case 7 -> "for k, v in pairs({1, " + expression(1) + ", k = " + expression(1) + "}) do put(k) " +
                block(depth - 1) + " end";
            case 8 -> "for i, v in ipairs({" + expression(1) + ", 2}) do put(v) " + block(depth - 1) + " end";
            case 9 -> "do local n = 0 repeat n = n + 1 " + statement(depth - 1) + " until n > 1 or " +
                expression(2) + " end";
            case 10 -> "put(pcall(function() " + pick("y(1)", "put(1)", "error('e')", "return x + {}") + " end))";
            case 11 -> "do local function g(a, ...) local b, t = x, {a} " + block(depth - 1) + " end put(g(" +
                expression(1) + ", " + expression(1) + ")) end";
            case 12 -> "do local w = coroutine.wrap(function(a, ...) local b, t = x, {1} " + block(depth - 1) +
                " end) put(pcall(w, " + expression(1) + ")) end";
            case 13 -> "if " + expression(2) + " then " + pick("put('t')", "y('t')") + " end";
            default -> "put(" + expression(2) + ")";
        };
    }

    private String expression(final int depth)
    {
        if (0 == depth)
        {
            return pick(ATOMS);
        }

        final String a = expression(depth - 1);
        final String b = expression(depth - 1);
        return switch (random.nextInt(14))
        {
            case 0, 1, 2 -> "y(" + a + pick("", ", " + b) + ")";
            case 3, 4 -> "(" + a + " " + pick(BINARY) + " " + b + ")";
            case 5 -> "(" + a + " .. " + b + " .. y(" + a + "))";
            case 6 -> pick("not ", "-", "#") + "(" + a + ")";
            case 7 -> "({" + a + ", k = " + b + ", [y('i')] = y(), " + a + "})" + pick(".k", "[1]", "[2]", "[y(1)]");
            case 8 -> "id(" + a + ", " + b + ", y(" + a + "))";
            case 9 -> "o:m(" + a + ", " + b + ")";
            case 10 -> "(id(" + b + ", " + a + "))";
            case 11 -> "select(2, " + a + ", y(" + b + "))";
            case 12 -> "(function(...) return y(...) end)(" + a + ")";
            default -> pick(ATOMS);
        };
    }
}
