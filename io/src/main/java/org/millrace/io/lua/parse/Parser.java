package org.millrace.io.lua.parse;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.lua.run.Assignment;
import org.millrace.io.lua.run.Binding;
import org.millrace.io.lua.run.Block;
import org.millrace.io.lua.run.Break;
import org.millrace.io.lua.run.CallStatement;
import org.millrace.io.lua.run.Expression;
import org.millrace.io.lua.run.FunctionExpression;
import org.millrace.io.lua.run.GenericFor;
import org.millrace.io.lua.run.If;
import org.millrace.io.lua.run.Local;
import org.millrace.io.lua.run.LocalDeclaration;
import org.millrace.io.lua.run.LocalDeclarations;
import org.millrace.io.lua.run.LocalFunction;
import org.millrace.io.lua.run.LocalUse;
import org.millrace.io.lua.run.MultipleAssignment;
import org.millrace.io.lua.run.NumericFor;
import org.millrace.io.lua.run.Prototype;
import org.millrace.io.lua.run.Repeat;
import org.millrace.io.lua.run.Return;
import org.millrace.io.lua.run.Statement;
import org.millrace.io.lua.run.Target;
import org.millrace.io.lua.run.While;
import org.millrace.io.lua.value.LuaString;

/** Reads statements and functions. */
public final class Parser
{
    private static final int LEVELS_MAX = 200;
    private static final Statement[] NO_STATEMENTS = {};
    private static final LuaString SELF = LuaString.of("self");
    private static final LuaString ARG = LuaString.of("arg");

    private final Lexer lexer;
    private final String source;
    private final ExpressionParser expressions;
    private Scope scope;
    private int level;

    private Parser(final byte[] code, final int from, final String source)
    {
        this.source = source;
        lexer = new Lexer(code, from, source);
        expressions = new ExpressionParser(this, lexer);
    }

    /**
     * Make a function of a chunk.
     *
     * @param code the bytes of it.
     * @param from where it begins in them.
     * @param source its name: {@code @file}, {@code =name}, or its own text.
     * @throws org.millrace.io.lua.value.LuaError with where and what is wrong.
     */
    public static Prototype parse(final byte[] code, final int from, final String source)
    {
        return new Parser(code, from, source).chunk();
    }

    private Prototype chunk()
    {
        lexer.next();
        scope = new Scope(null, lexer, 0);
        scope.vararg(null);
        final Statement body = statements();
        check(Token.END);
        return scope.close(source, body);
    }

    // What both parsers need

    Scope scope()
    {
        return scope;
    }

    void enterLevel()
    {
        if (++level > LEVELS_MAX)
        {
            throw lexer.error("chunk has too many syntax levels", -1);
        }
    }

    void leaveLevel()
    {
        level--;
    }

    int level()
    {
        return level;
    }

    void level(final int level)
    {
        this.level = level;
    }

    boolean accept(final int token)
    {
        if (lexer.kind() != token)
        {
            return false;
        }

        lexer.next();
        return true;
    }

    void expect(final int token)
    {
        check(token);
        lexer.next();
    }

    private void check(final int token)
    {
        if (lexer.kind() != token)
        {
            throw lexer.error("'" + Token.text(token) + "' expected");
        }
    }

    /** The end of what began with another token in a line. */
    void expectMatch(final int token, final int begin, final int line)
    {
        if (!accept(token))
        {
            if (line == lexer.line())
            {
                check(token);
            }

            throw lexer
                .error("'" + Token.text(token) + "' expected (to close '" + Token.text(begin) + "' at line " + line +
                    ")");
        }
    }

    LuaString name()
    {
        check(Token.NAME);
        final LuaString name = (LuaString)lexer.value();
        lexer.next();
        return name;
    }

    // Blocks

    private boolean isAtEnd()
    {
        return switch (lexer.kind())
        {
            case Token.ELSE, Token.ELSEIF, Token.END_WORD, Token.END, Token.UNTIL -> true;
            default -> false;
        };
    }

    private Block statements()
    {
        enterLevel();
        final int line = lexer.line();
        final List<Statement> all = new ArrayList<>();
        boolean isLast = false;
        while (!isLast && !isAtEnd())
        {
            isLast = Token.RETURN == lexer.kind() || Token.BREAK == lexer.kind();
            final Statement statement = statement();
            if (null != statement)
            {
                all.add(statement);
            }

            accept(';');
        }

        leaveLevel();
        return new Block(line, all.toArray(NO_STATEMENTS));
    }

    private Block block()
    {
        final int depth = scope.depth();
        final Block block = statements();
        scope.leave(depth);
        return block;
    }

    private Block loopBody()
    {
        scope.enterLoop();
        final Block block = block();
        scope.leaveLoop();
        return block;
    }

    // Statements

    private Statement statement()
    {
        final int line = lexer.line();
        return switch (lexer.kind())
        {
            case Token.IF -> ifStatement(line);
            case Token.WHILE -> whileStatement(line);
            case Token.DO -> doStatement(line);
            case Token.FOR -> forStatement(line);
            case Token.REPEAT -> repeatStatement(line);
            case Token.FUNCTION -> functionStatement(line);
            case Token.LOCAL -> localStatement();
            case Token.RETURN -> returnStatement(line);
            case Token.BREAK -> breakStatement(line);
            default -> expressionStatement(line);
        };
    }

    private Statement ifStatement(final int line)
    {
        final List<Expression> conditions = new ArrayList<>();
        final List<Statement> blocks = new ArrayList<>();
        do
        {
            lexer.next();
            conditions.add(expressions.expression());
            expect(Token.THEN);
            blocks.add(block());
        }
        while (Token.ELSEIF == lexer.kind());

        if (accept(Token.ELSE))
        {
            blocks.add(block());
        }

        expectMatch(Token.END_WORD, Token.IF, line);
        return new If(line, conditions.toArray(new Expression[0]), blocks.toArray(NO_STATEMENTS));
    }

    private Statement whileStatement(final int line)
    {
        lexer.next();
        final Expression condition = expressions.expression();
        expect(Token.DO);
        final Block body = loopBody();
        expectMatch(Token.END_WORD, Token.WHILE, line);
        return new While(line, condition, body);
    }

    private Statement doStatement(final int line)
    {
        lexer.next();
        final Block body = block();
        expectMatch(Token.END_WORD, Token.DO, line);
        return body;
    }

    private Statement repeatStatement(final int line)
    {
        lexer.next();
        final int depth = scope.depth();
        scope.enterLoop();
        final Block body = statements();
        scope.leaveLoop();
        expectMatch(Token.UNTIL, Token.REPEAT, line);
        final Expression condition = expressions.expression();
        scope.leave(depth);
        return new Repeat(line, body, condition);
    }

    private Statement forStatement(final int line)
    {
        lexer.next();
        final int depth = scope.depth();
        final LuaString first = name();
        final Statement loop = switch (lexer.kind())
        {
            case '=' -> numericFor(line, first);
            case ',', Token.IN -> genericFor(line, first);
            default -> throw lexer.error("'=' or 'in' expected");
        };

        scope.leave(depth);
        return loop;
    }

    private Statement numericFor(final int line, final LuaString name)
    {
        lexer.next();
        final Expression initial = expressions.expression();
        expect(',');
        final Expression limit = expressions.expression();
        final Expression step = accept(',') ? expressions.expression() : null;
        expect(Token.DO);
        final Variable variable = scope.make(name, 0);
        final Binding binding = variable.usedBy(new Binding(variable.slot));
        scope.activate(variable);
        final Block body = loopBody();
        expectMatch(Token.END_WORD, Token.FOR, line);
        return new NumericFor(line, binding, initial, limit, step, body);
    }

    private Statement genericFor(final int line, final LuaString first)
    {
        final List<LuaString> names = new ArrayList<>(List.of(first));
        while (accept(','))
        {
            names.add(name());
        }

        expect(Token.IN);
        final Expression[] values = expressions.list();
        expect(Token.DO);
        final Binding[] bindings = declare(names);
        final Block body = loopBody();
        expectMatch(Token.END_WORD, Token.FOR, line);
        return new GenericFor(line, bindings, values, body);
    }

    private Binding[] declare(final List<LuaString> names)
    {
        final Binding[] bindings = new Binding[names.size()];
        final Variable[] variables = new Variable[names.size()];
        for (int i = 0; i < bindings.length; i++)
        {
            variables[i] = scope.make(names.get(i), i);
            bindings[i] = variables[i].usedBy(new Binding(variables[i].slot));
        }

        for (final Variable variable : variables)
        {
            scope.activate(variable);
        }

        return bindings;
    }

    private Statement localStatement()
    {
        lexer.next();
        if (accept(Token.FUNCTION))
        {
            return localFunction();
        }

        final List<LuaString> names = new ArrayList<>();
        do
        {
            names.add(name());
        }
        while (accept(','));

        final Expression[] values = accept('=') ? expressions.list() : new Expression[0];
        final int line = lexer.lastLine();
        if (1 == names.size() && values.length <= 1)
        {
            final Variable variable = scope.make(names.get(0), 0);
            scope.activate(variable);
            return variable.usedBy(new LocalDeclaration(line, variable.slot, 0 == values.length ? null : values[0]));
        }

        return new LocalDeclarations(line, declare(names), values);
    }

    private Statement localFunction()
    {
        final Variable variable = scope.make(name(), 0);
        scope.activate(variable);
        final Expression function = function(false, lexer.line());
        return variable.usedBy(new LocalFunction(lexer.lastLine(), variable.slot, function));
    }

    private Statement functionStatement(final int line)
    {
        lexer.next();
        Expression target = expressions.variable(name());
        while ('.' == lexer.kind())
        {
            target = expressions.field(target);
        }

        final boolean isMethod = ':' == lexer.kind();
        if (isMethod)
        {
            target = expressions.field(target);
        }

        final Expression function = function(isMethod, line);
        return new Assignment(line, target(target, line), function);
    }

    private Statement returnStatement(final int line)
    {
        lexer.next();
        final boolean isEmpty = isAtEnd() || ';' == lexer.kind();
        return new Return(line, isEmpty ? new Expression[0] : expressions.list());
    }

    private Statement breakStatement(final int line)
    {
        lexer.next();
        if (!scope.isInLoop())
        {
            throw lexer.error("no loop to break");
        }

        return new Break(line);
    }

    private Statement expressionStatement(final int line)
    {
        final Expression first = expressions.suffixed();
        if (first.isCall())
        {
            return new CallStatement(line, first);
        }

        final List<Expression> left = new ArrayList<>(List.of(first));
        checkTarget(first);
        while (accept(','))
        {
            left.add(expressions.suffixed());
            checkTarget(left.get(left.size() - 1));
        }

        expect('=');
        final Expression[] values = expressions.list();
        final int end = lexer.lastLine();
        final Target[] targets = left.stream().map((at) -> target(at, end)).toArray(Target[]::new);
        return 1 == targets.length && 1 == values.length
            ? new Assignment(end, targets[0], values[0])
            : new MultipleAssignment(end, targets, values);
    }

    private void checkTarget(final Expression left)
    {
        if (null == left.target(0))
        {
            throw lexer.error("syntax error");
        }
    }

    private Target target(final Expression left, final int line)
    {
        final Target target = left.target(line);
        if (left instanceof Local)
        {
            scope.local(LuaString.of(left.name())).usedBy((LocalUse)target);
        }

        return target;
    }

    // Functions

    /** Parameters and body. @param line in which the function began. */
    Expression function(final boolean isMethod, final int line)
    {
        scope = new Scope(scope, lexer, line);
        expect('(');
        if (isMethod)
        {
            scope.parameter(scope.make(SELF, 0));
        }

        parameters();
        expect(')');
        final Statement body = statements();
        expectMatch(Token.END_WORD, Token.FUNCTION, line);
        final Prototype prototype = scope.close(source, body);
        scope = scope.parent;
        return new FunctionExpression(lexer.lastLine(), prototype);
    }

    private void parameters()
    {
        if (')' == lexer.kind())
        {
            return;
        }

        do
        {
            if (accept(Token.DOTS))
            {
                scope.vararg(scope.make(ARG, 0));
                return;
            }

            if (Token.NAME != lexer.kind())
            {
                throw lexer.error("<name> or '...' expected");
            }

            scope.parameter(scope.make(name(), 0));
        }
        while (accept(','));
    }
}
