package org.millrace.engine.script;

import java.util.Locale;
import org.millrace.engine.memory.Memory;

/** What a library has registered. @see FunctionLibrary */
final class LibraryFunction
{
    private final String name;
    private final String folded;
    private final String description;
    private final int flags;
    private final ScriptFunction function;

    /** The next one in the same slot of {@link FunctionNames}. */
    LibraryFunction next;

    LibraryFunction(final String name, final String description, final int flags, final ScriptFunction function)
    {
        this.name = name;
        folded = name.toLowerCase(Locale.ROOT);
        this.description = description;
        this.flags = flags;
        this.function = function;
    }

    /** As it was registered: bytes as chars. */
    String name()
    {
        return name;
    }

    /** In lower case: functions are called in any case. */
    String folded()
    {
        return folded;
    }

    /** True if these bytes are its name in some case. */
    boolean isNamed(final long address, final int length)
    {
        if (length != folded.length())
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            if (FunctionNames.lower(Memory.getUnsignedByte(address + i)) != folded.charAt(i))
            {
                return false;
            }
        }

        return true;
    }

    /** Null if it has none. */
    String description()
    {
        return description;
    }

    /** Bits of {@link ScriptFlags}. */
    int flags()
    {
        return flags;
    }

    ScriptFunction function()
    {
        return function;
    }
}
