package org.millrace.io.lua.parse;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.lua.run.Call;
import org.millrace.io.lua.run.Concat;
import org.millrace.io.lua.run.Constant;
import org.millrace.io.lua.run.Expression;
import org.millrace.io.lua.run.Field;
import org.millrace.io.lua.run.Global;
import org.millrace.io.lua.run.Index;
import org.millrace.io.lua.run.Length;
import org.millrace.io.lua.run.Local;
import org.millrace.io.lua.run.MethodCall;
import org.millrace.io.lua.run.Negate;
import org.millrace.io.lua.run.Not;
import org.millrace.io.lua.run.Single;
import org.millrace.io.lua.run.TableConstructor;
import org.millrace.io.lua.run.Upvalue;
import org.millrace.io.lua.run.Varargs;
import org.millrace.io.lua.value.LuaString;

/** Reads expressions. */
final class ExpressionParser
{
    private static final Expression[] NONE = {};

    private final Parser parser;
    private final Lexer lexer;

    ExpressionParser(final Parser parser, final Lexer lexer)
    {
        this.parser = parser;
        this.lexer = lexer;
    }

    Expression expression()
    {
        return binary(0);
    }

    Expression[] list()
    {
        final List<Expression> all = new ArrayList<>();
        all.add(expression());
        while (parser.accept(','))
        {
            all.add(expression());
        }

        return all.toArray(NONE);
    }

    /** Operands and operators that bind more tightly than {@code limit}. */
    private Expression binary(final int limit)
    {
        parser.enterLevel();
        Expression left = unary();
        int operator = lexer.kind();
        while (Operators.left(operator) > limit)
        {
            lexer.next();
            if (Token.CONCAT == operator)
            {
                left = concat(left);
            }
            else
            {
                final Expression right = binary(Operators.right(operator));
                left = Operators.make(operator, lexer.lastLine(), left, right);
            }

            operator = lexer.kind();
        }

        parser.leaveLevel();
        return left;
    }

    /** The operator goes from the right, so what follows is all of the rest; its operands are joined at once. */
    private Expression concat(final Expression first)
    {
        final List<Expression> operands = new ArrayList<>();
        operands.add(first);
        final int level = parser.level();
        operands.add(binary(Operators.left(Token.CONCAT)));
        while (parser.accept(Token.CONCAT))
        {
            parser.enterLevel();
            operands.add(binary(Operators.left(Token.CONCAT)));
        }

        parser.level(level);
        return new Concat(lexer.lastLine(), operands.toArray(NONE));
    }

    private Expression unary()
    {
        final int operator = lexer.kind();
        if (Token.NOT != operator && '-' != operator && '#' != operator)
        {
            return simple();
        }

        lexer.next();
        final Expression operand = binary(Operators.UNARY);
        final int line = lexer.lastLine();
        if (Token.NOT == operator)
        {
            return new Not(line, operand);
        }

        if ('#' == operator)
        {
            return new Length(line, operand);
        }

        final boolean isNumber = operand instanceof Constant && ((Constant)operand).value() instanceof Double;
        return isNumber
            ? new Constant(line, -(Double)((Constant)operand).value())
            : new Negate(line, operand);
    }

    private Expression simple()
    {
        switch (lexer.kind())
        {
            case Token.NUMBER :
            case Token.STRING :
                return constant(lexer.value());

            case Token.NIL :
                return constant(null);

            case Token.TRUE :
                return constant(Boolean.TRUE);

            case Token.FALSE :
                return constant(Boolean.FALSE);

            case Token.DOTS :
                return varargs();

            case '{' :
                return table();

            case Token.FUNCTION :
                lexer.next();
                return parser.function(false, lexer.lastLine());

            default :
                return suffixed();
        }
    }

    private Expression constant(final Object value)
    {
        lexer.next();
        return new Constant(lexer.lastLine(), value);
    }

    private Expression varargs()
    {
        if (!parser.scope().isVararg())
        {
            throw lexer.error("cannot use '...' outside a vararg function");
        }

        parser.scope().usesVarargs();
        lexer.next();
        return new Varargs(lexer.lastLine());
    }

    private Expression table()
    {
        final int line = lexer.line();
        parser.expect('{');
        final List<Expression> keys = new ArrayList<>();
        final List<Expression> values = new ArrayList<>();
        while ('}' != lexer.kind())
        {
            field(keys, values);
            if (!parser.accept(',') && !parser.accept(';'))
            {
                break;
            }
        }

        parser.expectMatch('}', '{', line);
        return new TableConstructor(lexer.lastLine(), keys.toArray(NONE), values.toArray(NONE));
    }

    private void field(final List<Expression> keys, final List<Expression> values)
    {
        if (Token.NAME == lexer.kind() && '=' == lexer.ahead())
        {
            keys.add(new Constant(lexer.line(), parser.name()));
            lexer.next();
        }
        else if ('[' == lexer.kind())
        {
            lexer.next();
            keys.add(expression());
            parser.expect(']');
            parser.expect('=');
        }
        else
        {
            keys.add(null);
        }

        values.add(expression());
    }

    /** A name or something in parentheses, and what is indexed and called behind it. */
    Expression suffixed()
    {
        Expression left = prefix();
        while (true)
        {
            switch (lexer.kind())
            {
                case '.' -> left = field(left);
                case '[' -> left = index(left);
                case ':' -> {
                    lexer.next();
                    left = call(left, parser.name());
                }
                case '(', '{', Token.STRING -> left = call(left, null);
                default -> {
                    return left;
                }
            }
        }
    }

    private Expression prefix()
    {
        if (Token.NAME == lexer.kind())
        {
            return variable(parser.name());
        }

        if ('(' != lexer.kind())
        {
            throw lexer.error("unexpected symbol");
        }

        final int line = lexer.line();
        lexer.next();
        final Expression inner = expression();
        parser.expectMatch(')', '(', line);
        return new Single(lexer.lastLine(), inner);
    }

    /** What a name means here. */
    Expression variable(final LuaString name)
    {
        final Scope scope = parser.scope();
        final int line = lexer.lastLine();
        final Variable local = scope.local(name);
        if (null != local)
        {
            return local.usedBy(new Local(line, local.slot, name.toString()));
        }

        final int upvalue = scope.upvalue(name);
        return upvalue < 0 ? new Global(line, name) : new Upvalue(line, upvalue, name.toString());
    }

    Expression field(final Expression object)
    {
        lexer.next();
        final LuaString name = parser.name();
        return new Field(lexer.lastLine(), object, name);
    }

    private Expression index(final Expression object)
    {
        lexer.next();
        final Expression key = expression();
        parser.expect(']');
        return new Index(lexer.lastLine(), object, key);
    }

    /** @param method null: the function itself is called. */
    private Expression call(final Expression callee, final LuaString method)
    {
        final int line = lexer.line();
        final Expression[] arguments = arguments(line);
        return null == method
            ? new Call(line, callee, arguments)
            : new MethodCall(line, callee, method, arguments);
    }

    private Expression[] arguments(final int line)
    {
        switch (lexer.kind())
        {
            case '{' :
                return new Expression[]{table()};

            case Token.STRING :
                return new Expression[]{constant(lexer.value())};

            case '(' :
                break;

            default :
                throw lexer.error("function arguments expected");
        }

        if (line != lexer.lastLine())
        {
            throw lexer.error("ambiguous syntax (function call x new statement)");
        }

        lexer.next();
        final Expression[] all = ')' == lexer.kind() ? NONE : list();
        parser.expectMatch(')', '(', line);
        return all;
    }
}
