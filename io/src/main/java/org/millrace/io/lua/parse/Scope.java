package org.millrace.io.lua.parse;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.lua.run.Prototype;
import org.millrace.io.lua.run.Statement;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;

/** A function that is read: which names mean what in it. */
final class Scope
{
    private static final int LOCALS_MAX = 200;
    private static final int UPVALUES_MAX = 60;

    final Scope parent;
    private final Lexer lexer;
    private final int line;
    private final List<Variable> active = new ArrayList<>();
    private final List<LuaString> upvalueNames = new ArrayList<>();
    private final List<Integer> upvalueSources = new ArrayList<>();
    private final List<Variable> parameters = new ArrayList<>();
    private int slots;
    private int loops;
    private boolean isVararg;
    private Variable hiddenArg;
    private boolean saysVarargs;

    /** @param line in which the function begins; 0: the chunk itself. */
    Scope(final Scope parent, final Lexer lexer, final int line)
    {
        this.parent = parent;
        this.lexer = lexer;
        this.line = line;
    }

    // Locals

    /** A new local, not seen yet by its name. @param pending how many were made before it that are not seen either. */
    Variable make(final LuaString name, final int pending)
    {
        final int slot = active.size() + pending;
        if (slot + 1 > LOCALS_MAX)
        {
            throw limit("local variables", LOCALS_MAX);
        }

        slots = Math.max(slots, slot + 1);
        return new Variable(name, slot);
    }

    void activate(final Variable variable)
    {
        active.add(variable);
    }

    int depth()
    {
        return active.size();
    }

    /** The locals of a block are no more. */
    void leave(final int depth)
    {
        while (active.size() > depth)
        {
            active.remove(active.size() - 1);
        }
    }

    private LuaError limit(final String what, final int limit)
    {
        final String where = 0 == line
            ? "main function has more than "
            : "function at line " + line + " has more than ";
        return lexer.error(where + limit + " " + what);
    }

    Variable local(final LuaString name)
    {
        for (int i = active.size() - 1; i >= 0; i--)
        {
            if (active.get(i).name.equals(name))
            {
                return active.get(i);
            }
        }

        return null;
    }

    /** Number of the upvalue of this name, or -1 if it is a global. */
    int upvalue(final LuaString name)
    {
        final int known = upvalueNames.indexOf(name);
        if (known >= 0 || null == parent)
        {
            return known;
        }

        final Variable outer = parent.local(name);
        if (null != outer)
        {
            outer.share();
            return add(name, outer.slot);
        }

        final int further = parent.upvalue(name);
        return further < 0 ? -1 : add(name, ~further);
    }

    private int add(final LuaString name, final int source)
    {
        if (upvalueNames.size() + 1 > UPVALUES_MAX)
        {
            throw limit("upvalues", UPVALUES_MAX);
        }

        upvalueNames.add(name);
        upvalueSources.add(source);
        return upvalueNames.size() - 1;
    }

    // The function

    void parameter(final Variable variable)
    {
        parameters.add(variable);
        activate(variable);
    }

    /** It takes any number of arguments; {@code arg} is a local with them, unless the code says {@code ...}. */
    void vararg(final Variable arg)
    {
        isVararg = true;
        hiddenArg = arg;
        if (null != arg)
        {
            activate(arg);
        }
    }

    boolean isVararg()
    {
        return isVararg;
    }

    /** The code says {@code ...}. */
    void usesVarargs()
    {
        saysVarargs = true;
    }

    void enterLoop()
    {
        loops++;
    }

    void leaveLoop()
    {
        loops--;
    }

    boolean isInLoop()
    {
        return loops > 0;
    }

    Prototype close(final String source, final Statement body)
    {
        return new Prototype(
            source,
            line,
            parameters.size(),
            isVararg,
            null == hiddenArg || saysVarargs ? -1 : hiddenArg.slot,
            slots,
            cells(),
            upvalueSources.stream().mapToInt(Integer::intValue).toArray(),
            upvalueNames.stream().map(LuaString::toString).toArray(String[]::new),
            body);
    }

    private int[] cells()
    {
        final List<Variable> all = new ArrayList<>(parameters);
        if (null != hiddenArg)
        {
            all.add(hiddenArg);
        }

        return all.stream().filter(Variable::isShared).mapToInt((variable) -> variable.slot).toArray();
    }
}
