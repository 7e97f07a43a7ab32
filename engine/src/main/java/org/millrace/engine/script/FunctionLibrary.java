package org.millrace.engine.script;

import java.util.List;

/**
 * A library that has been loaded: what it was loaded from, and what it has registered.
 *
 * @param source its code with the first line, nobody's to change.
 * @param functions in the order in which they were registered; at least one.
 */
record FunctionLibrary(String name, byte[] source, List<LibraryFunction> functions)
{
    /** Bytes of the objects around a library and around a function, about. */
    private static final int LIBRARY_OVERHEAD = 200;
    private static final int FUNCTION_OVERHEAD = 150;

    /** Bytes of what the machine makes of a library, about: some for any, and so many for a byte of the code. */
    private static final int COMPILED_OVERHEAD = 1024;
    private static final int COMPILED_FACTOR = 16;

    /** Memory of all of it but for what the machine has made of the code. */
    long bytes()
    {
        long sum = LIBRARY_OVERHEAD + name.length() + source.length;
        for (final LibraryFunction function : functions)
        {
            sum += FUNCTION_OVERHEAD + 2L * function.name().length() +
                (null == function.description() ? 0 : function.description().length());
        }

        return sum;
    }

    /** With that, about: heap that it takes. */
    long heapBytes()
    {
        return bytes() + COMPILED_OVERHEAD + (long)COMPILED_FACTOR * source.length;
    }
}
