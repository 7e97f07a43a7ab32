package org.millrace.engine.script;

/** A script that has been compiled, and stays until SCRIPT FLUSH. */
final class CachedScript
{
    /** Bytes of the objects around the source, about. */
    private static final int OVERHEAD = 160;

    private final byte[] digest;
    private final String name;
    private final ScriptFunction function;
    private final int flags;
    private final long bytes;

    /** Another one whose digest begins in the same way; null if there is none. */
    CachedScript next;

    CachedScript(final Sha1 sha1, final ScriptFunction function, final int flags, final int sourceLength)
    {
        digest = sha1.copy();
        name = sha1.text();
        this.function = function;
        this.flags = flags;
        bytes = OVERHEAD + (long)sourceLength;
    }

    byte[] digest()
    {
        return digest;
    }

    /** Its digest as 40 hexadecimal digits in lower case. */
    String name()
    {
        return name;
    }

    ScriptFunction function()
    {
        return function;
    }

    /** Bits of {@link ScriptFlags}, or {@link ScriptHead#UNFLAGGED}. */
    int flags()
    {
        return flags;
    }

    long bytes()
    {
        return bytes;
    }
}
