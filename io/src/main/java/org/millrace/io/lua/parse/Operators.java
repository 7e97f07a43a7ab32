package org.millrace.io.lua.parse;

import org.millrace.io.lua.run.Add;
import org.millrace.io.lua.run.And;
import org.millrace.io.lua.run.Constant;
import org.millrace.io.lua.run.Divide;
import org.millrace.io.lua.run.Equal;
import org.millrace.io.lua.run.Expression;
import org.millrace.io.lua.run.GreaterEqual;
import org.millrace.io.lua.run.GreaterThan;
import org.millrace.io.lua.run.LessEqual;
import org.millrace.io.lua.run.LessThan;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.run.Modulo;
import org.millrace.io.lua.run.Multiply;
import org.millrace.io.lua.run.Or;
import org.millrace.io.lua.run.Power;
import org.millrace.io.lua.run.Single;
import org.millrace.io.lua.run.Subtract;

/** How tightly operators bind, and what they become. */
final class Operators
{
    /** Of {@code not}, {@code -} and {@code #}. */
    static final int UNARY = 8;

    private Operators()
    {
    }

    /** How tightly an operator binds what is left of it; 0 if the token is none. */
    static int left(final int token)
    {
        return switch (token)
        {
            case Token.OR -> 1;
            case Token.AND -> 2;
            case '<', '>', Token.LESS_EQUAL, Token.GREATER_EQUAL, Token.EQUAL, Token.NOT_EQUAL -> 3;
            case Token.CONCAT -> 5;
            case '+', '-' -> 6;
            case '*', '/', '%' -> 7;
            case '^' -> 10;
            default -> 0;
        };
    }

    /** How tightly it binds what is right of it: less, if it goes from the right. Not for {@code ..}. */
    static int right(final int token)
    {
        return '^' == token ? left(token) - 1 : left(token);
    }

    static Expression make(final int token, final int line, final Expression a, final Expression b)
    {
        if (isDecided(token, a))
        {
            return new Single(line, b);
        }

        return switch (token)
        {
            case Token.OR -> new Or(line, a, b);
            case Token.AND -> new And(line, a, b);
            case '<' -> new LessThan(line, a, b);
            case '>' -> new GreaterThan(line, a, b);
            case Token.LESS_EQUAL -> new LessEqual(line, a, b);
            case Token.GREATER_EQUAL -> new GreaterEqual(line, a, b);
            case Token.EQUAL -> new Equal(line, a, b, true);
            case Token.NOT_EQUAL -> new Equal(line, a, b, false);
            case '+' -> new Add(line, a, b);
            case '-' -> new Subtract(line, a, b);
            case '*' -> new Multiply(line, a, b);
            case '/' -> new Divide(line, a, b);
            case '%' -> new Modulo(line, a, b);
            default -> new Power(line, a, b);
        };
    }

    /** True if what is left of {@code and} or {@code or} is a constant which leaves it to what is right. */
    private static boolean isDecided(final int token, final Expression a)
    {
        if (!(a instanceof Constant) || Token.AND != token && Token.OR != token)
        {
            return false;
        }

        return Meta.isTrue(((Constant)a).value()) == (Token.AND == token);
    }
}
